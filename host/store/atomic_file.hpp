#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "store/failure.hpp"

/// Files that survive a power cut: written beside, synced, renamed over the old one, and the folder
/// synced. A symbolic link keeps pointing where it points. Where a rename is impossible because the
/// file itself is a mount point (a container's single-file volume) or the folder is not writable,
/// the file is overwritten in place.
namespace waggle::store {

struct WriteOptions {
    bool secret = false;         ///< mode 0600 whatever it was; else the existing mode, or 0644
    bool keep_previous = false;  ///< the old content stays, see previous_of()
};

/// Nothing when there is no such file; a failure names the path and the reason.
[[nodiscard]] Outcome<std::optional<std::string>> read_file(const std::filesystem::path& path);

[[nodiscard]] Outcome<> write_file(const std::filesystem::path& path, std::string_view content,
                                   WriteOptions options = {});

/// NAME.previous, the generation before.
std::filesystem::path previous_of(const std::filesystem::path& path);

/// Before a file is read: what a write that was cut off left beside it goes, and the log says that
/// the file holds what it held before.
void clear_interrupted_write(const std::filesystem::path& path);

/// Copies a damaged file to NAME.corrupt, or NAME.corrupt.1 and so on when that is taken; a copy
/// with the same content is not made twice. -> where it is
[[nodiscard]] Outcome<std::filesystem::path> keep_damaged(const std::filesystem::path& path);

}  // namespace waggle::store
