// genScenes; frames from [ZCL8 3.7.2.4], extension fields from [ZCL8 3.8.2.2, 3.10.2.2, 5.2.2.2.1].
#include <boost/test/unit_test.hpp>

#include "virtual_device.hpp"

namespace waggle::sim {
namespace {

constexpr std::uint16_t groups = 0x0004, scenes = 0x0005, on_off = 0x0006, level = 0x0008,
                        color = 0x0300;

struct Bulb : VirtualDevice {
    Bulb() : VirtualDevice("standard/color_light") { set(on_off, 0, 1); }
};

BOOST_FIXTURE_TEST_SUITE(scenes_of_a_light, Bulb)

BOOST_AUTO_TEST_CASE(a_stored_scene_comes_back_with_switch_level_and_colour) {
    ask(level, "01 01 00 40 00 00");
    ask(color, "01 02 07 00 80 00 40 00 00");  // xy
    EXPECT(ask(scenes, "11 03 04 00 00 05"), "1 0x0005 19030400000005");
    ask(color, "01 04 0A FA 00 00 00");  // 250 mired
    ask(level, "01 05 00 80 00 00");
    ask(on_off, "01 06 00");
    BOOST_TEST(value(color, 8) == 2);
    EXPECT(ask(scenes, "01 07 05 00 00 05 FF FF"), "1 0x0005 18070b0500");
    BOOST_TEST(value(on_off, 0) == 1);
    BOOST_TEST(value(level, 0) == 0x40);
    BOOST_TEST(value(color, 8) == 1);
    BOOST_TEST(value(color, 3) == 0x8000);
    BOOST_TEST(value(color, 4) == 0x4000);
}

BOOST_AUTO_TEST_CASE(every_mode_of_colour_is_stored) {
    ask(color, "01 01 0A FA 00 00 00");
    ask(scenes, "11 02 04 00 00 01");
    ask(color, "01 03 43 00 40 C8 00 00");  // enhanced hue and saturation
    ask(scenes, "11 04 04 00 00 02");
    ask(scenes, "01 05 05 00 00 01");
    BOOST_TEST(value(color, 0x4001) == 2);
    BOOST_TEST(value(color, 7) == 250);
    ask(scenes, "01 06 05 00 00 02");
    BOOST_TEST(value(color, 0x4001) == 3);
    BOOST_TEST(value(color, 0x4000) == 0x4000);
    BOOST_TEST(value(color, 1) == 200);
}

BOOST_AUTO_TEST_CASE(an_added_scene_is_shown_as_it_was_given) {
    EXPECT(ask(scenes, "11 01 00 00 00 07 02 00 00 06 00 01 00 08 00 01 64"),
           "1 0x0005 19010000000007");
    EXPECT(ask(scenes, "11 02 01 00 00 07"), "1 0x0005 190201000000070200000600010008000164");
    EXPECT(ask(scenes, "11 03 41 00 00 07"), "1 0x0005 190341000000071400000600010008000164");
    EXPECT(ask(scenes, "11 04 40 00 00 08 0F 00 00 06 00 01 00"), "1 0x0005 19044000000008");
    EXPECT(ask(scenes, "11 05 06 00 00"), "1 0x0005 190506000e0000020708");
    ask(scenes, "01 06 05 00 00 07");
    BOOST_TEST(value(on_off, 0) == 0);
    BOOST_TEST(value(level, 0) == 0x64);
}

BOOST_AUTO_TEST_CASE(what_is_not_there_is_not_found) {
    EXPECT(ask(scenes, "11 01 02 00 00 07"), "1 0x0005 1901028b000007");
    EXPECT(ask(scenes, "11 02 01 00 00 07"), "1 0x0005 1902018b000007");
    EXPECT(ask(scenes, "01 03 05 00 00 07"), "1 0x0005 18030b058b");
    EXPECT(ask(scenes, "11 04 04 09 00 07"), "1 0x0005 19040485090007");  // not in that group
    EXPECT(ask(scenes, "11 05 06 09 00"),
           "1 0x0005 190506851009"
           "00");
    EXPECT(ask(scenes, "11 06 03 09 00"),
           "1 0x0005 19060385"
           "0900");
}

BOOST_AUTO_TEST_CASE(a_group_has_scenes_of_its_own) {
    ask(groups, "11 01 00 09 00 00");
    ask(scenes, "11 02 04 09 00 01");
    ask(scenes, "11 03 04 00 00 01");
    EXPECT(ask(scenes, "11 04 03 00 00"), "1 0x0005 190403000000");
    EXPECT(ask(scenes, "11 05 06 09 00"), "1 0x0005 190506000f09000101");
    EXPECT(ask(scenes, "11 06 42 00 09 00 01 00 00 03"), "1 0x0005 19064200090001");
    EXPECT(ask(scenes, "11 07 06 00 00"), "1 0x0005 190706000e00000103");
}

BOOST_AUTO_TEST_CASE(there_is_room_for_sixteen) {
    for (int i = 1; i <= 16; ++i)
        ask(scenes, "11 01 04 00 00 " + to_hex(Bytes{static_cast<std::uint8_t>(i)}));
    EXPECT(ask(scenes, "11 02 04 00 00 20"), "1 0x0005 19020489000020");
    EXPECT(ask(scenes, "11 03 04 00 00 01"), "1 0x0005 19030400000001");
}

BOOST_AUTO_TEST_CASE(a_truncated_command_is_malformed) {
    for (const auto* frame :
         {"11 01 00 00 00", "11 01 04 00", "11 01 00 00 00 01 00", "11 01 42 00"})
        BOOST_TEST(ask(scenes, frame).at(0).ends_with("80"), frame);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace waggle::sim
