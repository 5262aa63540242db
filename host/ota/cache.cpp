#include "ota/cache.hpp"

#include <algorithm>
#include <system_error>
#include <utility>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include "store/atomic_file.hpp"
#include "store/json_text.hpp"

namespace fs = std::filesystem;
namespace json = boost::json;

namespace waggle::ota {
namespace {

bool is_sha512(std::string_view text) {
    return text.size() == 128 &&
           text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

fs::path meta_of(fs::path index) {
    return index.replace_extension(".meta");
}

std::string text_at(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    const auto* text = value ? value->if_string() : nullptr;
    return text ? std::string(*text) : std::string();
}

std::optional<IndexMeta> read_meta(const fs::path& path) {
    const auto text = store::read_file(path);
    if (!text || !*text)
        return std::nullopt;
    boost::system::error_code error;
    const auto value = json::parse(**text, error);
    const auto* object = value.if_object();
    if (error || !object)
        return std::nullopt;
    IndexMeta meta;
    meta.url = text_at(*object, "url");
    meta.etag = text_at(*object, "etag");
    meta.last_modified = text_at(*object, "last_modified");
    meta.sha512 = text_at(*object, "sha512");
    if (const auto* until = object->if_contains("fresh_until"); until && until->is_int64())
        meta.fresh_until = until->get_int64();
    return meta;
}

Outcome<> write_meta(const fs::path& path, const IndexMeta& meta) {
    const json::object object = {{"url", meta.url},
                                 {"etag", meta.etag},
                                 {"last_modified", meta.last_modified},
                                 {"sha512", meta.sha512},
                                 {"fresh_until", meta.fresh_until}};
    std::string text;
    store::append_json(text, object);
    return store::write_file(path, text);
}

void remove_unfinished(const fs::path& folder) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error))
        if (entry.path().extension() == ".part")
            fs::remove(entry.path(), error);
}

}  // namespace

Outcome<Cache> Cache::open(fs::path folder, std::uint64_t bound) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error)
        return store::fail(
            fmt::format("'{}' cannot be made: {}", folder.string(), error.message()));
    remove_unfinished(folder);
    return Cache(std::move(folder), bound);
}

std::optional<fs::path> Cache::image(std::string_view sha512) const {
    if (!is_sha512(sha512))  // it becomes the name of a file
        return std::nullopt;
    auto path = folder_ / fmt::format("{}.ota", sha512);
    std::error_code error;
    if (!fs::exists(path, error))
        return std::nullopt;
    const auto file = MappedFile::open(path, most_image);
    if (!file || sha512_of(file->bytes()) != sha512) {
        fs::remove(path, error);
        return std::nullopt;
    }
    fs::last_write_time(path, fs::file_time_type::clock::now(), error);  // the oldest leave first
    return path;
}

Outcome<Download> Cache::begin_image() const {
    return Download::begin(folder_ / "image.part", most_image);
}

Outcome<fs::path> Cache::keep_image(Download download) const {
    auto path = folder_ / (download.sha512() + ".ota");
    if (const auto kept = download.keep_as(path); !kept)
        return kept.error();
    make_room(path);
    return path;
}

fs::path Cache::index_path(std::string_view url) const {
    return folder_ / fmt::format("index-{}.json", sha512_of(as_bytes(url)).substr(0, 32));
}

std::optional<Cache::CachedIndex> Cache::index(std::string_view url) const {
    const auto path = index_path(url);
    auto meta = read_meta(meta_of(path));
    if (!meta || meta->url != url)
        return std::nullopt;
    auto file = MappedFile::open(path, most_index);
    if (!file || sha512_of(file->bytes()) != meta->sha512)
        return std::nullopt;
    return CachedIndex{std::move(*meta), std::move(*file)};
}

Outcome<Download> Cache::begin_index() const {
    return Download::begin(folder_ / "index.part", most_index);
}

Outcome<> Cache::keep_index(Download download, IndexMeta meta) const {
    const auto path = index_path(meta.url);
    meta.sha512 = download.sha512();
    if (auto kept = download.keep_as(path); !kept)
        return kept;
    auto written = write_meta(meta_of(path), meta);
    make_room(path);
    return written;
}

void Cache::renew_index(const IndexMeta& meta) const {
    // What cannot be noted costs a request the next time, no more.
    static_cast<void>(write_meta(meta_of(index_path(meta.url)), meta));
}

void Cache::make_room(const fs::path& newest) const {
    struct Kept {
        fs::file_time_type time;
        std::uint64_t size;
        fs::path path;
    };
    std::vector<Kept> all;
    std::uint64_t sum = 0;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder_, error)) {
        const auto extension = entry.path().extension();
        if (extension != ".ota" && extension != ".json")
            continue;
        const auto size = entry.file_size(error);
        if (error)
            continue;
        sum += size;
        if (entry.path() != newest)
            all.push_back({entry.last_write_time(error), size, entry.path()});
    }
    std::ranges::sort(all, {}, &Kept::time);
    for (const auto& oldest : all) {
        if (sum <= bound_)
            return;
        fs::remove(oldest.path, error);
        if (oldest.path.extension() == ".json")
            fs::remove(meta_of(oldest.path), error);
        sum -= oldest.size;
    }
}

}  // namespace waggle::ota
