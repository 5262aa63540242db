#include "coordinator/znp/driver.hpp"

#include <boost/test/unit_test.hpp>

#include "base/task_group.hpp"
#include "scripted_ncp.hpp"
#include "support/virtual_loop.hpp"

using namespace waggle;
using namespace waggle::znp;
using namespace waggle::test;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

struct Events final : Driver::Events {
    void areq(const Frame& frame) override { commands.push_back(frame.command); }
    void silence() override { ++silences; }
    void link_ended(std::string_view reason) override { ended.emplace_back(reason); }
    std::vector<int> commands;
    int silences = 0;
    std::vector<std::string> ended;
};

struct Rig {
    Rig() : link(std::make_shared<ScriptedLink>(loop.executor())), driver(loop.executor(), events) {
        std::string problem;
        BOOST_REQUIRE(loop.run(driver.open(link->transport(), problem)));
    }

    using Answer = std::optional<Result<Bytes>>;
    void call(const Command& command, Answer& answer) {
        loop.start(driver.call(command), answer);
        loop.settle();
    }

    VirtualLoop loop;
    std::shared_ptr<ScriptedLink> link;
    Events events;
    Driver driver;
};

const Bytes ping_reply = mt_frame(0x6101, hex("79 07"));
const Bytes version_reply = mt_frame(0x6102, hex("02 01 02 07 01"));

}  // namespace

BOOST_FIXTURE_TEST_SUITE(driver, Rig)

BOOST_AUTO_TEST_CASE(an_answer_comes_back_to_who_asked) {
    Answer answer;
    call(mt::sys_ping, answer);
    BOOST_TEST((link->written.at(0) == hex("FE 00 21 01 20")));
    BOOST_TEST(!answer);
    link->say(ping_reply);
    loop.settle();
    BOOST_REQUIRE(answer && *answer);
    BOOST_TEST(to_hex(**answer) == "7907");
}

BOOST_AUTO_TEST_CASE(one_request_is_under_way_at_a_time) {
    Answer first, second;
    call(mt::sys_ping, first);
    call(mt::sys_version, second);
    BOOST_TEST(link->written.size() == 1u);
    link->say(ping_reply);
    loop.settle();
    BOOST_TEST(link->written.size() == 2u);
    BOOST_TEST(first.has_value());
    BOOST_TEST(!second);
    link->say(version_reply);
    loop.settle();
    BOOST_TEST(second.has_value());
}

BOOST_AUTO_TEST_CASE(an_answer_that_arrives_octet_by_octet_is_put_together) {
    Answer answer;
    call(mt::sys_ping, answer);
    for (const auto octet : ping_reply) {
        BOOST_TEST(!answer);
        link->say(Bytes(1, octet));
        loop.settle();
    }
    BOOST_TEST(answer.has_value());
}

BOOST_AUTO_TEST_CASE(an_unanswered_request_times_out_and_the_next_one_goes_out) {
    Answer first, second;
    call(mt::sys_ping, first);
    call(mt::sys_version, second);
    loop.pass(seconds(5));
    BOOST_TEST(!first);
    loop.until([&] { return first.has_value(); }, seconds(2));
    BOOST_TEST((first->error() == Errc::timed_out));
    BOOST_TEST(link->written.size() == 2u);
    link->say(version_reply);
    loop.settle();
    BOOST_TEST((second && *second));
}

BOOST_AUTO_TEST_CASE(starting_a_network_may_take_forty_seconds) {
    Answer answer;
    call(mt::bdb_start_commissioning, answer);
    loop.pass(seconds(39));
    BOOST_TEST(!answer);
    loop.until([&] { return answer.has_value(); }, seconds(2));
    BOOST_TEST((answer->error() == Errc::timed_out));
}

