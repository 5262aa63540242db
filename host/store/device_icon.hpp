#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "store/failure.hpp"

/// Device icons given as "data:image/png;base64,..." are kept as files, named after the MD5 of the
/// base64 text as zigbee2mqtt does, so that both find the same file.
namespace waggle::store {

/// "device_icons/<md5>.png" once the file is written; nothing when `icon` is no such text.
[[nodiscard]] Outcome<std::optional<std::string>> save_device_icon(
    const std::filesystem::path& data_directory, std::string_view icon);

}  // namespace waggle::store
