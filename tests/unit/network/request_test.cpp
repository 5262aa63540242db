#include <algorithm>
#include <array>

#include "network/transactions.hpp"
#include "network_fixture.hpp"

using namespace waggle;
using namespace waggle::test;

namespace {

struct RequestFixture : NetworkFixture {
    RequestFixture() { pair(); }

    ZclRequest read(std::uint16_t attribute, EndpointId endpoint = 2, ClusterId cluster = 6) {
        const std::array<std::uint16_t, 1> ids = {attribute};
        return {switch_ieee, endpoint, zcl::read_attributes(cluster, ids)};
    }
    ZclRequest on() {
        const auto* cluster = zcl::find_cluster("genOnOff");
        return {switch_ieee, 2, zcl::cluster_command(*cluster, *cluster->command("on"), {})};
    }
    Result<ZclReply> reply_of(ZclRequest request) {
        return loop.run(network->request(std::move(request)));
    }
    std::uint8_t last_sequence() const { return radio->sent.back().payload[1]; }
    std::string last_frame() const { return to_hex(radio->sent.back().payload); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(request, RequestFixture)

BOOST_AUTO_TEST_CASE(a_read_comes_back_with_the_response) {
    answers["0006 000000"] = "18 SS 01 0000 00 10 01";
    const auto reply = reply_of(read(0));
    BOOST_REQUIRE(reply);
    BOOST_REQUIRE(reply->frame.records());
    BOOST_TEST(reply->frame.records()->front().value.integer().value() == 1);
    BOOST_TEST(reply->frame.raw.data() == reply->bytes.data());
    BOOST_TEST(device().endpoint(2)->attribute(6, 0)->integer().value() == 1);  // and is remembered
}

BOOST_AUTO_TEST_CASE(a_command_without_response_waits_for_the_default_response) {
    answers["0006 01"] = "18 SS 0B 01 00";
    const auto reply = reply_of(on());
    BOOST_REQUIRE(reply);
    BOOST_TEST(last_frame().substr(0, 2) == "01");
    BOOST_TEST(last_frame().substr(4) == "01");
}

BOOST_AUTO_TEST_CASE(a_default_response_with_a_failure_is_an_error) {
    answers["0006 01"] = "18 SS 0B 01 81";
    const auto refused = reply_of(on());
    BOOST_TEST((refused.error() == make_error_code(zcl::Status::unsup_command)));
    answers["0006 000000"] = "18 SS 0B 00 84";  // instead of the read response
    const auto failed = reply_of(read(0));
    BOOST_TEST((failed.error() == make_error_code(zcl::Status::unsup_manuf_general_command)));
}

BOOST_AUTO_TEST_CASE(a_frame_with_disabled_default_response_is_done_with_the_confirm) {
    auto request = on();
    request.frame.header.disable_default_response = true;
    const auto reply = reply_of(std::move(request));
    BOOST_REQUIRE(reply);
    BOOST_TEST(reply->bytes.empty());
    BOOST_TEST(last_frame().substr(0, 2) == "11");
}

BOOST_AUTO_TEST_CASE(disable_response_waits_for_nothing) {
    auto request = read(0);
    request.disable_response = true;
    BOOST_TEST(reply_of(std::move(request)).has_value());
}

BOOST_AUTO_TEST_CASE(silence_repairs_the_route_and_is_tried_once_more_with_the_same_number) {
    const auto before = Clock::now();
    const auto reply = reply_of(read(0));
    BOOST_TEST((reply.error() == Errc::timed_out));
    BOOST_TEST((Clock::now() - before >= std::chrono::seconds(20)));
    BOOST_TEST(radio->repairs.size() == 1u);
    BOOST_REQUIRE(radio->sent.size() == 2u);
    BOOST_TEST(to_hex(radio->sent[0].payload) == to_hex(radio->sent[1].payload));
}

BOOST_AUTO_TEST_CASE(no_repair_for_sleepers_and_for_pings) {
    device().type = DeviceType::end_device;
    device().power_source = "Battery";
    BOOST_TEST((reply_of(read(0)).error() == Errc::timed_out));
    BOOST_TEST(radio->sent.size() == 1u);
    device().type = DeviceType::router;
    auto ping = read(0);
    ping.allow_recovery = false;
    BOOST_TEST((reply_of(std::move(ping)).error() == Errc::timed_out));
    BOOST_TEST(radio->sent.size() == 2u);
    BOOST_TEST(!radio->sent.back().allow_recovery);
    BOOST_TEST(radio->repairs.empty());
}

BOOST_AUTO_TEST_CASE(what_the_radio_could_not_deliver_is_an_error_and_the_late_answer_nobodys) {
    send_failures["0006 000000"] = 1;
    send_failure = Errc::no_route;
    BOOST_TEST((reply_of(read(0)).error() == Errc::no_route));
    radio->say(switch_address, 2, 6, hex("18 09 01 0000 00 10 01"));
    loop.settle();
}

BOOST_AUTO_TEST_CASE(the_answer_is_matched_on_device_endpoint_number_cluster_and_command) {
    auto& outcome = ask(read(0));
    BOOST_REQUIRE(!radio->sent.empty());
    const auto sequence = to_hex(ByteView(radio->sent[0].payload).subspan(1, 1));
    const auto wrong = std::to_string((last_sequence() + 1) % 10);
    radio->say(0x1111, 2, 6, hex("18 " + sequence + " 01 0000 00 10 01"));          // device
    radio->say(switch_address, 4, 6, hex("18 " + sequence + " 01 0000 00 10 01"));  // endpoint
    radio->say(switch_address, 2, 6, hex("18 F" + wrong + " 01 0000 00 10 01"));    // number
    radio->say(switch_address, 2, 8, hex("18 " + sequence + " 01 0000 00 20 01"));  // cluster
    radio->say(switch_address, 2, 6, hex("18 " + sequence + " 0A 0000 10 01"));     // command
    radio->say(switch_address, 2, 6, hex("09 " + sequence + " 01"));                // type
    loop.settle();
    BOOST_TEST(!outcome.has_value());
    radio->say(switch_address, 2, 6, hex("18 " + sequence + " 01 0000 00 10 01"));
    loop.until([&] { return outcome.has_value(); });
    BOOST_TEST(outcome->has_value());
}

BOOST_AUTO_TEST_CASE(an_answer_from_a_new_address_still_counts) {
    auto& outcome = ask(read(0));
    BOOST_REQUIRE(!radio->sent.empty());
    radio->say_zdo(0x2222, zdo::Cluster::device_annce, hex("2222 04030201008D1500 8E"));
    auto frame = hex("18 00 01 0000 00 10 01");
    frame[1] = last_sequence();
    radio->say(0x2222, 2, 6, std::move(frame));
    loop.until([&] { return outcome.has_value(); });
    BOOST_TEST(outcome->has_value());
    BOOST_TEST(events.has("moved 0x00158d0001020304"));
}

BOOST_AUTO_TEST_CASE(an_answer_that_cannot_be_read_is_an_error_at_once) {
    answers["0006 000000"] = "18 SS 01 00";
    const auto before = Clock::now();
    const auto reply = reply_of(read(0));
    BOOST_TEST((reply.error() == Errc::truncated));
    BOOST_TEST((Clock::now() - before < std::chrono::seconds(5)));
}

BOOST_AUTO_TEST_CASE(one_device_is_asked_one_thing_at_a_time) {
    auto& first = ask(read(0));
    auto& second = ask(read(1));
    BOOST_TEST(radio->sent.size() == 1u);
    auto frame = hex("18 00 01 0000 00 10 01");
    frame[1] = last_sequence();
    radio->say(switch_address, 2, 6, std::move(frame));
    loop.until([&] { return first.has_value(); });
    loop.until([&] { return radio->sent.size() == 2; });
    BOOST_TEST(radio->sent[0].payload[1] != radio->sent[1].payload[1]);
    frame = hex("18 00 01 0100 86");
    frame[1] = last_sequence();
    radio->say(switch_address, 2, 6, std::move(frame));
    loop.until([&] { return second.has_value(); });
    BOOST_TEST(second->has_value());
}

BOOST_AUTO_TEST_CASE(more_than_the_line_holds_is_refused) {
    for (int i = 0; i < 80; ++i)
        ask(read(0));
    const auto refused = std::count_if(outcomes.begin(), outcomes.end(), [](const auto& outcome) {
        return outcome && !*outcome && outcome->error() == Errc::busy;
    });
    BOOST_TEST(refused == 80 - 65);
    loop.run(network->stop());
    loop.until([&] {
        return std::all_of(outcomes.begin(), outcomes.end(),
                           [](const auto& outcome) { return outcome.has_value(); });
    });
}

BOOST_AUTO_TEST_CASE(the_link_goes_and_nobody_waits_any_longer) {
    auto& waiting = ask(read(0));
    auto& in_line = ask(read(1));
    radio->drop_link();
    loop.until([&] { return waiting && in_line; });
    BOOST_TEST((waiting->error() == Errc::closed));
    BOOST_TEST((in_line->error() == Errc::closed));
    BOOST_TEST((reply_of(read(0)).error() == Errc::unavailable));
}

BOOST_AUTO_TEST_CASE(stopping_ends_requests_as_cancelled) {
    auto& waiting = ask(read(0));
    loop.run(network->stop());
    loop.until([&] { return waiting.has_value(); });
    BOOST_TEST((waiting->error() == Errc::cancelled));
}

BOOST_AUTO_TEST_CASE(an_unknown_device_is_not_found) {
    auto request = read(0);
    request.device = Ieee(1);
    BOOST_TEST((reply_of(std::move(request)).error() == Errc::not_found));
}

BOOST_AUTO_TEST_CASE(what_is_written_is_not_taken_for_what_the_device_has) {
    zcl::Records records;
    records.push_back({});
    records.back().id = 0x4003;
    records.back().value = zcl::make_unsigned(zcl::DataType::enum8, 1);
    answers["0006 0203403001"] = "18 SS 04 00";
    BOOST_REQUIRE(reply_of({switch_ieee, 2, zcl::write_attributes(6, records)}));
    BOOST_TEST(!device().endpoint(2)->attribute(6, 0x4003));
    records.back().value = zcl::make_unsigned(zcl::DataType::enum8, 0);
    answers["0006 0203403000"] = "18 SS 04 88 0340";
    BOOST_REQUIRE(
        reply_of({switch_ieee, 2, zcl::write_attributes(6, records)}));  // statuses are inside
}

BOOST_AUTO_TEST_CASE(the_counter_is_one_for_all_and_wraps) {
    answers["0006 000000"] = "18 SS 01 0000 00 10 01";
    BOOST_REQUIRE(reply_of(read(0)));
    const auto first = last_sequence();
    for (int i = 0; i < 256; ++i)
        BOOST_REQUIRE(reply_of(read(0)));
    BOOST_TEST(last_sequence() == first);
}

BOOST_AUTO_TEST_CASE(a_number_that_is_waited_for_is_passed_over) {
    network::Transactions transactions(loop.executor());
    const auto first = transactions.next_sequence(switch_ieee);
    network::Expected expected;
    expected.device = switch_ieee;
    expected.sequence = first;
    const auto waiter = transactions.expect(expected);
    std::vector<std::uint8_t> numbers;
    for (int i = 0; i < 300; ++i)
        numbers.push_back(transactions.next_sequence(switch_ieee));
    BOOST_TEST((std::find(numbers.begin(), numbers.end(), first) == numbers.end()));
    bool used = false;
    for (int i = 0; i < 256; ++i)
        used |= transactions.next_sequence(Ieee(7)) == first;
    BOOST_TEST(used);
}

BOOST_AUTO_TEST_CASE(groupcasts_and_broadcasts_go_out) {
    const auto* cluster = zcl::find_cluster("genOnOff");
    auto frame = zcl::cluster_command(*cluster, *cluster->command("toggle"), {});
    frame.header.disable_default_response = true;
    BOOST_REQUIRE(loop.run(network->groupcast(17, frame)));
    BOOST_TEST((radio->sent.back().mode == ApsRequest::Mode::group));
    BOOST_TEST(radio->sent.back().destination_address == 17);
    BOOST_REQUIRE(loop.run(network->broadcast(frame, 255, broadcast_rx_on)));
    BOOST_TEST((radio->sent.back().mode == ApsRequest::Mode::broadcast));
    BOOST_TEST(radio->sent.back().destination_address == 0xFFFD);
}

BOOST_AUTO_TEST_SUITE_END()
