// Held time: it passes only when told to, and then in the order of what is due.
#include <boost/test/unit_test.hpp>
#include <scheduler.hpp>

#include "support/virtual_loop.hpp"

namespace waggle::sim {
namespace {

struct Held {
    test::VirtualLoop loop;
    Scheduler time{loop.context};
    std::vector<std::string> done;

    void after(int ms, const std::string& what) {
        time.after(Milliseconds(ms), [this, what] { done.push_back(what); });
    }
    std::string story() const {
        std::string text;
        for (const std::string& what : done)
            text += what + " ";
        return text;
    }
};

BOOST_FIXTURE_TEST_SUITE(held_time, Held)

BOOST_AUTO_TEST_CASE(nothing_happens_until_it_passes) {
    after(10, "early");
    time.hold();
    after(20, "later");
    loop.pass(std::chrono::seconds(5));
    BOOST_TEST(story() == "");
    time.pass(Milliseconds(15));
    BOOST_TEST(story() == "early ");
    time.pass(Milliseconds(5));
    BOOST_TEST(story() == "early later ");
}

BOOST_AUTO_TEST_CASE(what_a_task_adds_is_done_within_the_same_span) {
    time.hold();
    const auto start = time.now();
    std::function<void()> tick = [&] {
        const auto since = std::chrono::duration_cast<Milliseconds>(time.now() - start);
        done.push_back(std::to_string(since.count()));
        time.after(Milliseconds(100), tick);
    };
    time.after(Milliseconds(100), tick);
    after(250, "between");
    time.pass(Milliseconds(350));
    BOOST_TEST(story() == "100 200 between 300 ");
    BOOST_TEST((time.now() - start == Milliseconds(350)));
}

BOOST_AUTO_TEST_CASE(a_cancelled_task_is_not_done) {
    time.hold();
    const auto handle = time.after(Milliseconds(10), [this] { done.push_back("cancelled"); });
    time.cancel(handle);
    time.pass(Milliseconds(20));
    BOOST_TEST(story() == "");
}

BOOST_AUTO_TEST_CASE(released_it_goes_on_from_where_it_was_held) {
    time.hold();
    const auto held = time.now();
    after(100, "due");
    loop.pass(std::chrono::seconds(60));
    time.release();
    BOOST_TEST((time.now() - held < Milliseconds(50)));
    loop.pass(Milliseconds(90), Milliseconds(5));
    BOOST_TEST(story() == "");
    loop.pass(Milliseconds(20), Milliseconds(5));
    BOOST_TEST(story() == "due ");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace waggle::sim
