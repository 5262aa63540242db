#include "network/green_power.hpp"

#include "base/log.hpp"

namespace waggle::network {

/// A frame that needs an answer: everything in it is owned, because the answer takes time.
struct GreenPower::Heard {
    ApsIndication indication;
    Bytes frame;
    gp::Notification notification;
    Deliver deliver;
};

namespace {

constexpr std::uint8_t commissioning = 0xE0, decommissioning = 0xE1, channel_request = 0xE3;
constexpr std::uint8_t commissioning_reply = 0xF0, channel_configuration = 0xF3;
constexpr std::uint8_t first_channel = 11, basic_sink = 0x10;
constexpr std::size_t task_limit = 16;

Ieee address_of(std::uint32_t source) noexcept {
    return Ieee(source);
}

bool needs_answer(std::uint8_t command) noexcept {
    return command == commissioning || command == decommissioning || command == channel_request;
}

}  // namespace

bool GreenPower::message(const ApsIndication& indication, Deliver deliver) {
    auto parsed = gp::parse(indication.payload);
    if (!parsed.is_notification)
        return false;
    if (!parsed.supported) {
        log::debug(ns, "A Green Power frame that cannot be read, or with IEEE addressing");
        return true;
    }
    auto heard = std::make_shared<Heard>();
    heard->indication = indication;
    heard->frame.assign(indication.payload.begin(), indication.payload.end());
    auto* device = core_->devices.find(address_of(parsed.notification.source));
    if (parsed.notification.is_encrypted()) {
        const auto plain =
            device && device->green_power_key
                ? gp::decrypt(heard->frame, parsed.notification, *device->green_power_key)
                : std::nullopt;
        if (plain)
            heard->frame = *plain;
        else
            log::error(ns, "Green Power device {:#010x} speaks with a key that is not known",
                       parsed.notification.source);
    }
    heard->indication.payload = heard->frame;
    heard->notification = gp::parse(heard->frame).notification;
    heard->deliver = std::move(deliver);
    if (!heard->notification.is_encrypted() && needs_answer(heard->notification.command))
        spawn(std::move(heard));
    else if (device)
        heard->deliver(*device, heard->indication);
    return true;
}

void GreenPower::spawn(std::shared_ptr<Heard> heard) {
    if (running_ >= task_limit)
        return;
    ++running_;
    core_->tasks.spawn("green power", [this, heard = std::move(heard)]() -> Awaitable<void> {
        struct Count {
            std::size_t& running;
            ~Count() { --running; }
        };
        const Count count{running_};
        co_await handle(heard);
    });
}

Awaitable<void> GreenPower::handle(std::shared_ptr<Heard> heard) {
    const auto& notification = heard->notification;
    const auto ieee = address_of(notification.source);
    const auto proxy = notification.proxy.value_or(nwk_coordinator);
    Result<void> done;
    if (notification.command == commissioning) {
        done = co_await commission(*heard);
    } else if (notification.command == decommissioning) {
        gp::Pairing leave;
        leave.add = false;
        leave.remove = true;
        leave.mode = 1;
        leave.source = notification.source;
        done = co_await send_pairing(leave, proxy);
        if (auto* device = core_->devices.find(ieee); device && done)
            membership_->forget(*device);
    } else {
        ByteReader in(notification.payload);
        const std::uint8_t next_channel = in.u8() & 0x0F;
        const auto operating = static_cast<std::uint8_t>(
            ((core_->radio->network().channel - first_channel) & 0x0F) | basic_sink);
        auto frame = gp::response(sequence(), proxy, next_channel, notification.source,
                                  channel_configuration, operating);
        done = co_await broadcast(std::move(frame));
    }
    if (!done)
        log::error(ns, "Green Power device {:#010x}: {}", notification.source,
                   done.error().message());
    if (auto* device = core_->devices.find(ieee))
        heard->deliver(*device, heard->indication);
}

Awaitable<Result<void>> GreenPower::commission(const Heard& heard) {
    const auto& notification = heard.notification;
    const auto command = gp::parse_commissioning(notification.payload);
    if (!command)
        co_return command.error();
    const auto proxy = notification.proxy.value_or(nwk_coordinator);
    gp::Pairing pairing;
    pairing.source = notification.source;
    pairing.device_id = command->device_id;
    pairing.fixed = command->fixed_location();
    pairing.sequence_capable = command->sequence_capable();
    pairing.sink = core_->radio->ieee();
    if (command->receives()) {  // without encryption
        const auto channel =
            static_cast<std::uint8_t>(core_->radio->network().channel - first_channel);
        auto reply =
            gp::response(sequence(), proxy, channel, notification.source, commissioning_reply, 0);
        const auto replied = co_await broadcast(std::move(reply));
        if (!replied)
            co_return replied;
        pairing.mode = 1;
    } else {
        pairing.mode = heard.indication.broadcast ? 2 : 3;
        pairing.security_level = 2;
        pairing.key_type = 4;
        pairing.frame_counter = command->outgoing_counter;
        pairing.key = gp::encrypt_key(notification.source, command->key);
    }
    const auto paired = co_await send_pairing(pairing, proxy);
    if (!paired)
        co_return paired;

    const auto ieee = address_of(notification.source);
    if (core_->devices.find(ieee))
        co_return Result<void>{};
    auto* device = core_->devices.restore(ieee);
    if (device) {
        core_->database.row_added(device->database_id);
    } else {
        const auto address = static_cast<NwkAddress>(notification.source & 0xFFFF);
        device = &membership_->create(DeviceType::green_power, address, ieee,
                                      InterviewState::successful);
        device->model_id = "GreenPower_" + std::to_string(command->device_id);
        device->green_power_key = command->key;
    }
    core_->events.device_joined(*device);
    core_->events.device_interview(*device, InterviewStep::successful);
    co_return Result<void>{};
}

Awaitable<Result<void>> GreenPower::send_pairing(const gp::Pairing& pairing, NwkAddress proxy) {
    auto frame = gp::pairing(sequence(), pairing);
    if (pairing.mode != 3)
        co_return co_await broadcast(std::move(frame));
    ApsRequest message(ApsRequest::Mode::unicast, proxy, gp::endpoint, gp::endpoint,
                       profile_green_power, gp::cluster, std::move(frame));
    if (const auto* router = core_->devices.find(proxy))
        message.ieee = router->ieee;
    co_return co_await messenger_->send(std::move(message));
}

Awaitable<Result<void>> GreenPower::broadcast(Bytes frame) {
    ApsRequest message(ApsRequest::Mode::broadcast, broadcast_rx_on, gp::endpoint, gp::endpoint,
                       profile_green_power, gp::cluster, std::move(frame));
    co_return co_await messenger_->send(std::move(message));
}

Awaitable<Result<void>> GreenPower::permit_join(std::uint8_t seconds,
                                                std::optional<NwkAddress> via) {
    auto frame = gp::commissioning_mode(sequence(), seconds, via.has_value());
    if (!via)
        co_return co_await broadcast(std::move(frame));
    ApsRequest message(ApsRequest::Mode::unicast, *via, gp::endpoint, gp::endpoint,
                       profile_green_power, gp::cluster, std::move(frame));
    if (const auto* router = core_->devices.find(*via))
        message.ieee = router->ieee;
    co_return co_await messenger_->send(std::move(message));
}

Awaitable<Result<void>> GreenPower::remove(Ieee device) {
    auto frame = gp::removal(sequence(), static_cast<std::uint32_t>(device.value()));
    co_return co_await broadcast(std::move(frame));
}

}  // namespace waggle::network
