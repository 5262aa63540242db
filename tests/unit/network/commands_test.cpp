#include "network_fixture.hpp"

using namespace waggle;
using namespace waggle::test;

namespace {

const std::string bind_payload =
    "04030201008d1500"
    "02"
    "0600"
    "03"
    "04030201004b1200"
    "01";

struct CommandsFixture : NetworkFixture {
    CommandsFixture() { pair(); }
    zdo::BindTarget coordinator() {
        zdo::BindTarget target;
        target.ieee = Ieee(0x00124b0001020304);
        target.endpoint = 1;
        return target;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(device_commands, CommandsFixture)

BOOST_AUTO_TEST_CASE(a_binding_is_mirrored_once) {
    zdo_answers["zdo 0x7f2d 0x0021 " + bind_payload] = "00";
    BOOST_REQUIRE(loop.run(network->bind(switch_ieee, 2, 6, coordinator())));
    BOOST_REQUIRE(loop.run(network->bind(switch_ieee, 2, 6, coordinator())));
    BOOST_TEST(device().endpoint(2)->bindings.size() == 1u);
    BOOST_TEST(events.lines.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_refused_binding_is_an_error_and_not_mirrored) {
    zdo_answers["zdo 0x7f2d 0x0021 " + bind_payload] = "8C";
    const auto refused = loop.run(network->bind(switch_ieee, 2, 6, coordinator()));
    BOOST_TEST((refused.error() == make_error_code(zdo::Status::table_full)));
    BOOST_TEST(device().endpoint(2)->bindings.empty());
}

BOOST_AUTO_TEST_CASE(unbinding_what_the_device_does_not_have_counts_as_done) {
    zdo_answers["zdo 0x7f2d 0x0021 " + bind_payload] = "00";
    zdo_answers["zdo 0x7f2d 0x0022 " + bind_payload] = "88";  // NO_ENTRY
    BOOST_REQUIRE(loop.run(network->bind(switch_ieee, 2, 6, coordinator())));
    BOOST_REQUIRE(loop.run(network->unbind(switch_ieee, 2, 6, coordinator())));
    BOOST_TEST(device().endpoint(2)->bindings.empty());
}

BOOST_AUTO_TEST_CASE(a_binding_that_is_not_known_is_not_undone_at_the_device) {
    BOOST_REQUIRE(loop.run(network->unbind(switch_ieee, 2, 6, coordinator())));
}

BOOST_AUTO_TEST_CASE(binding_to_a_group_makes_the_group) {
    zdo::BindTarget target;
    target.group = 17;
    zdo_answers
        ["zdo 0x7f2d 0x0021 04030201008d1500"
         "02"
         "0600"
         "01"
         "1100"] = "00";
    BOOST_REQUIRE(loop.run(network->bind(switch_ieee, 2, 6, target)));
    BOOST_TEST((network->find_group(17) != nullptr));
    BOOST_TEST(events.has("groups"));
}

BOOST_AUTO_TEST_CASE(clearing_all_bindings_empties_the_mirror) {
    zdo_answers["zdo 0x7f2d 0x0021 " + bind_payload] = "00";
    zdo_answers["zdo 0x7f2d 0x002b 000801ffffffffffffffff"] = "00";
    BOOST_REQUIRE(loop.run(network->bind(switch_ieee, 2, 6, coordinator())));
    BOOST_REQUIRE(loop.run(network->clear_bindings(switch_ieee, {Ieee(~std::uint64_t{0})})));
    BOOST_TEST(device().endpoint(2)->bindings.empty());
}

// genOnOff.onOff 0/3600 (boolean: no change), then genBasic with a manufacturer code
BOOST_AUTO_TEST_CASE(reporting_is_configured_frame_by_frame_and_kept) {
    answers["0006 06000000100000100e"] = "18 SS 07 00";
    ConfiguredReporting on_off;
    on_off.cluster = 6;
    on_off.maximum_interval = 3600;
    BOOST_REQUIRE(loop.run(network->configure_reporting(switch_ieee, 2, {on_off})));
    BOOST_REQUIRE(device().endpoint(2)->reportings.size() == 1u);
    BOOST_TEST((device().endpoint(2)->reportings[0] == on_off));
    BOOST_TEST(to_hex(radio->sent[0].payload).substr(0, 2) == "10");

    on_off.maximum_interval = 0xFFFF;
    answers["0006 06000000100000ffff"] = "18 SS 07 00";
    BOOST_REQUIRE(loop.run(network->configure_reporting(switch_ieee, 2, {on_off})));
    BOOST_TEST(device().endpoint(2)->reportings.empty());
}

BOOST_AUTO_TEST_CASE(refused_reporting_is_an_error_and_not_kept) {
    answers["0006 06000000100000100e"] = "18 SS 07 8C 00 0000";  // UNREPORTABLE_ATTRIBUTE
    ConfiguredReporting on_off;
    on_off.cluster = 6;
    on_off.maximum_interval = 3600;
    const auto refused = loop.run(network->configure_reporting(switch_ieee, 2, {on_off}));
    BOOST_TEST((refused.error() == make_error_code(zcl::Status::unreportable_attribute)));
    BOOST_TEST(device().endpoint(2)->reportings.empty());
}

BOOST_AUTO_TEST_CASE(an_attribute_no_table_has_cannot_be_reported) {
    ConfiguredReporting item;
    item.cluster = 6;
    item.attribute = 0x1234;
    BOOST_TEST((loop.run(network->configure_reporting(switch_ieee, 2, {item})).error() ==
                Errc::invalid_value));
}

// A count of octets that no table has: uint32 without a change, which is 0 on the air
BOOST_AUTO_TEST_CASE(an_attribute_can_be_reported_by_its_type_and_without_a_change) {
    answers
        ["0006 06003412230a0058020000"
         "0000"] = "18 SS 07 00";
    ConfiguredReporting item;
    item.cluster = 6;
    item.attribute = 0x1234;
    item.minimum_interval = 10;
    item.maximum_interval = 600;
    item.reportable_change.reset();
    item.type = zcl::DataType::uint32;
    BOOST_REQUIRE(loop.run(network->configure_reporting(switch_ieee, 2, {item})));
    item.type.reset();
    BOOST_REQUIRE(device().endpoint(2)->reportings.size() == 1u);
    BOOST_TEST((device().endpoint(2)->reportings[0] == item));
}

// genGroups add / remove [ZCL8 3.6]
BOOST_AUTO_TEST_CASE(group_membership_follows_what_the_device_confirms) {
    answers["0004 00110000"] = "09 SS 00 00 1100";
    BOOST_REQUIRE(loop.run(network->add_to_group(switch_ieee, 2, 17)));
    auto* group = network->find_group(17);
    BOOST_REQUIRE(group);
    BOOST_REQUIRE(group->members.size() == 1u);
    BOOST_TEST((group->members[0] == GroupMember{switch_ieee, 2}));
    answers["0004 00110000"] = "09 SS 00 8A 1100";  // is a member already
    BOOST_REQUIRE(loop.run(network->add_to_group(switch_ieee, 2, 17)));
    BOOST_TEST(group->members.size() == 1u);
    answers["0004 031100"] = "09 SS 03 8B 1100";  // was none
    BOOST_REQUIRE(loop.run(network->remove_from_group(switch_ieee, 2, 17)));
    BOOST_TEST(group->members.empty());
}

BOOST_AUTO_TEST_CASE(a_full_group_table_is_an_error) {
    answers["0004 00110000"] = "09 SS 00 89 1100";
    const auto full = loop.run(network->add_to_group(switch_ieee, 2, 17));
    BOOST_TEST((full.error() == make_error_code(zcl::Status::insufficient_space)));
    BOOST_TEST(!network->find_group(17));
}

BOOST_AUTO_TEST_CASE(leaving_all_groups_and_leaving_the_network_empty_the_lists) {
    answers["0004 00110000"] = "09 SS 00 00 1100";
    BOOST_REQUIRE(loop.run(network->add_to_group(switch_ieee, 2, 17)));
    BOOST_REQUIRE(loop.run(network->remove_from_all_groups(switch_ieee, 2)));
    BOOST_TEST(network->find_group(17)->members.empty());
    BOOST_TEST(to_hex(radio->sent.back().payload).substr(0, 2) == "11");
    BOOST_REQUIRE(loop.run(network->add_to_group(switch_ieee, 2, 17)));
    radio->leave(switch_address, switch_ieee);
    loop.settle();
    BOOST_TEST(network->find_group(17)->members.empty());
}

BOOST_AUTO_TEST_CASE(groups_can_be_removed) {
    network->create_group(5);
    BOOST_REQUIRE(network->remove_group(5));
    BOOST_TEST(!network->find_group(5));
    BOOST_TEST((network->remove_group(5).error() == Errc::not_found));
}

// Mgmt_Lqi_rsp [Zigbee R22 2.4.4.4.2]: 3 entries in two pages
BOOST_AUTO_TEST_CASE(tables_are_read_page_by_page) {
    const std::string entry =
        "DDDDDDDDDDDDDDDD"
        "AA00000000000000"
        "3412"
        "25"
        "00"
        "01"
        "80";
    zdo_answers["zdo 0x7f2d 0x0031 00"] = "00 03 00 02" + entry + entry;
    zdo_answers["zdo 0x7f2d 0x0031 02"] = "00 03 02 01" + entry;
    const auto table = loop.run(network->neighbors(switch_ieee));
    BOOST_REQUIRE(table);
    BOOST_TEST(table->size() == 3u);
    BOOST_TEST(table->front().address == 0x1234);
    zdo_answers["zdo 0x7f2d 0x0032 00"] = "84";
    BOOST_TEST((loop.run(network->routes(switch_ieee)).error() ==
                make_error_code(zdo::Status::not_supported)));
}

BOOST_AUTO_TEST_CASE(a_table_that_never_ends_is_cut) {
    zdo_answers["zdo 0x7f2d 0x0031 00"] = "00 FF 00 00";
    const auto table = loop.run(network->neighbors(switch_ieee));
    BOOST_REQUIRE(table);
    BOOST_TEST(table->empty());
}

BOOST_AUTO_TEST_SUITE_END()
