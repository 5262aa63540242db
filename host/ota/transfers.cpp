#include "ota/transfers.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <utility>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <sys/stat.h>

#include "base/log.hpp"
#include "ota/image_reader.hpp"
#include "store/atomic_file.hpp"
#include "store/json_read.hpp"
#include "store/json_text.hpp"

namespace waggle::ota {
namespace {

namespace json = boost::json;

constexpr std::string_view ns = "ota";

struct FileState {
    std::uint64_t size = 0;
    std::int64_t changed = 0;
    bool operator==(const FileState&) const = default;
};

std::optional<FileState> state_of(const std::string& path) {
    struct stat there {};
    if (::stat(path.c_str(), &there) != 0)
        return std::nullopt;
    constexpr std::int64_t second = 1'000'000'000;
    return FileState{static_cast<std::uint64_t>(there.st_size),
                     there.st_mtim.tv_sec * second + there.st_mtim.tv_nsec};
}

/// Fields of an object in a file; one that is missing or does not fit makes the whole unusable.
class Fields {
  public:
    explicit Fields(const json::value* from)
        : object_(from && from->is_object() ? &from->get_object() : nullptr), good_(object_) {}

    template <class Number>
    Number number(std::string_view key) {
        const auto* value = find(key);
        Number number{};
        if (value && value->is_int64() && std::in_range<Number>(value->get_int64()))
            number = static_cast<Number>(value->get_int64());
        else if (value && value->is_uint64() && std::in_range<Number>(value->get_uint64()))
            number = static_cast<Number>(value->get_uint64());
        else
            good_ = false;
        return number;
    }
    std::string text(std::string_view key) {
        const auto* value = find(key);
        good_ = good_ && value && value->is_string();
        return good_ ? std::string(value->get_string()) : std::string();
    }
    bool flag(std::string_view key) {
        const auto* value = find(key);
        good_ = good_ && value && value->is_bool();
        return good_ && value->get_bool();
    }
    const json::value* find(std::string_view key) const {
        return object_ ? object_->if_contains(key) : nullptr;
    }
    bool good() const noexcept { return good_; }

