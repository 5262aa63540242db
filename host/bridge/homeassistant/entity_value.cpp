#include <algorithm>

#include <boost/json/array.hpp>

#include "bridge/homeassistant/action_event.hpp"
#include "bridge/homeassistant/attributes.hpp"
#include "bridge/homeassistant/entity.hpp"

/// Values: numbers, choices, texts, and what is shown as one.
namespace waggle::bridge::homeassistant {

namespace json = boost::json;

namespace {

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> list) {
    return std::find(list.begin(), list.end(), text) != list.end();
}

EntityConfig number_entity(std::string_view component, const Expose& expose) {
    EntityConfig config{std::string(component), std::string(expose.name())};
    if (!expose.endpoint().empty())
        config.object_id += "_" + std::string(expose.endpoint());
    config.properties.emplace_back(expose.property());
    put(config.payload, "name", expose.label());
    config.payload["value_template"] = value_template(expose.property());
    put(config.payload, "unit_of_measurement", expose.unit());
    return config;
}

void put_command(const Expose& expose, json::object& payload) {
    payload["command_topic"] = true;
    put(payload, "command_topic_prefix", expose.endpoint());
    payload["command_topic_postfix"] = expose.property();
}

void add_number(const Expose& expose, std::vector<EntityConfig>& out) {
    auto config = number_entity("number", expose);
    auto& payload = config.payload;
    put_command(expose, payload);
    if (const auto* step = expose.truthy("value_step"))
        payload["step"] = *step;
    const auto* known = numeric_attributes(expose.name());
    apply(known, payload);
    if (!known || known->device_class != "temperature")
        payload.erase("device_class");
    copy_if_set(payload, "min", expose, "value_min");
    copy_if_set(payload, "max", expose, "value_max");
    out.push_back(std::move(config));
}

/// Some units say what is measured, whatever the name.
void put_class_of_unit(std::string_view unit, json::object& payload) {
    if (is_one_of(unit, {"Wh", "kWh"})) {
        payload["device_class"] = "energy";
        payload["state_class"] = "total_increasing";
    } else if (is_one_of(unit, {"A", "mA"})) {
        payload["device_class"] = "current";
        payload["state_class"] = "measurement";
    } else if (is_one_of(unit, {"mW", "W", "kW"})) {
        payload["device_class"] = "power";
        payload["state_class"] = "measurement";
    }
}

void add_number_sensor(const Expose& expose, std::vector<EntityConfig>& out) {
    auto config = number_entity("sensor", expose);
    auto& payload = config.payload;
    payload["enabled_by_default"] = true;
    const bool is_part = expose.name() == "voc" && is_one_of(expose.unit(), {"ppb", "ppm"});
    apply(numeric_attributes(is_part ? "voc_parts" : expose.name()), payload);
    put_class_of_unit(expose.unit(), payload);
    if (!payload.contains("unit_of_measurement"))
        payload.erase("device_class");  // Home Assistant wants both or none
    out.push_back(std::move(config));
}

/// Named by its property: button, select, text and the sensors of texts.
EntityConfig property_entity(std::string_view component, const Expose& expose) {
    EntityConfig config{std::string(component), std::string(expose.property())};
    config.properties.emplace_back(expose.property());
    put(config.payload, "name", expose.label());
    return config;
}

void add_event(const Expose& expose, std::vector<EntityConfig>& out) {
    auto config = property_entity("event", expose);
    config.properties.clear();
    config.payload["state_topic"] = true;
    config.payload["event_types"] = action_event_types(expose.values());
    config.payload["value_template"] = action_event_template();
    apply(enum_attributes(expose.name()), config.payload);
    out.push_back(std::move(config));
}

void add_button(const Expose& expose, std::vector<EntityConfig>& out) {
    auto config = property_entity("button", expose);
    config.payload["state_topic"] = false;
    put_command(expose, config.payload);
    config.payload["payload_press"] = text_of(expose.values().front());
    apply(enum_attributes(expose.name()), config.payload);
    out.push_back(std::move(config));
}

void add_select(const Expose& expose, std::vector<EntityConfig>& out) {
    auto config = property_entity("select", expose);
    const bool readable = expose.has_access(Expose::state);
    if (readable)
        config.payload["value_template"] = value_template(expose.property());
    config.payload["state_topic"] = readable;
    put_command(expose, config.payload);
    json::array options;
    for (const auto& value : expose.values())
        options.push_back(json::string(text_of(value)));
    config.payload["options"] = std::move(options);
    apply(enum_attributes(expose.name()), config.payload);
    out.push_back(std::move(config));
}

void add_choice_sensor(const Expose& expose, std::vector<EntityConfig>& out) {
    auto config = property_entity("sensor", expose);
    config.payload["value_template"] = value_template(expose.property());
    if (expose.property() == "action")
        config.payload["entity_category"] = "diagnostic";
    apply(enum_attributes(expose.name()), config.payload);
    out.push_back(std::move(config));
}

/// Sounds, how loud and how long are given with the command; nothing is reported back.
void add_siren(const Expose& expose, std::vector<EntityConfig>& out) {
    auto config = primary_entity("siren", expose, ExposeScope());
    config.properties.emplace_back(expose.property());
    auto& payload = config.payload;
    payload["command_topic"] = true;
    payload["state_topic"] = false;
    payload["optimistic"] = true;
    if (const auto mode = expose.feature("mode", "enum")) {
        json::array tones;
        for (const auto& value : mode->values())
            if (value != "stop")
                tones.push_back(value);
        if (!tones.empty())
            payload["available_tones"] = std::move(tones);
    }
    if (expose.feature("level", "enum"))
        payload["support_volume_set"] = true;
    if (expose.feature("duration", "numeric"))
        payload["support_duration"] = true;
    payload["command_template"] =
        R"({"warning": {"mode": "{{ tone | default('emergency') }}", "level": ")"
        "{% if volume_level is defined %}{% if volume_level | float <= 0.25 %}low"
        "{% elif volume_level | float <= 0.5 %}medium{% elif volume_level | float <= 0.75 %}high"
        "{% else %}very_high{% endif %}{% else %}medium{% endif %}"
        R"(", "duration": {{ duration | default(10) }}}})";
    payload["command_off_template"] = R"({"warning": {"mode": "stop"}})";
    out.push_back(std::move(config));
}

