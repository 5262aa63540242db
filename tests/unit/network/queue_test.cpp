#include <algorithm>
#include <array>

#include "network/request_queue.hpp"
#include "network_fixture.hpp"

using namespace waggle;
using namespace waggle::test;

namespace {

/// The switch as a sleeper: nothing gets through until it wakes.
struct QueueFixture : NetworkFixture {
    QueueFixture() {
        pair();
        device().type = DeviceType::end_device;
        device().pending_request_timeout = std::chrono::hours(1);
        asleep = true;
        radio->on_send = [this](const ApsRequest& request) -> Result<void> {
            return asleep ? Result<void>(Errc::transaction_expired) : answer_send(request);
        };
    }
    ZclRequest read(std::uint16_t attribute) {
        const std::array<std::uint16_t, 1> ids = {attribute};
        return {switch_ieee, 2, zcl::read_attributes(6, ids)};
    }
    ZclRequest write(std::initializer_list<std::pair<std::uint16_t, int>> values,
                     zcl::Global kind = zcl::Global::write) {
        zcl::Records records;
        for (const auto& [id, value] : values) {
            auto& record = records.emplace_back();
            record.id = id;
            record.value =
                zcl::make_unsigned(zcl::DataType::uint8, static_cast<std::uint64_t>(value));
        }
        return {switch_ieee, 2, zcl::write_attributes(6, std::move(records), {}, kind)};
    }
    /// Any message is a sign of life.
    void wake() {
        asleep = false;
        radio->sent.clear();
        radio->say(switch_address, 4, 6, hex("18 50 0A 0000 10 00"));
        loop.pass(std::chrono::seconds(1));
    }
    std::vector<std::string> sent() const {
        std::vector<std::string> frames;
        for (const auto& request : radio->sent)
            if (request.payload[0] != 0x18)  // no default responses
                frames.push_back(to_hex(ByteView(request.payload).subspan(2)));
        return frames;
    }
    bool asleep = true;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(request_queue, QueueFixture)

BOOST_AUTO_TEST_CASE(without_a_timeout_the_failure_is_the_callers) {
    device().pending_request_timeout = {};
    auto& outcome = ask(read(0));
    BOOST_REQUIRE(outcome);
    BOOST_TEST((outcome->error() == Errc::transaction_expired));
}

BOOST_AUTO_TEST_CASE(a_request_waits_until_the_device_wakes) {
    answers["0006 000000"] = "18 SS 01 0000 00 10 01";
    auto& outcome = ask(read(0));
    BOOST_TEST(!outcome.has_value());
    loop.pass(std::chrono::minutes(30), std::chrono::seconds(10));
    BOOST_TEST(!outcome.has_value());
    wake();
    BOOST_REQUIRE(outcome);
    BOOST_TEST(outcome->has_value());
}

BOOST_AUTO_TEST_CASE(joins_and_announces_wake_it_too) {
    answers["0006 000000"] = "18 SS 01 0000 00 10 01";
    auto& outcome = ask(read(0));
    asleep = false;
    radio->say_zdo(switch_address, zdo::Cluster::device_annce, hex("2D7F 04030201008D1500 80"));
    loop.pass(std::chrono::seconds(1));
    BOOST_REQUIRE(outcome);
    BOOST_TEST(outcome->has_value());
}

BOOST_AUTO_TEST_CASE(a_request_that_fails_again_stays_until_it_expires) {
    auto& outcome = ask(read(0));
    radio->say(switch_address, 4, 6, hex("18 50 0A 0000 10 00"));  // and is asleep again
    loop.pass(std::chrono::minutes(1), std::chrono::seconds(5));
    BOOST_TEST(!outcome.has_value());
    loop.pass(std::chrono::minutes(60), std::chrono::minutes(1));
    BOOST_REQUIRE(outcome);
    BOOST_TEST((outcome->error() == Errc::expired));
}

BOOST_AUTO_TEST_CASE(immediate_is_never_queued) {
    auto request = read(0);
    request.policy = SendPolicy::immediate;
    auto& outcome = ask(std::move(request));
    BOOST_REQUIRE(outcome);
    BOOST_TEST((outcome->error() == Errc::transaction_expired));
}

BOOST_AUTO_TEST_CASE(an_answer_that_says_no_is_not_queued) {
    asleep = false;
    answers["0006 000000"] = "18 SS 0B 00 81";
    auto& outcome = ask(read(0));
    loop.pass(std::chrono::seconds(1));
    BOOST_REQUIRE(outcome);
    BOOST_TEST((outcome->error() == make_error_code(zcl::Status::unsup_command)));
}

BOOST_AUTO_TEST_CASE(bulk_waits_for_fast_polling) {
    auto request = read(0);
    request.policy = SendPolicy::bulk;
    asleep = false;
    auto& outcome = ask(std::move(request));
    BOOST_TEST(sent().empty());
    wake();
    BOOST_TEST(!outcome.has_value());

    // Poll control check-in from endpoint 2 [zigbee-flows 5.4]; interval known
    device().checkin_interval = 3600;
    answers["0006 000000"] = "18 SS 01 0000 00 10 01";
    answers["0020 01"] = "18 SS 0B 01 00";
    radio->sent.clear();
    radio->say(switch_address, 2, 0x0020, hex("19 77 00"));
    loop.pass(std::chrono::seconds(1));
    BOOST_REQUIRE(outcome);
    BOOST_TEST(outcome->has_value());
    BOOST_REQUIRE(radio->sent.size() == 3u);
    BOOST_TEST(to_hex(radio->sent[0].payload) == "117700010000");  // start, time-out 0, its number
    BOOST_TEST(to_hex(ByteView(radio->sent[1].payload).subspan(2)) == "000000");
    BOOST_TEST(to_hex(ByteView(radio->sent[2].payload).subspan(2)) == "01");  // stop
}

BOOST_AUTO_TEST_CASE(a_check_in_with_nothing_to_send_is_declined) {
    asleep = false;
    device().checkin_interval = 3600;
    radio->say(switch_address, 2, 0x0020, hex("19 78 00"));
    loop.pass(std::chrono::seconds(1));
    BOOST_REQUIRE(radio->sent.size() == 1u);
    BOOST_TEST(to_hex(radio->sent[0].payload) == "117800000000");
}

BOOST_AUTO_TEST_CASE(an_unknown_interval_is_read_at_the_check_in) {
    asleep = false;
    answers["0020 000000"] = "18 SS 01 0000 00 23 40380000";
    answers["0020 01"] = "18 SS 0B 01 00";
    radio->say(switch_address, 2, 0x0020, hex("19 78 00"));
    loop.pass(std::chrono::seconds(1));
    BOOST_TEST(device().checkin_interval.value() == 3600);
    BOOST_REQUIRE(radio->sent.size() == 3u);
    BOOST_TEST(to_hex(radio->sent[0].payload) == "117800010000");
}

BOOST_AUTO_TEST_CASE(the_same_read_twice_is_sent_once_and_answers_both) {
    answers["0006 000000"] = "18 SS 01 0000 00 10 01";
    auto& first = ask(read(0));
    auto& second = ask(read(0));
    wake();
    BOOST_TEST((sent() == std::vector<std::string>{"000000"}));
    BOOST_REQUIRE(first);
    BOOST_REQUIRE(second);
    BOOST_TEST(first->has_value());
    BOOST_TEST(second->has_value());
    BOOST_TEST(first->value().frame.raw.data() == first->value().bytes.data());
}

BOOST_AUTO_TEST_CASE(a_newer_write_takes_the_older_ones_place) {
    answers["0006 0200402005"] = "18 SS 04 00";
    auto& older = ask(write({{0x4000, 1}}));
    auto& newer = ask(write({{0x4000, 5}}));
    BOOST_REQUIRE(older);
    BOOST_TEST((older->error() == Errc::superseded));
    wake();
    BOOST_TEST((sent() == std::vector<std::string>{"0200402005"}));
    BOOST_REQUIRE(newer);
    BOOST_TEST(newer->has_value());
}

BOOST_AUTO_TEST_CASE(of_an_older_write_only_what_the_newer_has_too_is_taken) {
    answers["0006 0201402002"] = answers["0006 0200402005"] = "18 SS 04 00";
    auto& older = ask(write({{0x4000, 1}, {0x4001, 2}}));
    auto& newer = ask(write({{0x4000, 5}}));
    BOOST_TEST(!older.has_value());
    wake();
    BOOST_TEST(older.has_value());
    BOOST_TEST(newer.has_value());
    BOOST_TEST((sent() == std::vector<std::string>{"0201402002", "0200402005"}));
}

BOOST_AUTO_TEST_CASE(an_undivided_write_is_not_cut) {
    answers["0006 030040200101402002"] = answers["0006 0300402005"] = "18 SS 04 00";
    ask(write({{0x4000, 1}, {0x4001, 2}}, zcl::Global::write_undivided));
    ask(write({{0x4000, 5}}, zcl::Global::write_undivided));
    wake();
    BOOST_TEST((sent() == std::vector<std::string>{"030040200101402002", "0300402005"}));
}

BOOST_AUTO_TEST_CASE(the_order_is_that_of_asking) {
    for (const auto attribute : {std::uint16_t{3}, std::uint16_t{1}, std::uint16_t{2}})
        ask(read(attribute));
    for (const auto* attribute : {"0300", "0100", "0200"})
        answers[std::string("0006 00") + attribute] = std::string("18 SS 01 ") + attribute + " 86";
    wake();
    BOOST_TEST((sent() == std::vector<std::string>{"000300", "000100", "000200"}));
}

BOOST_AUTO_TEST_CASE(the_queue_is_bounded) {
    for (std::size_t i = 0; i <= network::RequestQueue::limit; ++i)
        ask(read(static_cast<std::uint16_t>(i)));
    BOOST_REQUIRE(outcomes.back());
    BOOST_TEST((outcomes.back()->error() == Errc::busy));
    BOOST_TEST(!outcomes.front().has_value());
    loop.run(network->stop());
    loop.settle();
    BOOST_REQUIRE(outcomes.front());
    BOOST_TEST((outcomes.front()->error() == Errc::cancelled));
}

BOOST_AUTO_TEST_CASE(a_device_that_leaves_takes_its_queue_along) {
    auto& outcome = ask(read(0));
    radio->leave(switch_address, switch_ieee);
    loop.settle();
    BOOST_REQUIRE(outcome);
    BOOST_TEST((outcome->error() == Errc::not_found));
}

BOOST_AUTO_TEST_CASE(policies_by_command_are_zigbee_herdsmans) {
    using enum SendPolicy;
    const SendPolicy expected[] = {keep_payload, immediate,    keep_command, keep_command_undivided,
                                   immediate,    keep_command, keep_payload, immediate,
                                   keep_payload, immediate,    keep_payload, immediate,
                                   keep_payload, immediate,    keep_payload, keep_payload,
                                   immediate,    keep_payload, immediate,    keep_payload,
                                   immediate,    keep_payload, immediate};
    for (std::uint8_t command = 0; command < std::size(expected); ++command)
        BOOST_TEST((network::default_policy(command) == expected[command]), "command " << +command);
}

BOOST_AUTO_TEST_SUITE_END()
