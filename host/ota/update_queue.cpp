#include "ota/update_queue.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace waggle::ota {

/// Shared with the turns, which may outlive the queue.
struct UpdateQueue::State : std::enable_shared_from_this<State> {
    explicit State(std::size_t most) : at_once(most) {}

    TurnPtr begin() {
        ++running;
        return std::make_shared<Turn>(shared_from_this());
    }

    void forget_who_gave_up() {
        std::erase_if(waiting, [](const auto& place) { return place.is_fulfilled(); });
    }

    /// A turn that nobody takes goes with the place it was put in.
    void pass_on() {
        while (running < at_once && !waiting.empty()) {
            const auto next = std::move(waiting.front());
            waiting.pop_front();
            if (!next.is_fulfilled())
                next.fulfil(begin());
        }
    }

    const std::size_t at_once;
    std::size_t running = 0;
    std::deque<OneShot<TurnPtr>> waiting;
};

UpdateQueue::Turn::Turn(std::shared_ptr<State> state) : state_(std::move(state)) {
}

UpdateQueue::Turn::~Turn() {
    --state_->running;
    state_->pass_on();
}

UpdateQueue::UpdateQueue(const boost::asio::any_io_executor& executor, std::size_t at_once)
    : executor_(executor), state_(std::make_shared<State>(at_once)) {
}

bool UpdateQueue::is_free() const noexcept {
    return state_->running < state_->at_once && waiting() == 0;
}

std::size_t UpdateQueue::waiting() const noexcept {
    return static_cast<std::size_t>(std::ranges::count_if(
        state_->waiting, [](const auto& place) { return !place.is_fulfilled(); }));
}

UpdateQueue::TurnPtr UpdateQueue::begin_now() {
    return state_->begin();
}

Awaitable<Outcome<UpdateQueue::TurnPtr>> UpdateQueue::take(std::stop_token abort) {
    if (is_free())
        co_return state_->begin();
    state_->forget_who_gave_up();
    if (state_->waiting.size() >= most_waiting)
        co_return store::fail(
            fmt::format("{} updates wait already; try again later", most_waiting));

    const OneShot<TurnPtr> mine(executor_);
    state_->waiting.push_back(mine);
    const std::stop_callback give_up(abort, [&mine] { mine.fulfil(Errc::cancelled); });
    const auto turn = co_await mine.within(longest_wait);
    if (!turn)
        co_return store::fail(turn.error() == Errc::timed_out
                                  ? "it waited a week for the updates before it"
                                  : "it was aborted while it waited");
    co_return *turn;
}

}  // namespace waggle::ota
