/// Replacing a file so that after a crash it holds either the old content or the new.
#pragma once

#include <string>
#include <string_view>

namespace waggle::sim {

/// False, with errno set, when it could not be written; the old file is then as it was.
[[nodiscard]] bool replace_file(const std::string& path, std::string_view content);

/// @return false when there is no such file
/// @throws std::runtime_error when it cannot be read
[[nodiscard]] bool read_file(const std::string& path, std::string& content);

}  // namespace waggle::sim
