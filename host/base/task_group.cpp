#include "base/task_group.hpp"

#include <exception>
#include <list>
#include <string>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>

#include "base/log.hpp"

namespace waggle {

struct TaskGroup::Shared {
    struct Task {
        std::string name;
        std::function<boost::asio::awaitable<void>()> body;
        boost::asio::cancellation_signal signal;
    };

    explicit Shared(const boost::asio::any_io_executor& executor) : idle(executor) {}

    void ended(std::list<Task>::iterator task, const std::exception_ptr& error) {
        if (error)
            report(task->name, error);
        tasks.erase(task);
        if (tasks.empty())
            idle.cancel();
    }

    /// The completion keeps the shared part alive until the last task has ended.
    static void start(const std::shared_ptr<Shared>& shared, std::list<Task>::iterator entry,
                      const boost::asio::any_io_executor& executor) {
        auto done = [shared, entry](const std::exception_ptr& error) {
            shared->ended(entry, error);
        };
        boost::asio::co_spawn(
            executor, [entry] { return entry->body(); },
            boost::asio::bind_cancellation_slot(entry->signal.slot(), std::move(done)));
    }

    void signal_all() {
        // A cancelled task may end at once and leave the list: take the next before emitting.
        for (auto task = tasks.begin(); task != tasks.end();) {
            const auto next = std::next(task);
            task->signal.emit(boost::asio::cancellation_type::terminal);
            task = next;
        }
    }

    static void report(const std::string& name, const std::exception_ptr& error) {
        try {
            std::rethrow_exception(error);
        } catch (const boost::system::system_error& e) {
            // Asio throws this from the first wait after a cancellation: the task was told to end.
            if (e.code() != boost::asio::error::operation_aborted)
                log::error("loop", "Task '{}' ended: {}", name, e.what());
        } catch (const std::exception& e) {
            log::error("loop", "Task '{}' ended: {}", name, e.what());
        } catch (...) {
            log::error("loop", "Task '{}' ended with an unknown exception", name);
        }
    }

    std::list<Task> tasks;
    Timer idle;
    bool stopped = false;
};

TaskGroup::TaskGroup(boost::asio::any_io_executor executor)
    : executor_(std::move(executor)), shared_(std::make_shared<Shared>(executor_)) {
}

TaskGroup::~TaskGroup() {
    cancel();
}

void TaskGroup::spawn(std::string_view name, std::function<boost::asio::awaitable<void>()> task) {
    if (shared_->stopped)
        return;
    const auto entry = shared_->tasks.emplace(shared_->tasks.end());
    entry->name = name;
    entry->body = std::move(task);
    // co_spawn alone would run the task up to its first wait inside this call when it comes from
    // the loop, in the middle of whatever the caller has half done.
    boost::asio::post(executor_, [shared = shared_, entry, executor = executor_] {
        if (shared->stopped)
            shared->ended(entry, nullptr);
        else
            Shared::start(shared, entry, executor);
    });
}

void TaskGroup::cancel() {
    shared_->stopped = true;
    shared_->signal_all();
}

Awaitable<void> TaskGroup::stop() {
    const auto shared = shared_;
    cancel();
    const auto patience = Clock::now() + std::chrono::seconds(2);
    for (bool complained = false; !shared->tasks.empty();) {
        shared->idle.expires_after(std::chrono::milliseconds(50));
        (void)co_await shared->idle.wait();
        if (!shared->tasks.empty() && !complained && Clock::now() >= patience) {
            log::warning("loop", "Task '{}' does not end", shared->tasks.front().name);
            complained = true;
        }
        shared->signal_all();  // a task that was between two waits missed the first signal
    }
}

std::size_t TaskGroup::size() const noexcept {
    return shared_->tasks.size();
}

}  // namespace waggle
