#include "store/state_file.hpp"

#include <functional>
#include <string>
#include <string_view>

#include <boost/json/value.hpp>

#include "base/log.hpp"
#include "store/atomic_file.hpp"
#include "store/json_read.hpp"
#include "store/json_text.hpp"

namespace waggle::store {
namespace {

namespace json = boost::json;

std::uint64_t hash_of(std::string_view text) {
    return std::hash<std::string_view>{}(text) | 1;  // never 0, which means unknown
}

}  // namespace

std::optional<json::object> StateFile::load_previous() const {
    const auto text = read_file(previous_of(path_));
    if (!text || !*text)
        return std::nullopt;
    boost::system::error_code error;
    auto value = read_json(**text, error);
    return error || !value.is_object() ? std::nullopt : std::optional(value.get_object());
}

json::object StateFile::load() {
    clear_interrupted_write(path_);
    auto text = read_file(path_);
    if (!text) {
        log::error("store", "{}; starting without remembered states", text.error().message);
        return {};
    }
    if (!*text)
        return {};
    boost::system::error_code error;
    auto value = read_json(**text, error);
    if (!error && value.is_object()) {
        last_hash_ = hash_of(**text);
        return std::move(value.get_object());
    }
    const auto kept = keep_damaged(path_);
    auto previous = load_previous();
    log::error("store", "{} is damaged ({}); {}, {}", path_.string(),
               error ? error.message() : "not a JSON object",
               previous ? "the states of " + previous_of(path_).string() + " are used"
                        : "starting without remembered states",
               kept ? "the file is kept as " + kept->string() : kept.error().message);
    return previous ? std::move(*previous) : json::object();
}

Outcome<> StateFile::save(const json::object& states) {
    std::string text;
    append_pretty_json(text, states, 4);
    const auto hash = hash_of(text);
    if (hash == last_hash_)
        return {};
    auto written = write_file(path_, text, {.secret = false, .keep_previous = true});
    if (written)
        last_hash_ = hash;
    return written;
}

}  // namespace waggle::store
