#include "bridge/log_feed.hpp"

#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include "base/log.hpp"

using namespace waggle;
using namespace std::chrono_literals;

namespace {

struct Messages final : Outbox {
    void publish(std::string_view topic, std::string_view payload, const PublishOptions&) override {
        BOOST_TEST(topic == "bridge/logging");
        payloads.emplace_back(payload);
        log::warning("mqtt", "said while publishing");
    }
    std::vector<std::string> payloads;
};

struct Fixture {
    Fixture() {
        Clock::use_virtual_time();
        log::Options options;
        options.console = false;
        log::configure(options);
        feed.start(false);
    }
    void work() { loop.run_for(10ms), loop.restart(); }

    boost::asio::io_context loop{1};
    Messages messages;
    bridge::LogFeed feed{loop.get_executor(), messages};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(log_feed, Fixture)

BOOST_AUTO_TEST_CASE(a_line_carries_its_namespace_in_the_message) {
    log::info("znp", "ready");
    BOOST_TEST(messages.payloads.empty());  // never from inside the call that logs
    work();
    BOOST_REQUIRE(messages.payloads.size() == 1u);
    BOOST_TEST(messages.payloads[0] == R"({"level":"info","message":"znp: ready"})");
}

BOOST_AUTO_TEST_CASE(a_line_equal_to_the_one_before_is_left_out) {
    log::error("a", "same");
    log::error("a", "same");
    log::error("a", "other");
    log::error("a", "same");
    work();
    BOOST_TEST(messages.payloads.size() == 3u);
}

BOOST_AUTO_TEST_CASE(debug_lines_do_not_pass) {
    log::debug("a", "quiet");
    work();
    BOOST_TEST(messages.payloads.empty());
}

BOOST_AUTO_TEST_CASE(a_storm_is_cut_and_counted) {
    for (int i = 0; i < 1000; ++i)
        log::info("storm", "line {}", i);
    work();
    BOOST_TEST(messages.payloads.size() < 110u);
    Clock::advance(1s);
    log::info("storm", "calm");
    work();
    BOOST_TEST(messages.payloads.back().find("log lines were left out") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_waits_is_published_on_stop_and_nothing_afterwards) {
    log::info("a", "last words");
    feed.stop();
    BOOST_TEST(messages.payloads.size() == 1u);
    log::info("a", "too late");
    work();
    BOOST_TEST(messages.payloads.size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
