#include "ota/job.hpp"

#include <csignal>
#include <exception>
#include <initializer_list>
#include <unistd.h>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <fmt/format.h>
#include <sys/prctl.h>

#include "ota/index.hpp"
#include "store/json_text.hpp"

namespace json = boost::json;

namespace waggle::ota {
namespace {

struct TextMember {
    std::string_view key;
    std::string DeviceFacts::*member;
};
constexpr TextMember fact_texts[] = {
    {"model", &DeviceFacts::model_id},
    {"maker", &DeviceFacts::manufacturer_name},
    {"header", &DeviceFacts::header_string},
    {"definition_model", &DeviceFacts::definition_model_id},
    {"definition_maker", &DeviceFacts::definition_manufacturer_name},
};
struct HardwareMember {
    std::string_view key;
    std::optional<std::uint16_t> DeviceFacts::*member;
};
constexpr HardwareMember fact_hardware[] = {
    {"hardware", &DeviceFacts::hardware_version},
    {"hardware_min", &DeviceFacts::hardware_version_min},
    {"hardware_max", &DeviceFacts::hardware_version_max},
};

/// Reads what this program wrote itself: what is missing or of another type is empty.
class Reader {
  public:
    explicit Reader(const json::value* value) : object_(value ? value->if_object() : nullptr) {}

    explicit operator bool() const noexcept { return object_ != nullptr; }
    const json::value* at(std::string_view key) const {
        return object_ ? object_->if_contains(key) : nullptr;
    }
    std::string text(std::string_view key) const {
        const auto* value = at(key);
        const auto* string = value ? value->if_string() : nullptr;
        return string ? std::string(*string) : std::string();
    }
    template <class T>
    std::optional<T> number(std::string_view key) const {
        const auto* value = at(key);
        if (!value)
            return std::nullopt;
        boost::system::error_code error;
        const auto number = value->to_number<T>(error);
        return error ? std::nullopt : std::optional<T>(number);
    }
    bool flag(std::string_view key) const {
        const auto* value = at(key);
        return value && value->is_bool() && value->get_bool();
    }

