#include "network/link.hpp"

#include <algorithm>

#include "base/log.hpp"

namespace waggle::network {

namespace {

constexpr Clock::duration first_pause = std::chrono::seconds(1);
constexpr Clock::duration longest_pause = std::chrono::seconds(30);
constexpr Clock::duration no_end = std::chrono::hours(24);

/// What another try in a moment may mend: the device is being plugged in, the server restarts.
bool waiting_may_mend(const boost::system::error_code& error) noexcept {
    return error == Errc::closed || error == Errc::timed_out || error == Errc::io_error ||
           error == Errc::unavailable || error == Errc::busy || error == Errc::not_found;
}

}  // namespace

Awaitable<Result<StartResult>> Link::start(Coordinator::Listener& listener, std::string& problem) {
    auto wait = first_pause;
    for (;;) {
        problem.clear();
        auto made = co_await make_radio(listener, problem);
        Result<StartResult> started = Errc::unavailable;
        if (made)
            started = co_await bring_up(problem);
        else
            started = made.error();
        if (core_->stopping)
            co_return Errc::cancelled;
        if (started || !waiting_may_mend(started.error()))
            co_return started;
        log::error(ns, "The coordinator cannot be used: {}; trying again",
                   problem.empty() ? started.error().message() : problem);
        const bool go_on = co_await pause(wait);
        if (!go_on)
            co_return Errc::cancelled;
    }
}

Awaitable<bool> Link::pause(Clock::duration& length) {
    wake_.expires_after(length);
    length = std::min(length * 2, longest_pause);
    (void)co_await wake_.wait();
    co_return !core_->stopping;
}

Awaitable<Result<void>> Link::make_radio(Coordinator::Listener& listener, std::string& problem) {
    if (core_->radio)
        co_return Result<void>{};
    CoordinatorOptions options = core_->coordinator_options;
    if (core_->options.coordinator) {
        auto made = co_await core_->options.coordinator(std::move(options), listener, problem);
        if (!made)
            co_return made.error();
        core_->radio = std::move(*made);
        co_return Result<void>{};
    }
    auto made = co_await make_coordinator(std::move(options), listener, problem);
    if (!made)
        co_return made.error();
    core_->radio = std::move(*made);
    co_return Result<void>{};
}

Awaitable<Result<StartResult>> Link::bring_up(std::string& problem) {
    auto backup = backup_->read(problem);
    if (!backup)
        co_return backup.error() == Errc::io_error ? make_error_code(Errc::malformed)
                                                   : backup.error();
    const auto started =
        co_await core_->radio->start(core_->options.parameters, std::move(*backup), problem);
    if (!started)
        co_return started.error();
    if (core_->stopping)
        co_return Errc::cancelled;
    core_->up = true;
    auto ready = co_await after_start(*started);
    if (ready && !core_->up)
        ready = Errc::closed;  // it went away again in the meantime
    if (!ready) {
        core_->up = false;
        fail_requests(Errc::closed);
        co_await core_->radio->stop();
        co_return ready.error();
    }
    running_ = true;
    co_return *started;
}

Awaitable<Result<void>> Link::after_start(StartResult result) {
    if (result == StartResult::resumed) {
        const auto followed = co_await follow_channel();
        if (!followed)
            co_return followed;
    }
    if (result == StartResult::reset)
        start_over();
    if (result == StartResult::reset || backup_->is_missing()) {
        const auto written = co_await backup_->write();
        if (!written)
            log::error(ns, "The coordinator backup failed: {}", written.error().message());
    }
    co_return co_await coordinator_row();
}

/// The configured channel is no reason to form another network: the one there is moves.
Awaitable<Result<void>> Link::follow_channel() {
    const auto wanted = core_->options.parameters.channel;
    const auto used = core_->radio->network().channel;
    if (wanted == used)
        co_return Result<void>{};
    log::info(ns, "Configured channel '{}' does not match adapter channel '{}', changing channel",
              wanted, used);
    co_return co_await core_->radio->change_channel(wanted);
}

/// A new network: what is known about the old one's devices is of no use, but is kept beside.
void Link::start_over() {
    std::vector<std::pair<Ieee, NwkAddress>> gone;
    core_->devices.for_each([&](Device& device) {
        if (device.type != DeviceType::coordinator)
            gone.emplace_back(device.ieee, device.address);
    });
    core_->database.start_over();
    core_->groups.clear();
    core_->devices.clear();
    if (!running_)
        return;  // nobody has seen them yet
    for (const auto& [ieee, address] : gone)
        core_->events.device_left(ieee, address);
    core_->events.groups_changed();
}

/// The coordinator is a device of its own database. Its address changes when it is flashed anew.
Awaitable<Result<void>> Link::coordinator_row() {
    const auto ieee = core_->radio->ieee();
    auto* coordinator = core_->devices.find_type(DeviceType::coordinator);
    if (!coordinator)
        co_return co_await describe_coordinator(ieee);
    if (coordinator->ieee != ieee) {
        log::info(ns, "Coordinator address changed, updating to '{}'", ieee.to_string());
        core_->devices.set_ieee(*coordinator, ieee);
        core_->database.changed();
    }
    co_return Result<void>{};
}

Awaitable<Result<void>> Link::describe_coordinator(Ieee ieee) {
    auto payload = zdo::active_ep_req(nwk_coordinator);
    const auto listed = co_await core_->radio->zdo(nwk_coordinator, zdo::Cluster::active_ep_req,
                                                   std::move(payload));
    if (!listed)
        co_return listed.error();
    auto endpoints = zdo::read_active_ep_rsp(*listed);
    if (!endpoints)
        co_return endpoints.error();
    auto row = std::make_unique<Device>();
    row->type = DeviceType::coordinator;
    row->ieee = ieee;
    row->address = nwk_coordinator;
    row->manufacturer = core_->radio->manufacturer_code();
    row->interview = InterviewState::successful;
    std::sort(endpoints->begin(), endpoints->end());
    for (const auto id : *endpoints) {
        if (id == 0)
            continue;
        payload = zdo::simple_desc_req(nwk_coordinator, id);
        const auto response = co_await core_->radio->zdo(
            nwk_coordinator, zdo::Cluster::simple_desc_req, std::move(payload));
        if (!response)
            co_return response.error();
        const auto descriptor = zdo::read_simple_desc_rsp(*response);
        if (!descriptor)
            co_return descriptor.error();
        auto& endpoint = row->endpoints[id];
        endpoint.id = id;
        endpoint.profile = descriptor->profile;
        endpoint.device_id = descriptor->device_id;
        endpoint.inputs = descriptor->inputs;
        endpoint.outputs = descriptor->outputs;
    }
    row->database_id = core_->database.new_id();
    const auto& added = core_->devices.add(std::move(row));
    core_->database.row_added(added.database_id);
    co_return Result<void>{};
}

void Link::lost(std::string_view reason) {
    if (!core_->up)
        return;
    core_->up = false;
    fail_requests(Errc::closed);
    wake();
    if (!running_)
        return;  // while it was being brought up: that has failed, then
    log::error(ns, "The coordinator is gone ({}), reconnecting", reason);
    if (joining_->is_open())
        joining_->forget();
    core_->events.link_lost(reason);
}

void Link::fail_requests(Errc why) {
    core_->transactions.fail_all(why);
    core_->turns.fail_all(why);
    queue_->fail_all(why);
}

Awaitable<void> Link::supervise() {
    auto wait = first_pause;
    std::string said;
    for (;;) {
        if (core_->up) {
            auto length = no_end;
            co_await pause(length);
            wait = first_pause;
            continue;
        }
        const bool go_on = co_await pause(wait);
        if (!go_on)
            co_return;
        std::string problem;
        const auto started = co_await bring_up(problem);
        if (core_->stopping)
            co_return;
        if (started) {
            log::info(ns, "The coordinator is back");
            said.clear();
            core_->events.link_restored();
            continue;
        }
        if (problem.empty())
            problem = started.error().message();
        if (problem != said)  // once, not every 30 seconds
            log::error(ns, "The coordinator cannot be used: {}; trying again", problem);
        said = problem;
    }
}

}  // namespace waggle::network
