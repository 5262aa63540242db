#include "support/virtual_loop.hpp"

#include <exception>

#include <boost/asio/co_spawn.hpp>
#include <boost/test/unit_test.hpp>

namespace waggle::test {

VirtualLoop::VirtualLoop() : nudge_(executor()) {
    Clock::use_virtual_time();
}

void VirtualLoop::settle() {
    // The reactor learns of a moved clock with the next timer that is the earliest of all.
    nudge_.expires_at(Clock::time_point());
    nudge_.async_wait([](const boost::system::error_code&) {});
    do {
        if (context.stopped())
            context.restart();
    } while (context.poll() != 0);
}

void VirtualLoop::until(const std::function<bool()>& done, Clock::duration limit,
                        Clock::duration step) {
    const auto end = Clock::now() + limit;
    while (!done()) {
        settle();
        if (done())
            return;
        BOOST_REQUIRE_MESSAGE(Clock::now() < end, "nothing happened for too long");
        Clock::advance(step);
        if (wait_outside.count() == 0)
            continue;
        if (context.stopped())
            context.restart();
        context.run_one_for(wait_outside);
    }
}

void VirtualLoop::run(Awaitable<void> task, Clock::duration limit, Clock::duration step) {
    struct State {
        std::exception_ptr thrown;
        bool ended = false;
    };
    // Shared: when the loop throws, the coroutine may still end later.
    const auto state = std::make_shared<State>();
    boost::asio::co_spawn(executor(), std::move(task), [state](std::exception_ptr error) {
        state->thrown = error;
        state->ended = true;
    });
    until([state] { return state->ended; }, limit, step);
    if (state->thrown)
        std::rethrow_exception(state->thrown);
}

void VirtualLoop::spawn(Awaitable<void> task) {
    boost::asio::co_spawn(executor(), std::move(task), [](std::exception_ptr error) {
        if (error)
            std::rethrow_exception(error);  // out of the loop, into the test
    });
}

void VirtualLoop::pass(Clock::duration time, Clock::duration step) {
    const auto end = Clock::now() + time;
    until([end] { return Clock::now() >= end; }, time * 2, step);
    settle();
}

void VirtualLoop::jump(Clock::duration time) {
    Clock::advance(time);
    settle();
}

template Result<void> VirtualLoop::run(Awaitable<Result<void>>, Clock::duration, Clock::duration);

}  // namespace waggle::test
