#include "engine/group_states.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include "unit/engine/rig.hpp"

namespace json = boost::json;

namespace waggle {
namespace {

using engine::EntityId;
using engine::Reason;
using test::Rig;

constexpr std::string_view config = R"(devices:
  '0x00158d0001020304':
    friendly_name: hall
  '0x00158d0000000001':
    friendly_name: lamp
  '0x00158d0000000002':
    friendly_name: bulb
groups:
  '4':
    friendly_name: lights
)";

/// hall (endpoints 2 and 3), lamp and bulb; group 4 is called lights, others by their numbers.
struct House {
    explicit House(std::string_view groups, std::string_view options = "")
        : rig(std::string(config) + std::string(options), "", test::configured, "",
              test::light_row(1) + test::light_row(2) + std::string(groups)) {
        rig.start();
    }

    EntityId id(std::string_view name) { return *rig.engine->entities().resolve(name); }
    /// What follows when `name` publishes `update`.
    std::string after(std::string_view name, std::string_view update,
                      Reason reason = Reason::device_message) {
        rig.published();
        rig.engine->publish_state(id(name), json::parse(update).as_object(), reason);
        return rig.published();
    }

    Rig rig;
};

std::string member(int light) {
    return test::light_ieee(light) + "/1 ";
}
const std::string hall = std::string(test::hall_ieee) + "/2 ";
const std::string hall_left = std::string(test::hall_ieee) + "/3 ";

BOOST_AUTO_TEST_SUITE(group_states)

BOOST_AUTO_TEST_CASE(a_group_publishes_what_a_member_does_before_the_member) {
    House house(test::group_row(4, hall + member(1)));
    BOOST_TEST(house.after("hall", R"({"state":"ON","temperature":20})") ==
               R"(lights {"state":"ON"}|hall {"state":"ON","temperature":20})");
    BOOST_TEST(house.after("lamp", R"({"brightness":9,"color":{"x":0.1,"y":0.2}})") ==
               R"(lights {"brightness":9,"color":{"x":0.1,"y":0.2},"state":"ON"}|)"
               R"(lamp {"brightness":9,"color":{"x":0.1,"y":0.2}})");
}

BOOST_AUTO_TEST_CASE(further_groups_come_after_the_member) {
    House house(test::group_row(4, hall) + test::group_row(5, member(1)) +
                test::group_row(6, hall) + test::group_row(7, hall));
    BOOST_TEST(house.after("hall", R"({"state":"ON"})") ==
               R"(lights {"state":"ON"}|hall {"state":"ON"}|6 {"state":"ON"}|7 {"state":"ON"})");
}

BOOST_AUTO_TEST_CASE(what_groups_do_not_have_changes_none) {
    House house(test::group_row(4, hall));
    BOOST_TEST(house.after("hall", R"({"temperature":20})") == R"(hall {"temperature":20})");
    BOOST_TEST(house.after("hall", "{}") == R"(hall {"temperature":20})");
}

BOOST_AUTO_TEST_CASE(a_group_does_not_repeat_what_it_has_just_taken_over) {
    House house(test::group_row(4, hall + member(1)));
    house.after("hall", R"({"state":"ON"})");
    BOOST_TEST(house.after("lamp", R"({"state":"ON"})") == R"(lamp {"state":"ON"})");
    BOOST_TEST(house.after("lamp", R"({"state":"ON","brightness":1})").starts_with("lights "));
    BOOST_TEST(house.after("lamp", R"({"brightness":1,"state":"ON"})").starts_with("lamp "));
    // … unless it was set itself meanwhile
    house.after("lights", R"({"state":"ON"})", Reason::command);
    BOOST_TEST(house.after("lamp", R"({"brightness":1,"state":"ON"})").starts_with("lights "));
}

BOOST_AUTO_TEST_CASE(a_group_is_off_when_the_last_of_its_members_is) {
    House house(test::group_row(4, hall + member(1)));
    house.after("hall", R"({"state":"ON"})");
    house.after("lamp", R"({"state":"ON"})");
    BOOST_TEST(house.after("lamp", R"({"state":"OFF"})") == R"(lamp {"state":"OFF"})");
    BOOST_TEST(house.after("hall", R"({"state":"OFF"})") ==
               R"(lights {"state":"OFF"}|hall {"state":"OFF"})");
}

BOOST_AUTO_TEST_CASE(closed_is_off_and_open_is_on) {
    House house(test::group_row(4, hall + member(1)));
    house.after("hall", R"({"state":"OPEN"})");
    BOOST_TEST(house.after("lamp", R"({"state":"CLOSE"})") == R"(lamp {"state":"CLOSE"})");
    house.after("hall", R"({"state":"CLOSE"})");
    BOOST_TEST(house.after("lamp", R"({"state":"CLOSE","brightness":3})").starts_with("lights "));
}

BOOST_AUTO_TEST_CASE(off_state_last_member_state_follows_whoever_spoke_last) {
    House house(test::group_row(4, hall + member(1)), "    off_state: last_member_state\n");
    house.after("hall", R"({"state":"ON"})");
    BOOST_TEST(house.after("lamp", R"({"state":"OFF"})") ==
               R"(lights {"state":"OFF"}|lamp {"state":"OFF"})");
}

BOOST_AUTO_TEST_CASE(the_suffix_of_a_property_says_which_endpoint_is_meant) {
    House house(test::group_row(4, hall_left) + test::group_row(5, hall));
    BOOST_TEST(house.after("hall", R"({"state_left":"ON"})") ==
               R"(lights {"state":"ON"}|hall {"state_left":"ON"})");
    BOOST_TEST(house.after("hall", R"({"state":"ON"})").starts_with("5 "));
    BOOST_TEST(house.after("hall", R"({"state_right":"ON"})").starts_with("hall "));
}

BOOST_AUTO_TEST_CASE(members_publish_what_their_light_has_of_the_groups_state) {
    House house(test::group_row(4, member(1) + hall_left + member(2)));
    BOOST_TEST(house.after("lights", R"({"state":"ON","brightness":7,"color_temp":300})",
                           Reason::command) ==
               R"(lamp {"brightness":7,"state":"ON"}|)"
               R"(lights {"brightness":7,"color_temp":300,"state":"ON"}|)"
               R"(hall {"state_left":"ON"}|bulb {"brightness":7,"state":"ON"})");
    BOOST_TEST(house.after("lights", R"({"color_mode":"color_temp"})", Reason::command)
                   .starts_with(R"(lamp {"brightness":7,"state":"ON"}|)"));
    BOOST_TEST(house.after("lights", R"({"color_mode":"xy","color":{"x":1}})", Reason::command)
                   .starts_with(R"(lamp {"brightness":7,"color":{"x":1},"color_mode":"xy")"));
}

BOOST_AUTO_TEST_CASE(disabled_members_are_left_alone) {
    House house(test::group_row(4, member(1) + member(2)));
    json::object off;
    off["disabled"] = true;
    BOOST_REQUIRE(house.rig.configuration->change_entity_options(test::light_ieee(1), off));
    BOOST_TEST(house.after("lights", R"({"state":"ON"})", Reason::command) ==
               R"(bulb {"state":"ON"}|lights {"state":"ON"})");
}

BOOST_AUTO_TEST_CASE(groups_that_share_members_follow_one_another_once) {
    House house(test::group_row(4, member(1) + member(2)) + test::group_row(5, member(1)) +
                test::group_row(6, member(2) + member(1)) + test::group_row(7, hall));
    BOOST_TEST(
        house.after("lights", R"({"state":"ON"})", Reason::command) ==
        R"(lamp {"state":"ON"}|lights {"state":"ON"}|bulb {"state":"ON"}|5 {"state":"ON"}|6 {"state":"ON"})");
}

BOOST_AUTO_TEST_CASE(a_sharing_group_stays_on_while_another_of_its_members_is) {
    House house(test::group_row(4, member(1)) + test::group_row(5, member(1) + hall));
    house.after("hall", R"({"state":"ON"})");
    BOOST_TEST(house.after("lights", R"({"state":"OFF"})", Reason::command) ==
               R"(lamp {"state":"OFF"}|lights {"state":"OFF"})");
}

BOOST_AUTO_TEST_CASE(a_group_that_is_not_optimistic_follows_nobody) {
    House house(test::group_row(4, hall), "    optimistic: false\n");
    BOOST_TEST(house.after("hall", R"({"state":"ON"})") == R"(hall {"state":"ON"})");
}

BOOST_AUTO_TEST_CASE(what_is_only_said_again_makes_nobody_follow) {
    House house(test::group_row(4, hall));
    for (const auto reason : {Reason::cached, Reason::group})
        BOOST_TEST(house.after("hall", R"({"state":"ON"})", reason) == R"(hall {"state":"ON"})");
}

BOOST_AUTO_TEST_CASE(what_is_only_kept_in_mind_makes_groups_follow_at_once) {
    House house(test::group_row(4, hall) + test::group_row(5, hall));
    house.rig.engine->merge_state(house.id("hall"), json::parse(R"({"state":"ON"})").as_object(),
                                  Reason::debounced);
    BOOST_TEST(house.rig.published() == R"(lights {"state":"ON"}|5 {"state":"ON"})");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace waggle
