#include "engine/gatherer.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "store/json_text.hpp"
#include "support/virtual_loop.hpp"

namespace json = boost::json;
using namespace std::chrono_literals;
using namespace waggle;
using engine::Gatherer;

namespace {

constexpr Ieee device(0x158d0001);

struct Fixture {
    test::VirtualLoop loop;
    std::vector<std::string> published;
    Gatherer gatherer{loop.executor(),
                      [this](Ieee, const json::object& update, Gatherer::Kind kind) {
                          published.push_back((kind == Gatherer::Kind::debounced ? "d " : "t ") +
                                              store::sorted_json(update));
                      }};

    void debounce(const char* update, std::vector<std::string> ignored = {}) {
        gatherer.debounce(device, json::parse(update).as_object(), 1s, ignored);
    }
    void throttle(const char* update) {
        gatherer.throttle(device, json::parse(update).as_object(), 10s);
    }
    std::string all() {
        std::string text;
        for (const auto& line : published)
            text += line + "|";
        return text;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(gatherer, Fixture)

BOOST_AUTO_TEST_CASE(debounce_publishes_once_nothing_came_for_the_window) {
    debounce(R"({"a":1})");
    loop.jump(900ms);
    debounce(R"({"b":2})");
    loop.jump(900ms);
    debounce(R"({"a":3})");
    loop.jump(900ms);
    BOOST_TEST(all() == "");
    loop.jump(200ms);
    BOOST_TEST(all() == R"(d {"a":3,"b":2}|)");
    loop.jump(5s);
    BOOST_TEST(published.size() == 1u);
}

BOOST_AUTO_TEST_CASE(without_ignored_keys_the_last_event_of_a_window_survives) {
    debounce(R"({"action":"single"})");
    debounce(R"({"action":"release"})");
    loop.jump(2s);
    BOOST_TEST(all() == R"(d {"action":"release"}|)");
}

BOOST_AUTO_TEST_CASE(an_ignored_key_that_changes_publishes_what_waits_and_keeps_the_newer) {
    debounce(R"({"action":"single","x":1})", {"action"});
    debounce(R"({"action":"release"})", {"action"});
    BOOST_TEST(all() == R"(d {"action":"single","x":1}|)");
    loop.jump(2s);
    BOOST_TEST(all() == R"(d {"action":"single","x":1}|d {"action":"release"}|)");
}

BOOST_AUTO_TEST_CASE(an_ignored_key_of_the_same_value_goes_on_waiting) {
    debounce(R"({"action":"single"})", {"action"});
    debounce(R"({"action":"single","y":2})", {"action"});
    debounce(R"({"z":3})", {"action"});
    BOOST_TEST(all() == "");
    loop.jump(2s);
    BOOST_TEST(all() == R"(d {"action":"single","y":2,"z":3}|)");
}

BOOST_AUTO_TEST_CASE(what_was_published_otherwise_is_not_undone) {
    debounce(R"({"state":"ON","x":1})");
    gatherer.published(device, json::object{{"state", "OFF"}});
    loop.jump(2s);
    BOOST_TEST(all() == R"(d {"x":1}|)");
}

BOOST_AUTO_TEST_CASE(throttle_publishes_the_first_at_once_and_the_last_when_the_window_ends) {
    throttle(R"({"a":1})");
    BOOST_TEST(all() == R"(t {"a":1}|)");
    throttle(R"({"a":2})");
    loop.jump(5s);
    throttle(R"({"a":3})");
    BOOST_TEST(published.size() == 1u);
    loop.jump(6s);
    BOOST_TEST(all() == R"(t {"a":1}|t {"a":3}|)");
    loop.jump(11s);
    throttle(R"({"a":4})");
    BOOST_TEST(published.size() == 3u);
}

BOOST_AUTO_TEST_CASE(flush_publishes_all_that_waits_and_forget_drops_it) {
    debounce(R"({"a":1})");
    gatherer.flush();
    BOOST_TEST(all() == R"(d {"a":1}|)");
    debounce(R"({"a":2})");
    gatherer.forget(device);
    loop.jump(2s);
    BOOST_TEST(published.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_timer_that_outlives_the_gatherer_does_nothing) {
    {
        Gatherer mortal(loop.executor(), [this](Ieee, const json::object&, Gatherer::Kind) {
            published.emplace_back("never");
        });
        mortal.debounce(device, json::object{{"a", 1}}, 1s, {});
    }
    loop.jump(2s);
    BOOST_TEST(all() == "");
}

BOOST_AUTO_TEST_SUITE_END()
