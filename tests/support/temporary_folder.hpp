#pragma once

#include <filesystem>
#include <string>
#include <string_view>

/// A folder of its own for one test, gone afterwards.
namespace waggle::test {

class TemporaryFolder {
  public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const std::filesystem::path& path() const noexcept { return path_; }
    std::filesystem::path operator/(std::string_view name) const { return path_ / name; }
    void write(std::string_view name, std::string_view content) const;
    std::string read(std::string_view name) const;  ///< throws when there is no such file
    bool has(std::string_view name) const { return std::filesystem::exists(path_ / name); }

  private:
    std::filesystem::path path_;
};

}  // namespace waggle::test