BOOST_AUTO_TEST_CASE(a_late_answer_answers_nobody_else) {
    Answer first, second;
    call(mt::sys_ping, first);
    loop.until([&] { return first.has_value(); });
    call(mt::sys_version, second);
    link->say(ping_reply);
    loop.settle();
    BOOST_TEST(!second);
    link->say(version_reply);
    loop.settle();
    BOOST_TEST((second && *second));
}

BOOST_AUTO_TEST_CASE(an_unknown_command_is_unsupported_at_once) {
    Answer answer;
    call(mt::util_assoc_remove, answer);
    link->say(mt_frame(0x6000, hex("02 27 63")));
    loop.settle();
    BOOST_REQUIRE(answer);
    BOOST_TEST((answer->error() == Errc::unsupported));
}

BOOST_AUTO_TEST_CASE(damage_in_front_of_an_answer_does_not_hide_it) {
    Answer answer;
    call(mt::sys_ping, answer);
    auto bytes = hex("FE 06 41 80 02 FF FE");
    bytes.insert(bytes.end(), ping_reply.begin(), ping_reply.end());
    link->say(bytes);
    loop.until([&] { return answer.has_value(); }, milliseconds(1000), milliseconds(20));
    BOOST_TEST(answer->has_value());
}

BOOST_AUTO_TEST_CASE(a_damaged_length_holds_an_answer_back_for_a_moment_only) {
    Answer answer;
    call(mt::sys_ping, answer);
    auto bytes = hex("FE C8 44 81");  // 200 octets that will never come
    bytes.insert(bytes.end(), ping_reply.begin(), ping_reply.end());
    link->say(bytes);
    loop.settle();
    BOOST_TEST(!answer);
    loop.until([&] { return answer.has_value(); }, milliseconds(600), milliseconds(20));
    BOOST_TEST(answer->has_value());
}

BOOST_AUTO_TEST_CASE(a_slow_frame_is_not_given_up) {
    Answer answer;
    call(mt::sys_ping, answer);
    link->say(Bytes(ping_reply.begin(), ping_reply.begin() + 4));
    loop.pass(seconds(2), milliseconds(20));
    link->say(Bytes(ping_reply.begin() + 4, ping_reply.end()));
    loop.settle();
    BOOST_TEST((answer && *answer));
}

BOOST_AUTO_TEST_CASE(what_nobody_expects_is_an_event) {
    link->say(mt_frame(0x4481, hex("00")));
    link->say(mt_frame(0x45C0, hex("09")));
    loop.settle();
    BOOST_TEST(events.commands == std::vector<int>({0x81, 0xC0}));
}

BOOST_AUTO_TEST_CASE(an_expected_event_goes_to_its_waiter_only) {
    const auto nine = [](ByteView data) { return !data.empty() && data[0] == 9; };
    Driver::Expectation expectation(driver, mt::zdo_state_change_ind, nine);
    link->say(mt_frame(0x45C0, hex("08")));
    link->say(mt_frame(0x45C0, hex("09")));
    link->say(mt_frame(0x45C0, hex("09")));
    const auto got = loop.run(expectation.within(seconds(1)));
    BOOST_REQUIRE(got);
    BOOST_TEST(to_hex(*got) == "09");
    loop.settle();
    BOOST_TEST(events.commands.size() == 2u);
}

BOOST_AUTO_TEST_CASE(an_event_that_overtakes_the_reply_is_not_lost) {
    const auto any = [](ByteView) { return true; };
    Driver::Expectation expectation(driver, mt::af_data_confirm, any);
    Answer answer;
    call(mt::sys_ping, answer);
    link->say(mt_frame(0x4480, hex("00 01 07")));
    link->say(ping_reply);
    loop.settle();
    BOOST_TEST((answer && *answer));
    BOOST_TEST(loop.run(expectation.within(seconds(1))).has_value());
}

BOOST_AUTO_TEST_CASE(an_expectation_ends_with_its_time) {
    const auto any = [](ByteView) { return true; };
    Driver::Expectation expectation(driver, mt::af_data_confirm, any);
    BOOST_TEST(!loop.run(expectation.arrived_within(seconds(1))));
    BOOST_TEST((loop.run(expectation.within(seconds(1))).error() == Errc::timed_out));
}

