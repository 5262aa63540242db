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

json::object StateFile::load() {
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
    log::error("store", "{} is damaged ({}); starting without remembered states, {}",
               path_.string(), error ? error.message() : "not a JSON object",
               kept ? "the file is kept as " + kept->string() : kept.error().message);
    return {};
}

Outcome<> StateFile::save(const json::object& states) {
    std::string text;
    append_pretty_json(text, states, 4);
    const auto hash = hash_of(text);
    if (hash == last_hash_)
        return {};
    auto written = write_file(path_, text);
    if (written)
        last_hash_ = hash;
    return written;
}

}  // namespace waggle::store
