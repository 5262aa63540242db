#include "coordinator/znp/window.hpp"

#include <algorithm>
#include <utility>

namespace waggle::znp {

void Window::open(unsigned width) {
    full_width_ = std::max(width, 1u);
    width_ = full_width_;
    delivered_in_round_ = 0;
    open_ = true;
}

void Window::close() {
    open_ = false;
    for (auto* const permit : waiting_)
        permit->timer_.cancel();
}

void Window::out_of_buffers() noexcept {
    width_ = std::max(width_ / 2, 1u);
    delivered_in_round_ = 0;
}

void Window::delivered() noexcept {
    if (width_ == full_width_ || ++delivered_in_round_ < width_)
        return;
    ++width_;
    delivered_in_round_ = 0;
    admit_waiting();
}

bool Window::may_enter(const Permit& permit) const noexcept {
    if (places_taken_ >= width_)
        return false;
    return permit.owns_destination_ || !permit.destination_ ||
           std::ranges::find(destinations_, *permit.destination_) == destinations_.end();
}

void Window::admit(Permit& permit) {
    ++places_taken_;
    if (permit.destination_ && !std::exchange(permit.owns_destination_, true))
        destinations_.push_back(*permit.destination_);
    permit.state_ = Permit::State::inside;
}

void Window::admit_waiting() {
    for (auto entry = waiting_.begin(); entry != waiting_.end() && places_taken_ < width_;) {
        auto* const permit = *entry;
        if (!may_enter(*permit)) {
            ++entry;
            continue;
        }
        entry = waiting_.erase(entry);
        admit(*permit);
        permit->timer_.cancel();
    }
}

void Window::leave(Permit& permit) noexcept {
    using State = Permit::State;
    switch (std::exchange(permit.state_, State::outside)) {
        case State::outside: break;
        case State::waiting: waiting_.remove(&permit); break;
        case State::inside: --places_taken_; break;
        case State::lent: --lent_; break;
    }
    if (std::exchange(permit.owns_destination_, false))
        std::erase(destinations_, *permit.destination_);
    if (open_)
        admit_waiting();
}

Window::Permit::Permit(Window& window, std::optional<std::uint16_t> destination)
    : window_(window), destination_(destination), timer_(window.executor_) {
}

Window::Permit::~Permit() {
    window_.leave(*this);
}

Awaitable<Result<void>> Window::Permit::enter() {
    if (state_ == State::inside)
        co_return Result<void>{};
    if (!window_.open_)
        co_return Errc::closed;
    if (state_ == State::lent)
        --window_.lent_;
    state_ = State::outside;
    if (window_.waiting_.empty() && window_.may_enter(*this)) {
        window_.admit(*this);
        co_return Result<void>{};
    }
    if (window_.waiting_.size() >= max_waiting)
        co_return Errc::busy;
    window_.waiting_.push_back(this);
    state_ = State::waiting;
    window_.admit_waiting();  // those in front may all be waiting for busy destinations
    if (state_ == State::inside)
        co_return Result<void>{};

    timer_.expires_after(max_wait);
    const auto error = co_await timer_.wait();
    if (state_ == State::inside)
        co_return Result<void>{};
    window_.waiting_.remove(this);
    state_ = State::outside;
    if (!window_.open_)
        co_return Errc::closed;
    co_return error ? Errc::cancelled : Errc::timed_out;
}

void Window::Permit::lend() {
    if (state_ != State::inside)
        return;
    state_ = State::lent;
    --window_.places_taken_;
    ++window_.lent_;
    window_.admit_waiting();
}

void Window::Permit::lend_if_room() {
    if (window_.lent_ < window_.full_width_)
        lend();
}

}  // namespace waggle::znp
