#include "bridge/homeassistant/action_event.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

// Actions as events; what is expected is what zigbee2mqtt 2.14.1 says of the same list.

namespace json = boost::json;
namespace ha = waggle::bridge::homeassistant;

namespace {

std::string types(const char* actions) {
    return json::serialize(ha::action_event_types(json::parse(actions).as_array()));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(homeassistant_actions)

BOOST_AUTO_TEST_CASE(actions_come_down_to_events) {
    BOOST_TEST(types(R"(["1_press","2_press","button_3_press","4_hold_release","on_hold"])") ==
               R"(["press","hold_release","hold"])");
    BOOST_TEST(types(R"(["recall_1","recall_*","scene_29","recall_*_e2"])") ==
               R"(["recall","scene"])");
    BOOST_TEST(types(R"(["region_1_enter","region_10_leave","region_*_occupied"])") ==
               R"(["region_enter","region_leave","region_occupied"])");
    BOOST_TEST(
        types(R"(["dial_rotate_left_slow","dial_rotate_right_step","brightness_step_up"])") ==
        R"(["dial_rotate","brightness_step"])");
}

BOOST_AUTO_TEST_CASE(what_no_pattern_knows_stays_unless_it_is_a_wildcard) {
    BOOST_TEST(types(R"(["single","hold_release","press","X_press","dot_1_hold","color_*"])") ==
               R"(["single","hold_release","press","X_press","dot_1_hold"])");
    BOOST_TEST(
        types(R"(["scene_345","region_11_enter","region_0_enter","dial_rotate_up_slow",7])") ==
        R"(["scene_345","region_11_enter","region_0_enter","dial_rotate_up_slow","7"])");
    BOOST_TEST(types(R"(["","_","_press","recall_","region_","region__enter","dial_rotate_"])") ==
               R"(["","_","_press","recall_","region_","region__enter","dial_rotate_"])");
}

BOOST_AUTO_TEST_SUITE_END()
