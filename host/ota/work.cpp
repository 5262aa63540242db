#include <algorithm>
#include <ctime>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "ota/cache.hpp"
#include "ota/fetch.hpp"
#include "ota/index.hpp"
#include "ota/job.hpp"
#include "ota/local.hpp"
#include "ota/matching.hpp"

namespace fs = std::filesystem;

namespace waggle::ota {
namespace {

constexpr std::int64_t longest_fresh = 3600;

/// Finding and fetching for one job.
class Worker {
  public:
    Worker(const fs::path& data_folder, const Cache& cache)
        : data_folder_(data_folder), cache_(cache) {}

    Outcome<Found> find(const FindJob& job);
    Outcome<StoredName> obtain(const IndexEntry& entry);

  private:
    struct Fresh {
        StoredName name;
        ImageHeader header;
    };
    fs::path path_of(const std::string& location) const { return data_folder_ / location; }
    bool is_index(const std::string& location) const;
    Outcome<Download> bring(const std::string& location);
    Outcome<Fresh> keep(Download download, const std::string& location);
    Outcome<Fresh> look_at(const fs::path& path, std::string sha512, const std::string& location);

    Outcome<> add_index(const std::string& location, bool of_override, Selection& selection);
    Outcome<> add_fetched_index(const std::string& url, bool of_override, Selection& selection);
    Outcome<> add_text(ByteView text, const std::string& location, bool of_override,
                       Selection& selection);
    Outcome<> add_mirror(const fs::path& folder, const fs::path& index, bool of_override,
                         Selection& selection);
    Outcome<> add_images(const fs::path& folder, bool of_override, Selection& selection);
    Outcome<> add_folder(const fs::path& folder, bool of_override, Selection& selection);
    void add_entry(ReadEntry read, bool of_override, Selection& selection);

    Outcome<Found> find_in(const std::string& location, const FindJob& job);
    Outcome<Found> weigh_one(const std::string& location, const FindJob& job);

