#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "ota/types.hpp"

/// An image on the disk, read where a device wants to have it from. The file stays open, so that the
/// image is there to the end even when the cache has let it go meanwhile.
namespace waggle::ota {

class ImageReader {
  public:
    /// A failure names the file, when it is not there or holds another image than it did.
    [[nodiscard]] static Outcome<ImageReader> open(const StoredImage& image);

    ImageReader() = default;
    ~ImageReader();
    ImageReader(ImageReader&& other) noexcept;
    ImageReader& operator=(ImageReader&& other) noexcept;

    std::uint32_t size() const noexcept { return size_; }
    /// Fills the whole of `block`, which must lie within the image. False: the file has changed.
    [[nodiscard]] bool read(std::uint32_t offset, std::span<std::uint8_t> block) const;

  private:
    int file_ = -1;
    std::uint64_t begin_ = 0;
    std::uint32_t size_ = 0;
};

/// The header of the image that begins at `offset` in the file.
[[nodiscard]] Outcome<ImageHeader> read_stored_header(const std::string& path,
                                                      std::uint64_t offset);

}  // namespace waggle::ota
