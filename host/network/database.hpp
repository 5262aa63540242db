#pragma once

#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "base/async.hpp"
#include "network/device_table.hpp"
#include "network/group_table.hpp"

/// database.db: the tables' file. Important changes (a device, a binding, a group) are written
/// together a moment after the first of them; what every message changes (when a device was last
/// seen, cached attributes) only every five minutes. A network where nothing happens writes
/// nothing.
///
/// The text is made on the loop; writing and syncing happen on a thread of their own, because a
/// memory card may take a second for it.
namespace waggle::network {

class Database {
  public:
    static constexpr std::chrono::milliseconds gather_time{250};
    static constexpr std::chrono::minutes idle_interval{5};
    static constexpr std::chrono::seconds retry_interval{30};

    Database(boost::asio::any_io_executor executor, DeviceTable& devices, GroupTable& groups,
             std::string path);
    ~Database();

    /// Fills the tables. `problem` is a sentence when something was set aside, and when it failed.
    [[nodiscard]] Result<void> load(std::string& problem);

    unsigned new_id() noexcept { return ++last_id_; }
    /// A row that was added takes its place at the end of the file.
    void row_added(unsigned id);
    void row_removed(unsigned id);
    void changed();                             ///< write soon
    void touched() noexcept { stale_ = true; }  ///< write at the next five minutes
    /// Copies the file to NAME.backup and forgets all rows; the tables are the caller's to clear.
    void start_over();

    /// The task that writes; ends when it is cancelled.
    Awaitable<void> run();
    /// Ends when every change before the call has been written, or writing it failed (which is logged
    /// and tried again), or `limit` is over. Waits for nothing when nothing important changed.
    Awaitable<void> saved(Clock::duration limit);
    /// Writes at once if anything changed, on the calling thread.
    [[nodiscard]] Result<void> save_now();

    std::string text() const;

  private:
    Awaitable<bool> wait_for_work();
    Awaitable<bool> write_aside();
    bool report(const std::string& failure);
    void tell_waiters();
    void join_writer();

    boost::asio::any_io_executor executor_;
    DeviceTable* devices_;
    GroupTable* groups_;
    std::string path_;
    struct Kept {
        unsigned id;
        std::string text;  ///< of rows that are neither device nor group
    };
    std::vector<Kept> order_;  ///< the file's rows
    unsigned last_id_ = 0;
    bool dirty_ = false, stale_ = false, failed_ = false;
    struct Waiter {
        std::uint64_t write;  ///< the number of the write that has it
        OneShot<bool> done;
    };
    std::vector<Waiter> waiters_;
    std::uint64_t begun_ = 0, ended_ = 0;  ///< writes
    Timer wake_, gather_;
    std::thread writer_;
};

}  // namespace waggle::network
