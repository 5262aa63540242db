#include "store/database_file.hpp"

#include <cmath>
#include <set>
#include <unordered_map>

#include <boost/json/value.hpp>

#include "base/log.hpp"
#include "store/atomic_file.hpp"
#include "store/json_read.hpp"
#include "store/json_text.hpp"

namespace waggle::store {
namespace {

namespace json = boost::json;

/// One line, or the reason why it is not an entry.
Outcome<json::object> parse_line(std::string_view line, bool is_last) {
    boost::system::error_code error;
    auto value = read_json(line, error);
    if (error) {
        const bool cut = is_last && (error == json::error::incomplete || line.back() != '}');
        return fail(cut ? "the file was cut off here" : "not JSON: " + error.message());
    }
    auto* object = value.if_object();
    if (object == nullptr)
        return fail("not a JSON object");
    const auto* id = object->if_contains("id");
    if (id == nullptr || !id->is_number() || !std::isfinite(id->to_number<double>()))
        return fail("has no number `id`");
    return std::move(*object);
}

/// Entries of the generation before whose ids are not among those that could be read.
void add_from_previous(const std::filesystem::path& path, DatabaseContent& content) {
    const auto text = read_file(previous_of(path));
    if (!text || !*text)
        return;
    auto before = parse_database(**text);
    std::set<double> known;
    for (const auto& entry : content.entries)
        known.insert(entry.at("id").to_number<double>());
    for (auto& entry : before.entries) {
        if (!known.insert(entry.at("id").to_number<double>()).second)
            continue;
        content.entries.push_back(std::move(entry));
        ++content.from_previous;
    }
}

}  // namespace

DatabaseContent parse_database(std::string_view text) {
    DatabaseContent content;
    std::unordered_map<double, std::size_t> places;  // id -> index in entries
    std::size_t number = 0;
    while (!text.empty()) {
        ++number;
        const auto end = text.find('\n');
        const bool is_last = end == std::string_view::npos;
        const auto line = text.substr(0, end);
        text.remove_prefix(is_last ? text.size() : end + 1);
        if (line.empty() || line == "\r")
            continue;
        auto entry = parse_line(line, is_last);
        if (!entry) {
            content.bad_lines.push_back({number, std::move(entry.error().message)});
            continue;
        }
        const auto id = entry->at("id").to_number<double>();
        const auto [place, is_new] = places.try_emplace(id, content.entries.size());
        if (is_new)
            content.entries.push_back(std::move(*entry));
        else
            content.entries[place->second] = std::move(*entry);
    }
    return content;
}

Outcome<DatabaseContent> load_database(const std::filesystem::path& path) {
    clear_interrupted_write(path);
    auto text = read_file(path);
    if (!text)
        return text.error();
    if (!*text)
        return DatabaseContent{};
    auto content = parse_database(**text);
    // A database has at least the coordinator's row: nothing at all is a file that was cut off.
    if (content.entries.empty() && content.bad_lines.empty()) {
        add_from_previous(path, content);
        if (content.from_previous != 0)
            log::error("store", "{} is empty; {} is used", path.string(),
                       previous_of(path).string());
        return content;
    }
    if (content.bad_lines.empty())
        return content;
    auto kept = keep_damaged(path);
    if (!kept)
        return kept.error();  // without a copy the next save would destroy what may be repaired
    content.damaged_copy = std::move(*kept);
    for (const auto& bad : content.bad_lines)
        log::error("store", "{}:{}: line left out: {}", path.string(), bad.number, bad.reason);
    const auto lines = content.bad_lines.size() + content.entries.size();
    add_from_previous(path, content);
    log::error("store",
               "{}: {} of {} lines are damaged, {} were taken from {}; the file as it was is kept "
               "as {}",
               path.string(), content.bad_lines.size(), lines, content.from_previous,
               previous_of(path).string(), content.damaged_copy.string());
    return content;
}

std::string write_database(const std::vector<json::object>& entries) {
    std::string text;
    for (const auto& entry : entries) {
        if (!text.empty())
            text += '\n';
        append_json(text, entry);
    }
    return text;
}

Outcome<> save_database_text(const std::filesystem::path& path, std::string_view text) {
    const bool has_keys = text.find("\"gpSecurityKey\"") != std::string_view::npos;
    return write_file(path, text, {.secret = has_keys, .keep_previous = true});
}

Outcome<> save_database(const std::filesystem::path& path,
                        const std::vector<json::object>& entries) {
    return save_database_text(path, write_database(entries));
}

}  // namespace waggle::store
