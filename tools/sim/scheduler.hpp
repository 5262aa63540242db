/// Everything that happens later, in one queue with one timer.
///
/// Tasks due at the same moment run in the order they were given; a task given without a delay
/// never runs before the caller has returned. The time may be held, and then passes only when told
/// to: what a test sees of a motion does not depend on how busy the machine is.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>

#include <boost/asio/io_context.hpp>

#include "base/timer.hpp"

namespace waggle::sim {

using Milliseconds = std::chrono::milliseconds;

class Scheduler {
  public:
    using Clock = waggle::Clock;
    using Task = std::function<void()>;
    using Handle = std::uint64_t;

    explicit Scheduler(boost::asio::io_context& context) : timer_(context.get_executor()) {}

    Handle after(Clock::duration delay, Task task);
    void cancel(Handle handle);
    void clear();

    [[nodiscard]] Clock::time_point now() const { return held_ ? *held_ : Clock::now() - behind_; }
    [[nodiscard]] bool is_held() const { return held_.has_value(); }
    void hold();
    /// Lets that much of the held time pass at once, and does what is due meanwhile.
    void pass(Clock::duration span);
    /// Time goes on from where it was held.
    void release();

  private:
    using Key = std::pair<Clock::time_point, Handle>;

    void arm();
    void run_due();
    void run_first();

    Timer timer_;
    std::map<Key, Task> tasks_;
    std::map<Handle, Clock::time_point> due_;
    Handle next_ = 1;
    Clock::time_point armed_for_ = Clock::time_point::max();
    std::optional<Clock::time_point> held_;
    Clock::duration behind_{0};
};

/// Nanoseconds of CLOCK_MONOTONIC, which other processes on the machine share.
[[nodiscard]] std::int64_t monotonic_ns();

}  // namespace waggle::sim
