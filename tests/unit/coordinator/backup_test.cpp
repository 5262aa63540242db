#include <boost/test/unit_test.hpp>

#include "coordinator/znp/structs.hpp"
#include "coordinator_fixture.hpp"

using namespace waggle;
using namespace waggle::test;

namespace {

using Device = store::CoordinatorBackup::Device;

constexpr std::uint64_t child = 0x00158D0001020304, router = 0x00158D0005060708,
                        keyed = 0x00158D000A0B0C0D;
constexpr znp::Key own_key{0xAA, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

Device device(std::uint64_t ieee, NwkAddress address, bool is_child) {
    Device made;
    made.ieee = ieee;
    made.nwk_address = address;
    made.is_child = is_child;
    return made;
}

const Device* find(const store::CoordinatorBackup& backup, std::uint64_t ieee) {
    for (const auto& entry : backup.devices) {
        if (entry.ieee == ieee)
            return &entry;
    }
    return nullptr;
}

struct Rig : CoordinatorFixture {
    Rig() {
        seed.fill(0x33);
        seed[5] = 0x99;
        backup = matching_backup();
        backup->zstack_tclk_seed = seed;
        backup->key_sequence_number = 2;
        backup->nwk_update_id = 7;
        backup->devices = {device(child, 0x1001, true), device(router, 0x1002, false),
                           device(keyed, 0x1003, false)};
        backup->devices[1].link_key =
            Device::LinkKey{znp::derive_link_key(seed, 4, router), 20, 10};
        backup->devices[2].link_key = Device::LinkKey{own_key, 40, 30};
    }

    store::CoordinatorBackup read(std::vector<Ieee> known = {}) {
        auto made = loop.run(coordinator->backup(std::move(known)));
        BOOST_REQUIRE(made);
        return *made;
    }
    void check_round_trip() {
        const auto result = start();
        BOOST_REQUIRE_MESSAGE(result, problem);
        BOOST_TEST((*result == StartResult::restored));
        const auto made = read();
        BOOST_TEST(made.pan_id == backup->pan_id);
        BOOST_TEST(made.extended_pan_id == backup->extended_pan_id);
        BOOST_TEST((made.network_key == backup->network_key));
        BOOST_TEST(made.key_sequence_number == 2);
        BOOST_TEST(made.frame_counter == 1000u + 2500u);
        BOOST_TEST(made.coordinator_ieee == backup->coordinator_ieee);
        BOOST_TEST(made.channel == 11);
        BOOST_TEST((made.channel_mask == std::vector<std::uint8_t>{11}));
        BOOST_TEST(made.nwk_update_id == 7);
        BOOST_TEST(made.security_level == 5);
        BOOST_TEST((made.zstack_tclk_seed == seed));
        BOOST_TEST(made.devices.size() == 3u);
        check_devices(made);
    }
    void check_devices(const store::CoordinatorBackup& made) {
        const auto* const first = find(made, child);
        BOOST_REQUIRE(first);
        BOOST_TEST(first->is_child);
        BOOST_TEST((first->nwk_address == 0x1001));
        BOOST_TEST(!first->link_key);
        const auto* const second = find(made, router);
        BOOST_REQUIRE(second && second->link_key);
        BOOST_TEST(!second->is_child);
        BOOST_TEST((second->link_key->key == backup->devices[1].link_key->key));
        BOOST_TEST(second->link_key->rx_counter == 20u);
        BOOST_TEST(second->link_key->tx_counter == 10u + 2500u);
        const auto* const third = find(made, keyed);
        BOOST_REQUIRE(third && third->link_key);
        BOOST_TEST((third->link_key->key == own_key));
        BOOST_TEST(third->link_key->rx_counter == 40u);
        BOOST_TEST(third->link_key->tx_counter == 30u + 2500u);
    }

    znp::Key seed{};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(backup_and_restore, Rig)

BOOST_AUTO_TEST_CASE(what_is_restored_on_3x0_is_read_back) {
    check_round_trip();
    // The octets, as the stack keeps them.
    BOOST_TEST(to_hex(ncp.nv[0x01]) == "ddccbbaa004b1200");
    BOOST_TEST(to_hex(ncp.nv[0x3A]) == "0201030507090b0d0f00020406080a0c0d");
    BOOST_TEST(to_hex(ncp.nv_extended[{7, 0}]) == "ac0d00008877665544332211");
    BOOST_TEST(to_hex(ncp.nv_extended[{7, 2}]) == "ac0d0000ffffffffffffffff");
    BOOST_TEST(to_hex(ncp.nv_extended[{1, 0}]) == "01ff011004030201008d1500");
    BOOST_TEST(to_hex(ncp.nv_extended[{1, 1}]) == "02ff021008070605008d1500");
    BOOST_TEST(to_hex(ncp.nv_extended[{4, 0}]) == "ce0900001400000008070605008d150002000400");
    BOOST_TEST(to_hex(ncp.nv_extended[{6, 0}]).substr(32) == "e209000028000000");
    BOOST_TEST(to_hex(ncp.nv[0x4C]) == "0100020000000100feff00000000feff00000000");
    BOOST_TEST(to_hex(ncp.nv[0x60]) == "55");
}

BOOST_AUTO_TEST_CASE(what_is_restored_on_30x_is_read_back) {
    ncp.product = 2;
    ncp.nv[0x82].resize(21);
    check_round_trip();
    BOOST_TEST(to_hex(ncp.nv[0x4C]) == "01000200010201feff000000feff000000");
    BOOST_TEST(to_hex(ncp.nv[0x75]) == "ac0d00008877665544332211");
    BOOST_TEST(to_hex(ncp.nv[0x111]) == "ce0900001400000008070605008d1500020004");
}

BOOST_AUTO_TEST_CASE(on_12_the_same_parameters_are_formed_again) {
    ncp.product = 0;
    ncp.nv[0x82].resize(21);
    backup->znp_version = 0;
    const auto result = start();
    BOOST_REQUIRE_MESSAGE(result, problem);
    BOOST_TEST((*result == StartResult::restored));
    BOOST_TEST(coordinator->network().pan_id == 0x1A62);
}

BOOST_AUTO_TEST_CASE(more_devices_than_places_are_refused_with_the_table) {
    for (std::uint64_t i = 0; i < 10; ++i)
        backup->devices.push_back(device(0x1000 + i, 1, true));
    BOOST_TEST((start().error() == Errc::too_large));
    BOOST_TEST(problem.find("address manager table has 6 places") != std::string::npos);
    BOOST_TEST(!ncp.nv.contains(0x60));
}

BOOST_AUTO_TEST_CASE(an_adapter_without_a_frame_counter_gets_the_assumed_one) {
    bring_up();
    BOOST_TEST(read().frame_counter == 1250u);
}

BOOST_AUTO_TEST_CASE(a_known_device_that_the_adapter_lost_stays_in_the_backup) {
    BOOST_REQUIRE(start());
    for (std::uint16_t i = 0; i < 6; ++i)
        ncp.nv_extended[{1, i}] = Bytes(12, 0);
    BOOST_TEST(read({Ieee(keyed)}).devices.size() == 1u);
    const auto made = read({Ieee(keyed), Ieee(child)});
    BOOST_REQUIRE(made.devices.size() == 1u);
    BOOST_TEST(made.devices[0].ieee == keyed);
    BOOST_TEST(read({}).devices.empty());
}

BOOST_AUTO_TEST_CASE(a_long_item_is_moved_in_pieces) {
    ncp.product = 2;
    ncp.nv[0x82].resize(21);
    ncp.form(wanted.pan_id, extended_pan_id, 11, key);
    ncp.nv[0x23] = Bytes(std::size_t{60} * 11, 0);
    const auto last = std::size_t{59} * 11;
    ncp.nv[0x23][last] = 1;
    ncp.nv[0x23][last + 3] = 0x42;
    backup.reset();
    BOOST_REQUIRE(start());
    const auto made = read();
    BOOST_REQUIRE(made.devices.size() == 1u);
    BOOST_TEST(made.devices[0].ieee == 0x42u);
}

BOOST_AUTO_TEST_SUITE_END()
