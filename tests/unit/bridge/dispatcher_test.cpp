#include "bridge/dispatcher.hpp"

#include <functional>
#include <map>
#include <stdexcept>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/test/unit_test.hpp>

using namespace waggle;
using namespace waggle::bridge;
using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

constexpr Route table[] = {
    {"echo", nullptr, 30s},
    {"device/rename", nullptr, 30s},
    {"fail", nullptr, 30s},
    {"throw", nullptr, 30s},
    {"hang", nullptr, 30s},
    {"late", nullptr, 30s},
    {"echo/down", nullptr, 30s, "echo", "fail"},
};

/// Bodies of the routes above, none of which needs a network.
Awaitable<Reply> run(const Route& route, const Request& request) {
    if (route.name == "fail")
        co_return failure("Device '{}' does not exist", "x");
    if (route.name == "throw")
        throw std::runtime_error("something broke");
    if (route.name == "hang") {
        const auto slept = co_await sleep_for(24h);
        if (!slept)
            throw boost::system::system_error(boost::asio::error::operation_aborted);
    }
    if (route.name == "late")
        (void)co_await sleep_for(40s);
    json::object data;
    data["got"] = request.payload();
    co_return json::value(std::move(data));
}

struct Fixture {
    struct Sent {
        std::string name, payload;
    };
    Fixture() { Clock::use_virtual_time(); }

    void work() { loop.run_for(20ms), loop.restart(); }

    boost::asio::io_context loop{1};
    std::vector<Sent> sent;
    Dispatcher dispatcher{loop.get_executor(), table, &run,
                          [this](const std::string& name, const std::string& payload) {
                              sent.push_back({name, payload});
                          }};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(dispatcher, Fixture)

BOOST_AUTO_TEST_CASE(success_has_data_and_status_in_sorted_order) {
    dispatcher.handle("echo", R"({"b":1,"a":2})");
    work();
    BOOST_REQUIRE(sent.size() == 1u);
    BOOST_TEST(sent[0].payload == R"({"data":{"got":{"a":2,"b":1}},"status":"ok"})");
}

BOOST_AUTO_TEST_CASE(a_route_may_answer_under_another_name_than_its_own) {
    dispatcher.handle("Echo/Down", "1");
    work();
    BOOST_REQUIRE(sent.size() == 1u);
    BOOST_TEST(sent[0].name == "echo");
    for (int i = 0; i < 65; ++i)
        dispatcher.handle("hang", "");
    dispatcher.handle("echo/down", "1");
    work();
    BOOST_TEST(sent.back().name == "fail");  // that it is refused has a name, too
}

BOOST_AUTO_TEST_CASE(failure_has_empty_data_and_the_sentence) {
    dispatcher.handle("fail", "{}");
    work();
    BOOST_REQUIRE(sent.size() == 1u);
    // as zigbee2mqtt 2.14.1 answers device/remove of an unknown device
    BOOST_TEST(sent[0].payload ==
               R"({"data":{},"error":"Device 'x' does not exist","status":"error"})");
}

BOOST_AUTO_TEST_CASE(the_transaction_is_echoed_as_it_came) {
    dispatcher.handle("echo", R"({"transaction":"t-1"})");
    dispatcher.handle("fail", R"({"transaction":{"b":[1],"a":null}})");
    dispatcher.handle("echo", R"({"transaction":null})");
    work();
    BOOST_REQUIRE(sent.size() == 3u);
    BOOST_TEST(sent[0].payload ==
               R"({"data":{"got":{"transaction":"t-1"}},"status":"ok","transaction":"t-1"})");
    BOOST_TEST(sent[1].payload.ends_with(R"("transaction":{"a":null,"b":[1]}})"));
    BOOST_TEST(sent[2].payload.ends_with(R"("transaction":null})"));
}

BOOST_AUTO_TEST_CASE(names_are_compared_without_case_and_answered_in_the_callers_letters) {
    dispatcher.handle("Device/ReName", "{}");
    work();
    BOOST_REQUIRE(sent.size() == 1u);
    BOOST_TEST(sent[0].name == "Device/ReName");
    BOOST_TEST(sent[0].payload.find("ok") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_unknown_name_is_answered) {
    dispatcher.handle("echoes", "{}");
    dispatcher.handle("", "{}");
    work();
    BOOST_REQUIRE(sent.size() == 2u);
    BOOST_TEST(sent[0].payload.find("Unknown request 'echoes'") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(every_payload_is_answered_once) {
    const std::vector<std::string> payloads{"",
                                            "{",
                                            "nonsense",
                                            "[]",
                                            "null",
                                            "5",
                                            "\"text\"",
                                            std::string(5000, '['),
                                            std::string("\x00\xFF\xFE", 3),
                                            R"({"a":{"b":{"c":1}}})"};
    for (const auto& payload : payloads)
        dispatcher.handle("echo", payload);
    work();
    BOOST_TEST(sent.size() == payloads.size());
    for (const auto& answer : sent)
        BOOST_TEST(answer.payload.find("\"status\":\"ok\"") != std::string::npos, answer.payload);
}

BOOST_AUTO_TEST_CASE(an_exception_is_an_answer) {
    dispatcher.handle("throw", R"({"transaction":7})");
    work();
    BOOST_REQUIRE(sent.size() == 1u);
    BOOST_TEST(sent[0].payload ==
               R"({"data":{},"error":"something broke","status":"error","transaction":7})");
}

BOOST_AUTO_TEST_CASE(a_function_that_takes_too_long_is_answered_once_at_its_deadline) {
    dispatcher.handle("late", "{}");
    work();
    BOOST_TEST(sent.empty());
    Clock::advance(31s);
    work();
    BOOST_REQUIRE(sent.size() == 1u);
    BOOST_TEST(sent[0].payload.find("not ended within 30 seconds") != std::string::npos);
    Clock::advance(20s);  // the function ends now, unheard
    work();
    BOOST_TEST(sent.size() == 1u);
    BOOST_TEST(dispatcher.under_way() == 0u);
}

BOOST_AUTO_TEST_CASE(at_the_bound_a_request_is_refused_and_the_others_are_not_harmed) {
    for (int i = 0; i < 70; ++i)
        dispatcher.handle("hang", "{}");
    BOOST_REQUIRE(sent.size() == 6u);
    BOOST_TEST(sent[0].payload.find("try again later") != std::string::npos);
    BOOST_TEST(dispatcher.under_way() == 64u);
}

BOOST_AUTO_TEST_CASE(stopping_answers_what_is_under_way) {
    dispatcher.handle("hang", R"({"transaction":1})");
    dispatcher.handle("hang", R"({"transaction":2})");
    work();
    BOOST_TEST(sent.empty());
    TaskGroup tasks(loop.get_executor());
    tasks.spawn("stop", [this] { return dispatcher.stop(); });
    loop.run_for(200ms);
    BOOST_REQUIRE(sent.size() == 2u);
    BOOST_TEST(sent[0].payload.find("The host stops") != std::string::npos);
    dispatcher.handle("echo", "{}");  // nothing starts any more; it is answered all the same
    BOOST_TEST(sent.size() == 3u);
}

BOOST_AUTO_TEST_SUITE_END()
