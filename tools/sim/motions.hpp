/// What a device does over time: a light that fades, a motor that runs, a meter that counts.
#pragma once

#include <functional>
#include <map>
#include <memory>

#include "scheduler.hpp"

namespace waggle::sim {

class Motions {
  public:
    static constexpr Milliseconds usual_tick{100};

    /// One motion an endpoint, cluster and part of it (lift or tilt); a new one takes the place of
    /// the one there is.
    struct Key {
        std::uint8_t endpoint = 0;
        std::uint16_t cluster = 0;
        std::uint8_t part = 0;

        auto operator<=>(const Key&) const = default;
    };

    /// Gets the seconds since the start; false ends it.
    using Step = std::function<bool(double seconds)>;

    explicit Motions(Scheduler& scheduler) : scheduler_(scheduler) {}

    void start(const Key& key, Step step, Milliseconds tick = usual_tick);
    void stop(const Key& key);
    [[nodiscard]] bool runs(const Key& key) const { return running_.contains(key); }
    void clear();

    /// Calls `apply` with 0 < fraction <= 1 until the time is over, then `done`; both at once when
    /// there is no time to take.
    void go(const Key& key, double seconds, std::function<void(double fraction)> apply,
            std::function<void()> done = {});

  private:
    struct Motion {
        std::shared_ptr<Step> step;
        Scheduler::Clock::time_point begun;
        Milliseconds tick{0};
        Scheduler::Handle timer = 0;
    };

    void wait(const Key& key, Motion& motion);
    void take_step(const Key& key);

    Scheduler& scheduler_;
    std::map<Key, Motion> running_;
};

}  // namespace waggle::sim
