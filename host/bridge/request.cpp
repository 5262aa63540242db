#include "bridge/request.hpp"

#include <charconv>
#include <cmath>

#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include "store/json_text.hpp"

namespace json = boost::json;

namespace waggle::bridge {
namespace {

/// Depth and size are bounded: the bytes come from whoever may write to the broker.
json::value parse_payload(std::string_view text) {
    json::parse_options options;
    options.max_depth = 32;
    boost::system::error_code error;
    auto value = json::parse(text, error, {}, options);
    return error ? json::value(json::string(text)) : value;
}

std::string_view type_name(const json::value& value) {
    if (value.is_bool())
        return "boolean";
    return value.is_number() ? "number" : "object";
}

std::optional<std::int64_t> whole_number(const json::value& value) {
    if (value.is_int64())
        return value.get_int64();
    if (value.is_double() && value.get_double() == std::trunc(value.get_double()) &&
        std::abs(value.get_double()) < 1e15)
        return static_cast<std::int64_t>(value.get_double());
    if (value.is_string()) {
        const std::string_view text = value.get_string();
        std::int64_t number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error == std::errc() && end == text.data() + text.size())
            return number;
    }
    return std::nullopt;
}

Failure out_of_range(std::string_view what, std::int64_t least, std::int64_t most) {
    if (most == INT32_MAX)
        return invalid_payload(
            fmt::format("{} must be a whole number of at least {}", what, least));
    return invalid_payload(
        fmt::format("{} must be a whole number from {} to {}", what, least, most));
}

}  // namespace

Failure invalid_payload() {
    return failure("Invalid payload");
}

Failure invalid_payload(std::string_view why) {
    return failure("Invalid payload ({})", why);
}

std::optional<std::string> name_text(const json::value& value) {
    if (value.is_string())
        return std::string(value.get_string());
    if (value.is_int64())
        return std::to_string(value.get_int64());
    return std::nullopt;
}

Request::Request(std::string name, std::string_view payload)
    : name_(std::move(name)), payload_(parse_payload(payload)) {
}

const json::value* Request::find(std::string_view key) const noexcept {
    const auto* object = payload_.if_object();
    const auto* member = object ? object->if_contains(key) : nullptr;
    return member && !member->is_null() ? member : nullptr;
}

Field<std::int64_t> Request::integer(std::string_view key, std::int64_t least,
                                     std::int64_t most) const {
    const auto* member = find(key);
    if (!member)
        return invalid_payload();
    const auto number = whole_number(*member);
    if (!number || *number < least || *number > most)
        return out_of_range(fmt::format("'{}'", key), least, most);
    return *number;
}

Field<std::int64_t> Request::whole(std::string_view what, std::int64_t least,
                                   std::int64_t most) const {
    const auto number = whole_number(payload_);
    if (!number || *number < least || *number > most)
        return out_of_range(what, least, most);
    return *number;
}

Field<std::string> Request::string(std::string_view key) const {
    const auto* member = find(key);
    if (!member)
        return invalid_payload();
    if (!member->is_string())
        return failure("{} is not a string, got {} ({})", key, type_name(*member),
                       store::sorted_json(*member));
    return std::string(member->get_string());
}

bool Request::flag(std::string_view key) const noexcept {
    const auto* member = find(key);
    if (!member)
        return false;
    switch (member->kind()) {
        case json::kind::bool_: return member->get_bool();
        case json::kind::int64: return member->get_int64() != 0;
        case json::kind::uint64: return true;
        case json::kind::double_: return member->get_double() != 0;
        case json::kind::string: return !member->get_string().empty();
        default: return true;
    }
}

Field<std::string> Request::id(std::string_view key) const {
    const auto* source = is_object() ? find(key) : &payload_;
    auto text = source ? name_text(*source) : std::nullopt;
    if (!text)
        return invalid_payload();
    const auto begin = text->find_first_not_of(" \t\r\n");
    if (begin == std::string::npos)
        return invalid_payload();
    return text->substr(begin, text->find_last_not_of(" \t\r\n") - begin + 1);
}

const json::value* Request::transaction() const noexcept {
    const auto* object = payload_.if_object();
    return object ? object->if_contains("transaction") : nullptr;
}

}  // namespace waggle::bridge
