#include "mqtt/outgoing_queue.hpp"

#include <boost/test/unit_test.hpp>

using namespace waggle::mqtt;

namespace {

const PublishOptions event{};
const PublishOptions state{.kind = Kind::state};
const PublishOptions retained{.retain = true};

std::string content(OutgoingQueue& queue) {
    std::string out;
    for (; !queue.empty(); queue.pop())
        out += queue.front().topic + "=" + queue.front().payload + " ";
    return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(outgoing_queue)

BOOST_AUTO_TEST_CASE(below_the_bound_everything_is_kept_in_order) {
    OutgoingQueue queue(10, 100'000);
    queue.push("a", "1", state);
    queue.push("b", "2", event);
    queue.push("a", "3", state);
    BOOST_TEST(content(queue) == "a=1 b=2 a=3 ");
    BOOST_TEST(queue.bytes() == 0u);
}

BOOST_AUTO_TEST_CASE(at_the_bound_a_state_replaces_the_newest_of_its_topic) {
    OutgoingQueue queue(3, 100'000);
    queue.push("a", "1", state);
    queue.push("a", "2", state);
    queue.push("b", "1", event);
    const auto loss = queue.push("a", "longer", state);
    BOOST_TEST(loss.replaced == 1u);
    BOOST_TEST(loss.dropped == 0u);
    BOOST_TEST(content(queue) == "a=1 a=longer b=1 ");
    BOOST_TEST(queue.bytes() == 0u);
}

BOOST_AUTO_TEST_CASE(at_the_bound_the_oldest_leaves_for_what_is_new) {
    OutgoingQueue queue(2, 100'000);
    queue.push("a", "1", event);
    queue.push("b", "1", event);
    const auto loss = queue.push("c", "1", event);
    BOOST_TEST(loss.dropped == 1u);
    BOOST_TEST(content(queue) == "b=1 c=1 ");
}

BOOST_AUTO_TEST_CASE(the_newest_value_of_a_topic_is_never_forgotten) {
    OutgoingQueue queue(2, 100'000);
    queue.push("a", "1", state);
    queue.push("a", "2", state);
    BOOST_TEST(queue.push("x", "1", event).replaced == 1u);  // the older of a
    BOOST_TEST(queue.lost_topics().empty());
    BOOST_TEST(queue.push("y", "1", event).dropped == 0u);  // the newest of a: remembered by name
    BOOST_REQUIRE(queue.lost_topics().size() == 1u);
    BOOST_TEST(queue.lost_topics().front() == "a");
    BOOST_TEST(content(queue) == "x=1 y=1 ");
}

BOOST_AUTO_TEST_CASE(bytes_are_bounded_too_and_one_large_message_passes_alone) {
    OutgoingQueue queue(1000, 10'000);
    for (int i = 0; i < 100; ++i)
        queue.push("t" + std::to_string(i), std::string(1000, 'x'), event);
    BOOST_TEST(queue.bytes() <= 10'000u);
    BOOST_TEST(queue.size() < 10u);
    BOOST_TEST(queue.size() > 5u);
    queue.push("large", std::string(50'000, 'x'), retained);
    BOOST_TEST(queue.size() == 1u);
    queue.push("large", "small", retained);
    BOOST_TEST(queue.size() == 1u);
    BOOST_TEST(queue.bytes() < 1000u);
}

BOOST_AUTO_TEST_CASE(giving_up_tells_events_from_values) {
    OutgoingQueue queue(10, 100'000);
    queue.push("a", "1", state);
    queue.push("a", "2", state);
    queue.push("b", "1", event);
    queue.push("c", "1", retained);
    std::string topics;
    const auto loss =
        queue.clear([&](const std::string& topic, const PublishOptions&) { topics += topic; });
    BOOST_TEST(topics == "ac");
    BOOST_TEST(loss.dropped == 1u);
    BOOST_TEST(loss.replaced == 1u);
    BOOST_TEST(queue.empty());
}

BOOST_AUTO_TEST_SUITE_END()
