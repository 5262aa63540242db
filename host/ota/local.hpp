#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "ota/types.hpp"

/// Images on the disk as entries of an index: what an index says of them stands in their headers.
namespace waggle::ota {

enum class Hashed : bool { no, yes };

/// The entry of a file; `url` says how the index shall name it. With its hash only where it is asked
/// for: that reads all of the file. The failure names the file.
[[nodiscard]] Outcome<IndexEntry> entry_of_file(const std::filesystem::path& path, std::string url,
                                                Hashed hashed);

/// What an image's own header says of itself, over what `entry` says.
void take_numbers(const ImageHeader& header, IndexEntry& entry);

/// Every file below the folder in the order of their names, those that are no images as the failure
/// that says so. Names that begin with a dot are left out. At most 4096 files, eight folders deep;
/// fails when there is no such folder, or it has more.
[[nodiscard]] Outcome<> index_folder(
    const std::filesystem::path& folder, Hashed hashed,
    const std::function<void(const std::filesystem::path&, Outcome<IndexEntry>)>& each);

/// The file that a folder has for a URL: the one whose path within the folder is the longest end of
/// the URL's. Nothing when there is none.
std::optional<std::filesystem::path> copy_in(const std::filesystem::path& folder,
                                             std::string_view url);

}  // namespace waggle::ota