  private:
    const json::object* object_;
};

json::object to_json(const DeviceFacts& facts) {
    json::object object = {{"manufacturer", facts.manufacturer},
                           {"type", facts.image_type},
                           {"version", facts.file_version}};
    for (const auto& [key, member] : fact_texts)
        object[key] = facts.*member;
    for (const auto& [key, member] : fact_hardware)
        if (facts.*member)
            object[key] = *(facts.*member);
    return object;
}

DeviceFacts read_facts(const Reader& from) {
    DeviceFacts facts;
    facts.manufacturer = from.number<ManufacturerCode>("manufacturer").value_or(0);
    facts.image_type = from.number<std::uint16_t>("type").value_or(0);
    facts.file_version = from.number<std::uint32_t>("version").value_or(0);
    for (const auto& [key, member] : fact_texts)
        facts.*member = from.text(key);
    for (const auto& [key, member] : fact_hardware)
        facts.*member = from.number<std::uint16_t>(key);
    return facts;
}

std::string with_parent(json::object job) {
    job["parent"] = static_cast<std::int64_t>(::getpid());
    std::string text;
    store::append_json(text, job);
    return text;
}

FindJob read_find(const Reader& from) {
    FindJob job;
    job.facts = read_facts(Reader(from.at("facts")));
    const Reader wish(from.at("wish")), locations(from.at("locations"));
    job.wish.direction = wish.flag("downgrade") ? Direction::downgrade : Direction::upgrade;
    job.wish.url = wish.text("url");
    job.wish.file = wish.text("file");
    job.locations.override_location = locations.text("override");
    job.locations.latest = locations.text("latest");
    job.locations.previous = locations.text("previous");
    return job;
}

json::object to_json(const Found& found) {
    json::object object = {{"available", found.available}};
    if (found.best)
        object["best"] = to_json(*found.best);
    object["considered"] = json::array(found.considered.begin(), found.considered.end());
    return object;
}

json::object failure(std::string_view sentence) {
    return {{"failure", sentence}};
}

json::object answer(const Reader& job, const std::filesystem::path& data_folder) {
    if (const Reader from(job.at("find")); from) {
        const auto found = find(read_find(from), data_folder);
        return found ? json::object{{"found", to_json(*found)}} : failure(found.error().message);
    }
    const auto* value = job.at("obtain");
    const auto entry = value ? read_entry(*value) : std::nullopt;
    if (!entry)
        return failure("The job for the firmware process cannot be read");
    const auto stored = obtain(entry->entry, data_folder);
    if (!stored)
        return failure(stored.error().message);
    json::object object = {{"sha512", stored->sha512}, {"offset", stored->offset}};
    return {{"stored", std::move(object)}};
}

/// The member of an answer that was expected, or the failure that came instead.
Outcome<json::value> member_of(std::string_view answer, std::string_view key) {
    boost::system::error_code error;
    const auto value = json::parse(answer, error);
    const Reader reader(error ? nullptr : &value);
    if (auto sentence = reader.text("failure"); !sentence.empty())
        return store::fail(std::move(sentence));
    const auto* member = reader.at(key);
    if (!member || !member->is_object())
        return store::fail("The firmware process gave no answer");
    return *member;
}

std::optional<std::string> read_all(int file, std::size_t most) {
    std::string text;
    char buffer[4096];
    for (;;) {
        const auto count = ::read(file, buffer, sizeof buffer);
        if (count == 0)
            return text;
        if (count < 0 || text.size() + static_cast<std::size_t>(count) > most)
            return std::nullopt;
        text.append(buffer, static_cast<std::size_t>(count));
    }
}

bool write_all(int file, std::string_view text) {
    while (!text.empty()) {
        const auto count = ::write(file, text.data(), text.size());
        if (count < 0)
            return false;
        text.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

/// Who asked may die before this process asked to be told: then its parent is another already.
bool parent_lives(std::string_view job) {
    boost::system::error_code error;
    const auto value = json::parse(job, error);
    const auto parent = Reader(error ? nullptr : &value).number<pid_t>("parent");
    return !parent || *parent == ::getppid();
}

}  // namespace

std::string job_text(const FindJob& job) {
    json::object wish = {{"downgrade", job.wish.direction == Direction::downgrade},
                         {"url", job.wish.url},
                         {"file", job.wish.file}};
    json::object locations = {{"override", job.locations.override_location},
                              {"latest", job.locations.latest},
                              {"previous", job.locations.previous}};
    json::object find = {{"facts", to_json(job.facts)},
                         {"wish", std::move(wish)},
                         {"locations", std::move(locations)}};
    return with_parent({{"find", std::move(find)}});
}

std::string job_text(const IndexEntry& entry) {
    return with_parent({{"obtain", to_json(entry)}});
}

Outcome<Found> read_found(std::string_view answer) {
    const auto value = member_of(answer, "found");
    if (!value)
        return value.error();
    const Reader reader(&*value);
    Found found;
    found.available = reader.flag("available");
    if (const auto* best = reader.at("best"))
        if (auto entry = read_entry(*best))
            found.best = std::move(entry->entry);
    if (const auto* list = reader.at("considered"); list && list->is_array())
        for (const auto& sentence : list->get_array())
            if (const auto* text = sentence.if_string())
                found.considered.emplace_back(*text);
    return found;
}

Outcome<StoredName> read_stored(std::string_view answer) {
    const auto value = member_of(answer, "stored");
    if (!value)
        return value.error();
    const Reader reader(&*value);
    return StoredName{reader.text("sha512"), reader.number<std::uint64_t>("offset").value_or(0)};
}

std::string run_job(std::string_view job, const std::filesystem::path& data_folder) {
    json::object result;
    try {
        boost::system::error_code error;
        const auto value = json::parse(job, error);
        result = answer(Reader(error ? nullptr : &value), data_folder);
    } catch (const std::exception& exception) {
        result = failure(fmt::format("Looking for firmware failed: {}", exception.what()));
    }
    std::string text;
    store::append_json(text, result);
    return text;
}

int serve_job(const std::filesystem::path& data_folder) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    const auto job = read_all(STDIN_FILENO, longest_job);
    if (!job || !parent_lives(*job))
        return 1;
    return write_all(STDOUT_FILENO, run_job(*job, data_folder)) ? 0 : 1;
}

}  // namespace waggle::ota
