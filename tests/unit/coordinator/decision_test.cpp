#include "coordinator/znp/decision.hpp"

#include <boost/test/unit_test.hpp>

using namespace waggle;
using namespace waggle::znp;
using store::CoordinatorBackup;

// One case a row of zigbee2mqtt's start-up table, in its order.

namespace {

constexpr std::uint64_t extended_pan_id = 0x1122334455667788;
constexpr Key key{1, 3, 5, 7, 9, 11, 13, 15, 0, 2, 4, 6, 8, 10, 12, 13};
constexpr Key other_key{9, 9, 9};

struct World {
    World() {
        wanted.pan_id = 0x1A62;
        wanted.extended_pan_id = extended_pan_id;
        wanted.channels = 1u << 11;
        wanted.key = key;
        adapter.configured = true;
        adapter.nib.emplace();
        adapter.nib->pan_id = 0x1A62;
        adapter.nib->extended_pan_id = extended_pan_id;
        adapter.nib->channel_mask = 1u << 11;
        adapter.nib->logical_channel = 11;
        adapter.preconfigured_key = adapter.active_key = adapter.alternate_key = key;
    }

    CoordinatorBackup& with_backup() {
        backup.emplace();
        backup->znp_version = 1;
        backup->pan_id = 0x1A62;
        backup->extended_pan_id = extended_pan_id;
        backup->channel = 11;
        backup->channel_mask = {11};
        backup->network_key = key;
        return *backup;
    }
    Decision decision() const { return decide(wanted, adapter, backup); }
    Action action() const { return decision().action; }

