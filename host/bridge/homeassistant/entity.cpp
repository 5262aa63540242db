#include "bridge/homeassistant/entity.hpp"

#include <algorithm>

#include <boost/json/array.hpp>

#include "base/log.hpp"
#include "bridge/homeassistant/attributes.hpp"

namespace json = boost::json;

namespace waggle::bridge::homeassistant {
namespace {

constexpr std::string_view group_kinds[] = {"light", "switch", "lock", "cover"};

bool may_be_grouped(std::string_view type) {
    return std::find(std::begin(group_kinds), std::end(group_kinds), type) != std::end(group_kinds);
}

void add_by_kind(const std::vector<Expose>& exposes, const ExposeScope& scope,
                 std::vector<EntityConfig>& out) {
    const auto& expose = exposes.front();
    const auto type = expose.type();
    if (type == "light")
        add_light(exposes, scope, out);
    else if (type == "switch")
        add_switch(expose, scope, out);
    else if (type == "lock")
        add_lock(expose, scope, out);
    else if (type == "cover")
        add_cover(exposes, scope, out);
    else if (type == "climate")
        add_climate(expose, scope, out);
    else if (type == "fan")
        add_fan(expose, scope, out);
    else if (type == "binary")
        add_binary(expose, out);
    else if (type == "numeric")
        add_numeric(expose, out);
    else if (type == "enum")
        add_enum(expose, scope, out);
    else if (type == "text" || type == "list" || type == "composite")
        add_text(expose, out);
}

/// The definition's own word on how an expose is to be shown.
void apply_metadata(const Expose& expose, EntityConfig& config) {
    const auto* found = expose.find("homeassistant");
    if (!found || !found->is_object())
        return;
    const auto& hints = found->get_object();
    if (const auto* type = hints.if_contains("type"); type && type->is_string())
        config.component = std::string(type->get_string());
    constexpr std::pair<std::string_view, std::string_view> names[] = {
        {"schema", "schema"},
        {"entityCategory", "entity_category"},
        {"deviceClass", "device_class"},
        {"enabledByDefault", "enabled_by_default"},
        {"icon", "icon"},
        {"name", "name"}};
    for (const auto& [hint, key] : names)
        if (const auto* value = hints.if_contains(hint))
            config.payload[key] = *value;
    const auto* shown = hints.if_contains("valueTemplate");
    if (shown && shown->is_null())
        config.payload.erase("value_template");
    else if (shown)
        config.payload["value_template"] = *shown;
}

bool is(const json::object& payload, std::string_view key, std::string_view text) {
    const auto* value = payload.if_contains(key);
    return value && value->is_string() && std::string_view(value->get_string()) == text;
}

/// Rules that hold for every kind.
void finish(const Expose& expose, const ExposeScope& scope, EntityConfig& config) {
    auto& payload = config.payload;
    if (expose.category() == "config" || expose.category() == "diagnostic")
        payload["entity_category"] = expose.category();
    apply_metadata(expose, config);
    const bool is_sensor = config.component == "sensor" || config.component == "binary_sensor";
    if (is_sensor && is(payload, "entity_category", "config"))
        payload["entity_category"] = "diagnostic";  // there is nothing to set
    if (config.component == "event")
        payload.erase("entity_category");
    // With a device class Home Assistant finds the name itself, in the user's language.
    const auto* device_class = payload.if_contains("device_class");
    const bool has_class = device_class && !device_class->is_null() && *device_class != "";
    const auto* known = numeric_attributes(expose.name());
    const auto* name = payload.if_contains("name");
    if (has_class && name && !name->is_null() && !(known && known->preserve_name))
        payload.erase("name");
    config.of_expose = !scope.is_group;
    config.endpoint = std::string(endpoint_in(expose, scope));
}

/// By what the members' exposes are put together: one entity of a group for each.
std::string group_key(const Expose& expose) {
    std::string key(expose.type());
    if (expose.type() == "light" || expose.endpoint().empty())
        return key;
    // A device can have several of them, a switch of the relay and one of the window detection.
    if (const auto state = expose.feature("state"))
        key += state->base_property();
    return key;
}

}  // namespace

void add_entities(const std::vector<Expose>& exposes, const ExposeScope& scope,
                  std::vector<EntityConfig>& out) {
    const auto before = out.size();
    add_by_kind(exposes, scope, out);
    for (auto i = before; i < out.size(); ++i)
        finish(exposes.front(), scope, out[i]);
}

std::vector<EntityConfig> device_entities(const json::array& exposes, ExposeScope scope) {
    scope.is_group = false;
    scope.all = exposes_of(exposes);
    std::vector<EntityConfig> out;
    for (const auto& expose : scope.all)
        add_entities({expose}, scope, out);
    return out;
}

std::vector<EntityConfig> group_entities(const std::vector<const json::array*>& members,
                                         ExposeScope scope) {
    scope.is_group = true;
    std::vector<std::pair<std::string, std::vector<Expose>>> kinds;  // in order of appearance
    for (const auto* exposes : members)
        for (const auto& expose : exposes_of(*exposes)) {
            scope.all.push_back(expose);
            if (!may_be_grouped(expose.type()))
                continue;
            const auto key = group_key(expose);
            auto kind = std::find_if(kinds.begin(), kinds.end(),
                                     [&key](const auto& one) { return one.first == key; });
            if (kind == kinds.end())
                kind = kinds.insert(kinds.end(), {key, {}});
            kind->second.push_back(expose);
        }
    std::vector<EntityConfig> out;
    for (const auto& [key, exposes] : kinds)
        add_entities(exposes, scope, out);
    return out;
}

std::string value_template(std::string_view property) {
    return "{{ value_json[\"" + std::string(property) + "\"] }}";
}

void put(json::object& payload, std::string_view key, std::string_view text) {
    if (!text.empty())
        payload[key] = text;
}

void copy_if_set(json::object& payload, std::string_view key, const Expose& expose,
                 std::string_view from) {
    if (const auto* value = expose.find(from); value && !value->is_null())
        payload[key] = *value;
}

std::string_view endpoint_in(const Expose& expose, const ExposeScope& scope) noexcept {
    return scope.is_group ? std::string_view() : expose.endpoint();
}

EntityConfig primary_entity(std::string_view component, const Expose& expose,
                            const ExposeScope& scope) {
    const std::string endpoint(endpoint_in(expose, scope));
    EntityConfig config{std::string(component), std::string(component)};
    config.payload["name"] = nullptr;
    if (endpoint.empty())
        return config;
    config.object_id += "_" + endpoint;
    std::string name = endpoint;
    if (name.front() >= 'a' && name.front() <= 'z')
        name.front() = static_cast<char>(name.front() - 'a' + 'A');
    config.payload["name"] = name;
    config.payload["command_topic_prefix"] = endpoint;
    return config;
}

std::string property_in(const Expose& feature, const ExposeScope& scope) {
    return std::string(scope.is_group ? feature.base_property() : feature.property());
}

void refuse(const Expose& expose, std::string_view reason) {
    log::warning("homeassistant", "A definition's '{}' is not discovered: {}", expose.type(),
                 reason);
}

}  // namespace waggle::bridge::homeassistant
