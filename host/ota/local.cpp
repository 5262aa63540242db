#include "ota/local.hpp"

#include <algorithm>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "ota/cache.hpp"
#include "ota/download.hpp"

namespace fs = std::filesystem;

namespace waggle::ota {
namespace {

constexpr std::size_t most_files = 4096;
constexpr int deepest = 8;

Outcome<std::vector<fs::path>> files_below(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code error;
    fs::recursive_directory_iterator it(folder, error);
    if (error)
        return store::fail(
            fmt::format("'{}' cannot be read: {}", folder.string(), error.message()));
    for (const fs::recursive_directory_iterator end; it != end; it.increment(error)) {
        const bool is_folder = it->is_directory(error);
        if (it->path().filename().string().starts_with('.') || it.depth() >= deepest) {
            if (is_folder)
                it.disable_recursion_pending();
            continue;
        }
        if (is_folder || !it->is_regular_file(error))
            continue;
        if (files.size() == most_files)
            return store::fail(fmt::format("'{}' has more than {} files: too many for an index",
                                           folder.string(), most_files));
        files.push_back(it->path());
    }
    std::ranges::sort(files);
    return files;
}

/// "a b" for "a%20b".
std::string decoded(std::string_view text) {
    std::string plain;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto octet =
            text[at] == '%' ? from_hex(text.substr(at + 1, 2)) : Result<Bytes>(Bytes());
        if (octet && octet->size() == 1) {
            plain += static_cast<char>(octet->front());
            at += 2;
        } else {
            plain += text[at];
        }
    }
    return plain;
}

}  // namespace

std::optional<fs::path> copy_in(const fs::path& folder, std::string_view url) {
    auto rest = decoded(url.substr(0, url.find_first_of("?#")));
    if (rest.find("..") != std::string::npos || rest.find('\0') != std::string::npos)
        return std::nullopt;  // it must stay in the folder
    while (!rest.empty()) {
        std::error_code error;
        if (rest.front() != '/')
            if (auto path = folder / rest; fs::is_regular_file(path, error))
                return path;
        const auto slash = rest.find('/');
        rest = slash == std::string::npos ? "" : rest.substr(slash + 1);
    }
    return std::nullopt;
}

void take_numbers(const ImageHeader& header, IndexEntry& entry) {
    entry.manufacturer = header.manufacturer;
    entry.image_type = header.image_type;
    entry.file_version = header.file_version;
    entry.file_size = header.total_size;
    entry.header_string = header.text;
}

Outcome<IndexEntry> entry_of_file(const fs::path& path, std::string url, Hashed hashed) {
    const auto file = MappedFile::open(path, most_image);
    if (!file)
        return file.error();
    std::string problem;
    const auto image = parse_image(file->bytes(), problem);
    if (!image)
        return store::fail(fmt::format("'{}' cannot be used: {}", path.string(), problem));
    IndexEntry entry;
    entry.url = std::move(url);
    entry.file_name = path.filename().string();
    take_numbers(image->header, entry);
    if (image->header.hardware) {
        entry.hardware_version_min = image->header.hardware->least;
        entry.hardware_version_max = image->header.hardware->most;
    }
    if (hashed == Hashed::yes)
        entry.sha512 = sha512_of(file->bytes());
    return entry;
}

Outcome<> index_folder(const fs::path& folder, Hashed hashed,
                       const std::function<void(const fs::path&, Outcome<IndexEntry>)>& each) {
    const auto files = files_below(folder);
    if (!files)
        return files.error();
    for (const auto& file : *files)
        each(file, entry_of_file(file, file.string(), hashed));
    return {};
}

}  // namespace waggle::ota
