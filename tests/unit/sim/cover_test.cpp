// closuresWindowCovering [ZCL8 7.4], and the motor of ZNCLDJ11LM.
#include <boost/test/unit_test.hpp>

#include "virtual_device.hpp"

namespace waggle::sim {
namespace {

constexpr std::uint16_t covering = 0x0102;

struct Cover : VirtualDevice {
    Cover() : VirtualDevice("standard/cover") {}
    double lift() { return value(covering, 8); }
    double tilt() { return value(covering, 9); }
};

const auto near = boost::test_tools::tolerance(0.06);

BOOST_FIXTURE_TEST_SUITE(cover, Cover)

BOOST_AUTO_TEST_CASE(it_closes_in_its_time_and_can_be_stopped) {
    EXPECT(ask(covering, "01 08 01"), "1 0x0102 18080b0100");
    pass(5);  // the file says ten seconds
    BOOST_TEST(lift() == 50, near);
    BOOST_TEST(value(covering, 3) == 100, near);  // of 200 cm
    BOOST_TEST(tilt() == 100);
    ask(covering, "01 09 02");
    pass(2);
    BOOST_TEST(lift() == 50, near);
    ask(covering, "01 0A 00");
    pass(6);
    BOOST_TEST(lift() == 0);
    BOOST_TEST(tilt() == 0);
}

BOOST_AUTO_TEST_CASE(it_goes_to_percentages_and_to_positions) {
    ask(covering, "01 08 05 1E");
    pass(4);
    BOOST_TEST(lift() == 30);
    ask(covering, "01 09 04 64 00");  // 100 of 200 cm
    pass(4);
    BOOST_TEST(lift() == 50);
    ask(covering, "01 0A 08 4B");
    pass(3);
    BOOST_TEST(tilt() == 75);
    BOOST_TEST(value(covering, 4) == 675);
    EXPECT(ask(covering, "01 0B 05 65"), "1 0x0102 180b0b0587");
    EXPECT(ask(covering, "01 0C 05"), "1 0x0102 180c0b0580");
    EXPECT(ask(covering, "01 0D 04 F4 01"), "1 0x0102 180d0b0487");
}

BOOST_AUTO_TEST_CASE(the_way_is_reported_as_configured) {
    bind(covering);
    ask(covering, "10 01 06 00 08 00 20 01 00 3C 00 01");
    ask(covering, "01 08 05 32");
    pass(6);
    const Texts reports = air.take();
    BOOST_TEST(reports.size() >= 5U);
    BOOST_TEST(reports.back().substr(reports.back().size() - 8) == "08002032");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(lumis_motor_says_when_it_starts_and_where_it_stands) {
    VirtualDevice curtain("xiaomi/zncldj11lm");
    // 50 as a float into the analog output: the answer first.
    EXPECT(curtain.ask(0x000D, "10 08 02 55 00 39 00 00 48 42"), "1 0x000d 18080400");
    curtain.pass(1);
    EXPECT(curtain.air.take(), "1 0x0000 1c5f11010a04042001");
    BOOST_TEST(curtain.value(0x000D, 0x55) > 5);
    BOOST_TEST(curtain.value(0x000D, 0x55) < 20);
    curtain.pass(4);
    EXPECT(curtain.air.take(), "1 0x0000 1c5f11020a04042000", "1 0x000d 18030a55003900004842");
    BOOST_TEST(curtain.value(covering, 8) == 50);
    curtain.ask(covering, "01 09 01");  // down
    curtain.pass(1);
    EXPECT(curtain.air.take(), "1 0x0000 1c5f11040a04042002");
    curtain.ask(covering, "01 0A 02");  // stop
    curtain.pass(1);
    BOOST_TEST(curtain.air.take().size() == 2U);
    BOOST_TEST(curtain.value(covering, 8) == 37, boost::test_tools::tolerance(0.1));
}

}  // namespace
}  // namespace waggle::sim
