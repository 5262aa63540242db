#include "bridge/homeassistant/bridge_entities.hpp"

#include <boost/json/array.hpp>

#include "bridge/homeassistant/names.hpp"

namespace json = boost::json;

namespace waggle::bridge::homeassistant {
namespace {

EntityConfig of_info(std::string component, std::string object_id, std::string_view name,
                     std::string_view shown) {
    EntityConfig config{std::move(component), std::move(object_id)};
    config.payload["name"] = name;
    config.payload["state_topic"] = true;
    config.payload["state_topic_postfix"] = "info";
    config.payload["value_template"] = shown;
    return config;
}

EntityConfig connection_state() {
    auto config =
        of_info("binary_sensor", "connection_state", "Connection state", "{{ value_json.state }}");
    auto& payload = config.payload;
    payload["state_topic_postfix"] = "state";
    payload["device_class"] = "connectivity";
    payload["entity_category"] = "diagnostic";
    payload["payload_on"] = "online";
    payload["payload_off"] = "offline";
    payload["availability"] = false;
    return config;
}

EntityConfig restart_required() {
    auto config = of_info("binary_sensor", "restart_required", "Restart required",
                          "{{ value_json.restart_required }}");
    auto& payload = config.payload;
    payload["device_class"] = "problem";
    payload["entity_category"] = "diagnostic";
    payload["enabled_by_default"] = false;
    payload["payload_on"] = true;
    payload["payload_off"] = false;
    return config;
}

EntityConfig restart(const std::string& bridge) {
    EntityConfig config{"button", "restart"};
    auto& payload = config.payload;
    payload["name"] = "Restart";
    payload["device_class"] = "restart";
    payload["state_topic"] = false;
    payload["command_topic"] = bridge + "/request/restart";
    payload["payload_press"] = "";
    return config;
}

EntityConfig log_level(const std::string& bridge) {
    auto config = of_info("select", "log_level", "Log level", "{{ value_json.log_level | lower }}");
    auto& payload = config.payload;
    payload["entity_category"] = "config";
    payload["command_topic"] = bridge + "/request/options";
    payload["command_template"] = R"({"options": {"advanced": {"log_level": "{{ value }}" } } })";
    payload["options"] = json::array({"error", "warning", "info", "debug"});
    return config;
}

EntityConfig version() {
    auto config = of_info("sensor", "version", "Version", "{{ value_json.version }}");
    config.payload["icon"] = "mdi:zigbee";
    config.payload["entity_category"] = "diagnostic";
    return config;
}

EntityConfig coordinator_version() {
    auto config = of_info("sensor", "coordinator_version", "Coordinator version",
                          "{{ value_json.coordinator.meta.revision }}");
    config.payload["icon"] = "mdi:chip";
    config.payload["entity_category"] = "diagnostic";
    config.payload["enabled_by_default"] = false;
    return config;
}

EntityConfig network_map(const std::string& bridge) {
    auto config = of_info("sensor", "network_map", "Network map",
                          "{{ now().strftime('%Y-%m-%d %H:%M:%S') }}");
    auto& payload = config.payload;
    payload["state_topic_postfix"] = "response/networkmap";
    payload["entity_category"] = "diagnostic";
    payload["enabled_by_default"] = false;
    payload["json_attributes_topic"] = bridge + "/response/networkmap";
    payload["json_attributes_template"] = "{{ value_json.data.value | tojson }}";
    return config;
}

EntityConfig permit_join(const std::string& bridge) {
    auto config =
        of_info("switch", "permit_join", "Permit join", "{{ value_json.permit_join | lower }}");
    auto& payload = config.payload;
    payload["icon"] = "mdi:human-greeting-proximity";
    payload["command_topic"] = bridge + "/request/permit_join";
    payload["state_on"] = "true";
    payload["state_off"] = "false";
    payload["payload_on"] = R"({"time": 254})";
    payload["payload_off"] = R"({"time": 0})";
    return config;
}

}  // namespace

std::vector<EntityConfig> bridge_entities(const std::string& base_topic) {
    const auto bridge = base_topic + "/bridge";
    std::vector<EntityConfig> out;
    out.push_back(connection_state());
    out.push_back(restart_required());
    out.push_back(restart(bridge));
    out.push_back(log_level(bridge));
    out.push_back(version());
    out.push_back(coordinator_version());
    out.push_back(network_map(bridge));
    out.push_back(permit_join(bridge));
    return out;
}

EntityConfig last_seen_entity(bool is_iso) {
    EntityConfig config{"sensor", "last_seen"};
    config.properties.emplace_back("last_seen");
    auto& payload = config.payload;
    payload["name"] = "Last seen";
    payload["value_template"] = "{{ value_json.last_seen }}";
    payload["icon"] = "mdi:clock";
    payload["enabled_by_default"] = false;
    payload["entity_category"] = "diagnostic";
    if (is_iso)
        payload["device_class"] = "timestamp";
    return config;
}

EntityConfig update_entity(const std::string& base_topic, const std::string& ieee) {
    EntityConfig config{"update", "update"};
    config.properties.emplace_back("update");
    auto& payload = config.payload;
    payload["name"] = nullptr;
    payload["entity_picture"] = "https://github.com/Koenkk/zigbee2mqtt/raw/master/images/logo.png";
    payload["state_topic"] = true;
    payload["device_class"] = "firmware";
    payload["entity_category"] = "config";
    payload["command_topic"] = base_topic + "/bridge/request/device/ota_update/update";
    payload["payload_install"] = R"({"id": ")" + ieee + R"("})";
    payload["value_template"] =
        R"({"latest_version":"{{ value_json['update']['latest_version'] }}",)"
        R"("installed_version":"{{ value_json['update']['installed_version'] }}",)"
        R"("update_percentage":{{ value_json['update'].get('progress', 'null') }},)"
        R"("in_progress":{{ (value_json['update']['state'] == 'updating')|lower }}})";
    return config;
}

EntityConfig scene_entity(std::int64_t id, const std::string& name) {
    EntityConfig config{"scene", "scene_" + std::to_string(id)};
    auto& payload = config.payload;
    payload["name"] = name;
    payload["state_topic"] = false;
    payload["command_topic"] = true;
    payload["payload_on"] = "{ \"scene_recall\": " + std::to_string(id) + " }";
    payload["object_id_postfix"] = "_" + entity_id_part(name);
    return config;
}

}  // namespace waggle::bridge::homeassistant
