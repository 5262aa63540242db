#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

/// Monotonic time for every wait in the host, and wall time for what is shown or stored.
///
/// The clock is the steady clock plus an offset that only tests move (Clock::advance): a test of a
/// 24-hour expiry advances a day and runs the loop, it never sleeps. Once a test has called
/// use_virtual_time(), timers look at the clock again at least each millisecond.
namespace waggle {

struct Clock {
    using duration = std::chrono::steady_clock::duration;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<Clock>;
    static constexpr bool is_steady = true;

    static time_point now() noexcept {
        return time_point(std::chrono::steady_clock::now().time_since_epoch() + offset());
    }

    /// Tests only.
    static void use_virtual_time() noexcept { virtual_ = true; }
    static void advance(duration by) noexcept { offset_ += by.count(); }
    static bool is_virtual() noexcept { return virtual_; }
    /// How far tests have moved the clock; 0 in the host.
    static duration offset() noexcept { return duration(offset_.load(std::memory_order_relaxed)); }

  private:
    static std::atomic<rep> offset_;
    static std::atomic<bool> virtual_;
};

/// Milliseconds since 1970-01-01 UTC, moved along with Clock in tests.
std::int64_t wall_clock_ms() noexcept;

}  // namespace waggle
