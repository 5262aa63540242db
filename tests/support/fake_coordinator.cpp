#include "support/fake_coordinator.hpp"

#include <utility>

#include <boost/asio/post.hpp>
#include <fmt/format.h>

namespace waggle::test {

void FakeCoordinator::say(NwkAddress source, EndpointId endpoint, ClusterId cluster, Bytes frame,
                          std::uint8_t link_quality) {
    ApsIndication indication;
    indication.source = source;
    indication.source_endpoint = endpoint;
    indication.destination_endpoint = 1;
    indication.cluster = cluster;
    indication.link_quality = link_quality;
    say(indication, std::move(frame));
}

void FakeCoordinator::say(ApsIndication indication, Bytes frame) {
    boost::asio::post(executor_, [this, indication, frame = std::move(frame)]() mutable {
        indication.payload = frame;
        listener_->message(indication);
    });
}

void FakeCoordinator::join(NwkAddress nwk, Ieee ieee) {
    boost::asio::post(executor_, [this, nwk, ieee] { listener_->device_joined(nwk, ieee); });
}

void FakeCoordinator::leave(NwkAddress nwk, std::optional<Ieee> ieee) {
    boost::asio::post(executor_, [this, nwk, ieee] { listener_->device_left(nwk, ieee); });
}

void FakeCoordinator::say_zdo(NwkAddress source, zdo::Cluster cluster, Bytes payload) {
    boost::asio::post(executor_, [this, source, cluster, payload = std::move(payload)] {
        listener_->zdo_message(source, static_cast<std::uint16_t>(cluster), payload);
    });
}

void FakeCoordinator::drop_link(std::string reason) {
    for (auto& wait : std::exchange(waiting_, {}))
        wait.fulfil(Errc::closed);
    boost::asio::post(executor_,
                      [this, reason = std::move(reason)] { listener_->link_lost(reason); });
}

Awaitable<Result<StartResult>> FakeCoordinator::start(NetworkParameters,
                                                      std::optional<store::CoordinatorBackup> given,
                                                      std::string& problem) {
    ++starts;
    given_backup = std::move(given);
    const auto waited = co_await settle();
    if (!waited)
        co_return waited.error();
    co_return on_start ? on_start(problem) : Result<StartResult>(StartResult::resumed);
}

Awaitable<void> FakeCoordinator::stop() {
    ++stops;
    for (auto& wait : std::exchange(waiting_, {}))
        wait.fulfil(Errc::closed);
    co_return;
}

Awaitable<Result<void>> FakeCoordinator::send(ApsRequest request) {
    log.push_back(describe(request));
    sent.push_back(request);
    const auto waited = co_await settle(send_time);
    if (!waited)
        co_return waited;
    co_return on_send ? on_send(request) : Result<void>{};
}

Awaitable<Result<Bytes>> FakeCoordinator::zdo(NwkAddress destination, zdo::Cluster cluster,
                                              Bytes payload, bool) {
    log.push_back(describe(destination, cluster, payload));
    const auto waited = co_await settle();
    if (!waited)
        co_return waited.error();
    if (on_zdo)
        co_return on_zdo(destination, cluster, payload);
    const auto silence = co_await settle(std::chrono::seconds(10));
    if (!silence)
        co_return silence.error();
    co_return Errc::timed_out;
}

Awaitable<Result<void>> FakeCoordinator::permit_join(std::uint8_t seconds,
                                                     std::optional<NwkAddress> via) {
    permits.push_back({seconds, via});
    log.push_back("permit_join " + std::to_string(seconds));
    co_return Result<void>{};
}

Awaitable<Result<void>> FakeCoordinator::repair_route(NwkAddress nwk, Ieee) {
    repairs.push_back(nwk);
    co_return on_repair ? on_repair(nwk) : Result<void>{};
}

Awaitable<Result<store::CoordinatorBackup>> FakeCoordinator::backup(std::vector<Ieee>) {
    ++backups;
    co_return on_backup ? on_backup() : Result<store::CoordinatorBackup>(Errc::unsupported);
}

Awaitable<Result<void>> FakeCoordinator::add_install_code(Ieee ieee, Bytes code, bool hashed) {
    log.push_back(fmt::format("{} {} {}", hashed ? "key" : "code", ieee.to_string(), to_hex(code)));
    co_return on_install_code ? on_install_code(ieee, code, hashed) : Result<void>{};
}

Awaitable<Result<void>> FakeCoordinator::change_channel(std::uint8_t channel) {
    channels.push_back(channel);
    active.channel = channel;
    co_return Result<void>{};
}

Awaitable<Result<void>> FakeCoordinator::set_inter_pan_channel(std::uint8_t channel) {
    return inter_pan(fmt::format("channel {}", channel));
}

Awaitable<Result<void>> FakeCoordinator::send_inter_pan(std::optional<Ieee> to, ClusterId cluster,
                                                        Bytes frame) {
    return inter_pan(
        fmt::format("to {} {:04x} {}", to ? to->to_string() : "all", cluster, to_hex(frame)));
}

Awaitable<Result<void>> FakeCoordinator::leave_inter_pan() {
    return inter_pan("back");
}

Awaitable<Result<void>> FakeCoordinator::inter_pan(std::string what) {
    log.push_back(what);
    const auto settled = co_await settle();
    if (!settled)
        co_return settled;
    co_return on_inter_pan ? on_inter_pan(what) : Result<void>(Errc::unsupported);
}

std::string FakeCoordinator::describe(const ApsRequest& request) {
    static const char* const modes[] = {"aps", "group", "broadcast"};
    return fmt::format("{} 0x{:04x} {}>{} 0x{:04x} {}", modes[static_cast<int>(request.mode)],
                       request.destination_address, request.source_endpoint,
                       request.destination_endpoint, request.cluster, to_hex(request.payload));
}

std::string FakeCoordinator::describe(NwkAddress to, zdo::Cluster cluster, const Bytes& payload) {
    return fmt::format("zdo 0x{:04x} 0x{:04x} {}", to, static_cast<std::uint16_t>(cluster),
                       to_hex(payload));
}

Awaitable<Result<void>> FakeCoordinator::settle(Clock::duration time) {
    OneShot<int> wait(executor_);
    waiting_.push_back(wait);
    const auto ended = co_await wait.within(time);
    std::erase_if(waiting_, [](const auto& one) { return one.is_fulfilled(); });
    if (ended || ended.error() == Errc::timed_out)
        co_return Result<void>{};
    co_return ended.error();
}

}  // namespace waggle::test
