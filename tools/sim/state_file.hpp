/// Replacing a file so that whoever reads it finds either the old content or the new, whenever this
/// process ends.
#pragma once

#include <string>
#include <string_view>

namespace waggle::sim {

/// @param sync  wait until it would also survive the machine going down; takes its time
/// @return false, with errno set, when it could not be written; the old file is then as it was
[[nodiscard]] bool replace_file(const std::string& path, std::string_view content, bool sync);

/// @return false when there is no such file
/// @throws std::runtime_error when it cannot be read
[[nodiscard]] bool read_file(const std::string& path, std::string& content);

}  // namespace waggle::sim
