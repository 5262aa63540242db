// genLevelCtrl and lightingColorCtrl over time; frames and numbers from [ZCL8 3.10, 5.2].
#include <behaviour/color_space.hpp>
#include <boost/test/unit_test.hpp>

#include "virtual_device.hpp"

namespace waggle::sim {
namespace {

constexpr std::uint16_t on_off = 0x0006, level = 0x0008, color = 0x0300;

struct Bulb : VirtualDevice {
    Bulb() : VirtualDevice("standard/color_light") { set(on_off, 0, 1); }
    double brightness() { return value(level, 0); }
    double hue() { return value(color, 0x4000); }
    double saturation() { return value(color, 1); }
    double mireds() { return value(color, 7); }
    double mode() { return value(color, 0x4001); }
};

const auto near = boost::test_tools::tolerance(0.06);

BOOST_FIXTURE_TEST_SUITE(level_over_time, Bulb)

BOOST_AUTO_TEST_CASE(a_move_to_level_takes_its_transition_time) {
    EXPECT(ask(level, "01 08 04 36 14 00"), "1 0x0008 18080b0400");  // 54 within 2 s
    BOOST_TEST(brightness() == 254);
    pass(1);
    BOOST_TEST(brightness() == 154, near);
    BOOST_TEST(value(level, 1) == 10, near);  // tenths left
    pass(1.1);
    BOOST_TEST(brightness() == 54);
    BOOST_TEST(value(level, 1) == 0);
}

BOOST_AUTO_TEST_CASE(without_a_time_it_is_there_at_once) {
    ask(level, "01 08 00 40 00 00");
    BOOST_TEST(brightness() == 0x40);
    ask(level, "01 09 00 50 FF FF");  // as the device likes
    BOOST_TEST(brightness() == 0x50);
}

BOOST_AUTO_TEST_CASE(down_to_nothing_is_off_when_the_fade_is_over) {
    ask(level, "01 08 04 00 0A 00");
    pass(0.5);
    BOOST_TEST(value(on_off, 0) == 1);
    pass(0.6);
    BOOST_TEST(value(on_off, 0) == 0);
    BOOST_TEST(brightness() == 1);
    ask(level, "01 09 04 80 00 00");
    BOOST_TEST(value(on_off, 0) == 1);
    BOOST_TEST(brightness() == 0x80);
}

BOOST_AUTO_TEST_CASE(a_move_goes_at_its_rate_until_stopped) {
    ask(level, "01 08 01 01 32");  // down, 50 a second
    pass(2);
    BOOST_TEST(brightness() == 154, near);
    ask(level, "01 09 03");
    pass(2);
    BOOST_TEST(brightness() == 154, near);
    ask(level, "01 0A 05 00 FF");  // up, as fast as it can
    BOOST_TEST(brightness() == 254);
}

BOOST_AUTO_TEST_CASE(a_step_down_stays_on_unless_with_on_off) {
    ask(level, "01 08 00 14 00 00");
    ask(level, "01 09 02 01 1E 00 00");
    BOOST_TEST(brightness() == 1);
    BOOST_TEST(value(on_off, 0) == 1);
    ask(level, "01 0A 06 01 1E 00 00");
    BOOST_TEST(value(on_off, 0) == 0);
}

BOOST_AUTO_TEST_CASE(off_it_ignores_levels_unless_told_otherwise) {
    ask(on_off, "01 08 00");
    EXPECT(ask(level, "01 09 00 40 00 00"), "1 0x0008 18090b0000");
    BOOST_TEST(brightness() == 254);
    ask(level, "01 0A 00 40 00 00 01 01");  // options: mask, override
    BOOST_TEST(brightness() == 0x40);
    BOOST_TEST(value(on_off, 0) == 0);
}

BOOST_AUTO_TEST_CASE(switched_off_in_a_fade_it_stays_off) {
    ask(level, "01 08 04 36 14 00");
    pass(1);
    ask(on_off, "01 09 00");
    const double there = brightness();
    pass(2);
    BOOST_TEST(brightness() == there);
    BOOST_TEST(value(on_off, 0) == 0);
}

BOOST_AUTO_TEST_CASE(a_fade_is_reported_as_configured) {
    bind(level);
    ask(level, "10 01 06 00 00 00 20 01 00 3C 00 01");  // 1 s to 60 s, change 1
    ask(level, "01 08 04 36 1E 00");
    pass(3.2);
    const Texts reports = air.take();
    BOOST_TEST(reports.size() >= 3U);
    BOOST_TEST(reports.size() <= 5U);
    BOOST_TEST(reports.back().substr(reports.back().size() - 8) == "00002036");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(colors, Bulb)

BOOST_AUTO_TEST_CASE(a_color_temperature_is_reached_over_time_and_within_limits) {
    EXPECT(ask(color, "01 08 0A FA 00 14 00"), "1 0x0300 18080b0a00");  // 250 in 2 s, from 370
    BOOST_TEST(mode() == 2);
    pass(1);
    BOOST_TEST(mireds() == 310, near);
    pass(1.1);
    BOOST_TEST(mireds() == 250);
    ask(color, "01 09 0A E8 03 00 00");
    BOOST_TEST(mireds() == 500);
}

BOOST_AUTO_TEST_CASE(chromaticity_takes_hue_and_saturation_along) {
    ask(color, "01 08 07 AE A3 7A 54 00 00");  // 0.64 0.33: the red of sRGB
    BOOST_TEST(value(color, 3) == 0xA3AE);
    BOOST_TEST(value(color, 4) == 0x547A);
    BOOST_TEST(mode() == 1);
    BOOST_TEST(value(color, 8) == 1);
    BOOST_TEST((hue() < 600 || hue() > 65000));
    BOOST_TEST(saturation() > 250);
    EXPECT(ask(color, "01 09 07 00 FF 00 00 00 00"), "1 0x0300 18090b0787");
}

BOOST_AUTO_TEST_CASE(hue_and_saturation_take_chromaticity_along) {
    ask(color, "01 08 06 55 FE 00 00");  // a third of a turn: green
    BOOST_TEST(mode() == 0);
    BOOST_TEST(value(color, 3) == 0.3 * 65536, near);
    BOOST_TEST(value(color, 4) == 0.6 * 65536, near);
    ask(color, "01 09 43 AA AA FE 00 00");  // enhanced: blue
    BOOST_TEST(mode() == 3);
    BOOST_TEST(value(color, 8) == 0);
    BOOST_TEST(value(color, 0) == 0xAA);
    BOOST_TEST(value(color, 3) == 0.15 * 65536, near);
}

BOOST_AUTO_TEST_CASE(a_hue_goes_the_way_it_is_told) {
    ask(color, "01 08 00 10 00 00 00");
    ask(color, "01 09 00 F0 00 14 00");  // shortest: down through zero, in 2 s
    pass(1);
    BOOST_TEST((hue() > 0xFB00 || hue() < 0x0400));
    pass(1.1);
    BOOST_TEST(hue() == 0xF000);
    ask(color, "01 0A 00 10 01 14 00");  // longest: all the way down
    pass(1);
    BOOST_TEST(hue() == 0x8000, near);
    pass(1.1);
    BOOST_TEST(hue() == 0x1000);
    ask(color, "01 0B 00 F0 02 14 00");  // up
    pass(1);
    BOOST_TEST(hue() == 0x8000, near);
    ask(color, "01 0C 47");
    pass(2);
    BOOST_TEST(hue() == 0x8000, near);
}

BOOST_AUTO_TEST_CASE(moves_and_steps) {
    ask(color, "01 08 03 64 00 00");  // saturation 100
    ask(color, "01 09 04 01 14");     // up, 20 a second
    pass(2);
    BOOST_TEST(saturation() == 140, near);
    ask(color, "01 0A 04 00 00");
    ask(color, "01 0B 05 03 0A 00");  // a step of 10 down
    BOOST_TEST(saturation() == 130, near);
    ask(color, "01 0C 42 01 00 20 00 00");  // enhanced hue up by 0x2000
    BOOST_TEST(hue() == 0x2000);
    ask(color, "01 0D 41 03 00 10");  // down, 0x1000 a second
    pass(1);
    BOOST_TEST(hue() == 0x1000, boost::test_tools::tolerance(0.15));
    ask(color, "01 0E 4C 01 32 00 00 00 00 00 90 01");  // temperature up by 50, 400 at most
    BOOST_TEST(mireds() == 400);
    ask(color, "01 0F 4B 03 64 00 C8 00 00 00");  // down, 100 a second, 200 at least
    pass(1);
    BOOST_TEST(mireds() == 300, near);
    pass(2);
    BOOST_TEST(mireds() == 200);
    ask(color, "01 10 09 00 01 00 FF 00 00");  // x up, y down by 256
    BOOST_TEST(mode() == 1);
    const double x = value(color, 3);
    ask(color, "01 11 08 E8 03 00 00");  // x up, 1000 a second
    pass(2);
    BOOST_TEST(value(color, 3) == x + 2000, near);
}

BOOST_AUTO_TEST_CASE(the_loop_runs_until_it_is_ended_and_gives_the_hue_back) {
    ask(color, "01 08 40 00 40 00 00 00");
    ask(color, "01 09 44 0F 01 01 0A 00 00 00");  // from 0, up, ten seconds a turn
    BOOST_TEST(value(color, 0x4002) == 1);
    pass(5);
    BOOST_TEST(hue() == 0x8000, near);
    ask(color, "01 0A 44 01 00 00 00 00 00 00");
    BOOST_TEST(value(color, 0x4002) == 0);
    BOOST_TEST(hue() == 0x4000);
    pass(1);
    BOOST_TEST(hue() == 0x4000);
}

BOOST_AUTO_TEST_CASE(off_it_keeps_its_color_unless_told_otherwise) {
    ask(on_off, "01 08 00");
    EXPECT(ask(color, "01 09 0A FA 00 00 00"), "1 0x0300 18090b0a00");
    BOOST_TEST(mireds() == 370);
    ask(color, "01 0A 0A FA 00 00 00 01 01");
    BOOST_TEST(mireds() == 250);
}

BOOST_AUTO_TEST_CASE(every_truncation_of_a_color_command_is_survived) {
    for (const char* text :
         {"01 01 00 10 00 0A 00", "01 01 07 AE A3 7A 54 00 00", "01 01 0A FA 00 00 00 01 01",
          "01 01 44 0F 01 01 0A 00 00 00", "01 01 4B 03 64 00 C8 00 00 00"}) {
        const Bytes whole = octets(text);
        for (std::size_t size = 0; size <= whole.size(); ++size) {
            ApsFrame frame = to_endpoint(1, color, "");
            frame.data.assign(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
            device.receive(frame);
        }
    }
    air.take();
    EXPECT(ask(color, "01 08 07 AE A3 7A"), "1 0x0300 18080b0780");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(a_bulb_without_hue_does_not_know_its_commands) {
    VirtualDevice bulb("ikea/led1545g12");
    EXPECT(bulb.ask(color, "01 08 06 55 FE 00 00"), "1 0x0300 18080b0681");
    EXPECT(bulb.ask(color, "01 09 0A FA 00 00 00"), "1 0x0300 18090b0a00");
}

// [IEC 61966-2-1]: primaries of sRGB; CIE 15: illuminant A is a black body of 2856 K.
BOOST_AUTO_TEST_CASE(known_colors) {
    const Xy red = xy_of(HueSaturation{0, 1});
    BOOST_TEST(red.x == 0.64, boost::test_tools::tolerance(0.002));
    BOOST_TEST(red.y == 0.33, boost::test_tools::tolerance(0.002));
    const Xy white = xy_of(HueSaturation{0.3, 0});
    BOOST_TEST(white.x == 0.3127, boost::test_tools::tolerance(0.002));
    const Xy bulb = xy_of_mireds(1e6 / 2856);
    BOOST_TEST(bulb.x == 0.4476, boost::test_tools::tolerance(0.005));
    BOOST_TEST(bulb.y == 0.4074, boost::test_tools::tolerance(0.005));
    const HueSaturation green = hue_saturation_of(Xy{0.3, 0.6});
    BOOST_TEST(green.hue == 1.0 / 3, boost::test_tools::tolerance(0.01));
    BOOST_TEST(green.saturation > 0.99);
}

}  // namespace
}  // namespace waggle::sim
