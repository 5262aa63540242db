#include "base/clock.hpp"

namespace waggle {

std::atomic<Clock::rep> Clock::offset_{0};
std::atomic<bool> Clock::virtual_{false};

std::int64_t wall_clock_ms() noexcept {
    using namespace std::chrono;
    const auto now = system_clock::now().time_since_epoch() + Clock::offset();
    return duration_cast<milliseconds>(now).count();
}

}  // namespace waggle
