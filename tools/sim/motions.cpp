#include "motions.hpp"

#include <algorithm>

namespace waggle::sim {

void Motions::start(const Key& key, Step step, Milliseconds tick) {
    stop(key);
    Motion& motion = running_[key];
    motion.step = std::make_shared<Step>(std::move(step));
    motion.begun = scheduler_.now();
    motion.tick = tick;
    wait(key, motion);
}

void Motions::stop(const Key& key) {
    const auto found = running_.find(key);
    if (found == running_.end())
        return;
    scheduler_.cancel(found->second.timer);
    running_.erase(found);
}

void Motions::clear() {
    for (auto& [key, motion] : running_)
        scheduler_.cancel(motion.timer);
    running_.clear();
}

void Motions::go(const Key& key, double seconds, std::function<void(double)> apply,
                 std::function<void()> done) {
    stop(key);
    if (seconds <= 0) {
        apply(1);
        if (done)
            done();
        return;
    }
    start(key, [seconds, apply = std::move(apply), done = std::move(done)](double elapsed) {
        const double fraction = std::min(elapsed / seconds, 1.0);
        apply(fraction);
        if (fraction >= 1 && done)
            done();
        return fraction < 1;
    });
}

void Motions::wait(const Key& key, Motion& motion) {
    motion.timer = scheduler_.after(motion.tick, [this, key] { take_step(key); });
}

/// The step may end its own motion, or start another in its place.
void Motions::take_step(const Key& key) {
    const Motion& due = running_.at(key);
    const std::shared_ptr<Step> step = due.step;
    const std::chrono::duration<double> elapsed = scheduler_.now() - due.begun;
    const bool goes_on = (*step)(elapsed.count());
    const auto found = running_.find(key);
    if (found == running_.end() || found->second.step != step)
        return;
    if (goes_on)
        wait(key, found->second);
    else
        running_.erase(found);
}

}  // namespace waggle::sim
