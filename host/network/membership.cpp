#include "network/membership.hpp"

#include <algorithm>

#include "base/log.hpp"

namespace waggle::network {

namespace {

constexpr std::size_t question_limit = 16;
constexpr std::size_t unknown_limit = 4096;

bool contains(const std::vector<Ieee>& list, Ieee ieee) {
    return std::find(list.begin(), list.end(), ieee) != list.end();
}

}  // namespace

bool Membership::is_welcome(Ieee ieee) const {
    const auto& options = core_->options;
    const bool strict = !options.passlist.empty();
    if (!strict && options.blocklist.empty())
        return true;
    const bool listed = contains(strict ? options.passlist : options.blocklist, ieee);
    const bool welcome = listed == strict;
    log::info(ns, "{} joining device '{}', which is {} the {}", welcome ? "Accepting" : "Rejecting",
              ieee.to_string(), listed ? "on" : "not on", strict ? "passlist" : "blocklist");
    return welcome;
}

void Membership::joined(NwkAddress address, Ieee ieee) {
    log::debug(ns, "Device '{}' joined", ieee.to_string());
    if (!is_welcome(ieee)) {
        core_->tasks.spawn("turn away", [this, address, ieee]() -> Awaitable<void> {
            return turn_away(address, ieee);
        });
        return;
    }
    auto& device = accept(address, ieee);
    seen(device);
    if (device.interview == InterviewState::pending || device.interview == InterviewState::failed)
        core_->tasks.spawn("interview",
                           [this, ieee]() -> Awaitable<void> { return interview_joined(ieee); });
}

/// A known device keeps what is known about it; only its address may be new, and nobody is told
/// that on this path.
Device& Membership::accept(NwkAddress address, Ieee ieee) {
    auto* device = core_->devices.find(ieee);
    if (device) {
        if (device->address != address) {
            core_->devices.set_address(*device, address);
            core_->database.changed();
        }
        return *device;
    }
    device = core_->devices.restore(ieee);
    if (device) {
        core_->devices.set_address(*device, address);
        core_->database.row_added(device->database_id);
    } else {
        device = &create(DeviceType::unknown, address, ieee, InterviewState::pending);
    }
    device->last_default_response.reset();
    device->checkin_interval.reset();
    device->pending_request_timeout = {};
    device->last_seen = wall_clock_ms();
    core_->events.device_joined(*device);
    return *device;
}

Device& Membership::create(DeviceType type, NwkAddress address, Ieee ieee, InterviewState state) {
    auto made = std::make_unique<Device>();
    made->database_id = core_->database.new_id();
    made->type = type;
    made->address = address;
    made->ieee = ieee;
    made->interview = state;
    auto& device = core_->devices.add(std::move(made));
    core_->database.row_added(device.database_id);
    return device;
}

void Membership::seen(Device& device) {
    device.last_seen = wall_clock_ms();
    core_->database.touched();
    core_->events.device_seen(device);
    queue_->device_awake(device);
}

Awaitable<void> Membership::turn_away(NwkAddress address, Ieee ieee) {
    const auto asked = co_await ask_to_leave(address, ieee);
    if (!asked)
        log::error(ns, "Failed to remove rejected device: {}", asked.error().message());
}

Awaitable<Result<void>> Membership::ask_to_leave(NwkAddress address, Ieee ieee) {
    if (!core_->up)
        co_return Errc::unavailable;
    auto payload = zdo::mgmt_leave_req(ieee, false, false);
    const auto response =
        co_await core_->radio->zdo(address, zdo::Cluster::mgmt_leave_req, std::move(payload));
    if (!response)
        co_return response.error();
    co_return zdo::read_status(*response);
}

Awaitable<void> Membership::interview_joined(Ieee ieee) {
    (void)co_await interview(ieee, false);
}

Awaitable<Result<void>> Membership::interview(Ieee ieee, bool force) {
    auto* device = core_->devices.find(ieee);
    if (!device)
        co_return Errc::not_found;
    if (device->interview == InterviewState::in_progress)
        co_return Errc::busy;
    log::info(ns, "Interview for '{}' started", ieee.to_string());
    core_->events.device_interview(*device, InterviewStep::started);
    const auto result = co_await interviewer_->interview(ieee, force);
    device = core_->devices.find(ieee);
    if (!device || (!result && result.error() == Errc::cancelled))
        co_return result;
    if (result)
        log::info(ns, "Successfully interviewed '{}'", ieee.to_string());
    else
        log::error(ns, "Interview failed for '{}': {}", ieee.to_string(), result.error().message());
    core_->events.device_interview(*device,
                                   result ? InterviewStep::successful : InterviewStep::failed);
    co_return result;
}

void Membership::left(NwkAddress address, std::optional<Ieee> ieee) {
    auto* device = ieee ? core_->devices.find(*ieee) : core_->devices.find(address);
    if (!device) {
        log::debug(ns, "An unknown or removed device ({:#06x}) left", address);
        return;
    }
    if (device->type != DeviceType::coordinator)
        forget(*device);
}

void Membership::forget(Device& device) {
    const auto ieee = device.ieee;
    const auto address = device.address;
    log::debug(ns, "Removing device '{}' from the database", ieee.to_string());
    if (core_->groups.remove_device(ieee))
        core_->events.groups_changed();
    core_->devices.remove(device);
    core_->database.row_removed(device.database_id);
    queue_->fail(ieee, Errc::not_found);
    core_->transactions.fail(ieee, Errc::not_found);

    // If it comes back it is a new device that keeps its number and its shape.
    if (device.type != DeviceType::green_power)
        device.interview = InterviewState::pending;
    device.meta_json = "{}";
    for (auto& [id, endpoint] : device.endpoints) {
        endpoint.bindings.clear();
        endpoint.reportings.clear();
        endpoint.attributes.clear();
        endpoint.meta_json.clear();
        endpoint.unknown_json.clear();
    }
    if (contains(removing_, ieee))
        core_->events.device_removed(ieee, address);
    else
        core_->events.device_left(ieee, address);
}

void Membership::zdo_message(NwkAddress, std::uint16_t cluster, ByteView payload) {
    switch (static_cast<zdo::Cluster>(cluster)) {
        case zdo::Cluster::device_annce: announced(payload); break;
        case zdo::Cluster::nwk_addr_rsp:
        case zdo::Cluster::ieee_addr_rsp: address_response(payload); break;
        default: break;
    }
}

void Membership::announced(ByteView payload) {
    const auto announce = zdo::read_device_annce(payload);
    auto* device = announce ? core_->devices.find(announce->ieee) : nullptr;
    if (!device) {
        log::debug(ns, "An announce of an unknown device");
        return;
    }
    moved(*device, announce->address);
    device->last_default_response.reset();
    seen(*device);
    core_->events.device_announced(*device);
}

void Membership::address_response(ByteView payload) {
    const auto response = zdo::read_address_rsp(payload);
    auto* device = response ? core_->devices.find(response->ieee) : nullptr;
    if (!device)
        return;
    device->last_seen = wall_clock_ms();
    core_->database.touched();
    core_->events.device_seen(*device);
    core_->events.device_located(*device);
    moved(*device, response->address);
}

void Membership::moved(Device& device, NwkAddress address) {
    if (device.address == address)
        return;
    log::debug(ns, "Device '{}' got new network address {:#06x}", device.ieee.to_string(), address);
    core_->devices.set_address(device, address);
    core_->database.changed();
    core_->events.device_address_changed(device);
}

void Membership::identify(const ApsIndication& indication, Redeliver redeliver) {
    const auto address = indication.source;
    if (core_->devices.was_removed(address) || questions_ >= question_limit ||
        unknown_.size() >= unknown_limit || !unknown_.insert(address).second)
        return;
    struct Kept {
        ApsIndication indication;
        Bytes payload;
        Redeliver redeliver;
    };
    auto kept = std::make_shared<Kept>(
        Kept{indication, Bytes(indication.payload.begin(), indication.payload.end()),
             std::move(redeliver)});
    kept->indication.payload = kept->payload;
    ++questions_;
    core_->tasks.spawn("identify", [this, kept]() -> Awaitable<void> {
        auto* device = co_await owner_of(kept->indication.source);
        --questions_;
        if (device)
            kept->redeliver(*device, kept->indication);
    });
}

Awaitable<Device*> Membership::owner_of(NwkAddress address) {
    auto payload = zdo::ieee_addr_req(address);
    const auto response =
        co_await core_->radio->zdo(address, zdo::Cluster::ieee_addr_req, std::move(payload));
    const auto owner = response ? zdo::read_address_rsp(*response)
                                : Result<zdo::AddressResponse>(response.error());
    if (!owner) {
        log::debug(ns, "Whose address {:#06x} is could not be found out: {}", address,
                   owner.error().message());
        co_return nullptr;  // the address stays marked: a silent device must not make us ask
                            // forever
    }
    auto* device = core_->devices.find(owner->ieee);
    if (device) {
        moved(*device, owner->address);
        unknown_.erase(address);
    }
    co_return device;
}

Awaitable<Result<void>> Membership::remove(Ieee ieee, bool force) {
    auto* device = core_->devices.find(ieee);
    if (!device)
        co_return Errc::not_found;
    removing_.push_back(ieee);
    Result<void> asked;
    if (!force)
        asked = co_await ask_to_leave(device->address, ieee);
    device = core_->devices.find(ieee);  // its leave indication may have come first
    if (asked && device)
        forget(*device);
    std::erase(removing_, ieee);
    co_return asked;
}

}  // namespace waggle::network
