#include <boost/test/unit_test.hpp>

#include "base/timer.hpp"
#include "support/virtual_loop.hpp"

namespace waggle {

using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(clock_)

BOOST_AUTO_TEST_CASE(a_timer_of_a_day_fires_when_a_day_is_advanced) {
    test::VirtualLoop loop;
    Timer timer(loop.executor(), 24h);
    bool fired = false;
    timer.async_wait([&fired](boost::system::error_code error) { fired = !error; });
    loop.settle();
    BOOST_TEST(!fired);
    loop.jump(23h);
    BOOST_TEST(!fired);
    loop.jump(1h);
    BOOST_TEST(fired);
}

BOOST_AUTO_TEST_CASE(timers_fire_in_the_order_of_their_times) {
    test::VirtualLoop loop;
    std::string order;
    Timer late(loop.executor(), 3s), early(loop.executor(), 1s);
    late.async_wait([&order](boost::system::error_code) { order += "late"; });
    early.async_wait([&order](boost::system::error_code) { order += "early "; });
    loop.jump(10s);
    BOOST_TEST(order == "early late");
}

BOOST_AUTO_TEST_CASE(a_timer_without_end_does_not_fire) {
    test::VirtualLoop loop;
    Timer timer(loop.executor());
    timer.expires_at(Clock::time_point::max());
    bool fired = false;
    timer.async_wait([&fired](boost::system::error_code) { fired = true; });
    loop.jump(24h * 365);
    BOOST_TEST(!fired);
}

BOOST_AUTO_TEST_CASE(the_wall_clock_moves_along) {
    test::VirtualLoop loop;
    const auto before = wall_clock_ms();
    Clock::advance(1h);
    const auto passed = wall_clock_ms() - before;
    BOOST_TEST(passed >= 3'600'000);
    BOOST_TEST(passed < 3'610'000);
    BOOST_TEST(before > 1'600'000'000'000);  // later than 2020
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waggle
