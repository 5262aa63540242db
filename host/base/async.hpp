#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "base/result.hpp"
#include "base/timer.hpp"

/// Waiting on the loop: sleeping, and a value that somebody else will supply.
namespace waggle {

/// Completes after `duration`, or at once with Errc::cancelled when the task is cancelled.
[[nodiscard]] Awaitable<Result<void>> sleep_for(Clock::duration duration);

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
    explicit OneShot(const boost::asio::any_io_executor& executor)
        : state_(std::make_shared<State>(executor)) {}

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
            const auto error = co_await state->timer.wait();
            if (!state->result)
                state->result.emplace(error ? Errc::cancelled : Errc::timed_out);
        }
        co_return std::move(*state->result);
    }

  private:
    struct State {
        explicit State(const boost::asio::any_io_executor& executor) : timer(executor) {}
        Timer timer;
        std::optional<Result<T>> result;
    };
    std::shared_ptr<State> state_;
};

}  // namespace waggle
