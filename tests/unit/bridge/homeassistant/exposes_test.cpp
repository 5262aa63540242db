#include <fstream>
#include <set>

#include <boost/json/object.hpp>
#include <boost/test/unit_test.hpp>

#include "bridge/homeassistant/action_event.hpp"
#include "bridge/homeassistant/bridge_entities.hpp"
#include "bridge/homeassistant/payload.hpp"
#include "store/json_read.hpp"
#include "store/json_text.hpp"

// What becomes of exposes. cases.jsonl holds, a line each, exposes of every shape and what the real
// zigbee2mqtt 2.14.1 made of them (tests/interop/discovery/oracle.js ORACLE events FILE); the keys that
// are the same in all messages are left out.

namespace json = boost::json;
namespace ha = waggle::bridge::homeassistant;
using waggle::store::sorted_json;

namespace {

json::value read(std::string_view text) {
    boost::system::error_code error;
    auto value = waggle::store::read_json(text, error);
    BOOST_REQUIRE_MESSAGE(!error, text);
    return value;
}

json::array array(std::string_view text) {
    return read(text).get_array();
}

ha::Subject subject_of(const json::object& line) {
    ha::Subject subject;
    subject.node = subject.unique_id = std::string(line.at("ieee").as_string());
    subject.name = std::string(line.at("name").as_string());
    subject.device["name"] = subject.name;
    return subject;
}

std::vector<ha::EntityConfig> configs_of(const json::object& line) {
    ha::ExposeScope scope;
    scope.event_entities = true;
    scope.model = line.at("model").as_string();
    auto configs = ha::device_entities(line.at("exposes").as_array(), scope);
    configs.push_back(ha::last_seen_entity(true));
    if (line.at("ota").as_bool())
        configs.push_back(
            ha::update_entity("zigbee2mqtt", std::string(line.at("ieee").as_string())));
    return configs;
}

std::string joined(const std::set<std::string>& texts) {
    std::string out;
    for (const auto& text : texts)
        out += text + " ";
    return out;
}

std::string only(std::string_view exposes, std::string_view key) {
    ha::ExposeScope scope;
    const auto configs = ha::device_entities(array(exposes), scope);
    if (configs.size() != 1)
        return std::to_string(configs.size()) + " entities";
    const auto* value = configs.front().payload.if_contains(key);
    return value ? sorted_json(*value) : "absent";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(homeassistant_exposes)

BOOST_AUTO_TEST_CASE(every_shape_becomes_what_zigbee2mqtt_makes_of_it) {
    std::ifstream file(WAGGLE_CASES);
    ha::Site site;
    site.base_topic = "zigbee2mqtt";
    int cases = 0;
    for (std::string text; std::getline(file, text); ++cases) {
        const auto line = read(text).get_object();
        const auto subject = subject_of(line);
        std::set<std::string> topics, expected, properties, wanted;
        for (const auto& config : configs_of(line)) {
            auto payload = ha::complete_payload(config, subject, site, {});
            for (const char* key : {"device", "origin", "availability"})
                payload.erase(key);
            const auto topic = ha::config_topic(config, subject);
            topics.insert(topic);
            const auto* held = line.at("messages").as_object().if_contains(topic);
            BOOST_TEST(sorted_json(payload) == (held ? sorted_json(*held) : ""),
                       line.at("model") << ": " << topic);
            properties.insert(config.properties.begin(), config.properties.end());
        }
        for (const auto& [topic, payload] : line.at("messages").as_object())
            expected.emplace(topic);
        for (const auto& property : line.at("properties").as_array())
            wanted.emplace(property.as_string());
        BOOST_TEST(joined(topics) == joined(expected));
        BOOST_TEST(joined(properties) == joined(wanted));
    }
    BOOST_TEST(cases == 22);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_an_entity_is_left_out) {
    for (
        const char* exposes : {
            R"([{"type":"light","features":[]}])",
            R"([{"type":"switch","features":[{"type":"enum","name":"state","property":"state"}]}])",
            R"([{"type":"lock"}])",
            R"([{"type":"cover","features":[]}])",
            R"([{"type":"climate","features":[]}])",
            R"([{"type":"climate","features":[{"type":"numeric","name":"occupied_heating_setpoint",
                 "property":"s","value_min":1}]}])",
            R"([{"type":"climate","features":[{"type":"numeric","name":"occupied_heating_setpoint",
                 "property":"s","value_min":1,"value_max":2}]}])",
            R"([{"type":"fan","features":[]}])",
            R"([{"type":"fan","endpoint":"l1","features":[{"type":"numeric","name":"speed"}]}])",
            R"([{"type":"fan","features":[{"type":"enum","name":"mode","values":["on","gale"]}]}])",
            R"([{"type":"fan","features":[{"type":"enum","name":"mode","values":["low"]}]}])",
            R"([{"type":"spaceship"}])",
            R"([{"type":"enum","property":"action","values":["a"],"access":1}])",
            R"([null, 5, "light", []])",
        })
        BOOST_TEST(ha::device_entities(array(exposes), {}).size() == 0u, exposes);
}

