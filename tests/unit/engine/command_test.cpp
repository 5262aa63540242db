#include "engine/command.hpp"

#include <boost/algorithm/string/join.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "engine/entities.hpp"

namespace json = boost::json;
using namespace waggle::engine;

namespace {

std::string parsed(std::string_view attribute, std::string_view payload) {
    const auto message = parse_command_payload(attribute, payload);
    return message ? json::serialize(*message) : "nothing";
}

std::string order(const char* text) {
    return boost::algorithm::join(command_order(json::parse(text).as_object()), ",");
}

std::string topic(std::string_view tail) {
    const auto parts = parse_command_topic(tail);
    if (!parts)
        return "none";
    return std::string(parts->target) + (parts->is_set ? " set " : " get ") +
           std::string(parts->attribute);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(command)

BOOST_AUTO_TEST_CASE(topics_split_at_the_first_set_or_get_that_ends_a_level) {
    BOOST_TEST(topic("hall/set") == "hall set ");
    BOOST_TEST(topic("hall/get") == "hall get ");
    BOOST_TEST(topic("hall/set/state") == "hall set state");
    BOOST_TEST(topic("hall/left/get/state") == "hall/left get state");
    BOOST_TEST(topic("ground floor/hall/set") == "ground floor/hall set ");
    BOOST_TEST(topic("hall/setting/set/a/b") == "hall/setting set a/b");
    BOOST_TEST(topic("a/set/set") == "a set set");
    BOOST_TEST(topic("set/set") == "set set ");
    BOOST_TEST(topic("0x00158d0001020304/2/set") == "0x00158d0001020304/2 set ");
}

BOOST_AUTO_TEST_CASE(what_is_no_command_topic_is_left_alone) {
    for (const auto* tail : {"", "hall", "/set", "set", "hall/", "hall/settings", "hall/set/",
                             "hall/state", "bridge/request/x/set", "bridge_lamp/set", "hall/SET"})
        BOOST_TEST(topic(tail) == "none", tail);
}

BOOST_AUTO_TEST_CASE(an_object_is_taken_as_it_stands) {
    BOOST_TEST(parsed("", R"({"state":"ON","brightness":5})") ==
               R"({"state":"ON","brightness":5})");
    BOOST_TEST(parsed("", "{}") == "{}");
}

BOOST_AUTO_TEST_CASE(eight_bare_words_stand_for_a_state_as_they_were_sent) {
    for (const auto* word : {"on", "OFF", "Toggle", "open", "close", "stop", "LOCK", "unlock"})
        BOOST_TEST(parsed("", word) == R"({"state":")" + std::string(word) + R"("})");
}

BOOST_AUTO_TEST_CASE(everything_else_without_an_attribute_is_invalid) {
    for (const auto* payload : {"", " ", "dim", "\"ON\"", "5", "null", "false", "[1]", "{",
                                "{\"a\":1", "on ", "{\"state\":\"ON\"} x"})
        BOOST_TEST(parsed("", payload) == "nothing", payload);
}

BOOST_AUTO_TEST_CASE(an_attribute_takes_json_or_the_raw_text) {
    BOOST_TEST(parsed("state", "ON") == R"({"state":"ON"})");
    BOOST_TEST(parsed("state", "\"ON\"") == R"({"state":"ON"})");
    BOOST_TEST(parsed("brightness", "17") == R"({"brightness":17})");
    BOOST_TEST(parsed("color", R"({"x":1})") == R"({"color":{"x":1}})");
    BOOST_TEST(parsed("state", "") == R"({"state":""})");
    BOOST_TEST(parsed("a/b", "null") == R"({"a/b":null})");
}

BOOST_AUTO_TEST_CASE(json_as_deep_as_a_stack_is_refused_and_not_followed) {
    BOOST_TEST(parsed("", std::string(100000, '[')) == "nothing");
}

// Expected orders: what zigbee2mqtt 2.14.1's comparator gives in V8.
BOOST_AUTO_TEST_CASE(what_switches_goes_first_and_last_when_it_switches_off) {
    BOOST_TEST(order(R"({"state":"ON","brightness":1})") == "brightness,state");
    BOOST_TEST(order(R"({"brightness":1,"state":"ON"})") == "state,brightness");
    BOOST_TEST(order(R"({"color":1,"x":1,"state":"ON","brightness":3})") ==
               "brightness,state,color,x");
    BOOST_TEST(order(R"({"color":1,"brightness":3,"x":1,"state":"ON"})") ==
               "state,brightness,color,x");
    BOOST_TEST(order(R"({"state":"OFF","color":1,"x":1})") == "x,color,state");
    BOOST_TEST(order(R"({"color":1,"x":1,"state":"off"})") == "x,color,state");
    BOOST_TEST(order(R"({"state":"off","brightness":1,"a":1,"b":2,"c":3})") ==
               "c,b,a,state,brightness");
    BOOST_TEST(order(R"({"a":1,"b":2,"c":3})") == "a,b,c");
    BOOST_TEST(order(R"({"a":1,"brightness":2,"c":3})") == "brightness,a,c");
    BOOST_TEST(order(R"({"color":1,"state":5})") == "state,color");
    BOOST_TEST(order("{}") == "");
}

BOOST_AUTO_TEST_CASE(only_names_of_the_device_are_endpoint_suffixes) {
    const std::vector<std::string> names = {"left", "right", "l1", "top_left"};
    const auto split = [&](std::string_view key) {
        const auto [name, endpoint] = split_key(key, names);
        return std::string(name) + "@" + std::string(endpoint);
    };
    BOOST_TEST(split("state_left") == "state@left");
    BOOST_TEST(split("on_time_l1") == "on_time@l1");
    BOOST_TEST(split("state_top_left") == "state@top_left");
    BOOST_TEST(split("state_middle") == "state_middle@");
    BOOST_TEST(split("state") == "state@");
    BOOST_TEST(split("left") == "left@");
    BOOST_TEST(split_key("state_left", {}).endpoint.empty());
}

BOOST_AUTO_TEST_CASE(a_converter_sees_the_message_of_its_endpoint_without_suffixes) {
    const auto message = json::parse(R"({"state_left":"ON","on_time_left":3,"state_right":"OFF"})");
    BOOST_TEST(json::serialize(without_suffix(message.as_object(), "left")) ==
               R"({"state":"ON","on_time":3,"state_right":"OFF"})");
    BOOST_TEST(json::serialize(without_suffix(message.as_object(), "")) ==
               json::serialize(message));
    BOOST_TEST(json::serialize(with_suffix(json::object{{"state", "ON"}}, "left")) ==
               R"({"state_left":"ON"})");
    BOOST_TEST(json::serialize(with_suffix(json::object{{"state", "ON"}}, "")) ==
               R"({"state":"ON"})");
}

BOOST_AUTO_TEST_CASE(keys_of_the_state_file_name_devices_and_groups) {
    BOOST_TEST(EntityId::parse_key("0x00158d0001020304")->ieee().value() == 0x00158d0001020304u);
    BOOST_TEST(EntityId::parse_key("901")->group() == 901);
    BOOST_TEST(EntityId::parse_key("901")->key() == "901");
    BOOST_TEST(EntityId::of(waggle::Ieee(0x158d)).key() == "0x000000000000158d");
    for (const auto* key : {"", "hall", "0x12", "70000", "-1", "1x"})
        BOOST_TEST(!EntityId::parse_key(key).has_value(), key);
}

BOOST_AUTO_TEST_SUITE_END()
