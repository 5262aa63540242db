#include <boost/test/unit_test.hpp>

#include "unit/engine/rig.hpp"

// Lights that report nothing of what a bound remote does are asked for it. The definition of the
// tests' lights says that they are such; the switch is the remote.

using namespace std::chrono_literals;

namespace waggle {
namespace {

using test::hex;
using test::Rig;

constexpr ClusterId scenes = 0x0005, on_off = 0x0006, level = 0x0008;
constexpr auto asks_switch = "1/0006 10tt000000";
constexpr auto asks_level = "1/0008 10tt000000";
constexpr auto asks_both = "1/0008 10tt000000|1/0006 10tt000000";

struct House {
    explicit House(std::string_view groups = "")
        : rig("", "", test::configured, "",
              test::light_row(1) + test::light_row(2) + std::string(groups)) {
        rig.start();
        auto& binding = rig.hall().endpoint(4)->bindings.emplace_back();
        binding.cluster = on_off;
        binding.target.ieee = *Ieee::parse(test::light_ieee(1));
        binding.target.endpoint = 1;
    }
    /// What is asked within `time` after the command.
    std::string after(ClusterId cluster, std::string_view frame, Clock::duration time = 1100ms) {
        rig.from_hall(4, cluster, frame);
        rig.loop.pass(time);
        return rig.sent();
    }

    Rig rig;
};

BOOST_AUTO_TEST_SUITE(polling)

BOOST_AUTO_TEST_CASE(a_bound_light_is_asked_a_second_after_the_command) {
    House house;
    BOOST_TEST(house.after(on_off, "11 01 01", 900ms) == "");
    house.rig.loop.pass(200ms);
    BOOST_TEST(house.rig.sent() == asks_switch);
}

BOOST_AUTO_TEST_CASE(every_command_has_its_questions) {
    House house;
    for (const auto* frame : {"11 01 00", "11 01 01", "11 01 02", "11 01 40 00 00"})
        BOOST_TEST(house.after(on_off, frame) == asks_switch, frame);
    for (const auto* frame : {"11 01 01 00 10", "11 01 02 00 10 00 00", "11 01 03"})
        BOOST_TEST(house.after(level, frame) == asks_level, frame);
    for (const auto* frame :
         {"11 01 04 10 00 00", "11 01 05 00 10", "11 01 06 00 10 00 00", "11 01 07"})
        BOOST_TEST(house.after(level, frame) == asks_both, frame);
    BOOST_TEST(house.after(level, "11 01 00 10 00 00") == "");  // the switch is not touched
}

BOOST_AUTO_TEST_CASE(many_commands_are_one_question) {
    House house;
    for (int i = 0; i < 20; ++i)
        BOOST_TEST(house.after(level, "11 01 02 00 10 00 00", 500ms) == "");
    house.rig.loop.pass(600ms);
    BOOST_TEST(house.rig.sent() == asks_level);
    house.rig.loop.pass(5s);
    BOOST_TEST(house.rig.sent() == "");
}

BOOST_AUTO_TEST_CASE(after_a_scene_the_colour_is_asked_for_if_the_light_has_one) {
    House house;
    const auto usual = house.rig.radio.answer;
    house.rig.radio.answer = [&](const ApsRequest& request) -> std::optional<Bytes> {
        if (request.cluster != 0x0300 || request.payload.at(3) != 0x0A)
            return usual(request);
        auto reply = hex("18 00 01 0A 40 00 19 18 00");  // xy and temperature
        reply[1] = request.payload.at(1);
        return reply;
    };
    BOOST_TEST(house.after(scenes, "11 01 05 00 00 01") ==
               "1/0008 10tt000000|1/0006 10tt000000|1/0300 10tt000a40|1/0300 10tt00030004000700");
}

BOOST_AUTO_TEST_CASE(reports_and_answers_are_no_commands) {
    House house;
    BOOST_TEST(house.after(on_off, "18 01 0A 00 00 10 01") == "");
    BOOST_TEST(house.after(on_off, "19 01 01") == "");           // from a server
    BOOST_TEST(house.after(on_off, "15 7C 11 01 01 00") == "");  // a maker's own
}

BOOST_AUTO_TEST_CASE(what_nothing_is_bound_to_is_not_asked) {
    House house;
    house.rig.hall().endpoint(4)->bindings.clear();
    BOOST_TEST(house.after(on_off, "11 01 01") == "");
}

BOOST_AUTO_TEST_CASE(the_members_of_the_group_that_the_command_went_to_are_asked) {
    House house(test::group_row(4, test::light_ieee(2) + "/1 "));
    house.rig.hall().endpoint(4)->bindings.clear();
    ApsIndication heard;
    const auto frame = hex("11 01 01");
    heard.source = test::hall_address;
    heard.source_endpoint = 4;
    heard.cluster = on_off;
    heard.group = 4;
    heard.payload = frame;
    house.rig.radio.listener->message(heard);
    house.rig.loop.pass(1100ms);
    BOOST_TEST(house.rig.sent() == asks_switch);
}

BOOST_AUTO_TEST_CASE(a_light_that_does_not_answer_is_named_in_the_log) {
    House house;
    house.rig.radio.answer = [](const ApsRequest&) { return std::nullopt; };
    house.after(on_off, "11 01 01", 40s);
    BOOST_TEST(house.rig.logged().starts_with("Failed to poll genOnOff of '" + test::light_ieee(1) +
                                              "' ("));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace waggle
