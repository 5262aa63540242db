#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include <boost/asio/io_context.hpp>

#include "base/async.hpp"
#include "base/clock.hpp"

/// A loop whose time the test moves: while nothing has to be done, the clock goes on in steps, so
/// that hours pass in milliseconds and no test sleeps.
///
/// What starts coroutines is compiled once, in virtual_loop.cpp: Asio's part of it takes seconds.
namespace waggle::test {

class VirtualLoop {
  public:
    static constexpr Clock::duration usual_limit = std::chrono::minutes(10);
    static constexpr Clock::duration usual_step = std::chrono::milliseconds(100);

    VirtualLoop();

    boost::asio::any_io_executor executor() { return context.get_executor(); }

    /// Turns the loop until `done()`; fails the test when `limit` of virtual time passes first.
    void until(const std::function<bool()>& done, Clock::duration limit = usual_limit,
               Clock::duration step = usual_step);

    /// Runs a coroutine to its end and returns what it returned, or throws what it threw.
    template <class T>
    T run(Awaitable<T> task, Clock::duration limit = usual_limit,
          Clock::duration step = usual_step) {
        const auto result = std::make_shared<std::optional<T>>();
        run(keep(std::move(task), result), limit, step);
        return std::move(**result);
    }
    void run(Awaitable<void> task, Clock::duration limit = usual_limit,
             Clock::duration step = usual_step);

    /// The same for a coroutine made by a closure, which lives as long as it runs.
    template <class T>
    T run(std::function<Awaitable<T>()> task) {
        const auto result = std::make_shared<std::optional<T>>();
        run(keep_made(std::move(task), result));
        return std::move(**result);
    }

    /// Starts a coroutine; the result appears in `result`, which must outlive it.
    template <class T>
    void start(Awaitable<T> task, std::optional<T>& result) {
        // The place is the caller's: nothing to free.
        spawn(keep(std::move(task),
                   std::shared_ptr<std::optional<T>>(std::shared_ptr<void>(), &result)));
    }

    /// Lets everything happen that is due.
    void settle();
    /// Time passes in steps, and at each what is due happens.
    void pass(Clock::duration time, Clock::duration step = usual_step);
    /// The clock jumps, then what is due happens.
    void jump(Clock::duration time);

    boost::asio::io_context context{1};

    /// How long each step waits for what comes from outside of the loop: a socket's other end.
    std::chrono::milliseconds wait_outside{0};

  private:
    template <class T>
    static Awaitable<void> keep(Awaitable<T> task, std::shared_ptr<std::optional<T>> to) {
        auto value = co_await std::move(task);
        to->emplace(std::move(value));
    }
    template <class T>
    static Awaitable<void> keep_made(std::function<Awaitable<T>()> make,
                                     std::shared_ptr<std::optional<T>> to) {
        auto value = co_await make();
        to->emplace(std::move(value));
    }
    void spawn(Awaitable<void> task);

    Timer nudge_;
};

// The most frequent one, made in virtual_loop.cpp.
extern template Result<void> VirtualLoop::run(Awaitable<Result<void>>, Clock::duration,
                                              Clock::duration);

}  // namespace waggle::test
