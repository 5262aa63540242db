#include <algorithm>

#include "network_fixture.hpp"

using namespace waggle;
using namespace waggle::test;

namespace {

const std::string ieee_text = "0x00158d0001020304";
const std::string report = "18 50 0A 0000 10 01";  // genOnOff onOff 1

}  // namespace

BOOST_FIXTURE_TEST_SUITE(membership, NetworkFixture)

BOOST_AUTO_TEST_CASE(a_device_that_is_not_on_the_passlist_is_sent_away_and_not_stored) {
    passlist = {Ieee(1)};
    open();
    // Mgmt_Leave_req: IEEE address, no rejoin, no children [Zigbee R22 2.4.3.3.5]
    zdo_answers["zdo 0x7f2d 0x0034 04030201008d150000"] = "00";
    BOOST_REQUIRE(start());
    radio->join(switch_address, switch_ieee);
    loop.pass(std::chrono::seconds(1));
    BOOST_TEST(radio->log == std::vector<std::string>{"zdo 0x7f2d 0x0034 04030201008d150000"},
               boost::test_tools::per_element());
    BOOST_TEST(events.lines.empty());
    BOOST_TEST(!network->find(switch_ieee));
}

BOOST_AUTO_TEST_CASE(a_blocklist_counts_only_without_a_passlist) {
    blocklist = {switch_ieee};
    open();
    BOOST_REQUIRE(start());
    radio->join(switch_address, switch_ieee);
    loop.settle();
    BOOST_TEST(!network->find(switch_ieee));
    network->set_lists({switch_ieee}, {switch_ieee});
    radio->join(switch_address, switch_ieee);
    loop.settle();
    BOOST_TEST((network->find(switch_ieee) != nullptr));
}

BOOST_AUTO_TEST_CASE(a_known_device_that_joins_again_is_not_interviewed_and_nobody_hears_joined) {
    pair();
    radio->join(0x1111, switch_ieee);
    loop.pass(std::chrono::seconds(1));
    BOOST_TEST(device().address == 0x1111);
    BOOST_TEST((network->find(NwkAddress{0x1111}) == &device()));
    BOOST_TEST(!network->find(switch_address));
    BOOST_TEST(radio->log.empty());
    BOOST_TEST(events.lines.empty());
    BOOST_TEST(events.seen > 0u);
}

BOOST_AUTO_TEST_CASE(a_device_that_left_keeps_its_number_when_it_comes_back) {
    pair();
    const auto id = device().database_id;
    network->set_meta(device(), "configured", "\"0.0.0\"");
    radio->leave(switch_address, switch_ieee);
    loop.settle();
    BOOST_TEST(events.has("left " + ieee_text));
    BOOST_TEST(!network->find(switch_ieee));
    BOOST_TEST(!network->find(switch_address));
    radio->join(switch_address, switch_ieee);
    loop.until([&] { return events.has("interview successful " + ieee_text); });
    BOOST_TEST(events.has("joined " + ieee_text));
    BOOST_TEST(device().database_id == id);
    BOOST_TEST(network->meta(device(), "configured") == "");
}

BOOST_AUTO_TEST_CASE(a_leave_without_ieee_address_is_found_by_network_address) {
    pair();
    radio->leave(switch_address, std::nullopt);
    loop.settle();
    BOOST_TEST(!network->find(switch_ieee));
}

BOOST_AUTO_TEST_CASE(an_announce_moves_the_device) {
    pair();
    radio->say_zdo(0x4444, zdo::Cluster::device_annce, hex("4444 04030201008D1500 8E"));
    loop.settle();
    BOOST_TEST(
        (events.lines == std::vector<std::string>{"moved " + ieee_text, "announced " + ieee_text}));
    BOOST_TEST(device().address == 0x4444);
}

BOOST_AUTO_TEST_CASE(an_address_response_nobody_asked_for_moves_it_too) {
    pair();
    radio->say_zdo(0x5555, zdo::Cluster::nwk_addr_rsp, hex("00 04030201008D1500 5555"));
    loop.settle();
    BOOST_TEST(events.lines == std::vector<std::string>{"moved " + ieee_text},
               boost::test_tools::per_element());
    radio->say_zdo(0x5555, zdo::Cluster::ieee_addr_rsp, hex("81 04030201008D1500 6666"));
    loop.settle();
    BOOST_TEST(device().address == 0x5555);
}

