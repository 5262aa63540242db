#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <stop_token>

#include <boost/asio/any_io_executor.hpp>

#include "base/async.hpp"
#include "ota/types.hpp"

/// Whose firmware is updated now, and who comes next. A mesh carries one image at a time well: two at
/// once take as long as one after the other, and everything else on the air suffers twice.
///
/// 32 may wait; one more is refused. Who waited for a week is refused as well: a device that sleeps may
/// take two days, so that hours say nothing.
namespace waggle::ota {

class UpdateQueue {
    struct State;

  public:
    static constexpr std::size_t most_waiting = 32;
    static constexpr std::chrono::hours longest_wait{7 * 24};

    /// The right to update a device, until it is destroyed.
    class Turn {
      public:
        explicit Turn(std::shared_ptr<State> state);
        ~Turn();
        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;

      private:
        std::shared_ptr<State> state_;
    };
    using TurnPtr = std::shared_ptr<Turn>;

    explicit UpdateQueue(const boost::asio::any_io_executor& executor, std::size_t at_once = 1);

    /// A turn is free and nobody waits for one.
    bool is_free() const noexcept;
    std::size_t waiting() const noexcept;

    /// Waits for a turn; a failure when too many wait, or `abort` is requested meanwhile.
    [[nodiscard]] Awaitable<Outcome<TurnPtr>> take(std::stop_token abort);
    /// For what has begun already, whatever else is under way: others wait for it, it waits for nobody.
    [[nodiscard]] TurnPtr begin_now();

  private:
    boost::asio::any_io_executor executor_;
    std::shared_ptr<State> state_;
};

}  // namespace waggle::ota
