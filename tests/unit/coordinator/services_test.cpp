#include <boost/test/unit_test.hpp>

#include "sending_rig.hpp"

using namespace waggle;
using namespace waggle::test;
using namespace waggle::test::mt;
using std::chrono::milliseconds;
using std::chrono::seconds;

BOOST_FIXTURE_TEST_SUITE(services, SendingRig)

BOOST_AUTO_TEST_CASE(a_zdo_request_returns_the_standard_response) {
    ncp.on(node_desc_req, [](const Bytes& data) {
        BOOST_TEST(to_hex(data) == "34123412");
        return std::vector<Bytes>{
            mt_frame(0x6502, Bytes(1, 0)),
            mt_frame(0x4582, hex("34 12 00 34 12 02 40 80 5F 11 50 64 00 00 00 64 00 00"))};
    });
    const auto response =
        loop.run(coordinator->zdo(0x1234, zdo::Cluster::node_desc_req, hex("34 12"), true));
    BOOST_REQUIRE(response);
    BOOST_TEST(to_hex(*response) ==
               "00341202"
               "40805f1150640000006400"
               "00");
    BOOST_TEST(listener.zdo.empty());  // it was waited for
}

BOOST_AUTO_TEST_CASE(a_node_descriptor_that_cannot_be_asked_for_is_asked_again_with_a_route) {
    int asked = 0;
    ncp.on(node_desc_req, [&](const Bytes&) {
        const bool first = asked++ == 0;
        std::vector<Bytes> frames{mt_frame(0x6502, Bytes(1, first ? 0xCD : 0))};
        if (!first)
            frames.push_back(mt_frame(0x4582, hex("34 12 81 34 12")));
        return frames;
    });
    const auto response =
        loop.run(coordinator->zdo(0x1234, zdo::Cluster::node_desc_req, hex("34 12"), true));
    BOOST_REQUIRE(response);
    BOOST_TEST(to_hex(*response) == "813412");
    BOOST_TEST(ncp.count(route_disc) == 1u);
}

BOOST_AUTO_TEST_CASE(a_zdo_request_nobody_answers_times_out) {
    const auto response =
        loop.run(coordinator->zdo(0x1234, zdo::Cluster::mgmt_lqi_req, hex("00"), true));
    BOOST_TEST((response.error() == Errc::timed_out));
}

BOOST_AUTO_TEST_CASE(joining_is_opened_and_the_led_follows_on_older_firmware) {
    BOOST_TEST(loop.run(coordinator->permit_join(254, std::nullopt)).has_value());
    BOOST_TEST(ncp.last(permit_req) == "0ffcfffe01");
    BOOST_TEST(ncp.last(led_control) == "0301");
    BOOST_TEST(loop.run(coordinator->permit_join(0, std::nullopt)).has_value());
    BOOST_TEST(ncp.last(permit_req) == "0ffcff0001");
    BOOST_TEST(ncp.last(led_control) == "0300");
}

BOOST_AUTO_TEST_CASE(joining_through_one_router_waits_for_its_word) {
    ncp.on(permit_req, [](const Bytes& data) {
        std::vector<Bytes> frames{mt_frame(0x6536, Bytes(1, 0))};
        const bool own = data[1] == 0xFC;
        frames.push_back(mt_frame(0x45B6, own ? hex("00 00 00") : hex("34 12 85")));
        return frames;
    });
    BOOST_TEST(!loop.run(coordinator->permit_join(60, 0x1234)));
    BOOST_TEST(ncp.last(permit_req) == "0234123c01");
    BOOST_TEST(loop.run(coordinator->permit_join(60, 0x0000)).has_value());
    BOOST_TEST(ncp.last(permit_req) == "02fcff3c01");
}

BOOST_AUTO_TEST_CASE(the_route_to_a_mute_child_is_repaired) {
    ncp.on(assoc_get, [](const Bytes&) {
        return std::vector<Bytes>{mt_frame(0x674A, hex("34 12 05 00 01"))};
    });
    BOOST_TEST(loop.run(coordinator->repair_route(0x1234, Ieee(0x00158D0001020304))).has_value());
    BOOST_TEST(ncp.count(assoc_remove) == 1u);
    BOOST_TEST(ncp.last(assoc_add) == "04030201008d1500341201");
    BOOST_TEST(ncp.count(route_disc) == 1u);
}

BOOST_AUTO_TEST_CASE(an_install_code_goes_raw_or_hashed) {
    const auto code = hex("83 FE D3 40 7A 93 97 23 A5 C6 39 B2 69 16 D5 05 C3 B5");
    BOOST_TEST(
        loop.run(coordinator->add_install_code(Ieee(0x00158D0001020304), code, false)).has_value());
    BOOST_TEST(ncp.last(install_code) == "0104030201008d150083fed3407a939723a5c639b26916d505c3b5");
}

BOOST_AUTO_TEST_CASE(a_channel_change_ends_when_the_stack_has_moved) {
    ncp.on(nwk_update, [this](const Bytes& data) {
        BOOST_TEST(to_hex(data) == "ffff0f00800000fe010000");
        ncp.form(wanted.pan_id, extended_pan_id, 15, key);
        return std::vector<Bytes>{mt_frame(0x6537, Bytes(1, 0))};
    });
    BOOST_TEST(loop.run(coordinator->change_channel(15)).has_value());
    BOOST_TEST(coordinator->network().channel == 15);
    BOOST_TEST(coordinator->network().update_id == 4);
}

BOOST_AUTO_TEST_CASE(a_channel_change_that_the_stack_ignores_is_an_error) {
    BOOST_TEST((loop.run(coordinator->change_channel(15)).error() == Errc::refused));
    BOOST_TEST(coordinator->network().channel == 11);
}

BOOST_AUTO_TEST_CASE(inter_pan_mode_keeps_everything_else_out) {
    BOOST_TEST(loop.run(coordinator->set_inter_pan_channel(15)).has_value());
    BOOST_TEST(ncp.last(inter_pan) == "020c");
    BOOST_TEST((send_to(1).error() == Errc::unavailable));
    BOOST_TEST(loop.run(coordinator->send_inter_pan(std::nullopt, 0x1000, hex("01"))).has_value());
    BOOST_TEST(ncp.last(data_request_ext) ==
               "02ffff000000000000feffff0c0010"
               "01"
               "00"
               "1e"
               "0100"
               "01");
    BOOST_TEST(loop.run(coordinator->send_inter_pan(Ieee(0x00158D0001020304), 0x1000, hex("01")))
                   .has_value());
    BOOST_TEST(ncp.last(data_request_ext).starts_with("0304030201008d1500fe"));
    BOOST_TEST(loop.run(coordinator->leave_inter_pan()).has_value());
    BOOST_TEST(ncp.last(inter_pan) == "00");
    BOOST_TEST(send_to(1).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
