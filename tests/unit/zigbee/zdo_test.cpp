#include "zigbee/zdo.hpp"

#include <functional>

#include <boost/test/unit_test.hpp>

#include "support/hex.hpp"

namespace waggle::zdo {
namespace {

using test::hex;

constexpr auto source = Ieee(0x00158D0001020304);
constexpr auto coordinator = Ieee(0x00124B0011223344);

void check(const Bytes& payload, std::string_view expected) {
    BOOST_TEST(to_hex(payload) == to_hex(hex(expected)));
}

/// Cut anywhere, a response is an error, and nothing beyond its end is read.
template <class Read>
void every_truncation_is_an_error(std::string_view text, Read read) {
    const auto whole = hex(text);
    for (std::size_t n = 0; n < whole.size(); ++n) {
        const Bytes cut(whole.data(), whole.data() + n);  // own block: ASan sees an overread
        BOOST_TEST((read(cut).error() == Errc::truncated), text << " cut to " << n);
    }
    BOOST_TEST(read(whole).has_value());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(zdo)

BOOST_AUTO_TEST_CASE(requests_are_laid_out_as_the_specification_says) {
    check(node_desc_req(0x1A2B), "2B1A");
    check(power_desc_req(0x1A2B), "2B1A");
    check(active_ep_req(0x1A2B), "2B1A");
    check(simple_desc_req(0x1A2B, 4), "2B1A 04");
    check(match_desc_req(0xFFFD, 0x0104, {0x0019}, {}), "FDFF 0401 01 1900 00");
    check(nwk_addr_req(source), "04030201008D1500 00 00");
    check(nwk_addr_req(source, true, 3), "04030201008D1500 01 03");
    check(ieee_addr_req(0x1A2B), "2B1A 00 00");
    check(mgmt_table_req(7), "07");
    check(mgmt_leave_req(source, false, false), "04030201008D1500 00");
    check(mgmt_leave_req(source, true, false), "04030201008D1500 80");
    check(mgmt_leave_req(source, false, true), "04030201008D1500 40");
    check(mgmt_permit_joining_req(254), "FE 01");
    check(mgmt_permit_joining_req(0, false), "00 00");
    check(mgmt_channel_change_req(25, 2), "00000002 FE 02");
    check(clear_all_bindings_req({Ieee(~std::uint64_t{0})}), "00 08 01 FFFFFFFFFFFFFFFF");
}

BOOST_AUTO_TEST_CASE(a_binding_points_to_an_endpoint_or_to_a_group) {
    check(bind_req({source, 4, 0x0006, {std::nullopt, coordinator, 1}}),
          "04030201008D1500 04 0600 03 443322 11004B1200 01");
    check(bind_req({source, 4, 0x0006, {GroupId{0x0102}, {}, 0}}),
          "04030201008D1500 04 0600 01 0201");
}

BOOST_AUTO_TEST_CASE(a_status_other_than_success_is_the_error) {
    const auto no_entry = hex("88");
    BOOST_TEST((read_status(no_entry).error() == Status::no_entry));
    BOOST_TEST(read_status(no_entry).error().message() == "NO_ENTRY");
    BOOST_TEST(read_status(hex("00")).has_value());
    BOOST_TEST((read_status({}).error() == Errc::truncated));
    BOOST_TEST((read_node_desc_rsp(hex("81 2B1A")).error() == Status::device_not_found));
    BOOST_TEST((read_mgmt_lqi_rsp(hex("84")).error() == Status::not_supported));
    BOOST_TEST(make_error_code(Status{0xC8}).message() == "NWK_LAYER_UNKNOWN_DEVICE");
    BOOST_TEST(make_error_code(Status{0x20}).message() == "0x20");
    BOOST_TEST(name(Status::table_full) == "TABLE_FULL");
}

// The QBKG04LM's answers, from public signature collections
BOOST_AUTO_TEST_CASE(a_node_descriptor_tells_type_and_manufacturer) {
    const auto text = "00 2B1A 01 40 8E 3710 7F 6400 0000 6400 00";
    const auto node = read_node_desc_rsp(hex(text));
    BOOST_TEST_REQUIRE(node.has_value());
    BOOST_TEST((node->type == DeviceType::router));
    BOOST_TEST(node->manufacturer == 0x1037);
    BOOST_TEST(node->mac_capabilities == 0x8E);
    BOOST_TEST(node->maximum_buffer_size == 0x7F);
    every_truncation_is_an_error(text, read_node_desc_rsp);
    BOOST_TEST(
        (read_node_desc_rsp(hex("00 2B1A 02 40 80 3710 7F 6400 002C 6400 00 47 01 0102"))->type ==
         DeviceType::end_device));  // with a TLV of revision 23 behind it
    BOOST_TEST((read_node_desc_rsp(hex("00 2B1A 07 40 80 3710 7F 6400 0000 6400 00"))->type ==
                DeviceType::unknown));
}

BOOST_AUTO_TEST_CASE(active_endpoints_keep_their_order) {
    const auto text = "00 2B1A 07 01 02 03 04 05 06 08";
    const auto endpoints = read_active_ep_rsp(hex(text));
    BOOST_TEST_REQUIRE(endpoints.has_value());
    BOOST_TEST((*endpoints == std::vector<EndpointId>{1, 2, 3, 4, 5, 6, 8}));
    every_truncation_is_an_error(text, read_active_ep_rsp);
    BOOST_TEST(read_match_desc_rsp(hex("00 2B1A 00"))->empty());
}

BOOST_AUTO_TEST_CASE(a_simple_descriptor_lists_its_clusters) {
    const auto text =
        "00 2B1A 18 01 0401 0600 01 06 0000 0100 0300 0200 1900 0A00 03 0000 1900 0A00";
    const auto simple = read_simple_desc_rsp(hex(text));
    BOOST_TEST_REQUIRE(simple.has_value());
    BOOST_TEST(simple->endpoint == 1);
    BOOST_TEST(simple->profile == profile_home_automation);
    BOOST_TEST(simple->device_id == 6);
    BOOST_TEST(simple->device_version == 1);
    BOOST_TEST((simple->inputs == std::vector<ClusterId>{0, 1, 3, 2, 0x19, 0x0A}));
    BOOST_TEST((simple->outputs == std::vector<ClusterId>{0, 0x19, 0x0A}));
    every_truncation_is_an_error(text, read_simple_desc_rsp);
}

BOOST_AUTO_TEST_CASE(a_power_descriptor_is_four_halves) {
    const auto text = "00 2B1A 10 C4";
    const auto power = read_power_desc_rsp(hex(text));
    BOOST_TEST_REQUIRE(power.has_value());
    BOOST_TEST(power->available_sources == 1);
    BOOST_TEST(power->source == 4);
    BOOST_TEST(power->level == 0x0C);
    every_truncation_is_an_error(text, read_power_desc_rsp);
}

BOOST_AUTO_TEST_CASE(an_address_response_may_list_children) {
    const auto plain = "00 04030201008D1500 2B1A";
    BOOST_TEST((read_address_rsp(hex(plain))->ieee == source));
    BOOST_TEST(read_address_rsp(hex(plain))->address == 0x1A2B);
    every_truncation_is_an_error(plain, read_address_rsp);
    const auto extended = read_address_rsp(hex("00 04030201008D1500 2B1A 02 01 0100 0200"));
    BOOST_TEST_REQUIRE(extended.has_value());
    BOOST_TEST(extended->start == 1);
    BOOST_TEST((extended->children == std::vector<NwkAddress>{1, 2}));
    BOOST_TEST(
        (read_address_rsp(hex("00 04030201008D1500 2B1A 02 01 0100")).error() == Errc::truncated));
    BOOST_TEST(read_address_rsp(hex("00 04030201008D1500 2B1A 00")).has_value());
}

BOOST_AUTO_TEST_CASE(an_announce_has_no_status) {
    const auto text = "2B1A 04030201008D1500 8E";
    const auto announce = read_device_annce(hex(text));
    BOOST_TEST_REQUIRE(announce.has_value());
    BOOST_TEST(announce->address == 0x1A2B);
    BOOST_TEST((announce->ieee == source));
    BOOST_TEST(announce->capabilities == 0x8E);
    every_truncation_is_an_error(text, read_device_annce);
}

BOOST_AUTO_TEST_CASE(a_page_of_neighbors) {
    const auto text = "00 05 03 01 DDDDDDDDDDDDDDDD 04030201008D1500 2B1A 25 01 0F A0";
    const auto page = read_mgmt_lqi_rsp(hex(text));
    BOOST_TEST_REQUIRE(page.has_value());
    BOOST_TEST(page->total == 5);
    BOOST_TEST(page->start == 3);
    BOOST_TEST_REQUIRE(page->entries.size() == 1u);
    const auto& neighbor = page->entries[0];
    BOOST_TEST(neighbor.extended_pan_id == 0xDDDDDDDDDDDDDDDDu);
    BOOST_TEST((neighbor.ieee == source));
    BOOST_TEST(neighbor.address == 0x1A2B);
    BOOST_TEST(neighbor.device_type == 1);
    BOOST_TEST(neighbor.rx_on_when_idle == 1);
    BOOST_TEST(neighbor.relationship == 2);
    BOOST_TEST(neighbor.permit_joining == 1);
    BOOST_TEST(neighbor.depth == 15);
    BOOST_TEST(neighbor.lqi == 0xA0);
    every_truncation_is_an_error(text, read_mgmt_lqi_rsp);
}

BOOST_AUTO_TEST_CASE(a_page_of_routes) {
    const auto text = "00 02 00 02 2B1A B0 0000 3412 03 2B1A";
    const auto page = read_mgmt_rtg_rsp(hex(text));
    BOOST_TEST_REQUIRE(page.has_value());
    BOOST_TEST_REQUIRE(page->entries.size() == 2u);
    BOOST_TEST(page->entries[0].destination == 0x1A2B);
    BOOST_TEST(page->entries[0].many_to_one);
    BOOST_TEST(page->entries[0].route_record_required);
    BOOST_TEST(!page->entries[0].memory_constrained);
    BOOST_TEST(page->entries[0].reserved == 2);
    BOOST_TEST(page->entries[1].status == 3);
    BOOST_TEST(page->entries[1].next_hop == 0x1A2B);
    every_truncation_is_an_error(text, read_mgmt_rtg_rsp);
}

BOOST_AUTO_TEST_CASE(a_page_of_bindings_leaves_out_what_it_cannot_understand) {
    const auto text =
        "00 03 00 03 04030201008D1500 04 0600 03 4433221100 4B1200 01 "
        "04030201008D1500 05 0800 02 04030201008D1500 04 0800 01 0201";
    const auto page = read_mgmt_bind_rsp(hex(text));
    BOOST_TEST_REQUIRE(page.has_value());
    BOOST_TEST_REQUIRE(page->entries.size() == 2u);
    BOOST_TEST((page->entries[0].target == BindTarget{std::nullopt, coordinator, 1}));
    BOOST_TEST(page->entries[0].cluster == 6);
    BOOST_TEST(page->entries[1].target.group.value() == 0x0102);
    every_truncation_is_an_error(text, read_mgmt_bind_rsp);
}

BOOST_AUTO_TEST_CASE(a_count_that_lies_reserves_nothing_and_is_an_error) {
    BOOST_TEST((read_mgmt_rtg_rsp(hex("00 FF 00 FF")).error() == Errc::truncated));
    BOOST_TEST(
        (read_simple_desc_rsp(hex("00 2B1A FF 01 0401 0600 01 FF")).error() == Errc::truncated));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waggle::zdo
