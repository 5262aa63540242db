#include "coordinator/znp/window.hpp"

#include <memory>

#include <boost/test/unit_test.hpp>

#include "support/virtual_loop.hpp"

using namespace waggle;
using namespace waggle::znp;
using namespace waggle::test;
using Permit = Window::Permit;
using Entered = std::optional<Result<void>>;

namespace {

struct Rig {
    Rig() : window(loop.executor()) { window.open(2); }

    struct Visitor {
        Visitor(Window& window, std::optional<std::uint16_t> to) : permit(window, to) {}
        bool inside() const { return entered && entered->has_value(); }
        Permit permit;
        Entered entered;
    };
    std::unique_ptr<Visitor> visit(std::optional<std::uint16_t> to = std::nullopt) {
        auto visitor = std::make_unique<Visitor>(window, to);
        enter(*visitor);
        return visitor;
    }
    void enter(Visitor& visitor) {
        visitor.entered.reset();
        loop.start(visitor.permit.enter(), visitor.entered);
        loop.settle();
    }

    VirtualLoop loop;
    Window window;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(window, Rig)

BOOST_AUTO_TEST_CASE(as_many_enter_as_it_is_wide) {
    auto a = visit(), b = visit(), c = visit();
    BOOST_TEST(a->inside());
    BOOST_TEST(b->inside());
    BOOST_TEST(!c->entered);
    a.reset();
    loop.settle();
    BOOST_TEST(c->inside());
}

BOOST_AUTO_TEST_CASE(one_request_a_destination_and_the_others_pass) {
    auto a = visit(7), b = visit(7), c = visit(8);
    BOOST_TEST(a->inside());
    BOOST_TEST(!b->entered);
    BOOST_TEST(c->inside());
    c.reset();
    loop.settle();
    BOOST_TEST(!b->entered);
    a.reset();
    loop.settle();
    BOOST_TEST(b->inside());
}

BOOST_AUTO_TEST_CASE(a_lent_place_is_for_others_but_the_destination_is_kept) {
    auto a = visit(7), b = visit(8), c = visit(9), d = visit(7);
    a->permit.lend();
    loop.settle();
    BOOST_TEST(c->inside());
    enter(*a);  // wants its place back
    BOOST_TEST(!a->entered);
    b.reset();
    loop.settle();
    BOOST_TEST(a->inside());
    BOOST_TEST(!d->entered);
}

BOOST_AUTO_TEST_CASE(only_so_many_are_lent_while_the_radio_still_holds_them) {
    std::vector<std::unique_ptr<Visitor>> visitors;
    for (std::uint16_t i = 0; i < 6; ++i) {
        visitors.push_back(visit(i));
        if (visitors.back()->inside())
            visitors.back()->permit.lend_if_room();
    }
    BOOST_TEST(window.under_way() == 4u);  // two lent, two inside
    BOOST_TEST(window.waiting() == 2u);
}

BOOST_AUTO_TEST_CASE(it_closes_to_half_and_opens_again_by_one_a_round) {
    window.open(16);
    window.out_of_buffers();
    BOOST_TEST(window.width() == 8u);
    for (int i = 0; i < 8; ++i)
        window.delivered();
    BOOST_TEST(window.width() == 9u);
    for (int i = 0; i < 10; ++i)
        window.out_of_buffers();
    BOOST_TEST(window.width() == 1u);
    for (int i = 0; i < 1000; ++i)
        window.delivered();
    BOOST_TEST(window.width() == 16u);
}

BOOST_AUTO_TEST_CASE(the_queue_is_bounded) {
    std::vector<std::unique_ptr<Visitor>> visitors;
    for (std::size_t i = 0; i < 2 + Window::max_waiting; ++i) {
        visitors.push_back(std::make_unique<Visitor>(window, std::nullopt));
        loop.start(visitors.back()->permit.enter(), visitors.back()->entered);
    }
    loop.settle();
    auto late = visit();
    BOOST_REQUIRE(late->entered);
    BOOST_TEST((late->entered->error() == Errc::busy));
    window.close();
    loop.settle();
    BOOST_TEST((visitors.back()->entered->error() == Errc::closed));
}

BOOST_AUTO_TEST_CASE(waiting_has_an_end) {
    auto a = visit(7), b = visit(7);
    loop.until([&] { return b->entered.has_value(); });
    BOOST_TEST((b->entered->error() == Errc::timed_out));
    BOOST_TEST(window.waiting() == 0u);
}

BOOST_AUTO_TEST_CASE(after_closing_and_opening_everything_is_free) {
    auto a = visit(7), b = visit(8), c = visit(9);
    a->permit.lend();
    window.close();
    loop.settle();
    a.reset();
    b.reset();
    c.reset();
    BOOST_TEST(window.under_way() == 0u);
    window.open(1);
    auto d = visit(7);
    BOOST_TEST(d->inside());
}

BOOST_AUTO_TEST_SUITE_END()
