#include "base/async.hpp"

#include <memory>
#include <string>

#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include "base/task_group.hpp"
#include "support/virtual_loop.hpp"

namespace waggle {

using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(async)

BOOST_AUTO_TEST_CASE(a_sleep_ends_when_its_time_has_passed) {
    test::VirtualLoop loop;
    const auto before = Clock::now();
    const auto slept = loop.run<bool>([]() -> Awaitable<bool> {
        const auto result = co_await sleep_for(2s);
        co_return result.has_value();
    });
    BOOST_TEST(slept);
    BOOST_TEST((Clock::now() - before >= 2s));
}

BOOST_AUTO_TEST_CASE(a_sleep_says_cancelled_when_its_task_is) {
    test::VirtualLoop loop;
    TaskGroup group(loop.executor());
    std::optional<Result<void>> outcome;
    group.spawn("sleeper", [&outcome]() -> Awaitable<void> { outcome = co_await sleep_for(1h); });
    loop.settle();
    BOOST_TEST(!outcome.has_value());
    group.cancel();
    loop.settle();
    BOOST_TEST_REQUIRE(outcome.has_value());
    BOOST_TEST((outcome->error() == Errc::cancelled));
}

BOOST_AUTO_TEST_CASE(a_value_supplied_before_the_wait_is_taken_at_once) {
    test::VirtualLoop loop;
    OneShot<int> slot(loop.executor());
    BOOST_TEST(slot.fulfil(42));
    BOOST_TEST(slot.is_fulfilled());
    const auto got = loop.run<int>([slot]() -> Awaitable<int> {
        auto result = co_await slot.within(1s);
        co_return result.value();
    });
    BOOST_TEST(got == 42);
}

BOOST_AUTO_TEST_CASE(a_value_supplied_during_the_wait_ends_it) {
    test::VirtualLoop loop;
    OneShot<std::string> slot(loop.executor());
    const auto before = Clock::now();
    boost::asio::post(loop.context, [slot] { slot.fulfil(std::string("here")); });
    const auto got = loop.run<std::string>([slot]() -> Awaitable<std::string> {
        auto result = co_await slot.within(1h);
        co_return result.value();
    });
    BOOST_TEST(got == "here");
    BOOST_TEST((Clock::now() - before < 1min));
}

BOOST_AUTO_TEST_CASE(a_wait_without_a_value_times_out_and_a_late_value_is_refused) {
    test::VirtualLoop loop;
    OneShot<int> slot(loop.executor());
    const auto timed_out = loop.run<bool>([slot]() -> Awaitable<bool> {
        const auto result = co_await slot.within(6s);
        co_return result.has_error() && result.error() == Errc::timed_out;
    });
    BOOST_TEST(timed_out);
    BOOST_TEST(!slot.fulfil(1));
}

BOOST_AUTO_TEST_CASE(only_the_first_value_counts) {
    test::VirtualLoop loop;
    OneShot<int> slot(loop.executor());
    BOOST_TEST(slot.fulfil(Errc::closed));
    BOOST_TEST(!slot.fulfil(2));
    const auto closed = loop.run<bool>([slot]() -> Awaitable<bool> {
        const auto result = co_await slot.within(1s);
        co_return result.has_error() && result.error() == Errc::closed;
    });
    BOOST_TEST(closed);
}

BOOST_AUTO_TEST_CASE(a_value_without_content_can_be_waited_for) {
    test::VirtualLoop loop;
    OneShot<void> slot(loop.executor());
    slot.fulfil({});
    const auto arrived = loop.run<bool>([slot]() -> Awaitable<bool> {
        const auto result = co_await slot.within(1s);
        co_return result.has_value();
    });
    BOOST_TEST(arrived);
}

BOOST_AUTO_TEST_CASE(a_value_that_cannot_be_copied_passes_through) {
    test::VirtualLoop loop;
    OneShot<std::unique_ptr<int>> slot(loop.executor());
    slot.fulfil(std::make_unique<int>(5));
    const auto got = loop.run<int>([slot]() -> Awaitable<int> {
        auto result = co_await slot.within(1s);
        co_return *result.value();
    });
    BOOST_TEST(got == 5);
}

BOOST_AUTO_TEST_CASE(a_wait_says_cancelled_when_its_task_is) {
    test::VirtualLoop loop;
    TaskGroup group(loop.executor());
    OneShot<int> slot(loop.executor());
    std::optional<Result<int>> outcome;
    group.spawn("waiter",
                [&outcome, slot]() -> Awaitable<void> { outcome = co_await slot.within(1h); });
    loop.settle();
    group.cancel();
    loop.settle();
    BOOST_TEST_REQUIRE(outcome.has_value());
    BOOST_TEST((outcome->error() == Errc::cancelled));
}

BOOST_AUTO_TEST_CASE(a_wait_outlives_the_object_it_was_made_from) {
    test::VirtualLoop loop;
    auto slot = std::make_unique<OneShot<int>>(loop.executor());
    const auto supplier = *slot;
    TaskGroup group(loop.executor());
    std::optional<int> got;
    group.spawn("waiter", [&got, &slot]() -> Awaitable<void> {
        auto waiting = slot->within(1h);
        auto result = co_await std::move(waiting);
        got = result.value();
    });
    loop.settle();
    slot.reset();
    supplier.fulfil(9);
    loop.settle();
    BOOST_TEST(got.value_or(0) == 9);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waggle
