#include "ota/update_queue.hpp"

#include <boost/test/unit_test.hpp>

#include "support/virtual_loop.hpp"

using namespace std::chrono_literals;
using namespace waggle;
using ota::UpdateQueue;

namespace {

struct Fixture {
    using Place = std::optional<ota::Outcome<UpdateQueue::TurnPtr>>;

    Place& take() {
        places.emplace_back();
        loop.start(queue.take(aborts.emplace_back().get_token()), places.back());
        loop.settle();
        return places.back();
    }

    test::VirtualLoop loop;
    UpdateQueue queue{loop.executor()};
    std::deque<Place> places;
    std::deque<std::stop_source> aborts;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(update_queue, Fixture)

BOOST_AUTO_TEST_CASE(turns_are_given_in_the_order_in_which_they_were_asked_for) {
    auto& first = take();
    BOOST_REQUIRE(first);
    BOOST_TEST(!queue.is_free());
    auto& second = take();
    auto& third = take();
    BOOST_TEST(!second);
    BOOST_TEST(queue.waiting() == 2u);
    first.reset();
    loop.settle();
    BOOST_REQUIRE(second);
    BOOST_TEST(!third);
    second.reset();
    loop.settle();
    BOOST_REQUIRE(third);
    third.reset();
    BOOST_TEST(queue.is_free());
}

BOOST_AUTO_TEST_CASE(at_most_32_wait) {
    auto& first = take();
    for (std::size_t i = 0; i < UpdateQueue::most_waiting; ++i)
        BOOST_TEST(!take());
    const auto& refused = take();
    BOOST_REQUIRE(refused);
    BOOST_TEST(refused->error().message == "32 updates wait already; try again later");
    aborts[1].request_stop();  // who gives up makes room
    loop.settle();
    BOOST_TEST(places[1]->error().message == "it was aborted while it waited");
    BOOST_TEST(!take());
    first.reset();
    loop.settle();
    BOOST_TEST(places[2]->has_value());
}

BOOST_AUTO_TEST_CASE(what_begins_at_once_makes_others_wait) {
    auto running = queue.begin_now();
    auto& waiting = take();
    BOOST_TEST(!waiting);
    auto another = queue.begin_now();
    running.reset();
    loop.settle();
    BOOST_TEST(!waiting);
    another.reset();
    loop.settle();
    BOOST_TEST(waiting->has_value());
}

BOOST_AUTO_TEST_CASE(nobody_waits_for_ever) {
    auto& first = take();
    auto& second = take();
    loop.pass(UpdateQueue::longest_wait + 1h, 1h);
    BOOST_REQUIRE(second);
    BOOST_TEST(second->error().message == "it waited a week for the updates before it");
    first.reset();
    BOOST_TEST(queue.is_free());
}

BOOST_AUTO_TEST_CASE(a_turn_may_outlive_its_queue) {
    std::optional<UpdateQueue> gone(std::in_place, loop.executor());
    auto turn = gone->begin_now();
    gone.reset();
    turn.reset();
}

BOOST_AUTO_TEST_SUITE_END()