BOOST_AUTO_TEST_CASE(announces_that_cannot_be_read_or_are_unknown_do_nothing) {
    pair();
    const auto whole = hex("4444 04030201008D1500 8E");
    for (std::size_t n = 0; n < whole.size(); ++n)
        radio->say_zdo(0x4444, zdo::Cluster::device_annce,
                       Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n)));
    radio->say_zdo(0x4444, zdo::Cluster::device_annce, hex("4444 FF030201008D1500 8E"));
    loop.settle();
    BOOST_TEST(events.lines.empty());
}

BOOST_AUTO_TEST_CASE(a_message_from_an_unknown_address_is_kept_until_its_sender_is_found) {
    pair();
    zdo_answers["zdo 0x9999 0x0001 99990000"] = "00 04030201008D1500 9999";
    radio->say(0x9999, 2, 6, hex(report));
    loop.pass(std::chrono::seconds(1));
    BOOST_TEST(events.messages == 1u);
    BOOST_TEST(to_hex(events.last_raw) == "18500a00001001");
    BOOST_TEST(device().address == 0x9999);
    // and the next time it may be asked for again
    radio->say(switch_address, 2, 6, hex(report));
    loop.settle();
    BOOST_TEST(radio->log.back() == "zdo 0x7f2d 0x0001 2d7f0000");
}

BOOST_AUTO_TEST_CASE(a_sender_that_cannot_be_found_is_asked_for_once) {
    pair();
    for (int i = 0; i < 5; ++i) {
        radio->say(0x9999, 2, 6, hex(report));
        loop.pass(std::chrono::seconds(15), std::chrono::seconds(1));
    }
    BOOST_TEST(std::count(radio->log.begin(), radio->log.end(), "zdo 0x9999 0x0001 99990000") == 1);
    BOOST_TEST(events.messages == 0u);
}

BOOST_AUTO_TEST_CASE(nobody_asks_for_a_device_that_was_removed) {
    pair();
    radio->leave(switch_address, switch_ieee);
    radio->say(switch_address, 2, 6, hex(report));
    loop.pass(std::chrono::seconds(1));
    BOOST_TEST(radio->log.empty());
}

BOOST_AUTO_TEST_CASE(what_such_a_router_sends_on_belongs_to_the_device_in_the_group_id) {
    pair();
    radio->join(0x2222, Ieee(0x00158d00000000aa));
    loop.settle();
    device().relays_as_group = true;
    ApsIndication indication;
    indication.source = switch_address;
    indication.source_endpoint = 1;
    indication.destination_endpoint = 1;
    indication.cluster = 6;
    indication.group = 0x2222;
    radio->say(indication, hex(report));
    loop.settle();
    BOOST_TEST((events.last_sender == Ieee(0x00158d00000000aa)));
}

BOOST_AUTO_TEST_CASE(removing_asks_the_device_to_leave) {
    pair();
    zdo_answers["zdo 0x7f2d 0x0034 04030201008d150000"] = "00";
    BOOST_REQUIRE(loop.run(network->remove_device(switch_ieee, false)));
    BOOST_TEST(radio->log.size() == 1u);
    BOOST_TEST(!network->find(switch_ieee));
    BOOST_TEST(events.has("left " + ieee_text));
}

BOOST_AUTO_TEST_CASE(a_device_that_refuses_to_leave_stays_unless_forced) {
    pair();
    zdo_answers["zdo 0x7f2d 0x0034 04030201008d150000"] = "84";
    const auto refused = loop.run(network->remove_device(switch_ieee, false));
    BOOST_TEST((refused.error() == make_error_code(zdo::Status::not_supported)));
    BOOST_TEST((network->find(switch_ieee) != nullptr));
    BOOST_REQUIRE(loop.run(network->remove_device(switch_ieee, true)));
    BOOST_TEST(!network->find(switch_ieee));
    BOOST_TEST((loop.run(network->remove_device(switch_ieee, true)).error() == Errc::not_found));
}

