#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "base/bytes.hpp"
#include "ota/types.hpp"

/// Files on their way to the disk and from it: written with a bound and hashed meanwhile, read as a
/// view of the file instead of a copy.
namespace waggle::ota {

/// A file that is being written. It goes away with this object unless it was kept.
class Download {
  public:
    /// @param most  octets; more is a failure
    [[nodiscard]] static Outcome<Download> begin(std::filesystem::path path, std::uint64_t most);
    Download(Download&&) noexcept;
    Download& operator=(Download&&) noexcept;
    ~Download();

    /// False when it cannot go on: problem() then says why.
    [[nodiscard]] bool write(ByteView bytes);
    const std::string& problem() const noexcept;

    /// Of what was written; ends the writing.
    std::string sha512();
    std::uint64_t size() const noexcept;
    const std::filesystem::path& path() const noexcept;

    /// Syncs the file and gives it its name.
    [[nodiscard]] Outcome<> keep_as(const std::filesystem::path& name);

  private:
    struct State;
    explicit Download(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

/// A regular file as memory, read only. Anything else, such as a serial port, is refused before it is
/// opened.
class MappedFile {
  public:
    [[nodiscard]] static Outcome<MappedFile> open(const std::filesystem::path& path,
                                                  std::uint64_t most);
    MappedFile(MappedFile&& other) noexcept;
    MappedFile& operator=(MappedFile&& other) noexcept;
    ~MappedFile();

    ByteView bytes() const noexcept { return bytes_; }

  private:
    explicit MappedFile(ByteView bytes) : bytes_(bytes) {}
    ByteView bytes_;
};

/// 128 lower-case digits.
std::string sha512_of(ByteView bytes);

/// "16 MB", for sentences about bounds.
std::string shown_size(std::uint64_t octets);

}  // namespace waggle::ota
