// ssIasZone [ZCL8 8.2] and ssIasWd [ZCL8 8.4].
#include <boost/test/unit_test.hpp>

#include "virtual_device.hpp"

namespace waggle::sim {
namespace {

constexpr std::uint16_t zone = 0x0500, warning = 0x0502;

struct Contact : VirtualDevice {
    Contact() : VirtualDevice("standard/contact") {}
    void enrol() {
        ask(zone, "10 08 02 10 00 F0 F1 A6 D2 14 00 4B 12 00");
        ask(zone, "11 09 00 00 17");
        pass(0.1);
        air.take();
    }
};

BOOST_FIXTURE_TEST_SUITE(ias_zone, Contact)

BOOST_AUTO_TEST_CASE(told_its_alarm_centre_it_asks_to_be_enrolled) {
    EXPECT(ask(zone, "10 08 02 10 00 F0 F1 A6 D2 14 00 4B 12 00"), "1 0x0500 18080400");
    pass(0.1);
    EXPECT(air.take(), "1 0x0500 19010115003412");  // type, manufacturer
    BOOST_TEST(value(zone, 0) == 0);
    EXPECT(ask(zone, "01 09 00 00 17"), "1 0x0500 18090b0000");
    BOOST_TEST(value(zone, 0) == 1);
    BOOST_TEST(value(zone, 0x11) == 0x17);
}

BOOST_AUTO_TEST_CASE(it_takes_an_enrolment_it_did_not_ask_for) {
    ask(zone, "11 09 00 00 05");
    BOOST_TEST(value(zone, 0) == 1);
    ask(zone, "10 0A 02 10 00 F0 F1 A6 D2 14 00 4B 12 00");
    pass(0.1);
    BOOST_TEST(air.take().empty());  // no need to ask
}

BOOST_AUTO_TEST_CASE(a_refused_enrolment_is_none) {
    ask(zone, "11 09 00 03 05");
    BOOST_TEST(value(zone, 0) == 0);
    BOOST_TEST(press("open").empty());
}

BOOST_AUTO_TEST_CASE(enrolled_it_tells_every_change) {
    enrol();
    EXPECT(press("open"),
           "1 0x0500 19020001000017"
           "0000");
    EXPECT(press("close"),
           "1 0x0500 19030000000017"
           "0000");
    EXPECT(press("tamper"),
           "1 0x0500 19040004000017"
           "0000");
    BOOST_TEST(value(zone, 2) == 4);
}

BOOST_AUTO_TEST_CASE(test_mode_is_a_bit_of_its_status) {
    enrol();
    ask(zone, "01 0A 02 1E 01");
    BOOST_TEST(value(zone, 2) == 0x100);
    ask(zone, "01 0B 01");
    BOOST_TEST(value(zone, 2) == 0);
    EXPECT(ask(zone, "01 0C 00 00"), "1 0x0500 180c0b0080");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(a_siren_shows_what_it_was_told_and_how_long) {
    VirtualDevice siren("standard/siren");
    // Burglar, strobe, very high, five seconds.
    EXPECT(siren.ask(warning, "01 08 00 17 05 00 0A 01"), "1 0x0502 18080b0000");
    BOOST_TEST(to_hex(siren.device.memory()["warning"]) == "1705000a01");
    BOOST_TEST(siren.device.memory().contains("sounding"));
    siren.pass(6);
    BOOST_TEST(!siren.device.memory().contains("sounding"));
    siren.ask(warning, "01 09 00 17 05 00 0A 01");
    siren.ask(warning, "01 0A 00 00 00 00 00 00");  // stop
    BOOST_TEST(!siren.device.memory().contains("sounding"));
    EXPECT(siren.ask(warning, "01 0B 01 03"), "1 0x0502 180b0b0100");
    BOOST_TEST(to_hex(siren.device.memory()["squawk"]) == "03");
    EXPECT(siren.ask(warning, "01 0C 00 17"), "1 0x0502 180c0b0080");
}

}  // namespace
}  // namespace waggle::sim
