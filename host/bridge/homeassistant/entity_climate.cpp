#include <algorithm>

#include <boost/json/array.hpp>

#include "bridge/homeassistant/entity.hpp"

/// Thermostats, and what of them is an entity beside the climate one.
namespace waggle::bridge::homeassistant {

namespace json = boost::json;

namespace {

struct Climate {
    explicit Climate(const Expose& the_expose) : expose(the_expose) {}
    std::optional<Expose> number(std::string_view name) const {
        return expose.feature(name, "numeric");
    }
    std::optional<Expose> choice(std::string_view name) const {
        return expose.feature(name, "enum");
    }

    Expose expose;
    std::optional<Expose> heating, cooling;
    const Expose& primary() const { return heating ? *heating : *cooling; }
};

std::optional<Expose> heating_setpoint(const Expose& expose) {
    const int occupied = expose.feature_place("occupied_heating_setpoint");
    const int current = expose.feature_place("current_heating_setpoint");
    const bool current_first = current >= 0 && (occupied < 0 || current < occupied);
    return expose.feature(current_first ? "current_heating_setpoint" : "occupied_heating_setpoint",
                          "numeric");
}

void put_range(const Climate& climate, json::object& payload) {
    const auto& setpoint = climate.primary();
    if (const auto* step = setpoint.find("value_step"))
        payload["temp_step"] = *step;
    payload["min_temp"] = text_of(*setpoint.find("value_min"));
    payload["max_temp"] = text_of(*setpoint.find("value_max"));
}

/// Home Assistant has no mode "sleep"; others that read the exposes do.
json::array without_sleep(const json::array& modes) {
    json::array out(modes);
    const auto sleep = std::find(out.begin(), out.end(), json::value("sleep"));
    if (sleep != out.end())
        out.erase(sleep);
    return out;
}

void put_mode(const Climate& climate, json::object& payload) {
    const auto mode = climate.choice("system_mode");
    if (!mode)
        return;
    payload["mode_state_topic"] = true;
    payload["mode_state_template"] = value_template(mode->property());
    payload["modes"] = without_sleep(mode->values());
    payload["mode_command_topic"] = true;
}

void put_action(const Climate& climate, EntityConfig& config) {
    const auto state = climate.expose.feature("running_state");
    if (!state)
        return;
    config.properties.emplace_back(state->property());
    config.payload["action_topic"] = true;
    config.payload["action_template"] =
        "{% set values = {None:None,'idle':'idle','heat':'heating','cool':'cooling',"
        "'fan_only':'fan'} %}{{ values[value_json[\"" +
        std::string(state->property()) + "\"]] }}";
}

void put_setpoint(std::string_view prefix, const Expose& setpoint, json::object& payload) {
    const std::string key(prefix);
    payload[key + "_command_topic"] = setpoint.name();
    payload[key + "_state_template"] = value_template(setpoint.property());
    payload[key + "_state_topic"] = true;
}

void put_setpoints(const Climate& climate, json::object& payload) {
    if (climate.heating && climate.cooling) {
        put_setpoint("temperature_low", *climate.heating, payload);
        put_setpoint("temperature_high", *climate.cooling, payload);
    } else {
        put_setpoint("temperature", climate.primary(), payload);
    }
}

/// `fan_mode` and `swing_mode`.
void put_choice(const Climate& climate, const std::string& name, json::object& payload) {
    const auto choice = climate.choice(name);
    if (!choice)
        return;
    payload[name + "s"] = choice->values();
    payload[name + "_command_topic"] = true;
    payload[name + "_state_template"] = value_template(choice->property());
    payload[name + "_state_topic"] = true;
}

void put_preset(const Climate& climate, json::object& payload) {
    const auto preset = climate.choice("preset");
    if (!preset)
        return;
    payload["preset_modes"] = preset->values();
    payload["preset_mode_command_topic"] = "preset";
    payload["preset_mode_value_template"] = value_template(preset->property());
    payload["preset_mode_state_topic"] = true;
}

/// An entity that shows one of the climate's features.
EntityConfig of_feature(std::string_view component, const Expose& feature, const Climate& climate) {
    const std::string endpoint(climate.expose.endpoint());
    const std::string suffix = endpoint.empty() ? "" : "_" + endpoint;
    EntityConfig config{std::string(component), std::string(feature.name()) + suffix};
    config.properties.emplace_back(feature.property());
    const auto* label = feature.find("label");
    const std::string name = label ? text_of(*label) : std::string(feature.name());
    put(config.payload, "name", endpoint.empty() ? name : name + " " + endpoint);
    config.payload["value_template"] = value_template(feature.property());
    put(config.payload, "unit_of_measurement", feature.unit());
    return config;
}

void put_command(const Expose& feature, const Climate& climate, json::object& payload) {
    payload["command_topic"] = true;
    put(payload, "command_topic_prefix", climate.expose.endpoint());
    payload["command_topic_postfix"] = feature.property();
    copy_if_set(payload, "min", feature, "value_min");
    copy_if_set(payload, "max", feature, "value_max");
}

void add_calibration(const Climate& climate, std::vector<EntityConfig>& out) {
    const auto feature = climate.number("local_temperature_calibration");
    if (!feature)
        return;
    auto config = of_feature("number", *feature, climate);
    put_command(*feature, climate, config.payload);
    config.payload["device_class"] = "temperature_delta";
    config.payload["entity_category"] = "config";
    copy_if_set(config.payload, "step", *feature, "value_step");
    out.push_back(std::move(config));
}

void add_demands(const Climate& climate, std::vector<EntityConfig>& out) {
    if (const auto heating = climate.number("pi_heating_demand")) {
        const bool settable = heating->has_access(Expose::set);
        auto config = of_feature(settable ? "number" : "sensor", *heating, climate);
        config.payload["icon"] = "mdi:radiator";
        if (settable)
            put_command(*heating, climate, config.payload);
        else
            config.payload["entity_category"] = "diagnostic";
        out.push_back(std::move(config));
    }
    if (const auto cooling = climate.number("pi_cooling_demand")) {
        auto config = of_feature("sensor", *cooling, climate);
        config.payload["entity_category"] = "diagnostic";
        config.payload["icon"] = "mdi:air-conditioner";
        out.push_back(std::move(config));
    }
}

/// A readable expose of its own, nullptr: none.
const Expose* readable(const ExposeScope& scope, std::string_view name) {
    for (const auto& expose : scope.all)
        if (expose.type() == "numeric" && expose.name() == name && expose.has_access(Expose::state))
            return &expose;
    return nullptr;
}

void add_temperature(const Climate& climate, const ExposeScope& scope,
                     std::vector<EntityConfig>& out) {
    const auto temperature = climate.number("local_temperature");
    if (!temperature || readable(scope, "temperature") || readable(scope, "local_temperature"))
        return;
    auto config = of_feature("sensor", *temperature, climate);
    config.payload["device_class"] = "temperature";
    config.payload["state_class"] = "measurement";
    out.push_back(std::move(config));
}

}  // namespace

void add_climate(const Expose& expose, const ExposeScope& scope, std::vector<EntityConfig>& out) {
    Climate climate(expose);
    climate.heating = heating_setpoint(expose);
    climate.cooling = climate.number("occupied_cooling_setpoint");
    const auto temperature = expose.feature("local_temperature");
    if (!climate.heating && !climate.cooling)
        return refuse(expose, "it has no setpoint");
    if (!climate.primary().find("value_min") || !climate.primary().find("value_max"))
        return refuse(expose, "its setpoint has no limits");
    if (!temperature)
        return refuse(expose, "it has no temperature");

    auto config = primary_entity("climate", expose, scope);
    auto& payload = config.payload;
    payload["state_topic"] = false;
    payload["temperature_unit"] = "C";
    put_range(climate, payload);
    payload["current_temperature_topic"] = true;
    payload["current_temperature_template"] = value_template(temperature->property());
    put_mode(climate, payload);
    put_action(climate, config);
    put_setpoints(climate, payload);
    put_choice(climate, "fan_mode", payload);
    put_choice(climate, "swing_mode", payload);
    put_preset(climate, payload);
    add_calibration(climate, out);
    add_demands(climate, out);
    add_temperature(climate, scope, out);
    if (const auto* humidity = readable(scope, "humidity")) {
        payload["current_humidity_template"] = value_template(humidity->property());
        payload["current_humidity_topic"] = true;
    }
    out.push_back(std::move(config));
}

}  // namespace waggle::bridge::homeassistant
