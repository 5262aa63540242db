#pragma once

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "store/failure.hpp"

/// A folder packed into one archive, in memory: what bridge/request/backup answers with. Reads every
/// file and compresses it, so not for the loop's thread.
namespace waggle::store {

struct PackOptions {
    std::vector<std::string> without;           ///< names right in it that stay out: "log"
    std::string without_suffix;                 ///< files that stay out wherever they are
    std::uintmax_t largest = 64 * 1024 * 1024;  ///< octets of all files together
    std::size_t most_files = 10000;
};

/// The files below `folder` by their path in it; symbolic links stay out. A file that is replaced or
/// removed meanwhile is taken as it was found, or not at all. A failure says which file cannot be
/// read, or which bound is passed.
[[nodiscard]] Outcome<std::string> pack_folder(const std::filesystem::path& folder,
                                               const PackOptions& options,
                                               const std::stop_token& stop = {});

/// As in MQTT payloads.
std::string base64(std::string_view bytes);

}  // namespace waggle::store