    WantedNetwork wanted;
    AdapterState adapter;
    std::optional<CoordinatorBackup> backup;
};

bool mentions(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(decision, World)

BOOST_AUTO_TEST_CASE(an_empty_adapter_without_backup_forms) {
    adapter.configured = false;
    BOOST_TEST((action() == Action::form));
    adapter.configured = true;
    adapter.nib.reset();
    BOOST_TEST((action() == Action::form));
}

BOOST_AUTO_TEST_CASE(an_empty_adapter_gets_the_backup_that_the_configuration_describes) {
    adapter.configured = false;
    with_backup();
    BOOST_TEST((action() == Action::restore));
}

BOOST_AUTO_TEST_CASE(an_empty_adapter_forms_when_the_backup_is_of_another_network) {
    adapter.configured = false;
    with_backup().pan_id = 1;
    BOOST_TEST((action() == Action::form));
}

BOOST_AUTO_TEST_CASE(a_changed_channel_keeps_a_backup_from_being_restored) {
    adapter.configured = false;
    with_backup().channel_mask = {15};
    BOOST_TEST((action() == Action::form));
}

BOOST_AUTO_TEST_CASE(a_configured_adapter_that_matches_resumes_with_any_backup) {
    BOOST_TEST((action() == Action::resume));
    with_backup();
    BOOST_TEST((action() == Action::resume));
    backup->pan_id = 1;
    BOOST_TEST((action() == Action::resume));
}

BOOST_AUTO_TEST_CASE(the_channel_is_not_compared_with_the_adapter) {
    wanted.channels = 1u << 25;
    BOOST_TEST((action() == Action::resume));
}

BOOST_AUTO_TEST_CASE(another_network_on_the_adapter_without_backup_is_replaced) {
    wanted.pan_id = 7;
    BOOST_TEST((action() == Action::form));
}

BOOST_AUTO_TEST_CASE(a_configuration_that_differs_from_adapter_and_backup_is_refused) {
    with_backup();
    wanted.pan_id = 7;
    const auto refused = decision();
    BOOST_TEST((refused.action == Action::refuse));
    BOOST_TEST(mentions(refused.problem, "pan_id is 7 (0x0007) in the configuration but 6754"));
    BOOST_TEST(mentions(refused.problem, "coordinator_backup.json"));
    BOOST_TEST(!mentions(refused.problem, "ext_pan_id is"));
}

BOOST_AUTO_TEST_CASE(the_refusal_names_the_extended_pan_id_with_both_values) {
    with_backup();
    wanted.extended_pan_id = 0xAABBCCDDEEFF0011;
    const auto refused = decision();
    BOOST_TEST((refused.action == Action::refuse));
    BOOST_TEST(mentions(refused.problem,
                        "ext_pan_id is 0xaabbccddeeff0011 in the configuration "
                        "but 0x1122334455667788 on the adapter"));
}

BOOST_AUTO_TEST_CASE(the_refusal_names_the_key_without_giving_it_away) {
    with_backup();
    wanted.key = other_key;
    const auto refused = decision();
    BOOST_TEST((refused.action == Action::refuse));
    BOOST_TEST(mentions(refused.problem,
                        "network_key is 0909..0000 in the configuration but "
                        "0103..0c0d on the adapter (active key)"));
    BOOST_TEST(!mentions(refused.problem, "01030507"));
}

BOOST_AUTO_TEST_CASE(a_backup_of_the_configured_network_is_put_onto_another_adapter) {
    with_backup();
    adapter.nib->pan_id = 7;
    BOOST_TEST((action() == Action::restore));
}

BOOST_AUTO_TEST_CASE(three_different_networks_end_in_a_fourth) {
    with_backup().pan_id = 5;
    adapter.nib->pan_id = 7;
    BOOST_TEST((action() == Action::form));
}

BOOST_AUTO_TEST_CASE(both_keys_of_the_adapter_count) {
    adapter.active_key = other_key;
    BOOST_TEST((action() == Action::form));
    adapter.active_key = key;
    adapter.alternate_key = other_key;
    BOOST_TEST((action() == Action::form));
}

BOOST_AUTO_TEST_CASE(the_preconfigured_key_counts_on_12_only) {
    adapter.preconfigured_key = other_key;
    BOOST_TEST((action() == Action::resume));
    adapter.product = Product::zstack_12;
    BOOST_TEST((action() == Action::form));
    adapter.preconfigured_key = key;
    adapter.active_key.reset();
    adapter.alternate_key.reset();
    BOOST_TEST((action() == Action::resume));
}

BOOST_AUTO_TEST_CASE(a_reversed_extended_pan_id_is_taken_and_said) {
    adapter.nib->extended_pan_id = 0x8877665544332211;
    const auto taken = decision();
    BOOST_TEST((taken.action == Action::resume));
    BOOST_TEST(mentions(taken.warning, "reversed"));
}

BOOST_AUTO_TEST_CASE(an_extended_pan_id_of_eight_dd_is_the_adapters_address_and_matches_any) {
    NetworkParameters parameters;
    parameters.extended_pan_id.fill(0xDD);
    BOOST_TEST(asks_for_adapter_address(parameters));
    wanted.extended_pan_id = wanted_network(parameters, 0x00124B0011223344).extended_pan_id;
    wanted.default_extended_pan_id = true;
    BOOST_TEST(wanted.extended_pan_id == 0x00124B0011223344u);
    BOOST_TEST((action() == Action::resume));
    adapter.configured = false;
    with_backup();
    BOOST_TEST((action() == Action::restore));
}

BOOST_AUTO_TEST_CASE(a_newer_stacks_backup_is_refused_on_12) {
    adapter.product = Product::zstack_12;
    adapter.configured = false;
    with_backup();
    const auto refused = decision();
    BOOST_TEST((refused.action == Action::refuse));
    BOOST_TEST(mentions(refused.problem, "newer stack"));
    backup->znp_version = 0;
    BOOST_TEST((action() == Action::restore));
    backup->znp_version.reset();
    BOOST_TEST((action() == Action::restore));
}

BOOST_AUTO_TEST_CASE(an_unreadable_key_is_no_reason_to_form_a_new_network) {
    adapter.active_key.reset();
    BOOST_TEST((action() == Action::refuse));
}

BOOST_AUTO_TEST_SUITE_END()
