#include "network/messenger.hpp"

#include <algorithm>

#include "base/log.hpp"

namespace waggle::network {

/// A request made ready: everything that does not change when it is repeated.
struct Messenger::Outgoing {
    Ieee device;
    Bytes bytes;
    Expected expected;
    bool wants_answer = false;
    EndpointId source = 1, destination = 1;
    ProfileId profile = profile_home_automation;
    std::chrono::milliseconds timeout{};
    bool allow_recovery = true;
};

namespace {

ProfileId profile_of(const Device& device, const ZclRequest& request) noexcept {
    if (request.profile)
        return *request.profile;
    const auto* endpoint = device.endpoint(request.destination);
    return endpoint && endpoint->profile != 0 ? endpoint->profile : profile_home_automation;
}

}  // namespace

Awaitable<Result<ZclReply>> Messenger::deliver(ZclRequest request) {
    if (request.sequence) {
        request.disable_response = true;
        co_return co_await exchange(std::move(request));
    }
    const auto turn = co_await core_->turns.take(request.device);
    if (!turn)
        co_return turn.error();
    co_return co_await exchange(std::move(request));
}

Awaitable<Result<ZclReply>> Messenger::exchange(ZclRequest request) {
    const auto* device = core_->devices.find(request.device);
    if (!device)
        co_return Errc::not_found;
    if (!core_->up)
        co_return Errc::unavailable;

    auto& header = request.frame.header;
    header.sequence =
        request.sequence ? *request.sequence : core_->transactions.next_sequence(request.device);
    Outgoing outgoing;
    if (const auto encoded = zcl::encode(outgoing.bytes, request.frame); !encoded)
        co_return encoded.error();
    outgoing.device = request.device;
    outgoing.expected = {request.device,        request.destination, header.sequence,
                         request.frame.cluster, header.type,         response_to(request.frame)};
    outgoing.wants_answer = !request.disable_response &&
                            (outgoing.expected.response || !header.disable_default_response);
    outgoing.source = request.source;
    outgoing.destination = request.destination;
    outgoing.profile = profile_of(*device, request);
    outgoing.timeout = request.timeout;
    outgoing.allow_recovery = request.allow_recovery;
    const bool may_repeat = request.allow_recovery && !device->is_sleepy();

    auto reply = co_await attempt(outgoing);
    if (!reply && reply.error() == Errc::timed_out && outgoing.wants_answer && may_repeat) {
        device = core_->devices.find(request.device);
        if (!device || !core_->up)
            co_return reply.error();
        log::debug(ns, "No answer from {}, repairing the route", request.device.to_string());
        const auto repaired = co_await core_->radio->repair_route(device->address, device->ieee);
        if (!repaired)
            co_return reply.error();
        reply = co_await attempt(outgoing);
    }
    co_return reply;
}

Awaitable<Result<ZclReply>> Messenger::attempt(const Outgoing& outgoing) {
    const auto* device = core_->devices.find(outgoing.device);
    if (!device)
        co_return Errc::not_found;
    if (!core_->up)
        co_return Errc::unavailable;
    std::optional<Transactions::Waiter> answer;
    if (outgoing.wants_answer)  // before sending: the answer may overtake the radio's confirm
        answer.emplace(core_->transactions.expect(outgoing.expected));

    ApsRequest message(ApsRequest::Mode::unicast, device->address, outgoing.source,
                       outgoing.destination, outgoing.profile, outgoing.expected.cluster,
                       outgoing.bytes);
    message.ieee = outgoing.device;
    message.allow_recovery = outgoing.allow_recovery;
    const auto sent = co_await core_->radio->send(std::move(message));
    if (!sent)
        co_return sent.error();
    if (!answer)
        co_return ZclReply{};
    co_return co_await answer->within(outgoing.timeout);
}

Awaitable<Result<void>> Messenger::cast(ApsRequest::Mode mode, std::uint16_t address,
                                        EndpointId source, EndpointId destination,
                                        ProfileId profile, zcl::Frame frame) {
    frame.header.sequence = core_->transactions.next_sequence(Ieee());
    Bytes bytes;
    if (const auto encoded = zcl::encode(bytes, frame); !encoded)
        co_return encoded.error();
    ApsRequest message(mode, address, source, destination, profile, frame.cluster,
                       std::move(bytes));
    co_return co_await send(std::move(message));
}

Awaitable<Result<void>> Messenger::send(ApsRequest message) {
    if (!core_->up)
        co_return Errc::unavailable;
    co_return co_await core_->radio->send(std::move(message));
}

Awaitable<Result<Bytes>> Messenger::zdo(Ieee ieee, zdo::Cluster cluster, Bytes payload) {
    std::function<Bytes(NwkAddress)> make = [payload = std::move(payload)](NwkAddress) {
        return payload;
    };
    co_return co_await zdo(ieee, cluster, std::move(make));
}

Awaitable<Result<Bytes>> Messenger::zdo(Ieee ieee, zdo::Cluster cluster,
                                        std::function<Bytes(NwkAddress)> make) {
    const auto turn = co_await core_->turns.take(ieee);
    if (!turn)
        co_return turn.error();
    const auto* device = core_->devices.find(ieee);
    if (!device)
        co_return Errc::not_found;
    if (!core_->up)
        co_return Errc::unavailable;
    const auto address = device->address;
    auto payload = make(address);
    co_return co_await core_->radio->zdo(address, cluster, std::move(payload));
}

}  // namespace waggle::network
