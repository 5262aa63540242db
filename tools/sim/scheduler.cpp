#include "scheduler.hpp"

#include <algorithm>
#include <ctime>
#include <utility>

namespace waggle::sim {

Scheduler::Handle Scheduler::after(Clock::duration delay, Task task) {
    const Handle handle = next_++;
    const auto when = now() + delay;
    tasks_.emplace(Key{when, handle}, std::move(task));
    due_.emplace(handle, when);
    arm();
    return handle;
}

void Scheduler::cancel(Handle handle) {
    const auto found = due_.find(handle);
    if (found == due_.end())
        return;
    tasks_.erase(Key{found->second, handle});
    due_.erase(found);
}

void Scheduler::clear() {
    tasks_.clear();
    due_.clear();
    timer_.cancel();
    armed_for_ = Clock::time_point::max();
}

void Scheduler::hold() {
    if (held_)
        return;
    held_ = now();
    timer_.cancel();
    armed_for_ = Clock::time_point::max();
}

void Scheduler::pass(Clock::duration span) {
    hold();
    const auto end = *held_ + span;
    while (!tasks_.empty() && tasks_.begin()->first.first <= end) {
        held_ = std::max(*held_, tasks_.begin()->first.first);
        run_first();
    }
    held_ = end;
}

void Scheduler::release() {
    if (!held_)
        return;
    behind_ = Clock::now() - *held_;
    held_.reset();
    arm();
}

void Scheduler::arm() {
    if (tasks_.empty() || held_)
        return;
    const auto first = tasks_.begin()->first.first + behind_;
    if (first >= armed_for_)
        return;
    armed_for_ = first;
    timer_.expires_at(first);
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (error)  // cancelled, or replaced by an earlier task
            return;
        armed_for_ = Clock::time_point::max();
        run_due();
    });
}

void Scheduler::run_due() {
    const auto now = this->now();
    // Tasks added by a task run in the next round, so that a chain without delays cannot starve
    // the sockets.
    const Handle last = next_;
    while (!tasks_.empty()) {
        const auto first = tasks_.begin();
        if (first->first.first > now || first->first.second >= last)
            break;
        run_first();
    }
    arm();
}

void Scheduler::run_first() {
    const auto first = tasks_.begin();
    Task task = std::move(first->second);
    due_.erase(first->first.second);
    tasks_.erase(first);
    task();
}

std::int64_t monotonic_ns() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<std::int64_t>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

}  // namespace waggle::sim
