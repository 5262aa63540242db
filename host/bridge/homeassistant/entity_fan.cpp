#include <algorithm>

#include <boost/json/array.hpp>

#include "bridge/homeassistant/entity.hpp"

/// Fans. Home Assistant sets a speed in percent, mapped to steps, and presets beside it.
namespace waggle::bridge::homeassistant {

namespace json = boost::json;

namespace {

using Words = std::vector<std::string>;

constexpr std::string_view speed_words[] = {"low", "medium", "high", "1", "2", "3",
                                            "4",   "5",      "6",    "7", "8", "9"};
constexpr std::string_view preset_words[] = {"on", "auto", "smart"};

struct Modes {
    Words speeds{"off"}, presets;
};

Modes modes_of(const Expose& mode, std::string_view model) {
    Modes modes;
    if (model == "99432") {  // four speeds, of which the fourth is "on"; "auto" means nothing
        modes.speeds = {"off", "low", "medium", "high", "on"};
        modes.presets = {"smart"};
        return modes;
    }
    for (const auto word : speed_words)
        if (mode.has_value(word))
            modes.speeds.emplace_back(word);
    for (const auto word : preset_words)
        if (mode.has_value(word))
            modes.presets.emplace_back(word);
    return modes;
}

bool covers(const Modes& modes, const Expose& mode) {
    const auto& values = mode.values();
    return std::all_of(values.begin(), values.end(), [&modes](const json::value& value) {
        const auto text = text_of(value);
        return std::find(modes.speeds.begin(), modes.speeds.end(), text) != modes.speeds.end() ||
               std::find(modes.presets.begin(), modes.presets.end(), text) != modes.presets.end();
    });
}

template <class Item>
std::string joined(const Words& words, Item item) {
    std::string out;
    for (std::size_t i = 0; i < words.size(); ++i)
        out += (i == 0 ? "" : ", ") + item(words[i], std::to_string(i));
    return out;
}

void put_modes(const Expose& mode, const Modes& modes, json::object& payload) {
    const auto value = "value_json[\"" + std::string(mode.property()) + "\"]";
    const auto by_word = joined(modes.speeds, [](const auto& word, const auto& number) {
        return "'" + word + "':" + number;
    });
    const auto by_number = joined(modes.speeds, [](const auto& word, const auto& number) {
        return number + ":'" + word + "'";
    });
    const auto presets =
        joined(modes.presets, [](const auto& word, const auto&) { return "'" + word + "'"; });
    payload["percentage_command_topic"] = "fan_mode";
    payload["percentage_value_template"] =
        "{{ {" + by_word + "}[" + value + "] | default('None') }}";
    payload["percentage_command_template"] = "{{ {" + by_number + "}[value] | default('') }}";
    payload["speed_range_min"] = 1;
    payload["speed_range_max"] = static_cast<std::int64_t>(modes.speeds.size()) - 1;
    payload["preset_mode_state_topic"] = true;
    payload["preset_mode_command_topic"] = "fan_mode";
    payload["preset_mode_value_template"] =
        "{{ " + value + " if " + value + " in [" + presets + "] else 'None' | default('None') }}";
    payload["preset_modes"] = json::array(modes.presets.begin(), modes.presets.end());
    payload["state_value_template"] = "{{ value_json.fan_state }}";  // follows from the mode
    payload["command_topic_postfix"] = "fan_state";
}

void put_speed(const Expose& speed, json::object& payload) {
    payload["percentage_command_topic"] = "speed";
    payload["percentage_value_template"] =
        "{{ value_json[\"" + std::string(speed.property()) + "\"] | default('None') }}";
    payload["percentage_command_template"] = "{{ value | default('') }}";
    if (const auto* least = speed.find("value_min"))
        payload["speed_range_min"] = *least;
    if (const auto* most = speed.find("value_max"))
        payload["speed_range_max"] = *most;
    payload["state_value_template"] = "{{ value_json.state }}";
    payload["command_topic_postfix"] = "state";
}

}  // namespace

void add_fan(const Expose& expose, const ExposeScope& scope, std::vector<EntityConfig>& out) {
    const auto mode = expose.feature("mode", "enum");
    const auto speed = expose.feature("speed", "numeric");
    if (!expose.endpoint().empty())
        return refuse(expose, "a fan on an endpoint is not supported");
    if (mode.has_value() == speed.has_value())
        return refuse(expose, "it needs modes or a speed, and not both");
    EntityConfig config{"fan", "fan"};
    config.properties.emplace_back("fan_state");
    auto& payload = config.payload;
    payload["name"] = nullptr;
    payload["state_topic"] = true;
    payload["command_topic"] = true;
    payload["percentage_state_topic"] = true;
    if (speed) {
        put_speed(*speed, payload);
    } else {
        const auto modes = modes_of(*mode, scope.model);
        if (!covers(modes, *mode))
            return refuse(expose, "it has a mode that Home Assistant has not");
        if (modes.presets.empty())
            return refuse(expose, "none of its modes is a preset");
        put_modes(*mode, modes, payload);
    }
    out.push_back(std::move(config));
}

}  // namespace waggle::bridge::homeassistant
