#include "base/clock.hpp"

namespace waggle {

std::atomic<Clock::rep> Clock::offset_{0};
std::atomic<bool> Clock::virtual_{false};

std::int64_t wall_clock_ms() noexcept {
    using namespace std::chrono;
    const auto shift = Clock::now().time_since_epoch() - steady_clock::now().time_since_epoch();
    const auto now = system_clock::now().time_since_epoch();
    if (!Clock::is_virtual())
        return duration_cast<milliseconds>(now).count();
    return duration_cast<milliseconds>(now + shift).count();
}

}  // namespace waggle
