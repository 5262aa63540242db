#include "base/background.hpp"

#include <atomic>

#include <boost/test/unit_test.hpp>

#include "support/virtual_loop.hpp"

namespace waggle {

using namespace std::chrono_literals;

namespace {

struct Rig {
    Rig() { loop.wait_outside = 1ms; }
    test::VirtualLoop loop;
    Background background;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(background, Rig)

BOOST_AUTO_TEST_CASE(work_is_done_on_another_thread_and_its_result_comes_to_the_loop) {
    const auto here = std::this_thread::get_id();
    std::function<bool(std::stop_token)> work = [here](const std::stop_token&) {
        return std::this_thread::get_id() != here;
    };
    const auto elsewhere = loop.run(background.run<bool>(loop.executor(), std::move(work), 1h));
    BOOST_REQUIRE(elsewhere);
    BOOST_TEST(*elsewhere);
}

BOOST_AUTO_TEST_CASE(one_piece_of_work_at_a_time) {
    auto go_on = std::make_shared<std::atomic<bool>>(false);
    std::function<int(std::stop_token)> work = [go_on](const std::stop_token&) {
        while (!*go_on)
            std::this_thread::yield();
        return 1;
    };
    std::optional<Result<int>> first;
    auto again = work;
    loop.start(background.run<int>(loop.executor(), std::move(work), 1h), first);
    loop.settle();
    const auto second = loop.run(background.run<int>(loop.executor(), std::move(again), 1h));
    BOOST_TEST((second.error() == Errc::busy));
    *go_on = true;
    loop.until([&] { return first.has_value(); });
    BOOST_TEST(first->value() == 1);
}

BOOST_AUTO_TEST_CASE(when_it_goes_away_the_work_is_told_and_waited_for) {
    auto ended = std::make_shared<std::atomic<bool>>(false);
    std::optional<Result<int>> result;
    {
        Background short_lived;
        std::function<int(std::stop_token)> work = [ended](const std::stop_token& stop) {
            while (!stop.stop_requested())
                std::this_thread::yield();
            *ended = true;
            return 1;
        };
        loop.start(short_lived.run<int>(loop.executor(), std::move(work), 1h), result);
        loop.settle();
    }
    BOOST_TEST(*ended);
    loop.until([&] { return result.has_value(); });
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waggle
