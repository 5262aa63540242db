#include "base/task_group.hpp"

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "base/log.hpp"
#include "support/virtual_loop.hpp"

namespace waggle {
namespace {

using namespace std::chrono_literals;

/// Keeps the lines that are logged while it lives.
struct Lines {
    Lines() {
        log::set_tap(
            [this](log::Level, std::string_view, std::string_view text) { all.emplace_back(text); },
            false);
    }
    ~Lines() { log::set_tap({}, false); }
    std::vector<std::string> all;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(task_group)

BOOST_AUTO_TEST_CASE(a_task_starts_in_a_later_turn_of_the_loop) {
    test::VirtualLoop loop;
    TaskGroup group(loop.executor());
    std::string order;
    group.spawn("outer", [&]() -> Awaitable<void> {
        group.spawn("inner", [&]() -> Awaitable<void> {
            order += "inner";
            co_return;
        });
        order += "outer ";
        co_return;
    });
    BOOST_TEST(order.empty());
    loop.settle();
    BOOST_TEST(order == "outer inner");
    BOOST_TEST(group.size() == 0u);
}

BOOST_AUTO_TEST_CASE(the_closure_lives_as_long_as_its_coroutine) {
    test::VirtualLoop loop;
    TaskGroup group(loop.executor());
    std::string seen;
    {
        auto owned = std::make_shared<std::string>("still here");
        group.spawn("owner", [&seen, owned]() -> Awaitable<void> {
            (void)co_await sleep_for(1s);
            seen = *owned;
        });
    }
    loop.settle();
    loop.jump(2s);
    BOOST_TEST(seen == "still here");
}

BOOST_AUTO_TEST_CASE(an_exception_ends_one_task_and_is_logged_with_its_name) {
    test::VirtualLoop loop;
    Lines lines;
    TaskGroup group(loop.executor());
    bool other_went_on = false;
    group.spawn("bad one", []() -> Awaitable<void> {
        throw std::runtime_error("out of luck");
        co_return;
    });
    group.spawn("good one", [&]() -> Awaitable<void> {
        (void)co_await sleep_for(1s);
        other_went_on = true;
    });
    loop.settle();
    loop.jump(2s);
    BOOST_TEST(other_went_on);
    BOOST_TEST_REQUIRE(lines.all.size() == 1u);
    BOOST_TEST(lines.all[0].find("bad one") != std::string::npos);
    BOOST_TEST(lines.all[0].find("out of luck") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(stop_returns_when_the_last_task_has_ended) {
    test::VirtualLoop loop;
    Lines lines;
    TaskGroup group(loop.executor());
    int ended = 0;
    for (int i = 0; i < 3; ++i)
        group.spawn("sleeper", [&ended]() -> Awaitable<void> {
            (void)co_await sleep_for(1h);
            ++ended;
        });
    loop.settle();
    BOOST_TEST(group.size() == 3u);
    const auto all = loop.run<bool>([&]() -> Awaitable<bool> {
        co_await group.stop();
        co_return ended == 3;
    });
    BOOST_TEST(all);
    BOOST_TEST(group.size() == 0u);
    BOOST_TEST(lines.all.empty());  // being told to end is nothing to report
}

BOOST_AUTO_TEST_CASE(a_task_that_waits_again_after_being_cancelled_ends_all_the_same) {
    test::VirtualLoop loop;
    Lines lines;
    TaskGroup group(loop.executor());
    group.spawn("stubborn", []() -> Awaitable<void> {
        for (;;)
            (void)co_await sleep_for(1h);
    });
    loop.settle();
    const auto stopped = loop.run<bool>([&]() -> Awaitable<bool> {
        co_await group.stop();
        co_return true;
    });
    BOOST_TEST(stopped);
    BOOST_TEST(lines.all.empty());
}

BOOST_AUTO_TEST_CASE(a_task_that_never_began_is_stopped_too) {
    test::VirtualLoop loop;
    TaskGroup group(loop.executor());
    bool woke_by_itself = false;
    group.spawn(
        "new", [&]() -> Awaitable<void> { woke_by_itself = (co_await sleep_for(1h)).has_value(); });
    const auto stopped = loop.run<bool>([&]() -> Awaitable<bool> {
        co_await group.stop();
        co_return true;
    });
    BOOST_TEST(stopped);
    BOOST_TEST(!woke_by_itself);
}

BOOST_AUTO_TEST_CASE(a_task_that_does_not_end_is_named) {
    test::VirtualLoop loop;
    Lines lines;
    TaskGroup group(loop.executor());
    OneShot<void> release(loop.executor());
    group.spawn("deaf", [release]() -> Awaitable<void> {
        co_await boost::asio::this_coro::reset_cancellation_state(
            boost::asio::disable_cancellation());
        (void)co_await release.within(5s);
    });
    loop.settle();
    const auto stopped = loop.run<bool>([&]() -> Awaitable<bool> {
        co_await group.stop();
        co_return true;
    });
    BOOST_TEST(stopped);
    BOOST_TEST_REQUIRE(lines.all.size() == 1u);
    BOOST_TEST(lines.all[0] == "Task 'deaf' does not end");
}

BOOST_AUTO_TEST_CASE(nothing_starts_after_stop) {
    test::VirtualLoop loop;
    TaskGroup group(loop.executor());
    group.cancel();
    bool started = false;
    group.spawn("late", [&started]() -> Awaitable<void> {
        started = true;
        co_return;
    });
    loop.settle();
    BOOST_TEST(!started);
    BOOST_TEST(group.size() == 0u);
}

BOOST_AUTO_TEST_CASE(a_group_may_go_away_before_its_tasks) {
    test::VirtualLoop loop;
    auto alive = std::make_shared<int>(1);
    {
        TaskGroup group(loop.executor());
        group.spawn("orphan", [alive]() -> Awaitable<void> { (void)co_await sleep_for(1h); });
        loop.settle();
    }
    loop.settle();
    BOOST_TEST(alive.use_count() == 1);
}

BOOST_AUTO_TEST_CASE(tasks_of_a_loop_that_is_gone_are_destroyed) {
    auto alive = std::make_shared<int>(1);
    auto loop = std::make_unique<test::VirtualLoop>();
    auto group = std::make_unique<TaskGroup>(loop->executor());
    group->spawn("left over", [alive]() -> Awaitable<void> { (void)co_await sleep_for(1h); });
    loop->settle();
    group.reset();
    loop.reset();
    BOOST_TEST(alive.use_count() == 1);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waggle
