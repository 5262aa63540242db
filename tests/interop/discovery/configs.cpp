#include <iostream>
#include <string>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "bridge/homeassistant/bridge_entities.hpp"
#include "bridge/homeassistant/names.hpp"
#include "bridge/homeassistant/payload.hpp"
#include "store/json_read.hpp"
#include "store/json_text.hpp"

/// What oracle.js does with zigbee2mqtt's discovery, with the host's: reads its lines and writes for
/// each what came of the exposes.
///
///     discovery-configs events|actions|groups < LINES
namespace json = boost::json;
namespace ha = waggle::bridge::homeassistant;

namespace {

const std::string base = "zigbee2mqtt";

ha::Subject subject_of(const json::object& line, bool is_group) {
    const std::string name(line.at("name").as_string());
    const std::string ieee(line.at("ieee").as_string());
    const auto number = std::to_string(line.at("number").as_int64());
    ha::Subject subject;
    subject.kind = is_group ? ha::Subject::Kind::group : ha::Subject::Kind::device;
    subject.node = is_group ? ha::encoded_base_topic(base) + "_" + number : ieee;
    subject.unique_id = is_group ? number : ieee;
    subject.name = name;
    subject.has_availability = true;
    auto& device = subject.device;
    device["name"] = name;
    device["identifiers"] = json::array({"zigbee2mqtt_" + subject.node});
    device["via_device"] = "zigbee2mqtt_bridge_0x00124b0001020304";
    if (is_group) {
        device["model"] = "Group";
        device["manufacturer"] = "Zigbee2MQTT";
        device["sw_version"] = "Zigbee2MQTT 2.14.1";
        device["configuration_url"] = "http://host:8080/#/group/0/" + number;
    } else {
        device["model"] = line.at("description");
        device["model_id"] = line.at("model");
        device["manufacturer"] = line.at("vendor");
        device["sw_version"] = "1.0.3";
        device["hw_version"] = 2;
        device["configuration_url"] = "http://host:8080/#/device/0/" + ieee + "/info";
    }
    return subject;
}

std::vector<ha::EntityConfig> configs_of(const json::object& line, const std::string& mode) {
    ha::ExposeScope scope;
    scope.event_entities = mode == "events";
    scope.action_sensor = mode == "actions";
    const auto& exposes = line.at("exposes").as_array();
    if (mode == "groups")
        return ha::group_entities({&line.at("with").as_array(), &exposes}, scope);
    scope.model = line.at("model").as_string();
    auto configs = ha::device_entities(exposes, scope);
    configs.push_back(ha::last_seen_entity(true));
    if (line.at("ota").as_bool())
        configs.push_back(ha::update_entity(base, std::string(line.at("ieee").as_string())));
    return configs;
}

json::object discovered(const json::object& line, const std::string& mode) {
    ha::Site site;
    site.base_topic = base;
    site.origin["name"] = "Zigbee2MQTT";
    site.origin["sw"] = "2.14.1";
    site.origin["url"] = "https://www.zigbee2mqtt.io";
    const auto subject = subject_of(line, mode == "groups");
    json::object messages;
    json::array properties;
    for (const auto& config : configs_of(line, mode)) {
        messages[ha::config_topic(config, subject)] =
            ha::complete_payload(config, subject, site, {});
        for (const auto& property : config.properties)
            properties.push_back(json::string(property));
    }
    json::object out;
    out["model"] = line.at("model");
    out["messages"] = std::move(messages);
    out["properties"] = std::move(properties);
    return out;
}

}  // namespace

int main(int argc, char** argv) {
    const std::string mode = argc > 1 ? argv[1] : "events";
    for (std::string line; std::getline(std::cin, line);) {
        boost::system::error_code error;
        const auto value = waggle::store::read_json(line, error);
        if (error || !value.is_object())
            return 1;
        std::cout << waggle::store::sorted_json(discovered(value.get_object(), mode)) << "\n";
    }
    return 0;
}
