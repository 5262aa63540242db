#include <boost/test/unit_test.hpp>

#include "coordinator_fixture.hpp"

using namespace waggle;
using namespace waggle::test;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

constexpr std::uint16_t ping = 0x2101, retrieve = 0x2412, route_disc = 0x2545;
constexpr const char* report =
    "00 00 06 00 57 4A 02 01 00 6F 00 B2 C3 D4 01 00 07 18 2A 0A 00 00 10 01 57 4A 1D";

struct Rig : CoordinatorFixture {
    Rig() { bring_up(); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(events, Rig)

BOOST_AUTO_TEST_CASE(a_message_reaches_the_listener) {
    ncp.say(0x4481, report);
    loop.settle();
    BOOST_REQUIRE(listener.messages.size() == 1u);
    BOOST_TEST(listener.messages[0].indication.source == 0x4A57);
    BOOST_TEST(to_hex(listener.messages[0].payload) == "182a0a00001001");
}

BOOST_AUTO_TEST_CASE(a_burst_arrives_in_order_and_complete) {
    Bytes burst;
    for (int i = 0; i < 500; ++i) {
        auto data = hex(report);
        data[18] = static_cast<std::uint8_t>(i);
        const auto frame = mt_frame(0x4481, data);
        burst.insert(burst.end(), frame.begin(), frame.end());
    }
    // In pieces that cut frames anywhere.
    for (std::size_t at = 0; at < burst.size(); at += 1000) {
        const auto end = std::min(at + 1000, burst.size());
        ncp.link->say(Bytes(burst.begin() + static_cast<std::ptrdiff_t>(at),
                            burst.begin() + static_cast<std::ptrdiff_t>(end)));
    }
    loop.settle();
    BOOST_REQUIRE(listener.messages.size() == 500u);
    for (std::size_t i = 0; i < 500; ++i)
        BOOST_TEST(listener.messages[i].payload[1] == static_cast<std::uint8_t>(i));
}

BOOST_AUTO_TEST_CASE(a_message_that_cannot_be_read_costs_only_itself) {
    ncp.say(0x4481, "00 00 06");
    ncp.say(0x4482, "00");
    ncp.say(0x45CA, "00");
    ncp.say(0x45C9, "00");
    ncp.say(0x45C1, "00");
    ncp.say(0x4481, report);
    loop.settle();
    BOOST_TEST(listener.messages.size() == 1u);
    BOOST_TEST(listener.joined.empty());
    BOOST_TEST(listener.left.empty());
}

BOOST_AUTO_TEST_CASE(a_join_comes_from_the_trust_centre) {
    ncp.say(0x45CA, "57 4A 04 03 02 01 00 8D 15 00 00 00");
    loop.settle();
    BOOST_REQUIRE(listener.joined.size() == 1u);
    BOOST_TEST(listener.joined[0].first == 0x4A57);
    BOOST_TEST((listener.joined[0].second == Ieee(0x00158D0001020304)));
}

BOOST_AUTO_TEST_CASE(a_leave_with_the_rejoin_flag_is_none) {
    ncp.say(0x45C9, "57 4A 04 03 02 01 00 8D 15 00 00 00 01");
    loop.settle();
    BOOST_TEST(listener.left.empty());
    ncp.say(0x45C9, "57 4A 04 03 02 01 00 8D 15 00 00 00 00");
    loop.settle();
    BOOST_REQUIRE(listener.left.size() == 1u);
    BOOST_TEST((listener.left[0].second == Ieee(0x00158D0001020304)));
}

BOOST_AUTO_TEST_CASE(a_concentrator_indication_is_an_address_response) {
    ncp.say(0x45C8, "57 4A 04 03 02 01 00 8D 15 00 07");
    loop.settle();
    BOOST_REQUIRE(listener.zdo.size() == 1u);
    BOOST_TEST(listener.zdo[0].cluster == 0x8000);
    BOOST_TEST(listener.zdo[0].payload == "0004030201008d1500574a");
}

BOOST_AUTO_TEST_CASE(an_end_devices_announce_refreshes_its_route_once_a_minute) {
    const auto* const announce = "57 4A 57 4A 04 03 02 01 00 8D 15 00 80";
    ncp.say(0x45C1, announce);
    ncp.say(0x45C1, announce);
    loop.settle();
    BOOST_TEST(listener.zdo.size() == 2u);
    BOOST_TEST(listener.zdo[0].payload == "574a04030201008d150080");
    BOOST_TEST(ncp.count(route_disc) == 1u);
    BOOST_TEST(ncp.last(route_disc) == "574a001e");
    loop.pass(seconds(61), seconds(1));
    ncp.say(0x45C1, announce);
    loop.settle();
    BOOST_TEST(ncp.count(route_disc) == 2u);
}

BOOST_AUTO_TEST_CASE(a_routers_announce_needs_no_route) {
    ncp.say(0x45C1, "57 4A 57 4A 04 03 02 01 00 8D 15 00 8E");
    loop.settle();
    BOOST_TEST(listener.zdo.size() == 1u);
    BOOST_TEST(ncp.count(route_disc) == 0u);
}

BOOST_AUTO_TEST_CASE(a_long_message_is_fetched_in_blocks_and_released) {
    Bytes whole(300);
    for (std::size_t i = 0; i < whole.size(); ++i)
        whole[i] = static_cast<std::uint8_t>(i * 7);
    ncp.on(retrieve, [&](const Bytes& data) {
        const auto index = static_cast<std::size_t>(data.at(4) | data.at(5) << 8);
        const auto piece = ByteView(whole).subspan(index, data.at(6));
        Bytes reply{0, data.at(6)};
        reply.insert(reply.end(), piece.begin(), piece.end());
        return std::vector<Bytes>{mt_frame(0x6412, reply)};
    });
    ncp.say(0x4482,
            "00 00 00 05 02 57 4A 00 00 00 00 00 00 02 00 00 01 00 6F 00 B2 C3 D4 01 00 "
            "2C 01 57 4A 1D");
    loop.settle();
    BOOST_REQUIRE(listener.messages.size() == 1u);
    BOOST_TEST((listener.messages[0].payload == whole));
    BOOST_TEST(listener.messages[0].indication.cluster == 0x0500);
    BOOST_TEST(ncp.count(retrieve) == 3u);
    BOOST_TEST(ncp.last(retrieve) == "b2c3d401000000");
}

BOOST_AUTO_TEST_CASE(a_long_message_that_cannot_be_fetched_is_released_and_dropped) {
    ncp.on(retrieve,
           [](const Bytes&) { return std::vector<Bytes>{mt_frame(0x6412, hex("01 00"))}; });
    ncp.say(0x4482,
            "00 00 00 05 02 57 4A 00 00 00 00 00 00 02 00 00 01 00 6F 00 B2 C3 D4 01 00 "
            "2C 01 57 4A 1D");
    loop.settle();
    BOOST_TEST(listener.messages.empty());
    BOOST_TEST(ncp.last(retrieve) == "b2c3d401000000");
}

BOOST_AUTO_TEST_CASE(a_lost_link_is_told_once) {
    ncp.link->drop("connection reset by peer");
    loop.settle();
    BOOST_TEST(listener.lost == std::vector<std::string>({"connection reset by peer"}));
    loop.pass(minutes(3), seconds(1));
    BOOST_TEST(listener.lost.size() == 1u);
}

BOOST_AUTO_TEST_CASE(after_a_lost_link_start_resumes_the_same_network) {
    ncp.link->drop("unplugged");
    loop.settle();
    const auto again = start();
    BOOST_REQUIRE_MESSAGE(again, problem);
    BOOST_TEST((*again == StartResult::resumed));
    ncp.say(0x4481, report);
    loop.settle();
    BOOST_TEST(listener.messages.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_spontaneous_reset_ends_the_session_and_start_brings_the_network_back) {
    ncp.state = 0;
    ncp.say(0x4180, "02 02 01 02 07 01");
    loop.settle();
    BOOST_TEST(listener.lost == std::vector<std::string>({"the co-processor was reset"}));
    BOOST_TEST((*start() == StartResult::resumed));
    BOOST_TEST(ncp.state == 9);
}

BOOST_AUTO_TEST_CASE(a_silent_link_is_asked_after_a_minute_and_lives) {
    loop.pass(seconds(58), seconds(1));
    BOOST_TEST(ncp.count(ping) == 0u);
    loop.pass(seconds(4), seconds(1));
    BOOST_TEST(ncp.count(ping) == 1u);
    loop.pass(minutes(2), seconds(1));
    BOOST_TEST(ncp.count(ping) == 3u);
    BOOST_TEST(listener.lost.empty());
}

BOOST_AUTO_TEST_CASE(a_link_that_speaks_is_not_asked) {
    for (int i = 0; i < 10; ++i) {
        loop.pass(seconds(30), seconds(1));
        ncp.say(0x4481, report);
        loop.settle();
    }
    BOOST_TEST(ncp.count(ping) == 0u);
}

BOOST_AUTO_TEST_CASE(two_unanswered_questions_are_a_lost_link) {
    ncp.ignore(ping);
    loop.pass(seconds(66), seconds(1));
    BOOST_TEST(listener.lost.empty());
    loop.until([&] { return !listener.lost.empty(); }, seconds(20), seconds(1));
    BOOST_TEST(ncp.count(ping) == 2u);
    BOOST_TEST(listener.lost[0] == "the co-processor does not answer");
}

BOOST_AUTO_TEST_CASE(a_dead_co_processor_is_noticed_while_requests_fail) {
    ncp.ignore(ping);
    ncp.ignore(0x2531);
    std::optional<Result<Bytes>> first, second;
    loop.start(coordinator->zdo(1, zdo::Cluster::mgmt_lqi_req, hex("00"), true), first);
    loop.start(coordinator->zdo(2, zdo::Cluster::mgmt_lqi_req, hex("00"), true), second);
    loop.until([&] { return !listener.lost.empty(); }, seconds(30));
    BOOST_TEST(listener.lost[0] == "the co-processor does not answer");
}

BOOST_AUTO_TEST_CASE(stop_is_silent_and_start_may_follow) {
    loop.run(coordinator->stop());
    BOOST_TEST(!ncp.link->is_open());
    ncp.say(0x4481, report);
    loop.pass(minutes(2), seconds(1));
    BOOST_TEST(listener.lost.empty());
    BOOST_TEST(listener.messages.empty());
    BOOST_TEST(start().has_value());
}

BOOST_AUTO_TEST_SUITE_END()
