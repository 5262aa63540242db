#include "bridge/homeassistant/payload.hpp"

#include <boost/json/array.hpp>

#include "bridge/homeassistant/names.hpp"

namespace json = boost::json;

namespace waggle::bridge::homeassistant {
namespace {

/// Flags that become the topic of the state.
constexpr std::string_view state_topics[] = {
    "position_topic",
    "tilt_status_topic",
    "mode_state_topic",
    "current_temperature_topic",
    "temperature_state_topic",
    "temperature_low_state_topic",
    "temperature_high_state_topic",
    "fan_mode_state_topic",
    "swing_mode_state_topic",
    "percentage_state_topic",
    "preset_mode_state_topic",
    "action_topic",
    "current_humidity_topic",
};

/// Keys of command topics, and what stands behind "set/"; "" takes what the key holds.
constexpr std::pair<std::string_view, std::string_view> command_topics[] = {
    {"tilt_command_topic", "tilt"},
    {"mode_command_topic", "system_mode"},
    {"temperature_command_topic", ""},
    {"temperature_low_command_topic", ""},
    {"temperature_high_command_topic", ""},
    {"fan_mode_command_topic", "fan_mode"},
    {"swing_mode_command_topic", "swing_mode"},
    {"percentage_command_topic", ""},
    {"preset_mode_command_topic", ""},
};

bool is_true(const json::value* value) {
    if (!value || value->is_null() || *value == false)
        return false;
    return !(value->is_string() && value->get_string().empty());
}

std::string taken_text(json::object& payload, std::string_view key) {
    std::string text;
    if (const auto* value = payload.if_contains(key); value && value->is_string())
        text = std::string(value->get_string());
    payload.erase(key);
    return text;
}

void complete_state_topics(const std::string& entity_topic, json::object& payload) {
    auto topic = entity_topic;
    if (const auto postfix = taken_text(payload, "state_topic_postfix"); !postfix.empty())
        topic += "/" + postfix;
    const auto* wanted = payload.if_contains("state_topic");
    if (!wanted || is_true(wanted))
        payload["state_topic"] = topic;
    else
        payload.erase("state_topic");
    for (const auto key : state_topics)
        if (is_true(payload.if_contains(key)))
            payload[key] = topic;
}

void complete_command_topics(const std::string& entity_topic, json::object& payload) {
    const auto prefix = taken_text(payload, "command_topic_prefix");
    const auto postfix = taken_text(payload, "command_topic_postfix");
    const auto set = entity_topic + "/" + (prefix.empty() ? "" : prefix + "/") + "set";
    const auto whole = postfix.empty() ? set : set + "/" + postfix;
    const auto* command = payload.if_contains("command_topic");
    if (is_true(command) && !command->is_string())
        payload["command_topic"] = whole;
    if (is_true(payload.if_contains("set_position_topic")))
        payload["set_position_topic"] = whole;
    for (const auto& [key, last] : command_topics) {
        const auto* held = payload.if_contains(key);
        if (is_true(held))
            payload[key] = set + "/" + (last.empty() ? text_of(*held) : std::string(last));
    }
}

/// What Home Assistant makes the entity's id of: the device's name, then what sets it apart.
std::string suggested_id(const EntityConfig& config, const json::object& device,
                         json::object& payload) {
    auto id = entity_id_part(text_of(device.at("name")));
    const std::string_view object(config.object_id);
    const auto split = object.find('_');
    if (!object.starts_with(config.component))
        id += "_" + config.object_id;
    else if (split != object.npos)
        id += "_" + std::string(object.substr(split + 1));
    return id + taken_text(payload, "object_id_postfix");
}

void put_availability(const Subject& subject, const Site& site, json::object& payload) {
    const auto* wanted = payload.if_contains("availability");
    if (wanted && !is_true(wanted)) {
        payload.erase("availability");
        return;
    }
    const bool is_off = subject.kind == Subject::Kind::device && subject.disabled;
    const auto entry = [is_off](std::string topic) {
        json::object out;
        out["topic"] = std::move(topic);
        out["value_template"] = is_off ? "{{ \"offline\" }}" : "{{ value_json.state }}";
        return out;
    };
    json::array list;
    list.push_back(entry(site.base_topic + "/bridge/state"));
    if (subject.has_availability)
        list.push_back(entry(site.base_topic + "/" + subject.name + "/availability"));
    payload["availability"] = std::move(list);
    if (subject.has_availability || subject.kind == Subject::Kind::bridge)
        payload["availability_mode"] = "all";
}

/// Lays the user's keys over the message: scalars and lists replace, null removes, `device` is
/// merged; anything else is a block of another entity.
void override(const json::object& keys, bool leave_name, json::object& payload) {
    for (const auto& [key, value] : keys) {
        const std::string_view name(key);
        if (name == "type" || name == "object_id" || (leave_name && name == "name"))
            continue;
        if (value.is_null()) {
            payload.erase(key);
        } else if (!value.is_object()) {
            payload[key] = value;
        } else if (name == "device") {
            auto* device = payload.if_contains("device");
            if (device && device->is_object())
                for (const auto& [inner, wanted] : value.get_object())
                    device->get_object()[inner] = wanted;
        }
    }
}

}  // namespace

void apply_choices(const json::object* overrides, std::vector<EntityConfig>& configs) {
    if (!overrides)
        return;
    std::erase_if(configs, [overrides](const EntityConfig& config) {
        const auto* wanted = overrides->if_contains(config.object_id);
        return wanted && wanted->is_null();
    });
    for (auto& config : configs) {
        const auto* wanted = overrides->if_contains(config.object_id);
        if (!wanted || !wanted->is_object())
            continue;
        const auto take = [&keys = wanted->get_object()](std::string_view key, std::string& into) {
            const auto* text = keys.if_contains(key);
            if (text && text->is_string() && !text->get_string().empty())
                into = std::string(text->get_string());
        };
        take("object_id", config.object_id);
        take("type", config.component);
    }
}

std::string config_topic(const EntityConfig& config, const Subject& subject) {
    return config.component + "/" + subject.node + "/" + config.object_id + "/config";
}

std::string unique_id(const EntityConfig& config, const Subject& subject, const Site& site) {
    return subject.unique_id + "_" + config.object_id + "_" + site.base_topic;
}

json::object complete_payload(const EntityConfig& config, const Subject& subject, const Site& site,
                              const std::vector<std::string>& members) {
    json::object payload = config.payload;
    const auto entity_topic = site.base_topic + "/" + subject.name;
    complete_state_topics(entity_topic, payload);
    const auto id = suggested_id(config, subject.device, payload);
    payload["object_id"] = id;
    payload["default_entity_id"] = config.component + "." + id;
    payload["unique_id"] = unique_id(config, subject, site);
    if (!members.empty())
        payload["group"] = json::array(members.begin(), members.end());
    payload["device"] = subject.device;
    payload["origin"] = site.origin;
    put_availability(subject, site, payload);
    complete_command_topics(entity_topic, payload);
    if (subject.overrides) {
        override(*subject.overrides, true, payload);
        const auto* own = subject.overrides->if_contains(config.object_id);
        if (own && own->is_object())
            override(own->get_object(), false, payload);
    }
    return payload;
}

}  // namespace waggle::bridge::homeassistant