  private:
    const json::object* object_;
    bool good_;
};

json::object to_json(const Query& query) {
    json::object out;
    out["endpoint"] = query.endpoint;
    out["manufacturer"] = query.manufacturer;
    out["image_type"] = query.image_type;
    out["file_version"] = query.file_version;
    if (query.hardware_version)
        out["hardware_version"] = *query.hardware_version;
    return out;
}

json::object to_json(const ServeOptions& options) {
    json::object out;
    out["block_timeout"] = options.block_timeout.count();
    out["block_delay"] = options.block_delay.count();
    out["maximum_data_size"] = options.maximum_data_size;
    out["device_chooses_size"] = options.device_chooses_size;
    return out;
}

std::optional<Query> read_stored_query(const json::value* value) {
    Fields in(value);
    Query query;
    query.endpoint = in.number<EndpointId>("endpoint");
    query.manufacturer = in.number<ManufacturerCode>("manufacturer");
    query.image_type = in.number<std::uint16_t>("image_type");
    query.file_version = in.number<std::uint32_t>("file_version");
    if (in.find("hardware_version"))
        query.hardware_version = in.number<std::uint16_t>("hardware_version");
    return in.good() ? std::optional(query) : std::nullopt;
}

std::optional<ServeOptions> read_options(const json::value* value) {
    Fields in(value);
    ServeOptions options;
    // Bounded, so that no sum of times overflows.
    options.block_timeout = std::chrono::milliseconds(in.number<std::uint32_t>("block_timeout"));
    options.block_delay = std::chrono::milliseconds(in.number<std::uint32_t>("block_delay"));
    options.maximum_data_size = in.number<std::uint8_t>("maximum_data_size");
    options.device_chooses_size = in.flag("device_chooses_size");
    return in.good() ? std::optional(options) : std::nullopt;
}

}  // namespace

Transfers::Transfers(std::string path) : path_(std::move(path)) {
    store::clear_interrupted_write(path_);
    const auto text = store::read_file(path_);
    if (!text)
        log::warning(ns, "{}; updates that were under way begin anew", text.error().message);
    else if (*text)
        read(**text);
}

void Transfers::read(std::string_view text) {
    boost::system::error_code error;
    const auto all = store::read_json(text, error);
    if (error || !all.is_object()) {
        const auto kept = store::keep_damaged(path_);
        log::warning(ns, "{} is damaged, updates that were under way begin anew; {}", path_,
                     kept ? "the file is kept as " + kept->string() : kept.error().message);
        return;
    }
    for (const auto& [name, value] : all.get_object()) {
        const auto ieee = Ieee::parse(name);
        Fields in(&value);
        Entry entry;
        auto& image = entry.transfer.image;
        image.path = in.text("file");
        image.offset = in.number<std::uint64_t>("offset");
        image.header.manufacturer = in.number<ManufacturerCode>("manufacturer");
        image.header.image_type = in.number<std::uint16_t>("image_type");
        image.header.file_version = in.number<std::uint32_t>("file_version");
        entry.file_size = in.number<std::uint64_t>("file_size");
        const auto changed = in.text("changed");
        std::from_chars(changed.data(), changed.data() + changed.size(), entry.changed);
        const auto query = read_stored_query(in.find("from"));
        const auto options = read_options(in.find("options"));
        if (!ieee || !in.good() || !query || !options || entries_.size() >= limit)
            continue;
        entry.transfer.query = *query;
        entry.transfer.options = *options;
        entry.number = ++last_number_;
        entries_[*ieee] = std::move(entry);
    }
}

void Transfers::write() const {
    json::object all;
    for (const auto& [ieee, entry] : entries_) {
        const auto& [query, image, options] = entry.transfer;
        json::object one;
        one["file"] = image.path;
        one["offset"] = image.offset;
        one["manufacturer"] = image.header.manufacturer;
        one["image_type"] = image.header.image_type;
        one["file_version"] = image.header.file_version;
        one["file_size"] = entry.file_size;
        one["changed"] = std::to_string(entry.changed);  // beyond what a double holds
        one["from"] = to_json(query);
        one["options"] = to_json(options);
        all[ieee.to_string()] = std::move(one);
    }
    std::error_code ignored;  // writing says what is wrong with the folder
    std::filesystem::create_directories(std::filesystem::path(path_).parent_path(), ignored);
    std::string text;
    store::append_pretty_json(text, all, 2);
    if (const auto written = store::write_file(path_, text); !written)
        log::warning(ns, "{}; after a restart of the host devices begin anew",
                     written.error().message);
}

void Transfers::begin(Ieee ieee, const Resume& transfer) {
    const auto state = state_of(transfer.image.path);
    if (!state)
        return;
    if (!entries_.contains(ieee) && entries_.size() >= limit)
        entries_.erase(std::ranges::min_element(entries_, {},
                                                [](const auto& one) { return one.second.number; }));
    entries_[ieee] = Entry{transfer, state->size, state->changed, ++last_number_};
    write();
}

void Transfers::end(Ieee ieee) {
    if (entries_.erase(ieee) != 0)
        write();
}

std::optional<Resume> Transfers::find(Ieee ieee, ManufacturerCode manufacturer,
                                      std::uint16_t image_type, std::uint32_t file_version) const {
    const auto found = entries_.find(ieee);
    if (found == entries_.end())
        return std::nullopt;
    const auto& entry = found->second;
    auto transfer = entry.transfer;
    if (state_of(transfer.image.path) != FileState{entry.file_size, entry.changed})
        return std::nullopt;
    auto header = read_stored_header(transfer.image.path, transfer.image.offset);
    const bool same = header && header->manufacturer == manufacturer &&
                      header->image_type == image_type && header->file_version == file_version;
    if (!same)
        return std::nullopt;
    transfer.image.header = std::move(*header);
    return transfer;
}

}  // namespace waggle::ota
