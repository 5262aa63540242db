// hvacThermostat [ZCL8 6.3] and hvacFanCtrl [ZCL8 6.4].
#include <boost/test/unit_test.hpp>

#include "virtual_device.hpp"

namespace waggle::sim {
namespace {

constexpr std::uint16_t hvac = 0x0201, fan_control = 0x0202;

struct Thermostat : VirtualDevice {
    Thermostat() : VirtualDevice("standard/thermostat") {}
    double local() { return value(hvac, 0); }
    double relays() { return value(hvac, 0x29); }
    double demand() { return value(hvac, 8); }
};

BOOST_FIXTURE_TEST_SUITE(thermostat, Thermostat)

BOOST_AUTO_TEST_CASE(it_heats_to_the_set_point_and_holds_it) {
    pass(2, 100);
    BOOST_TEST(relays() == 1);
    BOOST_TEST(demand() > 10);
    BOOST_TEST(value(hvac, 0x1E) == 4);
    pass(40, 200);  // forty minutes, for the file says 60 to 1
    BOOST_TEST(local() > 1950);
    BOOST_TEST(local() < 2050);
    pass(120, 200);
    BOOST_TEST(local() > 1950);
    BOOST_TEST(local() < 2050);
}

BOOST_AUTO_TEST_CASE(warm_enough_it_stops_and_the_room_cools) {
    press("sunshine");
    pass(2, 100);
    BOOST_TEST(relays() == 0);
    BOOST_TEST(demand() == 0);
    const double before = local();
    pass(10, 200);
    BOOST_TEST(local() < before);
}

BOOST_AUTO_TEST_CASE(a_written_set_point_counts_at_once) {
    press("sunshine");
    pass(2, 100);
    BOOST_TEST(relays() == 0);
    EXPECT(ask(hvac, "10 08 02 12 00 29 B8 0B"), "1 0x0201 18080400");  // 30 degrees
    BOOST_TEST(relays() == 1);
    EXPECT(ask(hvac, "10 09 02 1C 00 30 00"), "1 0x0201 18090400");  // off
    BOOST_TEST(relays() == 0);
}

BOOST_AUTO_TEST_CASE(it_cools_and_it_minds_who_is_at_home) {
    press("sunshine");
    ask(hvac, "10 08 02 1C 00 30 03 11 00 29 C4 09");  // cool to 25
    pass(2, 100);
    BOOST_TEST(relays() == 2);
    BOOST_TEST(value(hvac, 7) > 10);
    press("nobody_home");  // 28 will do
    BOOST_TEST(relays() == 0);
}

BOOST_AUTO_TEST_CASE(set_points_are_raised_and_lowered_within_limits) {
    EXPECT(ask(hvac, "01 08 00 00 0F"), "1 0x0201 18080b0000");  // heat by 1.5
    BOOST_TEST(value(hvac, 0x12) == 2150);
    ask(hvac, "01 09 00 02 F6");  // both by -1
    BOOST_TEST(value(hvac, 0x12) == 2050);
    BOOST_TEST(value(hvac, 0x11) == 2500);
    ask(hvac, "01 0A 00 00 7F");
    ask(hvac, "01 0B 00 00 7F");
    BOOST_TEST(value(hvac, 0x12) == 3000);
    EXPECT(ask(hvac, "01 0C 00 03 01"), "1 0x0201 180c0b0085");
}

BOOST_AUTO_TEST_CASE(a_calibration_moves_what_is_shown) {
    pass(1, 100);
    const double before = local();
    ask(hvac, "10 08 02 10 00 28 0A");  // +1 degree
    pass(1, 100);
    BOOST_TEST(local() > before + 80);
    BOOST_TEST(local() < before + 120);
}

BOOST_AUTO_TEST_CASE(the_weekly_schedule_is_kept_day_by_day) {
    // Two transitions on Monday and Tuesday, heating: 06:00 20.00, 22:00 17.00.
    EXPECT(ask(hvac, "01 08 01 02 06 01 68 01 D0 07 28 05 A4 06"), "1 0x0201 18080b0100");
    EXPECT(ask(hvac, "01 09 02 7F 01"), "1 0x0201 1909000206016801d0072805a406");
    EXPECT(ask(hvac, "01 0A 02 04 01"), "1 0x0201 190a000204016801d0072805a406");
    EXPECT(ask(hvac, "01 0B 02 01 01"), "1 0x0201 190b00000101");
    ask(hvac, "01 0C 03");
    EXPECT(ask(hvac, "01 0D 02 04 01"), "1 0x0201 190d00000401");
    EXPECT(ask(hvac, "01 0E 01 02 06 01 68 01 D0 07 28"), "1 0x0201 180e0b0180");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(a_fan_and_its_switch_go_together) {
    VirtualDevice fan("standard/fan");
    EXPECT(fan.ask(fan_control, "10 08 02 00 00 30 02"), "1 0x0202 18080400");
    BOOST_TEST(fan.value(fan_control, 0) == 2);
    BOOST_TEST(fan.value(0x0006, 0) == 1);
    fan.ask(fan_control, "10 09 02 00 00 30 04");  // "on" is high
    BOOST_TEST(fan.value(fan_control, 0) == 3);
    fan.ask(0x0006, "01 0A 00");
    BOOST_TEST(fan.value(fan_control, 0) == 0);
    fan.ask(0x0006, "01 0B 01");
    BOOST_TEST(fan.value(fan_control, 0) == 3);
    EXPECT(fan.ask(fan_control, "01 0C 00"), "1 0x0202 180c0b0081");
}

}  // namespace
}  // namespace waggle::sim
