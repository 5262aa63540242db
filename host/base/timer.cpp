#include "base/timer.hpp"

#include <chrono>
#include <utility>

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/wait_traits.hpp>

/// Tests move the clock; a wait on virtual time looks at it again at least each millisecond.
template <>
struct boost::asio::wait_traits<waggle::Clock> {
    static waggle::Clock::duration to_wait_duration(const waggle::Clock::duration& left) {
        using std::chrono::milliseconds;
        return waggle::Clock::is_virtual() && left > milliseconds(1) ? milliseconds(1) : left;
    }
    static waggle::Clock::duration to_wait_duration(const waggle::Clock::time_point& at) {
        return to_wait_duration(at - waggle::Clock::now());
    }
};

namespace waggle {

struct Timer::Impl {
    boost::asio::basic_waitable_timer<Clock> timer;
};

Timer::Timer(const boost::asio::any_io_executor& executor)
    : impl_(new Impl{boost::asio::basic_waitable_timer<Clock>(executor)}) {
}

Timer::Timer(const boost::asio::any_io_executor& executor, Clock::duration after)
    : impl_(new Impl{boost::asio::basic_waitable_timer<Clock>(executor, after)}) {
}

Timer::~Timer() = default;
Timer::Timer(Timer&&) noexcept = default;
Timer& Timer::operator=(Timer&&) noexcept = default;

void Timer::expires_after(Clock::duration after) {
    impl_->timer.expires_after(after);
}

void Timer::expires_at(Clock::time_point at) {
    impl_->timer.expires_at(at);
}

Clock::time_point Timer::expiry() const {
    return impl_->timer.expiry();
}

void Timer::cancel() {
    impl_->timer.cancel();
}

void Timer::async_wait(Handler handler) {
    impl_->timer.async_wait(std::move(handler));
}

Awaitable<boost::system::error_code> Timer::wait() {
    boost::system::error_code error;
    auto token = boost::asio::redirect_error(boost::asio::use_awaitable, error);
    co_await impl_->timer.async_wait(token);
    co_return error;
}

}  // namespace waggle
