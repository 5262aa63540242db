#include "bridge/homeassistant/attributes.hpp"
#include "bridge/homeassistant/entity.hpp"

/// What is on or off: switches, locks, binaries.
namespace waggle::bridge::homeassistant {

namespace {

/// A switch that configures the device is an entity of its own beside the one of the relay.
void make_config_switch(const Expose& expose, const Expose& state, const std::string& property,
                        EntityConfig& config) {
    auto& payload = config.payload;
    if (const auto* label = expose.find("label"))
        payload["name"] = *label;
    else
        payload.erase("name");
    payload["command_topic_postfix"] = property;
    copy_if_set(payload, "state_off", state, "value_off");
    copy_if_set(payload, "state_on", state, "value_on");
    config.object_id = property;
    apply(config_switch_attributes(property), payload);
}

void add_setting(const Expose& expose, std::vector<EntityConfig>& out) {
    const std::string property(expose.property());
    EntityConfig config{"switch", "switch_" + std::string(expose.name())};
    if (!expose.endpoint().empty())
        config.object_id += "_" + std::string(expose.endpoint());
    config.properties.push_back(property);
    const auto *on = expose.find("value_on"), *off = expose.find("value_off");
    auto& payload = config.payload;
    put(payload, "name", expose.label());
    // A template prints true and false as Python does, "True" and "False".
    payload["value_template"] = on && on->is_bool() ? "{% if value_json[\"" + property +
                                                          "\"] %}true{% else %}false{% endif %}"
                                                    : value_template(property);
    if (on)
        payload["payload_on"] = text_of(*on);
    if (off)
        payload["payload_off"] = text_of(*off);
    payload["command_topic"] = true;
    put(payload, "command_topic_prefix", expose.endpoint());
    payload["command_topic_postfix"] = property;
    apply(binary_attributes(expose.name()), payload);
    out.push_back(std::move(config));
}

void add_binary_sensor(const Expose& expose, std::vector<EntityConfig>& out) {
    EntityConfig config{"binary_sensor", std::string(expose.name())};
    if (!expose.endpoint().empty())
        config.object_id += "_" + std::string(expose.endpoint());
    config.properties.emplace_back(expose.property());
    auto& payload = config.payload;
    put(payload, "name", expose.label());
    payload["value_template"] = value_template(expose.property());
    if (const auto* on = expose.find("value_on"))
        payload["payload_on"] = *on;
    if (const auto* off = expose.find("value_off"))
        payload["payload_off"] = *off;
    apply(binary_attributes(expose.name()), payload);
    out.push_back(std::move(config));
}

}  // namespace

void add_switch(const Expose& expose, const ExposeScope& scope, std::vector<EntityConfig>& out) {
    const auto state = expose.feature("state", "binary");
    if (!state)
        return refuse(expose, "it has no state");
    const auto property = property_in(*state, scope);
    auto config = primary_entity("switch", expose, scope);
    config.properties.push_back(property);
    auto& payload = config.payload;
    copy_if_set(payload, "payload_off", *state, "value_off");
    copy_if_set(payload, "payload_on", *state, "value_on");
    payload["value_template"] = value_template(property);
    payload["command_topic"] = true;
    if (config_switch_attributes(property))
        make_config_switch(expose, *state, property, config);
    out.push_back(std::move(config));
}

void add_lock(const Expose& expose, const ExposeScope& scope, std::vector<EntityConfig>& out) {
    const auto state = expose.feature("state", "binary");
    if (!state)
        return refuse(expose, "it has no state");
    auto config = primary_entity("lock", expose, scope);
    config.properties.emplace_back(state->property());
    auto& payload = config.payload;
    payload["command_topic"] = true;
    payload["value_template"] = value_template(state->property());
    copy_if_set(payload, "state_locked", *state, "value_on");
    copy_if_set(payload, "state_unlocked", *state, "value_off");
    if (!endpoint_in(expose, scope).empty())
        payload["command_topic_postfix"] = state->property();
    out.push_back(std::move(config));
}

void add_binary(const Expose& expose, std::vector<EntityConfig>& out) {
    if (expose.has_access(Expose::set))
        add_setting(expose, out);
    else
        add_binary_sensor(expose, out);
}

}  // namespace waggle::bridge::homeassistant
