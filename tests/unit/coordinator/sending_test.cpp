#include <boost/test/unit_test.hpp>

#include "coordinator/znp/sender.hpp"
#include "coordinator_fixture.hpp"

using namespace waggle;
using namespace waggle::test;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Sent = std::optional<Result<void>>;

namespace {

constexpr std::uint16_t data_request = 0x2401, data_request_ext = 0x2402, data_store = 0x2411,
                        nwk_addr_req = 0x2500, node_desc_req = 0x2502, permit_req = 0x2536,
                        nwk_update = 0x2537, route_disc = 0x2545, assoc_get = 0x274A,
                        assoc_remove = 0x2763, assoc_add = 0x2764, led_control = 0x270A,
                        install_code = 0x2F04, inter_pan = 0x2410;

Bytes confirm(std::uint8_t status, std::uint8_t transaction) {
    return mt_frame(0x4480, Bytes{status, 1, transaction});
}

struct Rig : CoordinatorFixture {
    Rig() {
        bring_up();
        confirm_with(0);
    }

    /// Takes each unicast and confirms it with the next of `statuses`; the last one stays.
    void confirm_with(std::initializer_list<int> statuses) {
        outcomes.assign(statuses);
        ncp.on(data_request, [this](const Bytes& data) {
            const auto status = static_cast<std::uint8_t>(outcomes.front());
            if (outcomes.size() > 1)
                outcomes.erase(outcomes.begin());
            return std::vector<Bytes>{mt_frame(0x6401, Bytes(1, 0)), confirm(status, data.at(6))};
        });
        ncp.on(data_request_ext, [](const Bytes& data) {
            return std::vector<Bytes>{mt_frame(0x6402, Bytes(1, 0)), confirm(0, data.at(15))};
        });
    }
    void confirm_with(int status) { confirm_with({status}); }
    /// Takes unicasts and says no more.
    void never_confirm() {
        ncp.on(data_request,
               [](const Bytes&) { return std::vector<Bytes>{mt_frame(0x6401, Bytes(1, 0))}; });
    }

    /// For options that count from the beginning.
    void replace() {
        loop.run(coordinator->stop());
        coordinator.reset();
    }
    Result<void> send(ApsRequest request) {
        return loop.run(coordinator->send(std::move(request)));
    }
    Result<void> send_to(NwkAddress address, bool recover = true) {
        auto request = unicast(address);
        request.ieee = Ieee(0x00158D0001020304);
        request.allow_recovery = recover;
        return send(std::move(request));
    }
    ApsRequest groupcast() const {
        return ApsRequest(ApsRequest::Mode::group, 5, 1, 255, 0x0104, 6, hex("01 02 03"));
    }