    const fs::path& data_folder_;
    const Cache& cache_;
};

Failure cannot_use(const std::string& location, std::string_view why) {
    return store::fail(fmt::format("'{}' cannot be used: {}", shown_url(location), why));
}

/// An image to the disk, from wherever it is.
Outcome<Download> Worker::bring(const std::string& location) {
    auto download = cache_.begin_image();
    if (!download)
        return download.error();
    if (is_url(location)) {
        FetchRequest request;
        request.url = location;
        if (const auto fetched = fetch(request, *download); !fetched)
            return fetched.error();
        return download;
    }
    const auto file = MappedFile::open(path_of(location), most_image);
    if (!file)
        return file.error();
    if (!download->write(file->bytes()))
        return cannot_use(location, download->problem());
    return download;
}

Outcome<Worker::Fresh> Worker::look_at(const fs::path& path, std::string sha512,
                                       const std::string& location) {
    const auto file = MappedFile::open(path, most_image);
    if (!file)
        return file.error();
    std::string problem;
    auto image = parse_image(file->bytes(), problem);
    if (!image)
        return cannot_use(location, problem);
    return Fresh{{std::move(sha512), image->before}, std::move(image->header)};
}

Outcome<Worker::Fresh> Worker::keep(Download download, const std::string& location) {
    const auto sha512 = download.sha512();
    if (auto looked = look_at(download.path(), sha512, location); !looked)
        return looked;
    const auto path = cache_.keep_image(std::move(download));
    if (!path)
        return path.error();
    return look_at(*path, sha512, location);
}

/// A header that contradicts the index: the wrong file under the right name.
std::string contradiction(const ImageHeader& header, const IndexEntry& entry) {
    if (header.manufacturer == entry.manufacturer && header.image_type == entry.image_type &&
        header.file_version == entry.file_version)
        return {};
    return fmt::format(
        "the index says manufacturer code {}, image type {} and version {}, the "
        "image itself {}, {} and {}",
        entry.manufacturer, entry.image_type, entry.file_version, header.manufacturer,
        header.image_type, header.file_version);
}

Outcome<StoredName> Worker::obtain(const IndexEntry& entry) {
    auto fresh = [&]() -> Outcome<Fresh> {
        if (const auto cached = cache_.image(entry.sha512))
            return look_at(*cached, entry.sha512, entry.url);
        auto download = bring(entry.url);
        if (!download)
            return download.error();
        if (!entry.sha512.empty() && download->sha512() != entry.sha512)
            return cannot_use(
                entry.url, fmt::format("its SHA-512 is not the one that the index says ({} octets "
                                       "came): it was changed or cut off on its way",
                                       download->size()));
        return keep(std::move(*download), entry.url);
    }();
    if (!fresh)
        return fresh.error();
    if (const auto why = contradiction(fresh->header, entry); !why.empty() && !entry.force)
        return cannot_use(entry.url, why);
    return std::move(fresh->name);
}

/// An entry as it stands, or for a file on the disk with what its image says.
void Worker::add_entry(ReadEntry read, bool of_override, Selection& selection) {
    auto& entry = read.entry;
    if (!read.has_numbers && !is_url(entry.url)) {
        const auto file = entry_of_file(path_of(entry.url), entry.url, Hashed::no);
        if (!file) {
            selection.note(file.error().message);
            return;
        }
        entry.manufacturer = file->manufacturer;
        entry.image_type = file->image_type;
        entry.file_version = file->file_version;
        if (entry.header_string.empty())
            entry.header_string = file->header_string;
        read.has_numbers = true;
    }
    if (read.has_numbers)
        selection.consider(std::move(entry), of_override);
}

Outcome<> Worker::add_text(ByteView text, const std::string& location, bool of_override,
                           Selection& selection) {
    const auto totals = read_index(
        as_text(text), [&](ReadEntry read) { add_entry(std::move(read), of_override, selection); });
    if (!totals)
        return store::fail(
            fmt::format("The index '{}' {}", shown_url(location), totals.error().message));
    return {};
}

/// A copy of the public repository, or whatever has an index beside its images: what the index says
/// counts, and what is there is not fetched.
Outcome<> Worker::add_mirror(const fs::path& folder, const fs::path& index, bool of_override,
                             Selection& selection) {
    const auto file = MappedFile::open(index, most_index);
    if (!file)
        return store::fail(fmt::format("The index {}", file.error().message));
    const auto totals = read_index(as_text(file->bytes()), [&](ReadEntry read) {
        if (const auto copy = copy_in(folder, read.entry.url))
            read.entry.url = copy->string();
        add_entry(std::move(read), of_override, selection);
    });
    if (!totals)
        return store::fail(
            fmt::format("The index '{}' {}", index.string(), totals.error().message));
    return {};
}

/// Images without an index. Their headers do not name a model, and makers use one image type for
/// several: where more than one fits, none is taken.
Outcome<> Worker::add_images(const fs::path& folder, bool of_override, Selection& selection) {
    std::vector<IndexEntry> fitting;
    auto done = index_folder(folder, Hashed::no, [&](const fs::path&, Outcome<IndexEntry> entry) {
        if (!entry)
            selection.note(entry.error().message);
        else if (selection.fits(*entry))
            fitting.push_back(std::move(*entry));
        else
            selection.consider(std::move(*entry), of_override);
    });
    if (fitting.size() == 1)
        selection.consider(std::move(fitting.front()), of_override);
    else
        for (const auto& entry : fitting)
            selection.refuse(
                entry,
                "other files of its folder fit as well, and nothing says which of them "
                "is for this model: an index.json beside them can, with modelId");
    return done;
}

Outcome<> Worker::add_folder(const fs::path& folder, bool of_override, Selection& selection) {
    std::error_code error;
    for (const char* name : {"index1.json", "index.json"}) {
        const bool is_previous = std::string_view(name) == "index1.json";
        if (is_previous && selection.direction() == Direction::upgrade)
            continue;
        if (const auto index = folder / name; fs::exists(index, error))
            return add_mirror(folder, index, of_override, selection);
    }
    return add_images(folder, of_override, selection);
}

/// An index by HTTP: asked for only when the server does not say that ours is still good.
Outcome<> Worker::add_fetched_index(const std::string& url, bool of_override,
                                    Selection& selection) {
    auto cached = cache_.index(url);
    const auto now = static_cast<std::int64_t>(std::time(nullptr));
    if (cached && now < cached->meta.fresh_until && cached->meta.fresh_until <= now + longest_fresh)
        return add_text(cached->file.bytes(), url, of_override, selection);
    FetchRequest request;
    request.url = url;
    request.compressed = true;
    if (cached) {
        request.etag = cached->meta.etag;
        request.last_modified = cached->meta.last_modified;
    }
    auto download = cache_.begin_index();
    if (!download)
        return download.error();
    auto fetched = fetch(request, *download);
    if (!fetched)
        return fetched.error();
    const auto max_age = fetched->max_age ? std::int64_t{fetched->max_age->count()} : 0;
    const auto fresh_until = now + std::clamp<std::int64_t>(max_age, 0, longest_fresh);
    if (fetched->not_modified) {
        cached->meta.fresh_until = fresh_until;
        cache_.renew_index(cached->meta);
        return add_text(cached->file.bytes(), url, of_override, selection);
    }
    // The old one stays until the new one has proved to be an index.
    const auto fresh = MappedFile::open(download->path(), most_index);
    if (!fresh)
        return fresh.error();
    if (auto added = add_text(fresh->bytes(), url, of_override, selection); !added)
        return added;
    IndexMeta meta;
    meta.url = url;
    meta.etag = std::move(fetched->etag);
    meta.last_modified = std::move(fetched->last_modified);
    meta.fresh_until = fresh_until;
    if (const auto kept = cache_.keep_index(std::move(*download), std::move(meta)); !kept)
        selection.note(kept.error().message);  // it has been read: no reason to give up
    return {};
}

Outcome<> Worker::add_index(const std::string& location, bool of_override, Selection& selection) {
    if (is_url(location))
        return add_fetched_index(location, of_override, selection);
    const auto path = path_of(location);
    std::error_code error;
    if (fs::is_directory(path, error))
        return add_folder(path, of_override, selection);
    const auto file = MappedFile::open(path, most_index);
    if (!file)
        return store::fail(fmt::format("The index {}", file.error().message));
    return add_text(file->bytes(), location, of_override, selection);
}

Outcome<Found> Worker::find_in(const std::string& location, const FindJob& job) {
    Selection selection(job.facts, job.wish.direction);
    const auto& override_location = job.locations.override_location;
    if (!override_location.empty())
        if (const auto added = add_index(override_location, true, selection); !added)
            return added.error();
    if (const auto added = add_index(location, false, selection); !added) {
        if (override_location.empty())
            return added.error();
        selection.note(added.error().message + ": only the override index counts");
    }
    return std::move(selection).take();
}

/// An image that the request names. As with zigbee2mqtt only the version decides: who names an image
/// wants this one. What speaks against it is told.
Outcome<Found> Worker::weigh_one(const std::string& location, const FindJob& job) {
    auto download = bring(location);
    if (!download)
        return download.error();
    const auto fresh = keep(std::move(*download), location);
    if (!fresh)
        return fresh.error();
    IndexEntry entry;
    entry.url = location;
    entry.sha512 = fresh->name.sha512;
    take_numbers(fresh->header, entry);
    if (fresh->header.hardware) {
        entry.hardware_version_min = fresh->header.hardware->least;
        entry.hardware_version_max = fresh->header.hardware->most;
    }
    Found found;
    const auto device = job.facts.file_version, image = entry.file_version;
    const bool upgrade = job.wish.direction == Direction::upgrade;
    found.available = upgrade ? device < image : device > image;
    found.considered.push_back(fmt::format("version {} of '{}': {} (the device has {})", image,
                                           shown_url(location),
                                           found.available ? "taken, as the request names it"
                                           : upgrade       ? "it is not newer than the device's"
                                                           : "it is not older than the device's",
                                           device));
    if (const auto why = Selection::misfit(entry, job.facts); !why.empty())
        found.considered.push_back(
            fmt::format("'{}' may not be for this device: {}", shown_url(location), why));
    found.best = std::move(entry);
    return found;
}

/// By its name, as zigbee2mqtt tells them apart, and folders.
bool Worker::is_index(const std::string& location) const {
    if (is_url(location))
        return location.substr(0, location.find_first_of("?#")).ends_with(".json");
    std::error_code error;
    return location.ends_with(".json") || fs::is_directory(path_of(location), error);
}

Outcome<Found> Worker::find(const FindJob& job) {
    const auto& wish = job.wish;
    if (!wish.file.empty())
        return weigh_one(wish.file, job);
    if (wish.url.empty())
        return find_in(
            wish.direction == Direction::upgrade ? job.locations.latest : job.locations.previous,
            job);
    return is_index(wish.url) ? find_in(wish.url, job) : weigh_one(wish.url, job);
}

}  // namespace

fs::path cache_folder(const fs::path& data_folder) {
    return data_folder / "ota" / "cache";
}

Outcome<Found> find(const FindJob& job, const fs::path& data_folder) {
    const auto cache = Cache::open(cache_folder(data_folder));
    if (!cache)
        return cache.error();
    return Worker(data_folder, *cache).find(job);
}

Outcome<StoredName> obtain(const IndexEntry& entry, const fs::path& data_folder) {
    const auto cache = Cache::open(cache_folder(data_folder));
    if (!cache)
        return cache.error();
    return Worker(data_folder, *cache).obtain(entry);
}

}  // namespace waggle::ota
