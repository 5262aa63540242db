#pragma once

#include <exception>
#include <memory>
#include <optional>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include "base/async.hpp"
#include "base/clock.hpp"

/// A loop whose time the test moves: while nothing has to be done, the clock goes on in steps, so
/// that hours pass in milliseconds and no test sleeps.
namespace waggle::test {

class VirtualLoop {
  public:
    VirtualLoop() { Clock::use_virtual_time(); }

    boost::asio::any_io_executor executor() { return context.get_executor(); }

    /// Turns the loop until `done()`; fails the test when `limit` of virtual time passes first.
    template <class Predicate>
    void until(Predicate done, Clock::duration limit = std::chrono::minutes(10),
               Clock::duration step = std::chrono::milliseconds(100)) {
        const auto end = Clock::now() + limit;
        while (!done()) {
            if (context.stopped())
                context.restart();
            if (context.poll() != 0)
                continue;
            BOOST_REQUIRE_MESSAGE(Clock::now() < end, "nothing happened for too long");
            Clock::advance(step);
            if (context.stopped())
                context.restart();
            context.run_one_for(std::chrono::milliseconds(3));
        }
    }

    /// Runs a coroutine to its end and returns what it returned.
    template <class T>
    T run(Awaitable<T> task, Clock::duration limit = std::chrono::minutes(10),
          Clock::duration step = std::chrono::milliseconds(100)) {
        struct State {
            std::optional<T> result;
            std::exception_ptr thrown;
            bool ended = false;
        };
        // Shared: when the loop throws, the coroutine may still end later.
        const auto state = std::make_shared<State>();
        boost::asio::co_spawn(context, std::move(task), [state](std::exception_ptr error, T value) {
            state->thrown = error;
            state->result.emplace(std::move(value));
            state->ended = true;
        });
        until([&] { return state->ended; }, limit, step);
        if (state->thrown)
            std::rethrow_exception(state->thrown);
        return std::move(*state->result);
    }
    void run(Awaitable<void> task) {
        const auto ended = std::make_shared<bool>(false);
        boost::asio::co_spawn(context, std::move(task),
                              [ended](std::exception_ptr) { *ended = true; });
        until([&] { return *ended; });
    }

    /// Starts a coroutine; the result appears in `result`, which must outlive it.
    template <class T>
    void start(Awaitable<T> task, std::optional<T>& result) {
        boost::asio::co_spawn(context, std::move(task), [&](std::exception_ptr error, T value) {
            if (!error)
                result.emplace(std::move(value));
        });
    }

    /// Lets everything happen that is due, then `time` pass.
    void pass(Clock::duration time, Clock::duration step = std::chrono::milliseconds(100)) {
        const auto end = Clock::now() + time;
        until([&] { return Clock::now() >= end; }, time * 2, step);
        settle();
    }
    void settle() {
        do {
            if (context.stopped())
                context.restart();
        } while (context.poll() != 0);
    }

    boost::asio::io_context context{1};
};

}  // namespace waggle::test
