#include "network/touchlink.hpp"

#include <algorithm>

#include "network_fixture.hpp"

using namespace waggle;
using namespace waggle::network;
using namespace waggle::test;
using namespace std::chrono_literals;

namespace {

constexpr Ieee lamp{0x000b57fffe330001}, other{0x000b57fffe330002};

/// Lamps that answer scans on their channels, as the specification has the response [ZCL8 13.2.3.1.7].
struct TouchlinkFixture : NetworkFixture {
    TouchlinkFixture() {
        BOOST_REQUIRE(start());
        radio->log.clear();
        radio->on_inter_pan = [this](const std::string& what) { return heard(what); };
    }

    Result<void> heard(const std::string& what) {
        if (what == failing)
            return failure;
        if (what.starts_with("channel "))
            channel = std::stoi(what.substr(8));
        if (what == "back")
            channel = 0;
        if (what.starts_with("to all 1000 110000"))  // scan request, after it the transaction
            for (const auto& [ieee, on] : lamps)
                if (on == channel)
                    answer(ieee, what.substr(18, 8));
        return {};
    }
    void answer(Ieee ieee, const std::string& transaction) {
        ApsIndication indication;
        indication.source = nwk_unknown;
        indication.source_ieee = ieee;
        indication.source_endpoint = 0xFE;
        indication.destination_endpoint = 12;
        indication.cluster = Touchlink::cluster;
        indication.link_quality = 90;
        radio->say(indication, hex("19 00 01 " + (spoiled.empty() ? transaction : spoiled) +
                                   "00 05 00 1000 AABBCCDD 0000000000000000 00 0F FFFF FEFF 01 00 "
                                   "01 0401 0D01 02 00"));
    }
    /// What went to the radio, transactions as T.
    std::vector<std::string> story() {
        std::vector<std::string> lines;
        for (auto line : radio->log) {
            if (const auto at = line.find(" 1000 1100"); at != std::string::npos)
                line.replace(at + 12, 8, "T");
            lines.push_back(line);
        }
        radio->log.clear();
        return lines;
    }

    Touchlink& touchlink() { return network->touchlink(); }

