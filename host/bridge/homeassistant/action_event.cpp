#include "bridge/homeassistant/action_event.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string_view>

#include <boost/json/value.hpp>

#include "bridge/homeassistant/expose.hpp"

namespace json = boost::json;

namespace waggle::bridge::homeassistant {
namespace {

using std::string_view_literals::operator""sv;

struct Pattern {
    std::string_view text;    ///< in Python's spelling
    std::string_view groups;  ///< as the template lists them
};

// In the template they are regular expressions; event_of() below knows the same by hand.
constexpr Pattern patterns[] = {
    {"^(?P<button>(?:button_)?[a-z0-9]+)_(?P<action>(?:press|hold)(?:_release)?)$",
     R"("button", "action")"},
    {"^(?P<action>recall|scene)_(?P<scene>[0-2][0-9]{0,2})$", R"("action", "scene")"},
    {"^(?P<actionPrefix>region_)(?P<region>[1-9]|10)_(?P<action>enter|leave|occupied|unoccupied)$",
     R"("actionPrefix", "region", "action")"},
    {"^(?P<action>dial_rotate)_(?P<direction>left|right)_(?P<speed>step|slow|fast)$",
     R"("action", "direction", "speed")"},
    {"^(?P<action>brightness_step)(?:_(?P<direction>up|down))?$", R"("action", "direction")"},
};

bool take(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix))
        return false;
    text.remove_prefix(prefix.size());
    return true;
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> list) {
    return std::find(list.begin(), list.end(), text) != list.end();
}

bool all_are(std::string_view text, bool (*fits)(char)) {
    return !text.empty() && std::all_of(text.begin(), text.end(), fits);
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// "1_press", "button_2_hold_release": what was done with a button.
std::optional<std::string_view> button_event(std::string_view action) {
    constexpr std::array events = {"press_release"sv, "hold_release"sv, "press"sv, "hold"sv};
    for (const auto event : events) {
        if (!action.ends_with(event) || action.size() < event.size() + 2 ||
            action[action.size() - event.size() - 1] != '_')
            continue;
        auto button = action.substr(0, action.size() - event.size() - 1);
        const auto is_name = [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c); };
        if (all_are(button, is_name))
            return event;
        if (take(button, "button_") && all_are(button, is_name))
            return event;
    }
    return std::nullopt;
}

/// "recall_12", "scene_*", "recall_*_e1".
std::optional<std::string_view> scene_event(std::string_view action) {
    for (const auto event : {"recall"sv, "scene"sv}) {
        auto rest = action;
        if (!take(rest, event) || !take(rest, "_"))
            continue;
        if (is_one_of(rest, {"*", "*_e1", "*_e2", "*_s1", "*_s2"}))
            return event;
        if (rest.size() <= 3 && all_are(rest, is_digit) && rest.front() <= '2')
            return event;
    }
    return std::nullopt;
}

/// "region_3_enter", "region_*_leave".
std::optional<std::string> region_event(std::string_view action) {
    if (!take(action, "region_"))
        return std::nullopt;
    const auto split = action.find('_');
    const auto region = action.substr(0, split);
    const bool is_number = region.size() == 1 && region.front() >= '1' && region.front() <= '9';
    if (split == action.npos || (!is_number && region != "10" && region != "*"))
        return std::nullopt;
    const auto event = action.substr(split + 1);
    if (!is_one_of(event, {"enter", "leave", "occupied", "unoccupied"}))
        return std::nullopt;
    return "region_" + std::string(event);
}

bool is_dial(std::string_view action) {
    if (!take(action, "dial_rotate_"))
        return false;
    if (!take(action, "left_") && !take(action, "right_"))
        return false;
    return is_one_of(action, {"step", "slow", "fast"});
}

std::string event_of(const std::string& action) {
    if (const auto event = button_event(action))
        return std::string(*event);
    if (const auto event = scene_event(action))
        return std::string(*event);
    if (auto event = region_event(action))
        return *event;
    if (is_dial(action))
        return "dial_rotate";
    if (is_one_of(action, {"brightness_step", "brightness_step_up", "brightness_step_down"}))
        return "brightness_step";
    return action;
}

std::string make_template() {
    std::string list;
    for (const auto& pattern : patterns) {
        list += list.empty() ? "" : ",\n";
        list += R"({"pattern": ')" + std::string(pattern.text) + R"(', "groups": [)" +
                std::string(pattern.groups) + "]}";
    }
    return "{% set patterns = [\n" + list + R"(
] %}
{% set action_value = value_json.action|default('') %}
{% set ns = namespace(r=[('action', action_value)]) %}
{% for p in patterns %}
  {% set m = action_value|regex_findall(p.pattern) %}
  {% if m[0] is undefined %}{% continue %}{% endif %}
  {% for key, value in zip(p.groups, m[0]) %}
    {% set ns.r = ns.r|rejectattr(0, 'eq', key)|list + [(key, value)] %}
  {% endfor %}
{% endfor %}
{% if (ns.r|selectattr(0, 'eq', 'actionPrefix')|first) is defined %}
  {% set ns.r = ns.r|rejectattr(0, 'eq', 'action')|list + [('action', ns.r|selectattr(0, 'eq', 'actionPrefix')|map(attribute=1)|first + ns.r|selectattr(0, 'eq', 'action')|map(attribute=1)|first)] %}
{% endif %}
{% set ns.r = ns.r + [('event_type', ns.r|selectattr(0, 'eq', 'action')|map(attribute=1)|first)] %}
{{dict.from_keys(ns.r|rejectattr(0, 'in', ('action', 'actionPrefix'))|reject('eq', ('event_type', None))|reject('eq', ('event_type', '')))|to_json}})";
}

}  // namespace

json::array action_event_types(const json::array& actions) {
    json::array types;
    for (const auto& action : actions) {
        const auto event = event_of(text_of(action));
        const json::value type = json::string(event);
        if (event.find('*') == std::string::npos &&
            std::find(types.begin(), types.end(), type) == types.end())
            types.push_back(type);
    }
    return types;
}

const std::string& action_event_template() {
    static const std::string text = make_template();
    return text;
}

}  // namespace waggle::bridge::homeassistant
