#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "base/async.hpp"

/// Owns running coroutines, so that none is detached: whoever starts a task keeps the group, and
/// stop() cancels every task and waits until the last has ended. A task that ends with an exception
/// is logged with its name; the others go on.
namespace waggle {

class TaskGroup {
  public:
    explicit TaskGroup(boost::asio::any_io_executor executor);
    ~TaskGroup();  ///< cancels what still runs; the tasks end in later turns of the loop
    TaskGroup(const TaskGroup&) = delete;
    TaskGroup& operator=(const TaskGroup&) = delete;

    /// Starts `task` in a later turn of the loop. The group keeps the closure alive as long as the
    /// coroutine runs, so a capturing lambda is safe here and only here. After stop() nothing
    /// starts.
    void spawn(std::string_view name, std::function<boost::asio::awaitable<void>()> task);

    /// Cancels all and returns when all have ended. Tasks must end when a wait says cancelled; one
    /// that has not after two seconds is named in the log. Not from a task of this group: it would
    /// wait for itself. The group itself may go away while this waits.
    [[nodiscard]] Awaitable<void> stop();

    void cancel();  ///< the first half of stop()
    std::size_t size() const noexcept;
    const boost::asio::any_io_executor& executor() const noexcept { return executor_; }

  private:
    struct Shared;
    boost::asio::any_io_executor executor_;
    std::shared_ptr<Shared> shared_;
};

}  // namespace waggle
