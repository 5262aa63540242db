#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <optional>
#include <utility>

#include "base/clock.hpp"
#include "base/result.hpp"

/// Waiting on the loop: sleeping, and a value that somebody else will supply.
namespace waggle {

template <class T>
using Awaitable = boost::asio::awaitable<T>;

/// Completes after `duration`, or at once with Errc::cancelled when the task is cancelled.
[[nodiscard]] inline Awaitable<Result<void>> sleep_for(Clock::duration duration) {
    const auto executor = co_await boost::asio::this_coro::executor;
    Timer timer(executor, duration);
    boost::system::error_code error;
    auto token = boost::asio::redirect_error(boost::asio::use_awaitable, error);
    co_await timer.async_wait(token);
    if (error)
        co_return Errc::cancelled;
    co_return Result<void>{};
}

/// A value that arrives later, or an error: made by the one who waits, fulfilled once by an event.
/// Copies share the same slot, so that the supplier may keep one and outlive the waiter, or the
/// other way round. Loop thread only; one waiter.
///
///     OneShot<Reply> reply(executor);      // subscribe before you send
///     pending_[id] = reply;
///     ...send...
///     auto got = co_await reply.within(6s);   // Errc::timed_out, Errc::cancelled, or the value
template <class T>
class OneShot {
  public:
    template <class Executor>
    explicit OneShot(const Executor& executor) : state_(std::make_shared<State>(executor)) {}

    /// The first call counts; later ones return false and change nothing.
    bool fulfil(Result<T> result) const {
        if (state_->result)
            return false;
        state_->result.emplace(std::move(result));
        state_->timer.cancel();
        return true;
    }
    bool is_fulfilled() const noexcept { return state_->result.has_value(); }

    [[nodiscard]] Awaitable<Result<T>> within(Clock::duration limit) const {
        const auto state = state_;  // the waiter keeps it alive, not the object it was called on
        if (!state->result) {
            state->timer.expires_after(limit);
            boost::system::error_code error;
            auto token = boost::asio::redirect_error(boost::asio::use_awaitable, error);
            co_await state->timer.async_wait(token);
            if (!state->result)
                state->result.emplace(error ? Errc::cancelled : Errc::timed_out);
        }
        co_return std::move(*state->result);
    }

  private:
    struct State {
        template <class Executor>
        explicit State(const Executor& executor) : timer(executor) {}
        Timer timer;
        std::optional<Result<T>> result;
    };
    std::shared_ptr<State> state_;
};

}  // namespace waggle