void add_text_field(const Expose& expose, std::vector<EntityConfig>& out) {
    auto config = property_entity("text", expose);
    config.payload["state_topic"] = expose.has_access(Expose::state);
    config.payload["value_template"] = value_template(expose.property());
    put_command(expose, config.payload);
    apply(text_attributes(expose.name()), config.payload);
    out.push_back(std::move(config));
}

}  // namespace

void add_numeric(const Expose& expose, std::vector<EntityConfig>& out) {
    if (expose.has_access(Expose::set))
        add_number(expose, out);
    else
        add_number_sensor(expose, out);
}

void add_enum(const Expose& expose, const ExposeScope& scope, std::vector<EntityConfig>& out) {
    const bool settable = expose.has_access(Expose::set);
    if (expose.property() == "action") {
        if (scope.event_entities && expose.has_access(Expose::state) && !settable)
            add_event(expose, out);
        if (!scope.action_sensor)
            return;
    }
    if (settable && expose.values().size() == 1)
        add_button(expose, out);
    else if (settable)
        add_select(expose, out);
    else if (expose.has_access(Expose::state))
        add_choice_sensor(expose, out);
}

void add_text(const Expose& expose, std::vector<EntityConfig>& out) {
    const bool settable = expose.has_access(Expose::set);
    if (expose.type() == "composite" && expose.name() == "warning" && settable)
        return add_siren(expose, out);
    if (expose.type() == "text" && settable)
        return add_text_field(expose, out);
    if (!expose.has_access(Expose::state))
        return;
    auto config = property_entity("sensor", expose);
    // A state in Home Assistant has at most 255 characters.
    config.payload["value_template"] =
        "{{ value_json[\"" + std::string(expose.property()) +
        "\"] | default('',True) | string | truncate(254, True, '', 0) }}";
    apply(text_attributes(expose.name()), config.payload);
    out.push_back(std::move(config));
}

}  // namespace waggle::bridge::homeassistant
