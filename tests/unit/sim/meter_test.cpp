// seMetering [ZCL8 10.4], haElectricalMeasurement [ZCL8 4.9], and Lumi's analog inputs.
#include <boost/test/unit_test.hpp>

#include "virtual_device.hpp"

namespace waggle::sim {
namespace {

constexpr std::uint16_t on_off = 0x0006, metering = 0x0702, electrical = 0x0B04,
                        analog_input = 0x000C;

struct Plug : VirtualDevice {
    Plug() : VirtualDevice("standard/metering_plug") {}
};

BOOST_FIXTURE_TEST_SUITE(meter, Plug)

BOOST_AUTO_TEST_CASE(power_follows_the_switch) {
    BOOST_TEST(value(electrical, 0x50B) == 0);
    BOOST_TEST(value(electrical, 0x505) == 2300);
    ask(on_off, "01 08 01");
    BOOST_TEST(value(electrical, 0x50B) == 1200);  // tenths of 120 W
    BOOST_TEST(value(electrical, 0x508) == 522);   // mA
    BOOST_TEST(value(metering, 0x400) == 120);
    ask(on_off, "01 09 00");
    BOOST_TEST(value(electrical, 0x50B) == 0);
}

BOOST_AUTO_TEST_CASE(it_counts_while_it_is_on) {
    pass(30, 100);
    BOOST_TEST(value(metering, 0) == 0);
    ask(on_off, "01 08 01");
    pass(30, 100);  // half an hour by the file's speed: 60 Wh
    BOOST_TEST(value(metering, 0) == 60, boost::test_tools::tolerance(0.05));
    ask(on_off, "01 09 00");
    const double there = value(metering, 0);
    pass(30, 100);
    BOOST_TEST(value(metering, 0) == there);
}

BOOST_AUTO_TEST_CASE(without_power_it_does_not_count) {
    ask(on_off, "01 08 01");
    device.set_powered(false);
    pass(30, 100);
    BOOST_TEST(value(metering, 0) == 0);
}

BOOST_AUTO_TEST_CASE(after_a_reset_it_counts_from_zero) {
    ask(on_off, "01 08 01");
    pass(10, 100);
    device.reset();
    BOOST_TEST(value(metering, 0) == 0);
    ask(on_off, "01 09 01");
    pass(10, 100);
    BOOST_TEST(value(metering, 0) > 15);
    BOOST_TEST(value(metering, 0) < 25);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(lumis_plug_tells_its_watts) {
    VirtualDevice plug("xiaomi/zncz02lm");
    EXPECT(plug.ask(on_off, "01 08 01"), "1 0x0006 18080b0100",
           "1 0x0006 18010a0000100100f023001fff03");
    plug.pass(1.5);
    EXPECT(plug.air.take(), "2 0x000c 18020a55003900007642");  // 61.5
    plug.pass(60, 100);
    BOOST_TEST(plug.air.take().empty());
    BOOST_TEST(plug.value(analog_input, 0x55, 3) == 0.0615, boost::test_tools::tolerance(0.05));
}

}  // namespace
}  // namespace waggle::sim
