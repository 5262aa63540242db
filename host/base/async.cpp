#include "base/async.hpp"

#include <boost/asio/this_coro.hpp>

namespace waggle {

Awaitable<Result<void>> sleep_for(Clock::duration duration) {
    const auto executor = co_await boost::asio::this_coro::executor;
    Timer timer(executor, duration);
    const auto error = co_await timer.wait();
    if (error)
        co_return Errc::cancelled;
    co_return Result<void>{};
}

}  // namespace waggle
