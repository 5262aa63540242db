#include "bridge/homeassistant/payload.hpp"

#include <boost/test/unit_test.hpp>

#include "bridge/homeassistant/bridge_entities.hpp"
#include "bridge/homeassistant/names.hpp"
#include "store/json_read.hpp"
#include "store/json_text.hpp"

// From entity to message: names, topics, availability, wishes of the user.

namespace json = boost::json;
namespace ha = waggle::bridge::homeassistant;
using waggle::store::sorted_json;

namespace {

json::object object(std::string_view text) {
    boost::system::error_code error;
    auto value = waggle::store::read_json(text, error);
    BOOST_REQUIRE(!error);
    return value.get_object();
}

ha::Subject hall() {
    ha::Subject subject;
    subject.node = subject.unique_id = "0x00158d0001020304";
    subject.name = "Hall Switch";
    subject.device = object(R"({"name":"Hall Switch","model":"Switch"})");
    return subject;
}

ha::Site site() {
    ha::Site site;
    site.base_topic = "zigbee2mqtt";
    return site;
}

std::string text_of(const ha::EntityConfig& config, const ha::Subject& subject,
                    std::string_view key) {
    const auto payload = ha::complete_payload(config, subject, site(), {});
    const auto* value = payload.if_contains(key);
    return value ? sorted_json(*value) : "absent";
}

/// The message of a plain sensor under these wishes.
std::string wished(std::string_view wishes) {
    auto subject = hall();
    const auto overrides = object(wishes);
    subject.overrides = &overrides;
    std::vector<ha::EntityConfig> configs;
    configs.emplace_back("sensor", "battery");
    configs.back().payload = object(R"({"name":"Battery","icon":"mdi:battery","state_topic":false,
                                        "availability":false})");
    ha::apply_choices(subject.overrides, configs);
    if (configs.empty())
        return "nothing";
    auto payload = ha::complete_payload(configs[0], subject, site(), {});
    return ha::config_topic(configs[0], subject) + " " + sorted_json(payload);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(homeassistant_payload)

BOOST_AUTO_TEST_CASE(a_name_becomes_an_entity_id_in_any_script) {
    BOOST_TEST(ha::entity_id_part("Living  Room \t 2") == "living_room_2");
    BOOST_TEST(ha::entity_id_part("ÜBER Küche") == "über_küche");
    BOOST_TEST(ha::entity_id_part("ΑΒΓ ДЖЫ Ññ") == "αβγ_джы_ññ");
    BOOST_TEST(ha::entity_id_part("a\xC2\xA0\xE3\x80\x80"
                                  "b") == "a_b");
    BOOST_TEST(ha::entity_id_part("🐝 Hive") == "🐝_hive");
    BOOST_TEST(ha::entity_id_part("") == "");
}

BOOST_AUTO_TEST_CASE(every_cut_of_a_name_is_taken_and_none_reads_past_the_end) {
    const std::string whole = "Ü🐝€A";
    for (std::size_t length = 0; length <= whole.size(); ++length) {
        const std::vector<char> cut(whole.begin(), whole.begin() + static_cast<long>(length));
        const std::string_view text(cut.data(), cut.size());
        BOOST_TEST(ha::entity_id_part(text).size() <= length + 1);
        (void)ha::encoded_base_topic(text);
    }
}

BOOST_AUTO_TEST_CASE(a_base_topic_is_encoded_by_its_characters) {
    BOOST_TEST(ha::encoded_base_topic("zigbee2mqtt") == "1221051039810110150109113116116");
    BOOST_TEST(ha::encoded_base_topic("ü🐝") == "2525535756349");
}

BOOST_AUTO_TEST_CASE(a_config_topic_has_four_levels) {
    ha::ConfigTopic parts;
    BOOST_REQUIRE(ha::parse_config_topic("sensor/0x01/battery/config", parts));
    BOOST_TEST(parts.component == "sensor");
    BOOST_TEST(parts.node == "0x01");
    BOOST_TEST(parts.object_id == "battery");
    for (const char* other :
         {"", "config", "/config", "a/config", "a/b/config", "a/b/c/d", "a/b/c"})
        BOOST_TEST(!ha::parse_config_topic(other, parts), other);
}

BOOST_AUTO_TEST_CASE(the_suggested_id_says_what_the_component_does_not) {
    const auto id = [](const char* component, const char* object_id) {
        return text_of({component, object_id}, hall(), "default_entity_id");
    };
    BOOST_TEST(id("switch", "switch") == "\"switch.hall_switch\"");
    BOOST_TEST(id("switch", "switch_left") == "\"switch.hall_switch_left\"");
    BOOST_TEST(id("switch", "window_detection") == "\"switch.hall_switch_window_detection\"");
    BOOST_TEST(id("sensor", "sensors_type") == "\"sensor.hall_switch_type\"");
    BOOST_TEST(text_of(ha::scene_entity(3, "Late  Evening"), hall(), "object_id") ==
               "\"hall_switch_3_late_evening\"");
}

BOOST_AUTO_TEST_CASE(availability_is_that_of_the_bridge_and_of_the_device) {
    auto subject = hall();
    const ha::EntityConfig plain{"sensor", "x"};
    BOOST_TEST(
        text_of(plain, subject, "availability") ==
        R"([{"topic":"zigbee2mqtt/bridge/state","value_template":"{{ value_json.state }}"}])");
    BOOST_TEST(text_of(plain, subject, "availability_mode") == "absent");
    subject.has_availability = true;
    subject.disabled = true;
    BOOST_TEST(
        text_of(plain, subject, "availability") ==
        R"([{"topic":"zigbee2mqtt/bridge/state","value_template":"{{ \"offline\" }}"},)"
        R"({"topic":"zigbee2mqtt/Hall Switch/availability","value_template":"{{ \"offline\" }}"}])");
    BOOST_TEST(text_of(plain, subject, "availability_mode") == "\"all\"");
    const auto entities = ha::bridge_entities("zigbee2mqtt");
    BOOST_TEST(entities.size() == 8u);
    subject.kind = ha::Subject::Kind::bridge;
    BOOST_TEST(text_of(entities[0], subject, "availability") == "absent");
    subject.has_availability = false;
    BOOST_TEST(text_of(entities[1], subject, "availability_mode") == "\"all\"");
}

BOOST_AUTO_TEST_CASE(wishes_of_the_user_are_the_last_word) {
    const std::string usual =
        R"(sensor/0x00158d0001020304/battery/config {"default_entity_id":)"
        R"("sensor.hall_switch_battery","device":{"model":"Switch","name":"Hall Switch"},)";
    const std::string rest = R"("object_id":"hall_switch_battery","origin":{},)"
                             R"("unique_id":"0x00158d0001020304_battery_zigbee2mqtt"})";
    BOOST_TEST(wished("{}") == usual + R"("icon":"mdi:battery","name":"Battery",)" + rest);
    BOOST_TEST(wished(R"({"name":"of all","icon":"mdi:a","type":"x","list":[1]})") ==
               usual + R"("icon":"mdi:a","list":[1],"name":"Battery",)" + rest);
    BOOST_TEST(wished(R"({"icon":null,"battery":{"name":"Cell","object":{}}})") ==
               usual + R"("name":"Cell",)" + rest);
    BOOST_TEST(wished(R"({"battery":null})") == "nothing");
    BOOST_TEST(wished(R"({"device":{"model":"Other","suggested_area":"Hall"}})") ==
               R"(sensor/0x00158d0001020304/battery/config {"default_entity_id":)"
               R"("sensor.hall_switch_battery","device":{"model":"Other","name":"Hall Switch",)"
               R"("suggested_area":"Hall"},"icon":"mdi:battery","name":"Battery",)" +
                   rest);
    BOOST_TEST(
        wished(R"({"battery":{"type":"text","object_id":"cell","icon":"mdi:b"}})") ==
        R"(text/0x00158d0001020304/cell/config {"default_entity_id":"text.hall_switch_cell",)"
        R"("device":{"model":"Switch","name":"Hall Switch"},"icon":"mdi:battery",)"
        R"("name":"Battery","object_id":"hall_switch_cell","origin":{},)"
        R"("unique_id":"0x00158d0001020304_cell_zigbee2mqtt"})");
}

BOOST_AUTO_TEST_SUITE_END()