    std::vector<int> outcomes;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sending, Rig)

BOOST_AUTO_TEST_CASE(a_unicast_has_the_octets_of_af_data_request) {
    BOOST_TEST(
        send(ApsRequest(ApsRequest::Mode::unicast, 0x1234, 1, 2, 0x0104, 0x0006, hex("11 2A 01")))
            .has_value());
    BOOST_TEST(ncp.last(data_request) ==
               "341202010600"
               "01"
               "00"
               "1e"
               "03"
               "112a01");
}

BOOST_AUTO_TEST_CASE(a_groupcast_and_a_broadcast_have_those_of_af_data_request_ext) {
    BOOST_TEST(send(groupcast()).has_value());
    BOOST_TEST(ncp.last(data_request_ext) ==
               "010500000000000000ff0000010600"
               "01"
               "00"
               "1e"
               "0300"
               "010203");
    BOOST_TEST(send(ApsRequest(ApsRequest::Mode::broadcast, 0xFFFD, 242, 242, 0xA1E0, 0x0021,
                               hex("01 02")))
                   .has_value());
    BOOST_TEST(ncp.last(data_request_ext) ==
               "02fdff000000000000f20000f22100"
               "02"
               "00"
               "1e"
               "0200"
               "0102");
}

BOOST_AUTO_TEST_CASE(each_status_has_its_error) {
    const std::pair<int, Errc> expected[] = {{0xCD, Errc::no_route},
                                             {0xE9, Errc::no_ack},
                                             {0xB7, Errc::no_ack},
                                             {0xE1, Errc::channel_access_failure},
                                             {0xF0, Errc::transaction_expired},
                                             {0x11, Errc::buffer_full},
                                             {0x1A, Errc::no_resources},
                                             {0x10, Errc::no_resources},
                                             {0x02, Errc::invalid_value},
                                             {0xA1, Errc::refused},
                                             {0xE5, Errc::too_large},
                                             {0x77, Errc::delivery_failed}};
    for (const auto& [status, error] : expected) {
        confirm_with(status);
        BOOST_TEST((send_to(0x1234, false).error() == error), status);
    }
    BOOST_TEST(ncp.count(data_request) == std::size(expected));
}

BOOST_AUTO_TEST_CASE(a_refused_message_has_the_replys_status) {
    ncp.on(data_request,
           [](const Bytes&) { return std::vector<Bytes>{mt_frame(0x6401, Bytes(1, 0x02))}; });
    BOOST_TEST((send_to(1).error() == Errc::invalid_value));
    BOOST_TEST(ncp.count(data_request) == 1u);
}

BOOST_AUTO_TEST_CASE(a_lost_reply_does_not_hide_the_confirm) {
    ncp.on(data_request,
           [](const Bytes& data) { return std::vector<Bytes>{confirm(0, data.at(6))}; });
    BOOST_TEST(send_to(1).has_value());
    BOOST_TEST(ncp.count(data_request) == 1u);
}

BOOST_AUTO_TEST_CASE(a_missing_confirm_ends_after_ten_seconds) {
    never_confirm();
    const auto before = Clock::now();
    BOOST_TEST((send_to(1).error() == Errc::timed_out));
    BOOST_TEST((Clock::now() - before >= seconds(10)));
    BOOST_TEST((Clock::now() - before < seconds(12)));
    BOOST_TEST(ncp.count(data_request) == 1u);
}

BOOST_AUTO_TEST_CASE(without_recovery_there_is_one_attempt) {
    confirm_with(0xCD);
    BOOST_TEST((send_to(0x1234, false).error() == Errc::no_route));
    BOOST_TEST(ncp.count(data_request) == 1u);
    BOOST_TEST(ncp.count(route_disc) == 0u);
}

BOOST_AUTO_TEST_CASE(congestion_is_waited_out_two_seconds_at_a_time) {
    confirm_with({0x11, 0xE1, 0x1A, 0});
    const auto before = Clock::now();
    BOOST_TEST(send_to(0x1234).has_value());
    BOOST_TEST(ncp.count(data_request) == 4u);
    BOOST_TEST((Clock::now() - before >= seconds(6)));
    BOOST_TEST(ncp.count(route_disc) == 0u);
}

BOOST_AUTO_TEST_CASE(five_attempts_are_the_end) {
    confirm_with(0x11);
    BOOST_TEST((send_to(0x1234).error() == Errc::buffer_full));
    BOOST_TEST(ncp.count(data_request) == 5u);
}

BOOST_AUTO_TEST_CASE(a_missing_route_is_discovered_then_the_address_asked_then_waited) {
    confirm_with(0xCD);
    ncp.on(nwk_addr_req, [](const Bytes&) {
        return std::vector<Bytes>{mt_frame(0x6500, Bytes(1, 0)),
                                  mt_frame(0x4580, hex("00 04 03 02 01 00 8D 15 00 34 12 00 00"))};
    });
    BOOST_TEST((send_to(0x1234).error() == Errc::no_route));
    BOOST_TEST(ncp.count(data_request) == 5u);
    BOOST_TEST(ncp.count(route_disc) == 1u);
    BOOST_TEST(ncp.last(route_disc) == "3412001e");
    BOOST_TEST(ncp.count(nwk_addr_req) == 1u);
    BOOST_TEST(ncp.last(nwk_addr_req) == "04030201008d15000000");
    // Whatever the answer said is told, as any other address response.
    BOOST_REQUIRE(listener.zdo.size() == 1u);
    BOOST_TEST(listener.zdo[0].cluster == 0x8000);
}

BOOST_AUTO_TEST_CASE(a_device_that_moved_is_reached_at_its_new_address) {
    confirm_with({0xE9, 0xE9, 0xE9, 0});
    ncp.on(nwk_addr_req, [](const Bytes&) {
        return std::vector<Bytes>{mt_frame(0x6500, Bytes(1, 0)),
                                  mt_frame(0x4580, hex("00 04 03 02 01 00 8D 15 00 78 56 00 00"))};
    });
    BOOST_TEST(send_to(0x1234).has_value());
    BOOST_TEST(ncp.last(data_request).starts_with("7856"));
    BOOST_TEST(ncp.count(route_disc) == 2u);
    BOOST_TEST(ncp.last(route_disc) == "7856001e");
}

BOOST_AUTO_TEST_CASE(a_child_that_fetches_nothing_is_taken_out_of_the_table_and_put_back) {
    ncp.on(assoc_get, [](const Bytes&) {
        return std::vector<Bytes>{mt_frame(0x674A, hex("34 12 05 00 01"))};
    });
    confirm_with(0xF0);
    BOOST_TEST((send_to(0x1234).error() == Errc::transaction_expired));
    BOOST_TEST(ncp.last(assoc_get) == "04030201008d15003412");
    BOOST_TEST(ncp.count(assoc_remove) == 1u);
    BOOST_TEST(ncp.last(assoc_remove) == "04030201008d1500");
    BOOST_TEST(ncp.count(assoc_add) == 1u);
    BOOST_TEST(ncp.last(assoc_add) == "04030201008d1500341201");
    BOOST_TEST(ncp.count(route_disc) == 1u);
}

BOOST_AUTO_TEST_CASE(older_firmware_is_not_asked_for_what_it_lacks) {
    ncp.revision = 20200101;
    BOOST_REQUIRE(start());
    confirm_with(0xF0);
    BOOST_TEST((send_to(0x1234).error() == Errc::transaction_expired));
    BOOST_TEST(ncp.count(assoc_get) == 0u);
    BOOST_TEST(ncp.count(route_disc) == 1u);
}

BOOST_AUTO_TEST_CASE(a_long_unicast_is_stored_piece_by_piece) {
    Bytes payload(500);
    for (std::size_t i = 0; i < payload.size(); ++i)
        payload[i] = static_cast<std::uint8_t>(i);
    Bytes stored;
    std::vector<std::size_t> sizes;
    ncp.on(data_request_ext, [](const Bytes& data) {
        BOOST_TEST(data.size() == 20u);
        BOOST_TEST(to_hex(data) == "02341200000000000002000001060001001ef401");
        return std::vector<Bytes>{mt_frame(0x6402, Bytes(1, 0))};
    });
    ncp.on(data_store, [&](const Bytes& data) {
        const auto size = data.at(2);
        sizes.push_back(size);
        BOOST_TEST(data.size() == 3u + size);
        if (size != 0)
            BOOST_TEST(std::size_t(data[0] | data[1] << 8) == stored.size());
        stored.insert(stored.end(), data.begin() + 3, data.end());
        std::vector<Bytes> frames{mt_frame(0x6411, Bytes(1, 0))};
        if (size == 0)
            frames.push_back(confirm(0, 1));
        return frames;
    });
    BOOST_TEST(
        send(ApsRequest(ApsRequest::Mode::unicast, 0x1234, 1, 2, 0x0104, 6, payload)).has_value());
    BOOST_TEST(sizes == std::vector<std::size_t>({240, 240, 20, 0}));
    BOOST_TEST((stored == payload));
}

BOOST_AUTO_TEST_CASE(the_longest_payload_of_one_request_is_240_octets) {
    BOOST_TEST(send(unicast(1, 240)).has_value());
    BOOST_TEST(ncp.count(data_request) == 1u);
    BOOST_TEST((send(unicast(1, 5000)).error() == Errc::too_large));
}

BOOST_AUTO_TEST_CASE(sixteen_unicasts_are_under_way_and_one_a_device) {
    never_confirm();
    std::vector<Sent> sent(20);
    for (std::size_t i = 0; i < sent.size(); ++i)
        loop.start(coordinator->send(unicast(static_cast<NwkAddress>(0x1000 + i / 2))), sent[i]);
    loop.settle();
    BOOST_TEST(ncp.count(data_request) == 10u);
    std::vector<Sent> more(20);
    for (std::size_t i = 0; i < more.size(); ++i)
        loop.start(coordinator->send(unicast(static_cast<NwkAddress>(0x2000 + i))), more[i]);
    loop.settle();
    BOOST_TEST(ncp.count(data_request) == 16u);
    loop.run(coordinator->stop());  // the results live here
}

BOOST_AUTO_TEST_CASE(the_configured_concurrency_wins) {
    options.concurrency = 3;
    replace();
    BOOST_REQUIRE(start());
    ncp.asked.clear();
    never_confirm();
    std::vector<Sent> sent(8);
    for (std::size_t i = 0; i < sent.size(); ++i)
        loop.start(coordinator->send(unicast(static_cast<NwkAddress>(0x1000 + i))), sent[i]);
    loop.settle();
    BOOST_TEST(ncp.count(data_request) == 3u);
    loop.run(coordinator->stop());  // the results live here
}

BOOST_AUTO_TEST_CASE(sleeping_devices_do_not_hold_the_others_back) {
    options.concurrency = 2;
    replace();
    BOOST_REQUIRE(start());
    ncp.on(data_request, [this](const Bytes& data) {
        std::vector<Bytes> frames{mt_frame(0x6401, Bytes(1, 0))};
        if (data[1] != 0x10)  // those at 0x10xx sleep
            frames.push_back(confirm(0, data[6]));
        return frames;
    });
    Sent sleeping[2];
    loop.start(coordinator->send(unicast(0x1000)), sleeping[0]);
    loop.start(coordinator->send(unicast(0x1001)), sleeping[1]);
    loop.settle();
    const auto before = Clock::now();
    BOOST_TEST(send_to(0x2000).has_value());
    BOOST_TEST((Clock::now() - before < milliseconds(1500)));
    BOOST_TEST(!sleeping[0]);
    loop.run(coordinator->stop());  // the results live here
}

BOOST_AUTO_TEST_CASE(a_full_radio_narrows_the_window) {
    confirm_with(0x11);
    BOOST_TEST((send_to(0x1234, false).error() == Errc::buffer_full));
    ncp.asked.clear();
    never_confirm();
    std::vector<Sent> sent(20);
    for (std::size_t i = 0; i < sent.size(); ++i)
        loop.start(coordinator->send(unicast(static_cast<NwkAddress>(0x1000 + i))), sent[i]);
    loop.settle();
    BOOST_TEST(ncp.count(data_request) == 8u);
    loop.run(coordinator->stop());  // the results live here
}

BOOST_AUTO_TEST_CASE(groupcasts_settle_without_holding_unicasts_back) {
    options.concurrency = 2;
    replace();
    BOOST_REQUIRE(start());
    ncp.asked.clear();
    const auto before = Clock::now();
    BOOST_TEST(send(groupcast()).has_value());
    BOOST_TEST(send(groupcast()).has_value());
    Sent third;
    loop.start(coordinator->send(groupcast()), third);
    loop.settle();
    BOOST_TEST(!third);
    BOOST_TEST(ncp.count(data_request_ext) == 2u);
    BOOST_TEST(send_to(0x1234).has_value());
    loop.until([&] { return third.has_value(); }, seconds(2), milliseconds(10));
    BOOST_TEST((Clock::now() - before >= milliseconds(200)));
    BOOST_TEST(third->has_value());
}

BOOST_AUTO_TEST_CASE(everything_under_way_ends_with_the_link) {
    never_confirm();
    std::vector<Sent> sent(40);
    for (std::size_t i = 0; i < sent.size(); ++i)
        loop.start(coordinator->send(unicast(static_cast<NwkAddress>(0x1000 + i))), sent[i]);
    std::optional<Result<Bytes>> asked;
    loop.start(coordinator->zdo(0x3000, zdo::Cluster::node_desc_req, hex("00 30"), true), asked);
    loop.settle();
    ncp.link->drop("unplugged");
    loop.settle();
    for (const auto& one : sent) {
        BOOST_REQUIRE(one);
        BOOST_TEST((one->error() == Errc::closed));
    }
    BOOST_REQUIRE(asked);
    BOOST_TEST((asked->error() == Errc::closed));
    BOOST_TEST(listener.lost == std::vector<std::string>({"unplugged"}));
    BOOST_TEST((send_to(1).error() == Errc::closed));
}

BOOST_AUTO_TEST_CASE(a_back_off_ends_with_the_link_as_well) {
    confirm_with(0x11);
    Sent sent;
    loop.start(coordinator->send(unicast(0x1234)), sent);
    loop.settle();
    BOOST_TEST(!sent);
    loop.run(coordinator->stop());
    BOOST_REQUIRE(sent);
    BOOST_TEST((sent->error() == Errc::closed));
}

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