BOOST_AUTO_TEST_CASE(everything_pending_ends_when_the_link_does) {
    Answer first, second, expected;
    std::optional<Result<void>> pause;
    call(mt::sys_ping, first);
    call(mt::sys_version, second);
    const auto any = [](ByteView) { return true; };
    Driver::Expectation expectation(driver, mt::af_data_confirm, any);
    loop.start(expectation.within(seconds(60)), expected);
    loop.start(driver.pause(seconds(60)), pause);
    loop.settle();
    link->drop("unplugged");
    loop.settle();
    for (const auto* answer : {&first, &second, &expected}) {
        BOOST_REQUIRE(answer->has_value());
        BOOST_TEST(((*answer)->error() == Errc::closed));
    }
    BOOST_REQUIRE(pause);
    BOOST_TEST((pause->error() == Errc::closed));
    BOOST_TEST(events.ended == std::vector<std::string>({"unplugged"}));
    Answer late;
    call(mt::sys_ping, late);
    BOOST_TEST((late->error() == Errc::closed));
}

BOOST_AUTO_TEST_CASE(close_tells_nobody_and_ends_everything) {
    Answer answer;
    call(mt::sys_ping, answer);
    driver.close();
    BOOST_TEST(!answer);  // never from inside the call
    loop.settle();
    BOOST_TEST((answer->error() == Errc::closed));
    BOOST_TEST(events.ended.empty());
}

BOOST_AUTO_TEST_CASE(fail_tells_in_a_later_turn) {
    driver.fail("made up");
    BOOST_TEST(events.ended.empty());
    loop.settle();
    BOOST_TEST(events.ended == std::vector<std::string>({"made up"}));
}

BOOST_AUTO_TEST_CASE(the_queue_is_bounded) {
    std::vector<Answer> answers(Driver::max_queued + 2);
    for (auto& answer : answers)
        loop.start(driver.call(mt::sys_ping), answer);
    loop.settle();
    BOOST_REQUIRE(answers.back());
    BOOST_TEST((answers.back()->error() == Errc::busy));
    BOOST_TEST(!answers.front());
    driver.close();
    loop.settle();
}

BOOST_AUTO_TEST_CASE(a_cancelled_caller_leaves_its_place_to_nobody) {
    Answer second;
    {
        TaskGroup tasks(loop.executor());
        tasks.spawn("asks", [this]() -> Awaitable<void> {
            auto ignored = co_await driver.call(mt::sys_ping);
            static_cast<void>(ignored);
        });
        loop.settle();
        call(mt::sys_version, second);
        loop.run(tasks.stop());
    }
    link->say(ping_reply);  // the answer to who is gone
    loop.settle();
    BOOST_TEST(link->written.size() == 2u);
    link->say(version_reply);
    loop.settle();
    BOOST_TEST((second && *second));
}

BOOST_AUTO_TEST_CASE(two_unanswered_requests_with_nothing_heard_are_silence) {
    Answer first, second;
    call(mt::sys_ping, first);
    call(mt::sys_version, second);
    loop.until([&] { return second.has_value(); });
    BOOST_TEST(events.silences == 1);
    BOOST_TEST(driver.silent_requests() == 2u);
    link->say(mt_frame(0x45C0, hex("09")));
    loop.settle();
    BOOST_TEST(driver.silent_requests() == 0u);
}

BOOST_AUTO_TEST_CASE(a_request_too_long_for_a_frame_is_not_sent) {
    const auto answer = loop.run(driver.call(mt::sys_ping, Bytes(251)));
    BOOST_TEST((answer.error() == Errc::too_large));
    BOOST_TEST(link->written.empty());
}

BOOST_AUTO_TEST_SUITE_END()
