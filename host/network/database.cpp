#include "network/database.hpp"

#ifdef __linux__
#include <malloc.h>
#endif

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <unordered_map>

#include <boost/asio/post.hpp>

#include "base/log.hpp"
#include "network/persistence.hpp"
#include "store/database_file.hpp"

namespace waggle::network {

namespace {

constexpr std::string_view ns = "network";
constexpr std::chrono::seconds write_limit{60};

/// zigbee2mqtt drops members that do not exist (any more), too.
void drop_unknown_members(DeviceTable& devices, Group& group) {
    std::erase_if(group.members, [&](const GroupMember& member) {
        const auto* device = devices.find(member.ieee);
        return !device || !device->endpoint(member.endpoint);
    });
}

/// A large file's JSON was several times the size of what is kept of it, and the C library would
/// keep those pages for good.
void give_back_memory() {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

}  // namespace

Database::Database(boost::asio::any_io_executor executor, DeviceTable& devices, GroupTable& groups,
                   std::string path)
    : executor_(std::move(executor)),
      devices_(&devices),
      groups_(&groups),
      path_(std::move(path)),
      wake_(executor_),
      gather_(executor_) {
}

Database::~Database() {
    join_writer();
}

Result<void> Database::load(std::string& problem) {
    auto loaded = load_rows(path_, problem);
    if (!loaded)
        return loaded.error();
    problem = std::move(loaded->problem);
    for (auto& row : loaded->rows) {
        last_id_ = std::max(last_id_, row.id);
        if (row.device && devices_->find(row.device->ieee)) {
            log::warning(ns, "{}: a second row of device {} is left out", path_,
                         row.device->ieee.to_string());
            continue;
        }
        if (!row.device && !row.group)
            log::warning(ns, "{}: row {} is neither device nor group and stays as it is", path_,
                         row.id);
        order_.push_back({row.id, std::move(row.text)});
        if (row.device)
            devices_->add(std::move(row.device));
        else if (row.group)
            groups_->add(std::move(row.group));
    }
    groups_->for_each([&](Group& group) { drop_unknown_members(*devices_, group); });
    loaded->rows.clear();
    give_back_memory();
    return {};
}

void Database::row_added(unsigned id) {
    order_.push_back({id, {}});
    changed();
}

void Database::row_removed(unsigned id) {
    std::erase_if(order_, [&](const Kept& row) { return row.id == id; });
    changed();
}

void Database::changed() {
    if (!dirty_)
        wake_.cancel();
    dirty_ = true;
}

void Database::start_over() {
    std::error_code error;
    if (std::filesystem::exists(path_, error))
        std::filesystem::copy_file(path_, path_ + ".backup",
                                   std::filesystem::copy_options::overwrite_existing, error);
    if (error)
        log::error(ns, "{} could not be copied to {}.backup: {}", path_, path_, error.message());
    order_.clear();
    changed();
}

std::string Database::text() const {
    std::unordered_map<unsigned, const Device*> devices;
    std::unordered_map<unsigned, const Group*> groups;
    devices_->for_each([&](Device& device) { devices[device.database_id] = &device; });
    groups_->for_each([&](Group& group) { groups[group.database_id] = &group; });
    std::string text;
    for (const auto& row : order_) {
        const auto before = text.size();
        if (!text.empty())
            text += '\n';
        if (!row.text.empty())
            text += row.text;
        else if (const auto device = devices.find(row.id); device != devices.end())
            append_row(text, *device->second);
        else if (const auto group = groups.find(row.id); group != groups.end())
            append_row(text, *group->second);
        else
            text.resize(before);
    }
    return text;
}

/// Until something important changed, or the five minutes are over and anything did.
Awaitable<bool> Database::wait_for_work() {
    auto next_tick = Clock::now() + idle_interval;
    while (!dirty_) {
        wake_.expires_at(next_tick);
        (void)co_await wake_.wait();
        if (dirty_)
            break;
        if (Clock::now() < next_tick)
            co_return false;  // cancelled
        if (stale_)
            co_return true;
        next_tick = Clock::now() + idle_interval;
    }
    if (!waiters_.empty())
        co_return true;
    gather_.expires_after(gather_time);
    const auto error = co_await gather_.wait();
    co_return !error || !waiters_.empty();  // else the task was cancelled
}

Awaitable<void> Database::saved(Clock::duration limit) {
    const auto wanted = begun_ + (dirty_ ? 1 : 0);
    if (wanted <= ended_ || failed_)
        co_return;
    const OneShot<bool> done(executor_);
    waiters_.push_back({wanted, done});
    gather_.cancel();  // somebody waits: nothing more is gathered
    const auto ignored = co_await done.within(limit);
    static_cast<void>(ignored);
    std::erase_if(waiters_, [](const Waiter& waiter) { return waiter.done.is_fulfilled(); });
}

/// A write has ended, well or badly.
void Database::tell_waiters() {
    ended_ = begun_;
    for (const auto& waiter : waiters_)
        if (waiter.write <= ended_)
            waiter.done.fulfil(true);
}

Awaitable<void> Database::run() {
    for (;;) {
        const bool work = co_await wait_for_work();
        if (!work)
            co_return;
        const bool written = co_await write_aside();
        if (written)
            continue;
        const auto waited = co_await sleep_for(retry_interval);
        if (!waited)
            co_return;
    }
}

Awaitable<bool> Database::write_aside() {
    auto content = std::make_unique<const std::string>(text());
    dirty_ = stale_ = false;
    ++begun_;
    OneShot<std::string> done(executor_);
    join_writer();
    writer_ = std::thread([path = path_, content = std::move(content), executor = executor_,
                           result = std::make_unique<OneShot<std::string>>(done)]() mutable {
        const auto written = store::save_database_text(path, *content);
        auto failure = written ? std::string() : written.error().message;
        boost::asio::post(executor, [result = std::move(result), failure = std::move(failure)] {
            result->fulfil(failure);
        });
    });
    const auto outcome = co_await done.within(write_limit);
    if (!outcome)
        co_return true;  // cancelled: save_now() follows
    join_writer();
    const bool is_written = report(*outcome);
    tell_waiters();
    co_return is_written;
}

bool Database::report(const std::string& failure) {
    if (failure.empty()) {
        if (failed_)
            log::info(ns, "{} can be written again", path_);
        failed_ = false;
        return true;
    }
    if (!failed_)
        log::error(ns, "{}", failure);
    failed_ = dirty_ = true;
    return false;
}

Result<void> Database::save_now() {
    join_writer();
    if (!dirty_ && !stale_)
        return {};
    dirty_ = stale_ = false;
    ++begun_;
    const auto written = store::save_database_text(path_, text());
    const bool is_written = report(written ? std::string() : written.error().message);
    tell_waiters();
    if (is_written)
        return {};
    return Errc::io_error;
}

void Database::join_writer() {
    if (writer_.joinable())
        writer_.join();
}

}  // namespace waggle::network
