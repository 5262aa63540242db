#include "network.hpp"

#include <algorithm>

namespace waggle::sim {

namespace {

constexpr std::chrono::milliseconds indirect_timeout(7680);
constexpr std::chrono::hours until_told_otherwise(24 * 365);

std::optional<Bytes> zdp_answer(Device& device, std::uint16_t cluster, View payload) {
    if (device.faults.refused_zdp == 0)
        return zdp::answer(device, cluster, payload);
    --device.faults.refused_zdp;
    return Bytes{device.faults.zdp_status};
}

std::chrono::nanoseconds opening(std::uint8_t seconds) {
    return seconds == 0xFF ? std::chrono::nanoseconds(until_told_otherwise)
                           : std::chrono::nanoseconds(std::chrono::seconds(seconds));
}

}  // namespace

const char* sentence(JoinError error) {
    switch (error) {
        case JoinError::none: return "joined";
        case JoinError::closed: return "the network is not open for joining";
        case JoinError::not_running: return "the coordinator is not running a network";
        case JoinError::already_joined: return "the device is on the network already";
        case JoinError::no_parent: return "that router is not open for joining";
    }
    return "";
}

Device& Network::add(Description description) {
    devices_.push_back(std::make_unique<Device>(std::move(description), *this));
    return *devices_.back();
}

Device* Network::by_name(std::string_view name) const {
    const auto wanted_ieee = parse_number(name);
    for (const auto& device : devices_)
        if (device->name() == name || (wanted_ieee && device->ieee() == *wanted_ieee))
            return device.get();
    return nullptr;
}

Device* Network::by_nwk(std::uint16_t nwk) const {
    const auto found = by_nwk_.find(nwk);
    return found == by_nwk_.end() ? nullptr : found->second;
}

Device* Network::by_ieee(std::uint64_t ieee) const {
    for (const auto& device : devices_)
        if (device->ieee() == ieee)
            return device.get();
    return nullptr;
}

bool Network::is_member(const Device& device) const {
    return coordinator_->is_running() && device.is_member_of(coordinator_->membership());
}

std::vector<Device*> Network::members() const {
    std::vector<Device*> list;
    for (const auto& device : devices_)
        if (is_member(*device))
            list.push_back(device.get());
    return list;
}

bool Network::hears(const Device& device) const {
    return device.is_powered() && is_member(device);
}

void Network::send(ApsFrame frame, Confirm confirm) {
    if (frame.delivery == Delivery::unicast)
        return send_unicast(std::move(frame), std::move(confirm));
    send_multicast(frame);
    scheduler_.after(timing_.confirm, [confirm] { confirm(confirm::success); });
}

void Network::send_unicast(ApsFrame frame, Confirm confirm) {
    Device* device = by_nwk(frame.destination);
    const auto fail = [&](std::uint8_t status) {
        scheduler_.after(timing_.confirm, [confirm, status] { confirm(status); });
    };
    if (!device || !is_member(*device))
        return fail(confirm::no_route);
    if (!device->is_powered())
        return fail(device->parent() == coordinator_nwk ? confirm::no_ack_mac : confirm::no_route);
    const std::uint32_t counter = coordinator_->next_counter();
    const bool wants_ack = frame.wants_ack;
    when_awake(
        *device,
        [this, device, frame = std::move(frame), confirm, counter] {
            const bool fresh = device->accept_counter(counter);
            const bool lost = !fresh && frame.wants_ack;
            scheduler_.after(timing_.confirm, [confirm, lost] {
                confirm(lost ? confirm::no_ack_aps : confirm::success);
            });
            if (fresh)
                scheduler_.after(timing_.air, [this, device, frame] { deliver(*device, frame); });
        },
        [confirm, wants_ack, direct = device->parent() == coordinator_nwk] {
            confirm(direct || !wants_ack ? confirm::expired : confirm::no_ack_aps);
        });
}

void Network::send_multicast(const ApsFrame& frame) {
    const std::uint32_t counter = coordinator_->next_counter();
    for (Device* device : members()) {
        const bool in_group =
            frame.delivery == Delivery::group && device->is_in_group(frame.destination);
        const bool is_router = device->description().logical_type == LogicalType::router;
        const bool in_broadcast =
            frame.delivery == Delivery::broadcast &&
            (frame.destination == 0xFFFF || frame.destination == 0xFFFE || is_router ||
             (frame.destination == 0xFFFD && device->description().rx_on_when_idle()));
        if (!device->is_powered() || (!in_group && !in_broadcast) ||
            !device->accept_counter(counter))
            continue;
        if (device->description().sleep.sleepy && frame.destination != 0xFFFF)
            continue;
        scheduler_.after(timing_.air, [this, device, frame] { deliver(*device, frame); });
    }
}

void Network::deliver(Device& device, const ApsFrame& frame) {
    device.log(frame);
    if (device.faults.deaf > 0) {
        --device.faults.deaf;
        return;
    }
    device.receive(frame);
}

void Network::when_awake(Device& device, std::function<void()> deliver,
                         std::function<void()> expired) {
    const SleepDescription& sleep = device.description().sleep;
    Presence& at = presence(device);
    if (!sleep.sleepy || time_.now() < at.awake_until)
        return deliver();
    if (sleep.poll.count() > 0 && sleep.poll < indirect_timeout) {
        scheduler_.after(sleep.poll, std::move(deliver));
        return;
    }
    const std::uint64_t id = at.next_waiting++;
    Waiting& waiting = at.waiting[id];
    waiting.deliver = std::move(deliver);
    waiting.expiry = scheduler_.after(indirect_timeout, [this, &device, id, expired] {
        presence(device).waiting.erase(id);
        expired();
    });
}

void Network::wake(Device& device, std::chrono::milliseconds span) {
    Presence& at = presence(device);
    at.awake_until = std::max(at.awake_until, time_.now() + span);
    auto waiting = std::move(at.waiting);
    at.waiting.clear();
    for (auto& [id, entry] : waiting) {
        scheduler_.cancel(entry.expiry);
        entry.deliver();
    }
}

void Network::zdp_request(std::uint16_t destination, std::uint16_t cluster, Bytes payload,
                          ZdpResponse response) {
    const std::uint32_t counter = coordinator_->next_counter();
    if (is_broadcast(destination)) {
        for (Device* device : members())
            if (hears(*device) && device->accept_counter(counter))
                zdp_to(*device, cluster, payload, response);
        return;
    }
    Device* device = by_nwk(destination);
    if (device && hears(*device) && device->accept_counter(counter))
        zdp_to(*device, cluster, std::move(payload), response);
}

void Network::zdp_to(Device& device, std::uint16_t cluster, Bytes payload,
                     const ZdpResponse& response) {
    if (device.faults.silent_zdp > 0) {
        --device.faults.silent_zdp;
        return;
    }
    const auto serve = [this, &device, cluster, payload = std::move(payload), response] {
        scheduler_.after(timing_.air, [this, &device, cluster, payload, response] {
            auto answer = zdp_answer(device, cluster, payload);
            if (!answer)
                return;
            scheduler_.after(timing_.air, [response, bytes = std::move(*answer)]() mutable {
                response(std::move(bytes));
            });
        });
    };
    when_awake(device, serve, [] {});
}

void Network::transmit(Device& from, ApsFrame frame) {
    if (!hears(from))
        return;
    if (from.description().sleep.sleepy)
        wake(from, from.description().sleep.awake_after_send);
    scheduler_.after(way_of_a_frame(), [this, &from, frame = std::move(frame)] {
        if (!hears(from))
            return;
        if (frame.delivery == Delivery::unicast)
            return unicast_from(from, frame);
        coordinator_->incoming(frame, from.lqi());
        for (Device* device : members())
            if (device != &from && device->is_powered() &&
                (frame.delivery == Delivery::broadcast || device->is_in_group(frame.destination)))
                deliver(*device, frame);
    });
}

/// The radio hears one frame after the other.
Milliseconds Network::way_of_a_frame() {
    if (timing_.gap.count() == 0)
        return timing_.air;
    const auto now = scheduler_.now();
    last_heard_ = std::max(now + timing_.air, last_heard_ + timing_.gap);
    return std::chrono::ceil<Milliseconds>(last_heard_ - now);
}

void Network::unicast_from(Device& from, const ApsFrame& frame) {
    if (frame.destination == coordinator_nwk)
        return coordinator_->incoming(frame, from.lqi());
    Device* device = by_nwk(frame.destination);
    if (device && hears(*device))
        deliver(*device, frame);
}

void Network::transmit_to_ieee(Device& from, std::uint64_t target, ApsFrame frame) {
    const Device* device = by_ieee(target);
    if (!device)
        return;
    frame.destination = device->nwk();
    transmit(from, std::move(frame));
}

void Network::announce(Device& from) {
    if (!hears(from))
        return;
    Writer payload;
    payload.u16(from.nwk()).u64(from.ieee()).u8(from.description().mac_capabilities);
    scheduler_.after(timing_.air, [this, nwk = from.nwk(), bytes = payload.take()] {
        coordinator_->incoming_zdp(nwk, zdp::cluster::device_announce, bytes, true);
    });
}

void Network::open_coordinator(std::uint8_t seconds) {
    open_until_ = Scheduler::Clock::now() + opening(seconds);
    scheduler_.cancel(close_timer_);
    close_timer_ = 0;
    if (seconds != 0 && seconds != 0xFF)
        close_timer_ = scheduler_.after(std::chrono::seconds(seconds),
                                        [this] { coordinator_->joining_closed(); });
    let_pending_join();
}

void Network::open_routers(std::uint8_t seconds) {
    for (Device* device : members())
        if (device->description().routes)
            permit_joining(*device, seconds);
}

void Network::permit_joining(Device& router, std::uint8_t seconds) {
    if (!router.description().routes)
        return;
    presence(router).open_until = Scheduler::Clock::now() + opening(seconds);
    let_pending_join();
}

bool Network::is_open() const {
    return open_parent(nullptr).has_value();
}

std::optional<std::uint16_t> Network::open_parent(const Device* via) const {
    const auto now = Scheduler::Clock::now();
    if (!via && now < open_until_)
        return coordinator_nwk;
    for (const auto& [device, at] : presence_)
        if ((!via || device == via) && now < at.open_until && hears(*device))
            return device->nwk();
    return std::nullopt;
}

JoinError Network::join(Device& device, const Device* via) {
    if (!coordinator_->is_running())
        return JoinError::not_running;
    if (is_member(device))
        return JoinError::already_joined;
    const auto parent = open_parent(via);
    if (!parent)
        return via ? JoinError::no_parent : JoinError::closed;
    device.reset();
    bring_in(device, free_nwk(), *parent);
    return JoinError::none;
}

void Network::join_when_open(Device& device) {
    if (join(device) == JoinError::none)
        return;
    if (std::ranges::find(pending_, &device) == pending_.end())
        pending_.push_back(&device);
}

void Network::let_pending_join() {
    if (!is_open())
        return;
    // Never from within the request that opened the network.
    scheduler_.after(timing_.air, [this] {
        for (Device* device : std::exchange(pending_, {}))
            if (join(*device) != JoinError::none && !is_member(*device))
                pending_.push_back(device);
    });
}

void Network::rejoin(Device& device, std::optional<std::uint16_t> nwk) {
    if (!is_member(device))
        return;
    by_nwk_.erase(device.nwk());
    bring_in(device, nwk.value_or(free_nwk()), device.parent());
}

void Network::bring_in(Device& device, std::uint16_t nwk, std::uint16_t parent) {
    by_nwk_.erase(device.nwk());
    device.join(coordinator_->membership(), nwk, parent);
    by_nwk_[nwk] = &device;
    if (device.description().sleep.sleepy)
        wake(device, timing_.join + device.description().sleep.awake_after_join);
    scheduler_.after(timing_.join, [this, &device] {
        if (!hears(device))
            return;
        coordinator_->device_joined(device);
        announce(device);
        if (on_joined)
            on_joined(device);
    });
}

void Network::left(Device& device, bool rejoin) {
    if (!is_member(device))
        return;
    const auto parent = device.parent();
    coordinator_->device_left(device, rejoin);
    by_nwk_.erase(device.nwk());
    if (rejoin) {
        bring_in(device, free_nwk(), parent);
        return;
    }
    device.reset();
}

std::uint16_t Network::free_nwk() {
    while (true) {
        random_ ^= random_ << 13;
        random_ ^= random_ >> 17;
        random_ ^= random_ << 5;
        const auto nwk = static_cast<std::uint16_t>(1 + random_ % 0xFFF0);
        if (!by_nwk_.contains(nwk))
            return nwk;
    }
}

void Network::load_addresses() {
    by_nwk_.clear();
    for (const auto& device : devices_)
        if (device->nwk() != no_nwk)
            by_nwk_[device->nwk()] = device.get();
}

std::uint64_t Network::coordinator_ieee() const {
    return coordinator_->ieee();
}

void Network::state_changed() {
    if (on_state_)
        on_state_();
}

}  // namespace waggle::sim
