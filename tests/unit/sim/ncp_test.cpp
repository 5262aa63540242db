// The co-processor over its wire, with requests as zigbee-herdsman 10.9.2 writes them.
#include <boost/test/unit_test.hpp>
#include <gestures.hpp>
#include <ncp.hpp>

#include "octets.hpp"
#include "support/virtual_loop.hpp"

namespace waggle::sim {
namespace {

using Texts = std::vector<std::string>;

struct Rig {
    explicit Rig(const char* firmware = "3.x.0") : model(*firmware_by_name(firmware)) {
        ncp.set_output([this](View bytes) { parser.feed(bytes); });
        ncp.boot();
    }

    /// The frames that come within the time: "code data".
    Texts ask(std::string_view request, int milliseconds = 60) {
        got.clear();
        const Bytes bytes = octets(request);
        MtFrame frame;
        frame.code = static_cast<std::uint16_t>(bytes[0] << 8 | bytes[1]);
        frame.data.assign(bytes.begin() + 2, bytes.end());
        ncp.receive(frame);
        pass(milliseconds);
        return got;
    }

    void form() {
        ask("2109 8F00 00 01 01");                       // ZDO_DIRECT_CB
        ask("211D 8300 0000 0200 621A");                 // PANID
        ask("211D 2D00 0000 0800 0605 0403 0201 DDDD");  // EXTENDED_PAN_ID
        ask("2F08 01 00080000");                         // channel 11
        ask("2F05 04", 80);                              // formation
        ask("2400 01 0401 0500 00 00 00 00");            // endpoint 1
    }

    Device& pair(const char* name) {
        Device& device =
            network.add(load_description(std::string(SIM_DEVICES) + "/" + name + ".json"));
        ask("2536 0F FCFF FE 01");
        BOOST_REQUIRE(network.join(device) == JoinError::none);
        got.clear();
        pass(40);
        return device;
    }

    void pass(int milliseconds) {
        loop.pass(std::chrono::milliseconds(milliseconds), std::chrono::milliseconds(5));
    }

