#include "engine/command.hpp"

#include <algorithm>
#include <array>

#include "store/json_read.hpp"

namespace json = boost::json;

namespace waggle::engine {
namespace {

using namespace std::string_view_literals;

std::string lower(std::string_view text) {
    std::string result(text);
    for (auto& c : result)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c + ('a' - 'A'));
    return result;
}

bool is_state_word(std::string_view payload) {
    static constexpr std::array words = {"on"sv,    "off"sv,  "toggle"sv, "open"sv,
                                         "close"sv, "stop"sv, "lock"sv,   "unlock"sv};
    constexpr std::size_t longest = 6;
    return payload.size() <= longest &&
           std::find(words.begin(), words.end(), lower(payload)) != words.end();
}

bool switches(std::string_view key) noexcept {
    return key == "state" || key == "brightness" || key == "brightness_percent";
}

std::optional<json::value> parse(std::string_view text) {
    boost::system::error_code error;
    auto value = store::read_json(text, error);
    return error ? std::nullopt : std::optional(std::move(value));
}

}  // namespace

std::optional<json::object> parse_command_payload(std::string_view attribute,
                                                  std::string_view payload) {
    auto parsed = parse(payload);
    if (!attribute.empty()) {
        json::object message;
        if (parsed)
            message.emplace(attribute, std::move(*parsed));
        else
            message.emplace(attribute, payload);
        return message;
    }
    if (parsed) {
        auto* object = parsed->if_object();
        return object ? std::optional(std::move(*object)) : std::nullopt;
    }
    if (!is_state_word(payload))
        return std::nullopt;
    json::object message;
    message.emplace("state", payload);
    return message;
}

std::vector<std::string> command_order(const json::object& message) {
    const auto* state = message.if_contains("state");
    const bool is_off = state && state->is_string() && lower(state->get_string()) == "off";
    std::vector<std::string> front, back;
    for (const auto& member : message)
        (switches(member.key()) != is_off ? front : back).emplace_back(member.key());
    std::reverse(front.begin(), front.end());
    front.insert(front.end(), std::make_move_iterator(back.begin()),
                 std::make_move_iterator(back.end()));
    return front;
}

SuffixedKey split_key(std::string_view key, std::span<const std::string> endpoint_names) noexcept {
    for (auto at = key.find('_'); at != std::string_view::npos; at = key.find('_', at + 1)) {
        const auto suffix = key.substr(at + 1);
        if (std::find(endpoint_names.begin(), endpoint_names.end(), suffix) != endpoint_names.end())
            return {key.substr(0, at), suffix};
    }
    return {key, {}};
}

json::object without_suffix(const json::object& message, std::string_view endpoint) {
    if (endpoint.empty())
        return message;
    json::object result;
    for (const auto& member : message) {
        std::string_view key = member.key();
        if (key.size() > endpoint.size() && key.ends_with(endpoint) &&
            key[key.size() - endpoint.size() - 1] == '_')
            key.remove_suffix(endpoint.size() + 1);
        result.insert_or_assign(key, member.value());
    }
    return result;
}

json::object with_suffix(const json::object& state, std::string_view endpoint) {
    if (endpoint.empty())
        return state;
    json::object result;
    std::string key;
    for (const auto& member : state) {
        key.assign(member.key()).append("_").append(endpoint);
        result.insert_or_assign(key, member.value());
    }
    return result;
}

}  // namespace waggle::engine
