#include "coordinator/znp/zdo_mt.hpp"

#include <boost/test/unit_test.hpp>

#include "support/hex.hpp"

using namespace waggle;
using namespace waggle::znp;
using waggle::test::hex;
using zdo::Cluster;

// The requests' octets are those that zigbee-herdsman writes [captured from its frame log].

namespace {

struct Sent {
    int command;
    std::string data;
};
Sent sent(NwkAddress to, Cluster cluster, std::string_view payload) {
    const auto request = to_mt(to, cluster, hex(payload));
    BOOST_REQUIRE(request);
    return {request->command.id, to_hex(request->payload)};
}

Frame areq(std::uint8_t command, const Bytes& data) {
    Frame frame;
    frame.type = Type::areq;
    frame.subsystem = Subsystem::zdo;
    frame.command = command;
    frame.data = data;
    return frame;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(zdo_mt)

BOOST_AUTO_TEST_CASE(a_request_has_its_destination_in_front) {
    const auto simple = sent(0x1234, Cluster::simple_desc_req, "34 12 01");
    BOOST_TEST(simple.command == 0x04);
    BOOST_TEST(simple.data == "3412341201");
    BOOST_TEST(sent(0x1234, Cluster::mgmt_lqi_req, "00").data == "341200");
    BOOST_TEST(sent(0x1234, Cluster::mgmt_leave_req, "04 03 02 01 00 8D 15 00 40").data ==
               "341204030201008d150040");
}

BOOST_AUTO_TEST_CASE(an_address_request_has_none) {
    const auto nwk = sent(0xFFFD, Cluster::nwk_addr_req, "04 03 02 01 00 8D 15 00 00 00");
    BOOST_TEST(nwk.command == 0x00);
    BOOST_TEST(nwk.data == "04030201008d15000000");
    BOOST_TEST(sent(0x1234, Cluster::ieee_addr_req, "34 12 00 00").data == "34120000");
}

BOOST_AUTO_TEST_CASE(joining_is_opened_everywhere_on_one_router_or_on_the_coordinator_alone) {
    BOOST_TEST(sent(0xFFFC, Cluster::mgmt_permit_joining_req, "FE 01").data == "0ffcfffe01");
    BOOST_TEST(sent(0x1234, Cluster::mgmt_permit_joining_req, "FE 01").data == "023412fe01");
    BOOST_TEST(sent(0x0000, Cluster::mgmt_permit_joining_req, "FE 01").data == "02fcfffe01");
}

BOOST_AUTO_TEST_CASE(a_channel_change_is_filled_up_to_the_length_that_the_stack_wants) {
    const auto moved = sent(0xFFFF, Cluster::mgmt_nwk_update_req, "00 00 10 00 FE 01");
    BOOST_TEST(moved.command == 0x37);
    BOOST_TEST(moved.data == "ffff0f00001000fe010000");
    // The same when the manager's address was in the payload already.
    BOOST_TEST(sent(0xFFFF, Cluster::mgmt_nwk_update_req, "00 00 10 00 FE 01 00 00").data ==
               moved.data);
}

BOOST_AUTO_TEST_CASE(a_binding_to_a_group_is_filled_up_to_the_long_form) {
    const auto to_device = "04 03 02 01 00 8D 15 00 01 06 00 03 44 33 22 11 00 4B 12 00 01";
    BOOST_TEST(sent(0x1234, Cluster::bind_req, to_device).data ==
               "341204030201008d15000106000344332211004b120001");
    const auto to_group = "04 03 02 01 00 8D 15 00 01 06 00 01 05 00";
    BOOST_TEST(sent(0x1234, Cluster::unbind_req, to_group).data ==
               "341204030201008d150001060001050000000000000000");
}

BOOST_AUTO_TEST_CASE(what_the_stack_has_no_command_for_is_refused) {
    BOOST_TEST((to_mt(1, Cluster::clear_all_bindings_req, Bytes()).error() == Errc::unsupported));
    BOOST_TEST((to_mt(1, Cluster::nwk_addr_req, Bytes(3)).error() == Errc::truncated));
}

BOOST_AUTO_TEST_CASE(a_response_is_known_by_its_sender) {
    const auto request = to_mt(0x1234, Cluster::node_desc_req, hex("34 12"));
    BOOST_REQUIRE(request);
    BOOST_TEST(request->response.id == 0x82);
    BOOST_TEST(request->answered_by(hex("34 12 00 34 12")));
    BOOST_TEST(!request->answered_by(hex("35 12 00 34 12")));
    BOOST_TEST(!request->answered_by(hex("34")));
}

BOOST_AUTO_TEST_CASE(an_address_response_is_known_by_what_was_asked) {
    const auto nwk = to_mt(0xFFFD, Cluster::nwk_addr_req, hex("04 03 02 01 00 8D 15 00 00 00"));
    BOOST_TEST(nwk->answered_by(hex("00 04 03 02 01 00 8D 15 00 34 12 00 00")));
    BOOST_TEST(!nwk->answered_by(hex("00 05 03 02 01 00 8D 15 00 34 12 00 00")));
    const auto ieee = to_mt(0x1234, Cluster::ieee_addr_req, hex("34 12 00 00"));
    BOOST_TEST(ieee->answered_by(hex("00 04 03 02 01 00 8D 15 00 34 12 00 00")));
    BOOST_TEST(!ieee->answered_by(hex("00 04 03 02 01 00 8D 15 00 35 12 00 00")));
}

BOOST_AUTO_TEST_CASE(a_late_part_of_a_table_answers_nothing_else) {
    const auto request = to_mt(0x1234, Cluster::mgmt_lqi_req, hex("03"));
    BOOST_TEST(request->answered_by(hex("34 12 00 07 03 00")));
    BOOST_TEST(!request->answered_by(hex("34 12 00 07 00 03")));
    BOOST_TEST(request->answered_by(hex("34 12 84")));  // a refusal has no parts
    const auto simple = to_mt(0x1234, Cluster::simple_desc_req, hex("34 12 02"));
    BOOST_TEST(simple->answered_by(hex("34 12 00 34 12 08 02 04 01 00 00 00 00 00")));
    BOOST_TEST(!simple->answered_by(hex("34 12 00 34 12 08 01 04 01 00 00 00 00 00")));
}

BOOST_AUTO_TEST_CASE(a_response_loses_the_sender_in_front) {
    const auto data = hex("34 12 00 34 12 02 01 02");
    const auto message = from_mt(areq(0x85, data));
    BOOST_REQUIRE(message);
    BOOST_REQUIRE(*message);
    BOOST_TEST((*message)->source == 0x1234);
    BOOST_TEST((*message)->cluster == 0x8005);
    BOOST_TEST(to_hex((*message)->payload) == "003412020102");
}

BOOST_AUTO_TEST_CASE(the_swapped_octets_of_an_address_response_are_put_right) {
    // start index 01, one associated device: standard order is number, start, list
    const auto data = hex("00 04 03 02 01 00 8D 15 00 34 12 00 01 78 56");
    const auto message = from_mt(areq(0x80, data));
    BOOST_REQUIRE(message && *message);
    BOOST_TEST((*message)->source == 0x1234);
    BOOST_TEST((*message)->cluster == 0x8000);
    BOOST_TEST(to_hex((*message)->payload) == "0004030201008d1500341201007856");
}

BOOST_AUTO_TEST_CASE(an_announce_and_an_unwrapped_message_are_the_same) {
    const auto indication = hex("34 12 34 12 04 03 02 01 00 8D 15 00 80");
    const auto wrapped = hex("34 12 01 13 00 00 2A FF FF 34 12 04 03 02 01 00 8D 15 00 80");
    for (const auto& message : {from_mt(areq(0xC1, indication)), from_mt(areq(0xFF, wrapped))}) {
        BOOST_REQUIRE(message && *message);
        BOOST_TEST((*message)->source == 0x1234);
        BOOST_TEST((*message)->cluster == 0x0013);
        BOOST_TEST(to_hex((*message)->payload) == "341204030201008d150080");
    }
}

BOOST_AUTO_TEST_CASE(every_truncation_is_an_error_or_shorter_and_none_reads_past_the_end) {
    const auto whole = hex("34 12 01 13 00 00 2A FF FF 34 12 04 03 02 01 00 8D 15 00 80");
    for (const int command : {0x80, 0x81, 0x82, 0x85, 0xC1, 0xFF}) {
        for (std::size_t n = 0; n < whole.size(); ++n) {
            const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n));
            const auto message = from_mt(areq(static_cast<std::uint8_t>(command), cut));
            BOOST_REQUIRE(message);
            if (*message)
                BOOST_TEST((*message)->payload.size() <= n);
        }
    }
    BOOST_TEST((from_mt(areq(0xFF, Bytes(8)))->error() == Errc::truncated));
    BOOST_TEST((from_mt(areq(0x82, Bytes(2)))->error() == Errc::truncated));
    BOOST_TEST(!from_mt(areq(0xC4, whole)));
}

BOOST_AUTO_TEST_SUITE_END()
