#include "base/timer.hpp"

#include <boost/test/unit_test.hpp>

#include "loop.hpp"

namespace waggle {

using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(clock_)

BOOST_AUTO_TEST_CASE(a_timer_of_a_day_fires_when_a_day_is_advanced) {
    test::Loop loop;
    Timer timer(loop.executor(), 24h);
    bool fired = false;
    timer.async_wait([&fired](boost::system::error_code error) { fired = !error; });
    loop.turn();
    BOOST_TEST(!fired);
    loop.after(23h);
    BOOST_TEST(!fired);
    loop.after(1h);
    BOOST_TEST(fired);
}

BOOST_AUTO_TEST_CASE(timers_fire_in_the_order_of_their_times) {
    test::Loop loop;
    std::string order;
    Timer late(loop.executor(), 3s), early(loop.executor(), 1s);
    late.async_wait([&order](boost::system::error_code) { order += "late"; });
    early.async_wait([&order](boost::system::error_code) { order += "early "; });
    loop.after(10s);
    BOOST_TEST(order == "early late");
}

BOOST_AUTO_TEST_CASE(a_timer_without_end_does_not_fire) {
    test::Loop loop;
    Timer timer(loop.executor());
    timer.expires_at(Clock::time_point::max());
    bool fired = false;
    timer.async_wait([&fired](boost::system::error_code) { fired = true; });
    loop.after(24h * 365);
    BOOST_TEST(!fired);
}

BOOST_AUTO_TEST_CASE(the_wall_clock_moves_along) {
    test::Loop loop;
    const auto before = wall_clock_ms();
    Clock::advance(1h);
    const auto passed = wall_clock_ms() - before;
    BOOST_TEST(passed >= 3'600'000);
    BOOST_TEST(passed < 3'610'000);
    BOOST_TEST(before > 1'600'000'000'000);  // later than 2020
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waggle
