#include "ota/updater.hpp"

#include <utility>

#include <fmt/format.h>

#include "base/log.hpp"
#include "ota/device_options.hpp"
#include "ota/facts.hpp"
#include "ota/schedule.hpp"
#include "plugin/definition.hpp"

namespace waggle::ota {
namespace {

using namespace std::chrono_literals;
using engine::EntityId;
using store::fail;

constexpr std::string_view ns = "ota";
constexpr ClusterId ota_cluster = 0x0019;

bool has_ota_client(const Device& device) {
    for (const auto& [id, endpoint] : device.endpoints)
        if (endpoint.has_output(ota_cluster))
            return true;
    return false;
}

}  // namespace

Updater::Updater(const boost::asio::any_io_executor& executor, Parts parts)
    : parts_(parts), states_(parts.network, parts.engine), queue_(executor), tasks_(executor) {
}

Updater::~Updater() = default;

Awaitable<void> Updater::stop() {
    stopping_ = true;
    co_await tasks_.stop();
}

Updater::OperationPtr Updater::begin(Ieee ieee, bool is_update) {
    OperationPtr operation(new Operation, [this, ieee](Operation* done) {
        operations_.erase(ieee);
        delete done;
    });
    operation->is_update = is_update;
    operations_[ieee] = operation;
    return operation;
}

std::string Updater::name_of(Ieee ieee) const {
    return parts_.engine.entities().name(EntityId::of(ieee));
}

bool Updater::supports(Ieee ieee) const {
    const auto* definition = parts_.engine.definition_of(ieee);
    return definition && definition->supports_ota();
}

bool Updater::checks_by_itself(Ieee ieee) const {
    if (!supports(ieee) || parts_.configuration.settings().ota.disable_automatic_update_check)
        return false;
    const auto& options = parts_.engine.entities().options(EntityId::of(ieee)).all;
    return !store::bool_option(options, "disable_automatic_update_check").value_or(false);
}

std::optional<DeviceFacts> Updater::facts_of(Ieee ieee, const Query& query) const {
    const auto* device = parts_.network.find(ieee);
    if (!device)
        return std::nullopt;
    const auto* definition = parts_.engine.definition_of(ieee);
    return ota::facts_of(*device, query, definition ? definition->ota() : nullptr);
}

/// What the request says counts, else the device's entry, else its definition, else the section `ota`.
ServeOptions Updater::serve_options(Ieee ieee, const Pace& pace) const {
    const auto& settings = parts_.configuration.settings().ota;
    ServeOptions options;
    options.block_timeout = std::chrono::milliseconds(settings.image_block_request_timeout);
    options.maximum_data_size = settings.default_maximum_data_size;
    options.block_delay = std::chrono::milliseconds(settings.image_block_response_delay);
    if (const auto* definition = parts_.engine.definition_of(ieee))
        refine(options, definition->ota());
    apply_device_options(options, parts_.engine.entities().options(EntityId::of(ieee)).all,
                         name_of(ieee));
    options.block_delay = pace.block_delay.value_or(options.block_delay);
    options.block_timeout = pace.block_timeout.value_or(options.block_timeout);
    if (pace.maximum_data_size) {
        options.maximum_data_size = *pace.maximum_data_size;
        options.device_chooses_size = false;
    }
    return options;
}

ProgressHandler Updater::progress_of(Ieee ieee) {
    return [this, ieee](Progress progress) {
        log::info(ns, "Update of '{}' at {}%, {} seconds remaining", name_of(ieee),
                  progress.percent, static_cast<std::int64_t>(progress.remaining));
        states_.publish_progress(ieee, progress);
    };
}

// What users ask for

Failure Updater::still_busy(Ieee ieee) const {
    return fail(
        fmt::format("OTA update or check for update already in progress for '{}'", name_of(ieee)));
}

Awaitable<Outcome<Found>> Updater::check(Ieee ieee, Wish wish) {
    if (is_busy(ieee))
        co_return still_busy(ieee);
    const auto operation = begin(ieee, false);
    const auto name = name_of(ieee);
    const auto failure = [&name](const Failure& why) {
        return fail(fmt::format("Failed to check if OTA update available for '{}' ({})", name,
                                why.message));
    };
    log::info(ns, "Checking if OTA update available for '{}'", name);
    const auto query = co_await parts_.server.ask(ieee);
    if (!query)
        co_return failure(operation->abort.stop_requested() ? aborted(ieee) : query.error());
    co_await answer_no_image(ieee, *query);
    auto found = co_await find(operation, ieee, std::move(wish), *query);
    if (!found)
        co_return failure(found.error());
    log::info(ns, "{}OTA update available for '{}'", found->available ? "" : "No ", name);
    states_.publish_found(ieee, query->file_version, *found);
    last_checked_[ieee] = Clock::now();
    co_return std::move(*found);
}

Awaitable<Outcome<Updater::Updated>> Updater::update(Ieee ieee, Wish wish, Pace pace) {
    if (is_busy(ieee))
        co_return still_busy(ieee);
    const auto operation = begin(ieee, true);
    const auto name = name_of(ieee);
    log::info(ns, "OTA updating '{}' to {} firmware", name,
              wish.direction == Direction::downgrade ? "previous" : "latest");
    const auto failure = [&](const Failure& why) {
        failed(ieee, "available");
        return fail(fmt::format("OTA update of '{}' failed ({})", name, why.message));
    };
    auto turn = co_await take_turn(operation, ieee);
    if (!turn)
        co_return failure(turn.error());

    Updated updated;
    updated.before = co_await read_firmware(ieee, SendPolicy::immediate);
    const auto ran = co_await run(operation, ieee, std::move(wish), pace, std::nullopt);
    if (!ran)
        co_return failure(ran.error());
    updated.from = ran->query.file_version;
    if (!ran->to) {
        states_.forget_progress(ieee);
        states_.publish_installed(ieee, updated.from);
        co_return fail(fmt::format("Update of '{}' failed (No image currently available)", name));
    }
    turn->reset();
    finished(ieee, updated.from, *ran->to);
    updated.to = *ran->to;
    updated.after = co_await read_firmware(ieee, SendPolicy::by_command);
    co_return updated;
}

bool Updater::abort(Ieee ieee) {
    const auto found = operations_.find(ieee);
    const auto operation = found == operations_.end() ? nullptr : found->second.lock();
    if (!operation)
        return false;
    operation->abort.request_stop();
    (void)parts_.server.abort(ieee);  // not yet at the server: it will not come there
    if (operation->is_update)
        failed(ieee, "available");
    return true;
}

Outcome<void> Updater::schedule(Ieee ieee, Wish wish) {
    auto* device = parts_.network.find(ieee);
    if (!device || !has_ota_client(*device))
        return fail(
            fmt::format("No endpoint found with OTA cluster support for {}", ieee.to_string()));
    if (scheduled_for(*device))
        log::info(ns, "The update of '{}' that was scheduled before is replaced", name_of(ieee));
    if (set_scheduled(*device, std::move(wish)))
        parts_.network.changed(*device);
    log::info(ns, "An update of '{}' is scheduled for its next request", name_of(ieee));
    states_.publish(ieee, "scheduled");
    return {};
}

std::optional<Wish> Updater::unschedule(Ieee ieee) {
    auto* device = parts_.network.find(ieee);
    if (!device)
        return std::nullopt;
    auto before = scheduled_for(*device);
    if (set_scheduled(*device, std::nullopt)) {
        parts_.network.changed(*device);
        log::info(ns, "The scheduled update of '{}' is cancelled", name_of(ieee));
    }
    states_.publish(ieee, "idle");
    return before;
}

// What the server hears

void Updater::queried(Device& device, const Query& query) {
    const auto ieee = device.ieee;
    if (!parts_.engine.definition_of(ieee) || is_busy(ieee))
        return;
    log::debug(ns, "Device '{}' asks for an image", name_of(ieee));
    correct_surprise(device, query);
    const auto wish = scheduled_for(device);
    if (wish && (!wish->url.empty() || supports(ieee))) {
        tasks_.spawn("scheduled update",
                     [this, operation = begin(ieee, true), ieee, wish = *wish, query] {
                         return update_as_scheduled(operation, ieee, wish, query);
                     });
        return;
    }
    if (checks_by_itself(ieee)) {
        const std::chrono::duration<double, std::ratio<60>> interval(
            parts_.configuration.settings().ota.update_check_interval);
        const auto last = last_checked_.find(ieee);
        if (last != last_checked_.end() && Clock::now() - last->second <= interval)
            return;
    }
    tasks_.spawn("update check", [this, operation = begin(ieee, false), ieee, query] {
        return check_automatically(operation, ieee, query);
    });
}

/// The device was given an image and runs another one: it fell back to the old, or the image's header
/// lied.
void Updater::correct_surprise(Device& device, const Query& query) {
    const auto given = given_.find(device.ieee);
    if (given == given_.end())
        return;
    const auto version = given->second;
    given_.erase(given);
    if (version == query.file_version)
        return;
    log::warning(ns, "Device '{}' says that it runs version {}, though it was updated to {}",
                 name_of(device.ieee), query.file_version, version);
    states_.publish_surprise(device.ieee, query.file_version);
    last_checked_.erase(device.ieee);
}

bool Updater::resumed(Device& device, const Resume& what) {
    if (is_busy(device.ieee))
        return false;
    tasks_.spawn("resumed update", [this, operation = begin(device.ieee, true), ieee = device.ieee,
                                    what] { return go_on(operation, ieee, what); });
    return true;
}

void Updater::device_left(Ieee ieee, NwkAddress) {
    last_checked_.erase(ieee);
    given_.erase(ieee);
    const auto found = operations_.find(ieee);
    if (const auto operation = found == operations_.end() ? nullptr : found->second.lock())
        operation->abort.request_stop();
}

Awaitable<void> Updater::check_automatically(OperationPtr operation, Ieee ieee, Query query) {
    if (checks_by_itself(ieee)) {
        last_checked_[ieee] = Clock::now();
        Wish latest;
        const auto found = co_await find(operation, ieee, std::move(latest), query);
        if (found) {
            states_.publish_found(ieee, query.file_version, *found);
            if (found->available)
                log::info(ns, "OTA update available for '{}'", name_of(ieee));
        } else {
            log::debug(ns, "Failed to check if OTA update available for '{}' ({})", name_of(ieee),
                       found.error().message);
            states_.publish(ieee, "idle");
        }
    }
    co_await answer_no_image(ieee, query);
}

Awaitable<void> Updater::update_as_scheduled(OperationPtr operation, Ieee ieee, Wish wish,
                                             Query query) {
    const auto name = name_of(ieee);
    std::optional<Query> asked = query;
    if (!queue_.is_free()) {  // by the time that it is its turn it will have stopped waiting
        co_await answer_no_image(ieee, query);
        asked.reset();
    }
    const auto turn = co_await take_turn(operation, ieee);
    std::optional<Outcome<Ran>> ran;
    const Pace usual;
    if (turn) {
        log::info(ns, "Updating '{}' to latest firmware", name);
        ran = co_await run(operation, ieee, std::move(wish), usual, asked);
    }
    if (!turn || !*ran) {
        const auto& why = turn ? ran->error() : turn.error();
        log::debug(ns, "OTA update of '{}' failed ({}). It is tried again at its next request.",
                   name, why.message);
        co_return failed(ieee, "scheduled");
    }
    const auto& done = **ran;
    if (done.to)
        co_return finished(ieee, done.query.file_version, *done.to);
    log::info(ns, "No OTA image currently available for '{}': not scheduled any more", name);
    if (auto* device = parts_.network.find(ieee); device && set_scheduled(*device, std::nullopt))
        parts_.network.changed(*device);
    states_.forget_progress(ieee);
    states_.publish_installed(ieee, done.query.file_version);
}

Awaitable<void> Updater::go_on([[maybe_unused]] OperationPtr operation, Ieee ieee, Resume what) {
    const auto name = name_of(ieee);
    const auto from = what.query.file_version;
    log::info(ns, "'{}' goes on with its update", name);
    const auto turn = queue_.begin_now();
    auto progress = progress_of(ieee);
    const auto end = co_await parts_.server.resume(ieee, std::move(what), std::move(progress));
    if (end)
        co_return finished(ieee, from, end->file_version);
    if (stopping_)
        co_return;
    log::error(ns, "OTA update of '{}' failed ({})", name, end.error().message);
    const auto* device = parts_.network.find(ieee);
    failed(ieee, device && scheduled_for(*device) ? "scheduled" : "available");
}

}  // namespace waggle::ota
