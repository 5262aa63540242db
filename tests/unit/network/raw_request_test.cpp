#include "network/raw_request.hpp"

#include <array>

#include "network_fixture.hpp"

using namespace waggle;
using namespace waggle::network;
using namespace waggle::test;

namespace {

struct RawFixture : NetworkFixture {
    RawFixture() { pair(); }

    RawRequest toggle() {
        const auto* cluster = zcl::find_cluster("genOnOff");
        ApsRequest to(ApsRequest::Mode::unicast, switch_address, 1, 2, profile_home_automation, 6,
                      {});
        to.ieee = switch_ieee;
        return {std::move(to), zcl::cluster_command(*cluster, *cluster->command("toggle"), {})};
    }
    Result<ZclReply> reply_of(RawRequest request) {
        return loop.run(network->send_raw(std::move(request)));
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(raw_request, RawFixture)

BOOST_AUTO_TEST_CASE(the_sequence_number_is_the_callers) {
    answers["0006 02"] = "18 SS 0B 02 00";
    auto request = toggle();
    request.sequence = 0x2A;
    const auto reply = reply_of(std::move(request));
    BOOST_REQUIRE(reply);
    BOOST_TEST(to_hex(radio->sent.back().payload) == "012a02");
    BOOST_TEST(to_hex(reply->bytes) == "182a0b0200");
}

BOOST_AUTO_TEST_CASE(a_refusal_is_an_answer) {
    answers["0006 02"] = "18 SS 0B 02 81";
    const auto reply = reply_of(toggle());
    BOOST_REQUIRE(reply);
    BOOST_TEST(to_hex(reply->bytes).substr(4) == "0b0281");
}

BOOST_AUTO_TEST_CASE(nobody_waits_where_no_answer_is_wanted) {
    auto request = toggle();
    request.frame.header.disable_default_response = true;
    const auto reply = reply_of(std::move(request));
    BOOST_REQUIRE(reply);
    BOOST_TEST(reply->bytes.empty());
}

BOOST_AUTO_TEST_CASE(silence_ends_the_wait_and_nothing_is_repeated) {
    const auto before = radio->sent.size();
    const auto reply = reply_of(toggle());
    BOOST_TEST((reply.error() == Errc::timed_out));
    BOOST_TEST(radio->sent.size() == before + 1);
    BOOST_TEST(radio->repairs.empty());
}

BOOST_AUTO_TEST_CASE(a_group_gets_it_and_nobody_answers) {
    auto request = toggle();
    request.to.mode = ApsRequest::Mode::group;
    request.to.destination_address = 7;
    BOOST_REQUIRE(reply_of(std::move(request)));
    BOOST_TEST((radio->sent.back().mode == ApsRequest::Mode::group));
    BOOST_TEST(radio->sent.back().destination_address == 7);
}

BOOST_AUTO_TEST_CASE(a_lost_link_is_said) {
    std::optional<Result<ZclReply>> reply;
    loop.start(network->send_raw(toggle()), reply);
    loop.settle();
    radio->drop_link();
    loop.until([&] { return reply.has_value(); });
    BOOST_TEST((reply->error() == Errc::closed));
}

BOOST_AUTO_TEST_CASE(a_zdo_request_goes_to_whatever_address_it_names) {
    const auto response = loop.run(network->zdo(switch_address, zdo::Cluster::active_ep_req,
                                                zdo::active_ep_req(switch_address), true));
    BOOST_REQUIRE(response);
    BOOST_TEST(response->front() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