    test::VirtualLoop loop;
    Scheduler scheduler{loop.context};
    Timing timing;
    Network network{scheduler, scheduler, timing};
    NvMemory nv;
    Faults faults;
    Trace trace;
    const Firmware& model;
    Ncp ncp{scheduler, network, nv, faults, trace, model, timing, 0x00124B0014D2A6F1};
    Texts got;
    UnpiParser parser{[this](const MtFrame& frame) {
        got.push_back(hex16(frame.code) + " " + to_hex(frame.data));
    }};
};

#define EXPECT(got, ...) BOOST_TEST((got) == (Texts{__VA_ARGS__}), boost::test_tools::per_element())

struct Fixture : Rig {};

BOOST_FIXTURE_TEST_SUITE(ncp, Fixture)

BOOST_AUTO_TEST_CASE(what_cannot_be_served_is_answered_with_an_error_frame) {
    EXPECT(ask("2199"), "0x6000 022199");
    EXPECT(ask("2107 01"), "0x6000 042107");
    BOOST_TEST(ask("41 77").empty());  // an indication expects no answer
}

BOOST_AUTO_TEST_CASE(a_reset_is_indicated) {
    EXPECT(ask("4100 01"), "0x4180 000201020701");
}

BOOST_AUTO_TEST_CASE(items_are_created_written_read_and_deleted) {
    EXPECT(ask("2113 6000"), "0x6113 0000");
    EXPECT(ask("2107 6000 0100 01 55"), "0x6107 09");
    EXPECT(ask("2107 6000 0100 01 66"), "0x6107 00");
    EXPECT(ask("211C 6000 0000"), "0x611c 000155");
    EXPECT(ask("211D 6000 0000 0100 56"), "0x611d 00");
    EXPECT(ask("2108 6000 00"), "0x6108 000156");
    EXPECT(ask("2112 6000 0200"), "0x6112 0c");
    EXPECT(ask("2112 6000 0100"), "0x6112 00");
    EXPECT(ask("211C 6000 0000"), "0x611c 0200");
}

BOOST_AUTO_TEST_CASE(extended_tables_have_entries_of_aligned_records) {
    EXPECT(ask("2132 01 0100 0000"), "0x6132 0c");
    EXPECT(ask("2133 01 0100 0000 0000 0C"), "0x6133 000c00fffeff0000000000000000");
    EXPECT(ask("2132 01 0100 E803"), "0x6132 00");
    EXPECT(ask("2113 8200"), "0x6113 1800");
}

BOOST_AUTO_TEST_CASE(a_network_is_formed_with_what_the_items_say) {
    ask("211D 8300 0000 0200 621A");
    ask("211D 2D00 0000 0800 0605040302 01DDDD");
    ask("2F08 01 00800000");
    EXPECT(ask("2F05 04", 80), "0x6f05 00", "0x45c0 08", "0x45c0 09", "0x4f80 000200");
    EXPECT(ask("2550"),
           "0x6550 000009621a00000605040302"
           "01dddd00000000000000000f");
    EXPECT(ask("2113 2100"), "0x6113 7400");
}

BOOST_AUTO_TEST_CASE(after_a_reset_the_network_is_resumed) {
    form();
    ask("4100 01");
    EXPECT(ask("2700"), "0x6700 00f1a6d214004b1200feff070000");
    EXPECT(ask("2540 6400"), "0x6540 00", "0x45c0 09");
    EXPECT(ask("2700"), "0x6700 00f1a6d214004b12000000070900");
}

BOOST_AUTO_TEST_CASE(the_startup_option_makes_it_forget) {
    form();
    ask("211D 0300 0000 0100 03");
    ask("4100 01");
    EXPECT(ask("2113 2100"), "0x6113 0000");
    EXPECT(ask("2108 0300 00"), "0x6108 000100");
    EXPECT(ask("2540 6400"), "0x6540 01");
}

BOOST_AUTO_TEST_CASE(the_frame_counter_jumps_at_every_boot) {
    form();
    const std::uint32_t before = ncp.counter();
    ncp.store();
    ncp.boot();
    BOOST_TEST(ncp.counter() == before + 1250);
}

BOOST_AUTO_TEST_CASE(a_counter_restored_by_the_host_survives_the_reset) {
    form();
    // As a host restores it: this network and "any", in the first and the last entry.
    ask("2134 01 0700 0000 0000 0C C40900000605040302 01DDDD");
    ask("4100 01");
    BOOST_TEST(ncp.counter() == 2500u + 1250u);
}

BOOST_AUTO_TEST_CASE(endpoints_are_registered_once) {
    EXPECT(ask("2400 01 0401 0500 00 00 00 00"), "0x6400 00");
    EXPECT(ask("2400 01 0401 0500 00 00 00 00"), "0x6400 b8");
    EXPECT(ask("2404 01"), "0x6404 00");
    EXPECT(ask("2404 01"), "0x6404 02");
}

BOOST_AUTO_TEST_CASE(a_device_joins_only_while_the_network_is_open) {
    form();
    Device& device = network.add(load_description(std::string(SIM_DEVICES) + "/plug.json"));
    BOOST_TEST((network.join(device) == JoinError::closed));
    EXPECT(ask("2536 02 FCFF 3C 01"), "0x6536 00", "0x45cb 3c", "0x45b6 000000");
    BOOST_TEST((network.join(device) == JoinError::none));
    BOOST_TEST((network.join(device) == JoinError::already_joined));
    ask("2536 02 FCFF 00 01");
    BOOST_TEST(!network.is_open());
}

BOOST_AUTO_TEST_CASE(a_join_is_indicated_and_announced) {
    form();
    Device& device = pair("plug");
    Writer nwk;
    nwk.u16(device.nwk());
    const std::string address = to_hex(nwk.view());
    EXPECT(got, "0x45ca " + address + "0100aa22004b12000000",
           "0x45c1 " + address + address + "0100aa22004b12008e");
    ask("2702");
}

BOOST_AUTO_TEST_CASE(a_data_request_is_confirmed_delivered_and_answered) {
    form();
    Device& device = pair("qbkg04lm");
    Writer nwk;
    nwk.u16(device.nwk());
    const std::string address = to_hex(nwk.view());
    const Texts frames = ask("2401" + address + "02 01 0600 0C 00 1E 03 01 08 01");
    BOOST_REQUIRE(frames.size() == 4u);
    BOOST_TEST(frames[0] == "0x6401 00");
    BOOST_TEST(frames[1] == "0x4480 00010c");
    BOOST_TEST(frames[2].starts_with("0x4481 00000600" + address +
                                     "020100"
                                     "7800"));
    BOOST_TEST(frames[2].ends_with("0518080b0100" + address + "1d"));
    BOOST_TEST(frames[3].ends_with(address + "1d"));
    BOOST_TEST(to_hex(device.received().back().frame.data) == "010801");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_delivered_is_confirmed_so) {
    form();
    EXPECT(ask("2401 3412 02 01 0600 0C 00 1E 03 01 08 01"), "0x6401 00", "0x4480 cd010c");
    Device& device = pair("plug");
    device.set_powered(false);
    Writer nwk;
    nwk.u16(device.nwk());
    EXPECT(ask("2401" + to_hex(nwk.view()) + "01 01 0600 0D 00 1E 03 01 08 01"), "0x6401 00",
           "0x4480 e9010d");
    EXPECT(ask("2401 3412 02 07 0600 0C 00 1E 03 01 08 01"), "0x6401 02");  // own endpoint 7
}

BOOST_AUTO_TEST_CASE(a_long_request_comes_in_pieces) {
    form();
    Device& device = pair("plug");
    Writer nwk;
    nwk.u16(device.nwk());
    EXPECT(ask("2402 02" + to_hex(nwk.view()) + "000000000000 01 0000 01 0000 07 00 1E 0400"),
           "0x6402 00");
    EXPECT(ask("2411 0000 02 1001"), "0x6411 00");
    EXPECT(ask("2411 0200 02 0B00"), "0x6411 00");
    EXPECT(ask("2411 0300 02 0B00"), "0x6411 02");
    EXPECT(ask("2411 0000 00"), "0x6411 00", "0x4480 000107");
    BOOST_TEST(to_hex(device.received().back().frame.data) == "10010b00");
}

BOOST_AUTO_TEST_CASE(a_long_message_is_fetched_in_pieces) {
    form();
    Device& device = pair("plug");
    ApsFrame frame;
    frame.source = device.nwk();
    frame.source_endpoint = 1;
    frame.destination_endpoint = 1;
    frame.data = Bytes(300, 0xAB);
    got.clear();
    ncp.incoming(frame, 100);
    BOOST_REQUIRE(got.size() == 1u);
    BOOST_REQUIRE(got[0].starts_with("0x4482 "));
    const std::string time = got[0].substr(7 + 2 * 20, 8);
    const Texts first = ask("2412" + time + "0000 F0");
    BOOST_TEST(first[0].starts_with("0x6412 00f0abab"));
    BOOST_TEST(ask("2412" + time + "F000 F0")[0].starts_with("0x6412 003cabab"));
    EXPECT(ask("2412" + time + "0000 00"), "0x6412 0000");
    EXPECT(ask("2412" + time + "0000 F0"), "0x6412 0100");
}

BOOST_AUTO_TEST_CASE(messages_for_endpoints_that_are_not_registered_are_lost) {
    form();
    Device& device = pair("plug");
    ApsFrame frame;
    frame.source = device.nwk();
    frame.destination_endpoint = 9;
    frame.data = octets("18 01 0A 00 00 10 01");
    got.clear();
    ncp.incoming(frame, 100);
    BOOST_TEST(got.empty());
}

BOOST_AUTO_TEST_CASE(descriptors_come_as_indications_of_the_asked_node) {
    form();
    Device& device = pair("qbkg04lm");
    Writer nwk;
    nwk.u16(device.nwk());
    const std::string at = to_hex(nwk.view());
    EXPECT(ask("2502" + at + at), "0x6502 00",
           "0x4582 " + at + "00" + at +
               "01408e371052"
               "5200002c520000");
    EXPECT(ask("2505" + at + at), "0x6505 00", "0x4585 " + at + "00" + at + "0701020304050608");
    EXPECT(ask("2504" + at + at + "04"), "0x6504 00",
           "0x4584 " + at + "00" + at +
               "0c0404010000000206001200"
               "00");
    EXPECT(ask("2504" + at + at + "63"), "0x6504 00", "0x4584 " + at + "83" + at + "00");
    EXPECT(ask("2500 C4B3A201008D1500 00 00"), "0x6500 00",
           "0x4580 00c4b3a201008d1500" + at + "0000");
}

BOOST_AUTO_TEST_CASE(without_direct_callbacks_only_what_was_asked_for_comes) {
    form();
    ask("2109 8F00 00 01 00");
    pair("plug");
    BOOST_REQUIRE(got.size() == 1u);
    BOOST_TEST(got[0].starts_with("0x45ca"));
    EXPECT(ask("253E 1300"), "0x653e 00");
    got.clear();
    network.announce(*network.devices().back());
    pass(10);
    BOOST_REQUIRE(got.size() == 1u);
    BOOST_TEST(got[0].starts_with("0x45ff"));
}

BOOST_AUTO_TEST_CASE(a_device_told_to_leave_leaves) {
    form();
    Device& device = pair("plug");
    Writer nwk;
    nwk.u16(device.nwk());
    const std::string at = to_hex(nwk.view());
    EXPECT(ask("2534" + at + "0100AA22004B1200 00", 120), "0x6534 00", "0x45b4 " + at + "00",
           "0x45c9 " + at + "0100aa22004b1200000000");
    BOOST_TEST(!device.is_joined());
    BOOST_TEST(ncp.security().devices().empty());
}

BOOST_AUTO_TEST_CASE(a_sleeping_device_gets_its_frames_when_it_wakes) {
    form();
    Device& device = pair("sensor");
    Writer nwk;
    nwk.u16(device.nwk());
    const std::string request =
        "2401" + to_hex(nwk.view()) + "01 01 0000 0C 00 1E 05 10 08 00 0500";
    BOOST_TEST(ask(request).size() == 3u);  // awake since it joined
    network.sleep(device);
    EXPECT(ask(request), "0x6401 00");
    got.clear();
    network.wake(device, std::chrono::milliseconds(100));
    pass(20);
    BOOST_TEST(got.size() == 2u);
}

BOOST_AUTO_TEST_CASE(faults_happen_as_often_as_they_were_ordered) {
    form();
    faults.set_buffer_full(1);
    EXPECT(ask("2401 3412 02 01 0600 0C 00 1E 03 01 08 01"), "0x6401 11");
    Faults::OnCommand refusal;
    refusal.action = Faults::OnCommand::Action::refuse;
    refusal.code = 0x2113;
    refusal.status = 0x02;
    faults.add(refusal);
    EXPECT(ask("2113 8200"), "0x6113 02");
    EXPECT(ask("2113 8200"), "0x6113 1800");
    Faults::OnCommand loss;
    loss.code = 0x2101;
    faults.add(loss);
    BOOST_TEST(ask("2101").empty());
    EXPECT(ask("2101"), "0x6101 5906");
    faults.set_damage(1);
    BOOST_TEST(ask("2101").empty());
    faults.set_garbage(octets("FE 05 12"), 1);
    EXPECT(ask("2101"), "0x6101 5906");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(older_firmware_packs_its_records) {
    Rig rig("3.0.x");
    EXPECT(rig.ask("2113 8200"), "0x6113 1500");
    EXPECT(rig.ask("2113 2300"), "0x6113 b801");  // 40 entries of 11 bytes
    EXPECT(rig.ask("2113 1101"), "0x6113 1300");
    rig.form();
    EXPECT(rig.ask("2113 2100"), "0x6113 6e00");
}

BOOST_AUTO_TEST_CASE(the_first_generation_forms_on_startup_and_gives_its_key_through_sapi) {
    Rig rig("1.2");
    EXPECT(rig.ask("2108 6200 00"), "0x6108 0100");
    EXPECT(rig.ask("2604 62"),
           "0x6604 006210"
           "01030507090b0d0f00020406080a0c0d");
    EXPECT(rig.ask("2540 6400"), "0x6540 01", "0x45c0 08", "0x45c0 09");
    EXPECT(rig.ask("2102"), "0x6102 020002060390153401");
}

}  // namespace
}  // namespace waggle::sim