    std::vector<std::pair<Ieee, int>> lamps;
    int channel = 0;
    std::string failing, spoiled;
    Result<void> failure = Errc::refused;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(touchlink, TouchlinkFixture)

BOOST_AUTO_TEST_CASE(a_scan_goes_through_all_channels_in_zigbee2mqtts_order_and_comes_back) {
    lamps = {{lamp, 15}, {other, 26}};
    const auto found = loop.run(touchlink().scan());
    BOOST_REQUIRE(found);
    BOOST_REQUIRE(found->size() == 2u);
    BOOST_TEST(found->at(0).ieee.to_string() == lamp.to_string());
    BOOST_TEST(int{found->at(0).channel} == 15);
    BOOST_TEST(int{found->at(1).channel} == 26);
    const auto lines = story();
    std::string order;
    for (const auto& line : lines)
        if (line.starts_with("channel "))
            order += line.substr(8) + " ";
    BOOST_TEST(order == "11 15 20 25 12 13 14 16 17 18 19 21 22 23 24 26 ");
    BOOST_TEST(lines.at(1) == "to all 1000 110000T0412");
    BOOST_TEST(lines.back() == "back");
    BOOST_TEST(std::ranges::count(lines, "back") == 1);
}

BOOST_AUTO_TEST_CASE(all_that_answer_on_a_channel_are_found_each_once) {
    lamps = {{lamp, 11}, {other, 11}, {lamp, 11}};
    const auto found = loop.run(touchlink().scan());
    BOOST_REQUIRE(found);
    BOOST_TEST(found->size() == 2u);
}

BOOST_AUTO_TEST_CASE(an_answer_to_somebody_elses_scan_is_none) {
    lamps = {{lamp, 11}};
    spoiled = "01020304";
    const auto found = loop.run(touchlink().scan());
    BOOST_REQUIRE(found);
    BOOST_TEST(found->empty());
}

BOOST_AUTO_TEST_CASE(a_device_is_shown_with_the_transaction_of_its_scan) {
    lamps = {{lamp, 15}};
    BOOST_REQUIRE(loop.run(touchlink().identify(lamp, 15)));
    const auto first = radio->log.at(1).substr(18, 8), second = radio->log.at(2).substr(33, 8);
    BOOST_TEST(first == second);
    const std::vector<std::string> expected = {"channel 15", "to all 1000 110000T0412",
                                               "to 0x000b57fffe330001 1000 110006Tffff", "back"};
    BOOST_TEST(story() == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_device_is_reset_two_seconds_after_it_was_shown) {
    lamps = {{lamp, 15}};
    std::optional<Result<void>> done;
    loop.start(touchlink().reset(lamp, 15), done);
    loop.pass(1500ms);
    BOOST_TEST(radio->log.back().find("1000 110006") != std::string::npos);
    loop.until([&] { return done.has_value(); });
    BOOST_REQUIRE(*done);
    const auto lines = story();
    BOOST_TEST(lines.at(3) == "to 0x000b57fffe330001 1000 110007T");
    BOOST_TEST(lines.back() == "back");
}

BOOST_AUTO_TEST_CASE(the_first_that_answers_is_reset_and_no_other) {
    lamps = {{lamp, 20}, {other, 25}};
    BOOST_REQUIRE(loop.run(touchlink().reset_first()));
    const auto lines = story();
    BOOST_TEST(std::ranges::count(lines, "to 0x000b57fffe330001 1000 110007T") == 1);
    BOOST_TEST(std::ranges::count(lines, "channel 25") == 0);
    BOOST_TEST(lines.back() == "back");
}

BOOST_AUTO_TEST_CASE(where_nobody_answers_the_radio_comes_back_all_the_same) {
    BOOST_TEST((loop.run(touchlink().identify(lamp, 15)).error() == Errc::timed_out));
    BOOST_TEST(story().back() == "back");
    BOOST_TEST((loop.run(touchlink().reset_first()).error() == Errc::not_found));
    BOOST_TEST(story().back() == "back");
    lamps = {{other, 15}};  // somebody else
    BOOST_TEST((loop.run(touchlink().reset(lamp, 15)).error() == Errc::timed_out));
    BOOST_TEST(story().back() == "back");
}

BOOST_AUTO_TEST_CASE(only_one_operation_at_a_time) {
    lamps = {{lamp, 15}};
    std::optional<Result<Touchlink::Found>> first;
    loop.start(touchlink().scan(), first);
    loop.pass(100ms);
    BOOST_TEST((loop.run(touchlink().identify(lamp, 15)).error() == Errc::busy));
    loop.until([&] { return first.has_value(); });
    BOOST_TEST(first->has_value());
    BOOST_TEST(loop.run(touchlink().identify(lamp, 15)).has_value());
}

BOOST_AUTO_TEST_CASE(whatever_fails_the_radio_comes_back) {
    lamps = {{lamp, 15}};
    for (const auto* step : {"channel 15", "to 0x000b57fffe330001 1000 110006"}) {
        radio->on_inter_pan = [this, step](const std::string& what) {
            return what.starts_with(step) ? Result<void>(Errc::refused) : heard(what);
        };
        BOOST_TEST((loop.run(touchlink().reset(lamp, 15)).error() == Errc::refused), step);
        BOOST_TEST(story().back() == "back", step);
    }
}

BOOST_AUTO_TEST_CASE(an_adapter_that_cannot_is_asked_once) {
    radio->on_inter_pan = {};
    BOOST_TEST((loop.run(touchlink().scan()).error() == Errc::unsupported));
    BOOST_TEST(std::ranges::count_if(
                   radio->log, [](const auto& line) { return line.starts_with("channel"); }) == 1);
}

BOOST_AUTO_TEST_CASE(who_goes_away_leaves_nothing_behind) {
    lamps = {{lamp, 15}};
    {
        std::optional<Result<Touchlink::Found>> nobody;
        loop.start(touchlink().scan(), nobody);
        loop.pass(700ms);
        loop.until([&] { return nobody.has_value(); });
    }
    BOOST_TEST(story().back() == "back");
}

BOOST_AUTO_TEST_CASE(at_a_stop_the_radio_is_brought_back_first) {
    std::optional<Result<Touchlink::Found>> found;
    loop.start(touchlink().scan(), found);
    loop.pass(700ms);
    loop.run(network->stop());
    BOOST_TEST(channel == 0);
    loop.settle();
    BOOST_REQUIRE(found.has_value());
    BOOST_TEST(!found->has_value());
}

BOOST_AUTO_TEST_CASE(after_the_link_was_lost_the_radio_is_brought_back_when_it_is_there_again) {
    std::optional<Result<Touchlink::Found>> found;
    loop.start(touchlink().scan(), found);
    loop.pass(700ms);
    radio->drop_link();
    loop.until([&] { return found.has_value(); });
    BOOST_TEST((found->error() == Errc::closed));
    radio->log.clear();
    loop.until([&] { return network->is_up(); });
    loop.pass(100ms);
    BOOST_TEST(std::ranges::count(radio->log, "back") == 1);
}

BOOST_AUTO_TEST_CASE(a_frame_goes_to_everybody_on_every_channel) {
    BOOST_REQUIRE(loop.run(touchlink().send_everywhere(0x1000, hex("15 0B10 00 00 AA"))));
    const auto lines = radio->log;
    BOOST_TEST(std::ranges::count(lines, "to all 1000 150b100000aa") == 16);
    BOOST_TEST(lines.back() == "back");
}

BOOST_AUTO_TEST_CASE(one_frame_on_the_channel_there_is_waits_for_its_response) {
    lamps = {{lamp, 0}};
    const auto sent = loop.run(touchlink().send(
        std::nullopt, 0x1000, hex("11 00 00 05000000 04 12"), std::uint8_t{1}, 500ms));
    BOOST_REQUIRE(sent);
    BOOST_REQUIRE(sent->has_value());
    BOOST_TEST((*sent)->sender.to_string() == lamp.to_string());
    BOOST_TEST(to_hex((*sent)->frame).starts_with("19000105000000"));
    const auto silent =
        loop.run(touchlink().send(lamp, 0x1000, hex("11 00 07 05000000"), {}, 500ms));
    BOOST_REQUIRE(silent);
    BOOST_TEST(!silent->has_value());
}

BOOST_AUTO_TEST_SUITE_END()
