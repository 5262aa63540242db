#pragma once

#include <functional>
#include <memory>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/system/error_code.hpp>

#include "base/clock.hpp"

namespace waggle {

template <class T>
using Awaitable = boost::asio::awaitable<T>;

/// One deadline on the loop, in the host's Clock. Asio's timer behind a border: as a template it
/// would be compiled anew in most files of the host. Loop thread only; not to be moved while waited
/// on.
class Timer {
  public:
    /// Told once a wait: no error when the time has come, operation_aborted when it was cancelled,
    /// set anew, or the timer went away.
    using Handler = std::function<void(const boost::system::error_code&)>;

    explicit Timer(const boost::asio::any_io_executor& executor);
    Timer(const boost::asio::any_io_executor& executor, Clock::duration after);
    ~Timer();
    Timer(Timer&&) noexcept;
    Timer& operator=(Timer&&) noexcept;

    void expires_after(Clock::duration after);  ///< cancels the waits there are
    void expires_at(Clock::time_point at);      ///< likewise
    [[nodiscard]] Clock::time_point expiry() const;
    void cancel();

    void async_wait(Handler handler);
    /// The same for a coroutine. A cancelled task gets operation_aborted as well.
    [[nodiscard]] Awaitable<boost::system::error_code> wait();

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace waggle
