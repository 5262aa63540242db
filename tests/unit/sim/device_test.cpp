// The QBKG04LM of devices/qbkg04lm.json, byte by byte, and what every device answers.
#include <boost/test/unit_test.hpp>
#include <gestures.hpp>

#include "fake_air.hpp"

namespace waggle::sim {
namespace {

using Texts = std::vector<std::string>;

struct Switch {
    FakeAir air;
    Device device{load_description(std::string(SIM_DEVICES) + "/qbkg04lm.json"), air};

    Texts ask(std::uint8_t endpoint, std::uint16_t cluster, std::string_view zcl) {
        device.receive(to_endpoint(endpoint, cluster, zcl));
        return air.take();
    }

    Texts press(const std::string& gesture, int milliseconds = 0) {
        play(device, device.description().gestures.at(gesture));
        if (milliseconds > 0)
            air.run_for(std::chrono::milliseconds(milliseconds));
        return air.take();
    }

    void decouple() { ask(1, 0, "14 5F 11 0B 02 22 FF 20 FE"); }
};

#define EXPECT(got, ...) BOOST_TEST((got) == (Texts{__VA_ARGS__}), boost::test_tools::per_element())

BOOST_FIXTURE_TEST_SUITE(qbkg04lm, Switch)

BOOST_AUTO_TEST_CASE(it_answers_before_it_reports_what_the_command_changed) {
    EXPECT(ask(2, 6, "01 08 01"), "2 0x0006 18080b0100", "2 0x0006 18010a00001001");
    EXPECT(ask(2, 6, "01 09 00"), "2 0x0006 18090b0000", "2 0x0006 18020a00001000");
    EXPECT(ask(2, 6, "01 0A 02"), "2 0x0006 180a0b0200", "2 0x0006 18030a00001001");
}

BOOST_AUTO_TEST_CASE(a_read_says_the_value_and_its_type) {
    EXPECT(ask(2, 6, "10 0A 00 00 00"),
           "2 0x0006 180a0100000010"
           "00");
    EXPECT(ask(1, 0, "10 0B 00 05 00"),
           "1 0x0000 180b01050000"
           "4212"
           "6c756d692e6374726c5f6e65757472616c31");
    EXPECT(ask(1, 0, "10 0C 00 FD 7F"), "1 0x0000 180c01fd7f86");
}

BOOST_AUTO_TEST_CASE(the_operation_mode_needs_the_manufacturer_code) {
    EXPECT(ask(1, 0, "10 0B 02 22 FF 20 FE"), "1 0x0000 180b048622ff");
    EXPECT(ask(1, 0, "14 5F 11 0B 02 22 FF 20 FE"), "1 0x0000 1c5f110b0400");
    EXPECT(ask(1, 0, "14 5F 11 0C 00 22 FF"), "1 0x0000 1c5f110c0122ff0020fe");
    EXPECT(ask(1, 0, "14 5F 11 0D 02 22 FF 21 FE 00"), "1 0x0000 1c5f110d048d22ff");
}

BOOST_AUTO_TEST_CASE(in_relay_mode_the_rocker_switches) {
    EXPECT(press("click"), "4 0x0006 18010a0000100000001001",
           "2 0x0006 18020a0000100100f023001fff03");
    EXPECT(press("click"), "4 0x0006 18030a0000100000001001", "2 0x0006 18040a00001000");
    EXPECT(press("double", 200), "2 0x0006 18050a0000100100f023001fff03",
           "2 0x0006 18060a00001000");
}

BOOST_AUTO_TEST_CASE(decoupled_it_only_tells) {
    decouple();
    air.take();
    EXPECT(press("click"), "4 0x0006 18010a0000100000001001");
    EXPECT(press("double"), "4 0x0006 18020a00001002");
    EXPECT(press("hold"), "4 0x0006 18030a00001000");
    EXPECT(press("release"), "4 0x0006 18040a00001001");
    BOOST_TEST(to_hex(device.find({2, 6, 0, 0})->value) == "00");
}

BOOST_AUTO_TEST_CASE(held_for_ten_seconds_it_resets_unless_forbidden) {
    play(device, device.description().gestures.at("hold_10s"));
    air.run_for(std::chrono::milliseconds(700));
    EXPECT(air.take(), "4 0x0006 18010a00001000", "1 0x0000 1c5f11020af0ff4109aa1005418701011000");
    EXPECT(ask(1, 0, "14 5F 11 13 02 F0 FF 41 09 AA 10 05 41 47 01 01 10 01"),
           "1 0x0000 1c5f11130400");
    air.run_for(std::chrono::milliseconds(2200));
    BOOST_TEST(air.departures == 0);
    EXPECT(air.take(), "4 0x0006 18030a00001001");

    play(device, device.description().gestures.at("hold_10s"));
    air.run_for(std::chrono::milliseconds(2900));
    BOOST_TEST(air.departures == 1);
}

BOOST_AUTO_TEST_CASE(what_it_does_not_know_it_says) {
    EXPECT(ask(2, 6, "01 08 55"), "2 0x0006 18080b5581");           // command
    EXPECT(ask(2, 0x0300, "01 08 00"), "2 0x0300 18080b00c3");      // cluster
    EXPECT(ask(2, 6, "00 08 77"), "2 0x0006 18080b7781");           // general command
    EXPECT(ask(1, 0, "00 08 02 04 00 42"), "1 0x0000 18080b0280");  // cut short
    BOOST_TEST(ask(9, 6, "01 08 01").empty());                      // endpoint
}

BOOST_AUTO_TEST_CASE(no_default_response_to_a_default_response_nor_when_not_wanted) {
    BOOST_TEST(ask(2, 6, "00 08 0B 0A 00").empty());
    EXPECT(ask(2, 6, "11 08 01"), "2 0x0006 18010a00001001");
}

BOOST_AUTO_TEST_CASE(every_truncation_of_a_request_is_survived) {
    for (const char* text : {"14 5F 11 13 02 F0 FF 41 09 AA 10 05 41 47 01 01 10 01",
                             "10 01 06 00 00 00 10 00 00 10 0E", "10 01 0C 00 00 20",
                             "01 01 42 00 05 00 05 00", "10 01 08 00 00 00"}) {
        const Bytes whole = octets(text);
        for (std::size_t size = 0; size <= whole.size(); ++size) {
            ApsFrame frame = to_endpoint(2, 6, "");
            frame.data.assign(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
            device.receive(frame);
        }
    }
    BOOST_TEST(!air.take().empty());
}

BOOST_AUTO_TEST_CASE(a_refused_write_changes_nothing) {
    device.faults.refused_writes = 1;
    device.faults.write_status = 0x86;
    EXPECT(ask(1, 0, "14 5F 11 0B 02 22 FF 20 FE"), "1 0x0000 1c5f110b048622ff");
    BOOST_TEST(to_hex(device.find({1, 0, 0x115F, 0xFF22})->value) == "12");
    EXPECT(ask(1, 0, "14 5F 11 0C 02 22 FF 20 FE"), "1 0x0000 1c5f110c0400");
}

BOOST_AUTO_TEST_SUITE_END()

struct Plug {
    FakeAir air;
    Device device{load_description(std::string(SIM_DEVICES) + "/plug.json"), air};
};

BOOST_FIXTURE_TEST_SUITE(reporting, Plug)

BOOST_AUTO_TEST_CASE(reports_go_to_bound_targets_once_reporting_is_configured) {
    const Bytes on{1};
    const Bytes off{0};
    device.set({1, 6, 0, 0}, on, Change::reported);
    BOOST_TEST(air.take().empty());
    device.receive(to_endpoint(1, 6, "10 01 06 00 00 00 10 00 00 10 0E"));
    EXPECT(air.take(), "1 0x0006 18010700");
    device.set({1, 6, 0, 0}, off, Change::reported);
    BOOST_TEST(air.take().empty());  // nothing is bound
    zdp::Binding binding;
    binding.endpoint = 1;
    binding.cluster = 6;
    binding.target = air.coordinator_ieee();
    binding.target_endpoint = 1;
    device.bindings().push_back(binding);
    device.set({1, 6, 0, 0}, on, Change::reported);
    EXPECT(air.take(), "1 0x0006 18020a00001001");
}

BOOST_AUTO_TEST_CASE(a_configuration_can_be_read_back) {
    device.receive(to_endpoint(1, 6, "10 01 06 00 00 00 10 05 00 10 0E"));
    air.take();
    device.receive(to_endpoint(1, 6, "10 02 08 00 00 00"));
    EXPECT(air.take(),
           "1 0x0006 180209"
           "00000000"
           "100500100e");
    device.receive(to_endpoint(1, 6, "10 03 06 00 77 00 10 05 00 10 0E"));
    EXPECT(air.take(), "1 0x0006 18030786007700");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace waggle::sim