BOOST_AUTO_TEST_CASE(a_binary_or_enum_without_values_is_no_fault) {
    BOOST_TEST(only(R"([{"type":"binary","name":"x","property":"x","access":3}])", "payload_on") ==
               "absent");
    BOOST_TEST(only(R"([{"type":"enum","name":"x","property":"x","access":3}])", "options") ==
               "[]");
}

BOOST_AUTO_TEST_CASE(the_action_sensor_is_there_when_it_is_asked_for) {
    ha::ExposeScope scope;
    scope.action_sensor = true;
    const auto configs = ha::device_entities(
        array(R"([{"type":"enum","name":"action","label":"Action","property":"action","access":1,
                   "values":["a"]}])"),
        scope);
    BOOST_REQUIRE(configs.size() == 1u);
    BOOST_TEST(configs[0].component == "sensor");
    BOOST_TEST(sorted_json(configs[0].payload) ==
               R"({"entity_category":"diagnostic","icon":"mdi:gesture-double-tap","name":"Action",)"
               R"("value_template":"{{ value_json[\"action\"] }}"})");
}

BOOST_AUTO_TEST_CASE(a_group_has_what_its_members_have_in_common) {
    const auto first = array(R"([{"type":"light","features":[
        {"type":"binary","name":"state","property":"state","value_on":"ON","value_off":"OFF"},
        {"type":"numeric","name":"color_temp","value_min":150,"value_max":500}]},
        {"type":"numeric","name":"power","property":"power","access":1}])");
    const auto second = array(R"([{"type":"light","endpoint":"l2","features":[
        {"type":"binary","name":"state","property":"state_l2","endpoint":"l2"},
        {"type":"numeric","name":"brightness"},
        {"type":"numeric","name":"color_temp","value_min":200,"value_max":600}]},
        {"type":"switch","endpoint":"l2","features":[{"type":"binary","name":"state","endpoint":"l2",
         "property":"state_l2","value_on":"ON","value_off":"OFF"}]},
        {"type":"switch","endpoint":"l2","features":[{"type":"binary","name":"state","endpoint":"l2",
         "property":"auto_lock_l2","value_on":"A","value_off":"B"}]}])");
    const auto configs = ha::group_entities({&first, &second}, {});
    BOOST_REQUIRE(configs.size() == 3u);
    BOOST_TEST(
        sorted_json(configs[0].payload) ==
        R"({"brightness":true,"brightness_scale":254,"command_topic":true,"max_mireds":500,)"
        R"("min_mireds":200,"name":null,"schema":"json","supported_color_modes":["color_temp"]})");
    BOOST_TEST(configs[1].object_id == "switch");
    BOOST_TEST(sorted_json(configs[1].payload) ==
               R"({"command_topic":true,"name":null,"payload_off":"OFF","payload_on":"ON",)"
               R"("value_template":"{{ value_json[\"state\"] }}"})");
    BOOST_TEST(configs[2].object_id == "auto_lock");
    BOOST_TEST(ha::group_entities({}, {}).empty());
}

BOOST_AUTO_TEST_SUITE_END()
