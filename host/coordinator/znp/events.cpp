#include <algorithm>

#include "base/log.hpp"
#include "coordinator/znp/coordinator.hpp"

/// The half of ZnpCoordinator that listens: what the co-processor says by itself.
namespace waggle::znp {
namespace {

constexpr std::string_view ns = "znp";
constexpr std::size_t retrieve_piece = 240;
constexpr unsigned max_fetches = 8;
constexpr std::size_t max_announced = 256;
constexpr std::uint8_t capability_router = 0x02;

void log_unreadable(std::string_view what, const boost::system::error_code& error) {
    log::debug(ns, "{} that cannot be read: {}", what, error.message());
}

}  // namespace

void ZnpCoordinator::areq(const Frame& frame) {
    if (is(frame, mt::sys_reset_ind))
        return on_reset();
    if (!running_)
        return;
    if (is(frame, mt::af_incoming_msg)) {
        if (const auto message = read_incoming_msg(frame.data))
            listener_.message(*message);
        else
            log_unreadable(mt::af_incoming_msg.name, message.error());
    } else if (is(frame, mt::af_incoming_msg_ext)) {
        if (const auto message = read_incoming_msg_ext(frame.data); !message)
            log_unreadable(mt::af_incoming_msg_ext.name, message.error());
        else if (message->must_be_fetched)
            fetch_later(*message);
        else
            listener_.message(message->indication);
    } else if (frame.subsystem == Subsystem::zdo) {
        zdo_areq(frame);
    }
}

void ZnpCoordinator::zdo_areq(const Frame& frame) {
    if (is(frame, mt::zdo_tc_dev_ind)) {
        if (const auto device = read_device_ind(frame.data))
            listener_.device_joined(device->address, device->ieee);
    } else if (is(frame, mt::zdo_leave_ind)) {
        // With the rejoin flag the device comes back by itself.
        if (const auto leave = read_leave_ind(frame.data); leave && !leave->rejoin)
            listener_.device_left(leave->address, leave->ieee);
    } else if (is(frame, mt::zdo_concentrator_ind)) {
        // Some routers change their address without an announce that reaches the coordinator.
        if (const auto device = read_device_ind(frame.data))
            tell_address(device->address, device->ieee);
    } else if (auto message = from_mt(frame)) {
        if (*message)
            on_zdo(std::move(**message));
        else
            log_unreadable("A ZDO message", message->error());
    }
}

void ZnpCoordinator::on_zdo(ZdoMessage message) {
    if (zdo::Cluster(message.cluster) == zdo::Cluster::device_annce)
        on_announce(message);
    listener_.zdo_message(message.source, message.cluster, message.payload);
}

/// An end device that announces itself may have a new parent; Z-Stack goes on to use the route to
/// the old one. Not more often than once a minute and device, some announce in bursts.
void ZnpCoordinator::on_announce(const ZdoMessage& message) {
    const auto announce = zdo::read_device_annce(message.payload);
    if (!announce || (announce->capabilities & capability_router))
        return;
    const auto now = Clock::now();
    if (announced_.size() >= max_announced)
        std::erase_if(announced_,
                      [&](const auto& entry) { return now - entry.second >= announce_interval; });
    const auto last = announced_.find(announce->address);
    const bool recent = last != announced_.end() && now - last->second < announce_interval;
    if (recent || announced_.size() >= max_announced)
        return;
    announced_[announce->address] = now;
    tasks_->spawn("znp route", [this, address = announce->address]() -> Awaitable<void> {
        auto ignored = co_await sender_.refresh_route(address);
        static_cast<void>(ignored);
    });
}

/// As a response to a question of which address the device has, which is what it amounts to.
void ZnpCoordinator::tell_address(NwkAddress address, Ieee ieee) {
    if (!running_)
        return;
    Bytes payload;
    ByteWriter(payload).u8(0).u64(ieee.value()).u16(address);
    listener_.zdo_message(address, static_cast<std::uint16_t>(zdo::Cluster::nwk_addr_rsp), payload);
}

/// Before the co-processor is known, a reset is only the end of its boot. A reset that was asked
/// for does not come here.
void ZnpCoordinator::on_reset() {
    if (identified_)
        driver_.fail("the co-processor was reset");
}

void ZnpCoordinator::link_ended(std::string_view reason) {
    const bool was_running = running_;
    const std::string kept(reason);
    close_link();
    if (was_running)
        listener_.link_lost(kept);
    else
        log::debug(ns, "The link ended: {}", kept);
}

void ZnpCoordinator::fetch_later(const IncomingExt& announced) {
    if (fetches_ >= max_fetches) {
        log::warning(ns, "Dropped a message of {} octets from 0x{:04x}: too many at once",
                     announced.length, announced.indication.source);
        return;
    }
    ++fetches_;
    tasks_->spawn("znp fetch", [this, announced] { return fetch(announced); });
}

Awaitable<void> ZnpCoordinator::fetch(IncomingExt announced) {
    const struct Count {
        unsigned& count;
        ~Count() { --count; }
    } count{fetches_};
    auto payload = co_await retrieve(announced.timestamp, announced.length);
    Bytes release;
    ByteWriter(release).u32(announced.timestamp).u16(0).u8(0);
    auto released = co_await driver_.call(mt::af_data_retrieve, std::move(release));
    static_cast<void>(released);
    if (!payload) {
        if (driver_.is_open())
            log::warning(ns, "A message of {} octets from 0x{:04x} could not be fetched: {}",
                         announced.length, announced.indication.source, payload.error().message());
        co_return;
    }
    if (!running_)
        co_return;
    announced.indication.payload = *payload;
    listener_.message(announced.indication);
}

Awaitable<Result<Bytes>> ZnpCoordinator::retrieve(std::uint32_t timestamp, std::uint16_t length) {
    Bytes payload;
    while (payload.size() < length) {
        const auto piece = std::min<std::size_t>(length - payload.size(), retrieve_piece);
        Bytes request;
        ByteWriter(request)
            .u32(timestamp)
            .u16(static_cast<std::uint16_t>(payload.size()))
            .u8(static_cast<std::uint8_t>(piece));
        auto reply = co_await driver_.call(mt::af_data_retrieve, std::move(request));
        if (!reply)
            co_return reply.error();
        const auto block = read_retrieved(*reply, piece);
        if (!block)
            co_return block.error();
        payload.insert(payload.end(), block->begin(), block->end());
    }
    co_return payload;
}

}  // namespace waggle::znp
