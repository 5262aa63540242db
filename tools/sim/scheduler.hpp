/// Everything that happens later, in one queue with one timer.
///
/// Tasks due at the same moment run in the order they were given; a task given without a delay
/// never runs before the caller has returned.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>

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

  private:
    using Key = std::pair<Clock::time_point, Handle>;

    void arm();
    void run_due();

    Timer timer_;
    std::map<Key, Task> tasks_;
    std::map<Handle, Clock::time_point> due_;
    Handle next_ = 1;
    Clock::time_point armed_for_ = Clock::time_point::max();
};

/// Nanoseconds of CLOCK_MONOTONIC, which other processes on the machine share.
[[nodiscard]] std::int64_t monotonic_ns();

}  // namespace waggle::sim