BOOST_AUTO_TEST_CASE(a_newcomer_takes_over_an_address_and_the_old_owner_moving_leaves_it) {
    pair();
    radio->join(switch_address, Ieee(0xAA));
    loop.settle();
    BOOST_TEST((network->find(switch_address)->ieee == Ieee(0xAA)));
    radio->say_zdo(0x4444, zdo::Cluster::device_annce, hex("4444 04030201008D1500 8E"));
    loop.settle();
    BOOST_TEST((network->find(switch_address)->ieee == Ieee(0xAA)));
    BOOST_TEST((network->find(NwkAddress{0x4444})->ieee == switch_ieee));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(inbound, NetworkFixture)

BOOST_AUTO_TEST_CASE(a_report_is_decoded_remembered_and_told) {
    pair();
    radio->say(switch_address, 4, 6, hex("18 50 0A 0000 10 00 0000 10 01"), 77);
    loop.settle();
    BOOST_TEST(events.messages == 1u);
    BOOST_TEST(events.last_decoded);
    BOOST_TEST(device().endpoint(4)->attribute(6, 0)->integer().value() == 1);  // the last wins
    BOOST_TEST(device().link_quality.value() == 77);
    BOOST_TEST(device().last_seen.value() > 1600000000000);
}

BOOST_AUTO_TEST_CASE(a_boolean_that_is_two_stays_two) {
    pair();
    radio->say(switch_address, 4, 6, hex("18 53 0A 0000 10 02"));
    loop.settle();
    BOOST_TEST(device().endpoint(4)->attribute(6, 0)->integer().value() == 2);
}

BOOST_AUTO_TEST_CASE(an_unknown_endpoint_is_made) {
    pair();
    radio->say(switch_address, 9, 6, hex(report));
    loop.settle();
    BOOST_REQUIRE(device().endpoint(9));
    BOOST_TEST(events.has("changed " + ieee_text));
    BOOST_TEST(events.last_endpoint == 9);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_decoded_is_still_a_sign_of_life) {
    pair();
    radio->say(switch_address, 2, 6, hex("18 50"), 55);
    loop.settle();
    BOOST_TEST(events.messages == 1u);
    BOOST_TEST(!events.last_decoded);
    BOOST_TEST(device().link_quality.value() == 55);
}

BOOST_AUTO_TEST_CASE(an_unsolicited_model_changes_the_identity) {
    pair();
    // report modelId "lumi.x", then the same again
    radio->say(switch_address, 1, 0, hex("18 01 0A 0500 42 06 6c756d692e78"));
    radio->say(switch_address, 1, 0, hex("18 02 0A 0500 42 06 6c756d692e78"));
    loop.settle();
    BOOST_TEST(device().model_id.value() == "lumi.x");
    BOOST_TEST(std::count(events.lines.begin(), events.lines.end(), "changed " + ieee_text) == 1);
}

BOOST_AUTO_TEST_CASE(a_failed_record_of_a_read_response_is_not_remembered) {
    pair();
    radio->say(switch_address, 2, 6, hex("18 01 01 0000 86 0140 00 10 01"));
    loop.settle();
    BOOST_TEST(!device().endpoint(2)->attribute(6, 0));
    BOOST_TEST((device().endpoint(2)->attribute(6, 0x4001) != nullptr));
}

BOOST_AUTO_TEST_CASE(manufacturer_attributes_live_beside_the_standards) {
    pair();
    radio->say(switch_address, 1, 0, hex("1C 5F11 01 0A 22FF 20 12"));
    loop.settle();
    BOOST_REQUIRE(device().endpoint(1)->attribute(0, 0xFF22));
    BOOST_TEST(device().endpoint(1)->attribute(0, 0xFF22)->integer().value() == 18);
}

BOOST_AUTO_TEST_CASE(touchlink_is_not_for_us) {
    pair();
    radio->say(switch_address, 1, 0x1000, hex("11 00 00 00000000 00 00"));
    loop.settle();
    BOOST_TEST(events.messages == 0u);
}

BOOST_AUTO_TEST_CASE(every_truncation_of_a_message_is_survived) {
    pair();
    const auto whole = hex("1C 5F11 2A 0A 01FF 42 0A 0121B80B0328180521");
    for (std::size_t n = 0; n <= whole.size(); ++n)
        radio->say(switch_address, 1, 0,
                   Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n)));
    loop.settle();
    BOOST_TEST(events.messages == whole.size() + 1);
}

BOOST_AUTO_TEST_SUITE_END()
