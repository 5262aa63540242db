#include <boost/test/unit_test.hpp>

#include "coordinator/znp/sender.hpp"
#include "sending_rig.hpp"

using namespace waggle;
using namespace waggle::test;
using namespace waggle::test::mt;
using std::chrono::milliseconds;
using std::chrono::seconds;

BOOST_FIXTURE_TEST_SUITE(sending, SendingRig)

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

BOOST_AUTO_TEST_SUITE_END()
