#include <algorithm>

#include <boost/json/array.hpp>

#include "bridge/homeassistant/entity.hpp"

/// Lights and what a relay is: switches and locks.
namespace waggle::bridge::homeassistant {

namespace json = boost::json;

namespace {

bool any_has(const std::vector<Expose>& lights, std::string_view feature) {
    return std::any_of(lights.begin(), lights.end(), [feature](const Expose& light) {
        return light.feature_place(feature) >= 0;
    });
}

/// Some light names hue and saturation before x and y: those are what it understands better.
bool prefers_hue(const std::vector<Expose>& lights) {
    return std::any_of(lights.begin(), lights.end(), [](const Expose& light) {
        const int xy = light.feature_place("color_xy"), hs = light.feature_place("color_hs");
        return xy >= 0 && hs >= 0 && hs < xy;
    });
}

json::array color_modes(const std::vector<Expose>& lights) {
    const bool has_xy = any_has(lights, "color_xy");
    const bool hue_first = prefers_hue(lights);
    json::array modes;
    if (has_xy && !hue_first)
        modes.push_back("xy");
    if ((!has_xy || hue_first) && any_has(lights, "color_hs"))
        modes.push_back("hs");
    if (any_has(lights, "color_temp"))
        modes.push_back("color_temp");
    if (modes.empty())
        modes.push_back("brightness");  // not to be combined with others
    return modes;
}

/// The narrowest range of all lights; null where none says anything.
void put_color_temperatures(const std::vector<Expose>& lights, json::object& payload) {
    json::value most = nullptr, least = nullptr;
    const auto number = [](const json::value& value) { return value.to_number<double>(); };
    for (const auto& light : lights) {
        const auto feature = light.feature("color_temp");
        if (!feature || feature->type() != "numeric")
            continue;
        const auto *max = feature->find("value_max"), *min = feature->find("value_min");
        if (max && max->is_number() && (most.is_null() || number(*max) < number(most)))
            most = *max;
        if (min && min->is_number() && (least.is_null() || number(*min) > number(least)))
            least = *min;
    }
    payload["max_mireds"] = most;
    payload["min_mireds"] = least;
}

void put_effects(const ExposeScope& scope, json::object& payload) {
    json::array effects;
    for (const auto& expose : scope.all) {
        if (expose.type() != "enum" || expose.name() != "effect")
            continue;
        for (const auto& value : expose.values())
            if (std::find(effects.begin(), effects.end(), value) == effects.end())
                effects.push_back(value);
    }
    if (effects.empty())
        return;
    payload["effect"] = true;
    payload["effect_list"] = std::move(effects);
}

}  // namespace

void add_light(const std::vector<Expose>& exposes, const ExposeScope& scope,
               std::vector<EntityConfig>& out) {
    const auto& first = exposes.front();
    const auto state = first.feature("state");
    if (!state)
        return refuse(first, "it has no state");
    auto config = primary_entity("light", first, scope);
    config.properties.emplace_back(state->property());
    auto& payload = config.payload;
    payload["brightness"] = any_has(exposes, "brightness");
    payload["schema"] = "json";
    payload["command_topic"] = true;
    payload["brightness_scale"] = 254;
    put(payload, "state_topic_postfix", endpoint_in(first, scope));
    payload["supported_color_modes"] = color_modes(exposes);
    if (any_has(exposes, "color_temp"))
        put_color_temperatures(exposes, payload);
    put_effects(scope, payload);
    out.push_back(std::move(config));
}

}  // namespace waggle::bridge::homeassistant
