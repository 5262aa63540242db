#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <boost/asio/post.hpp>

#include "coordinator/coordinator.hpp"

/// A radio that a test writes the script for: it notes what it is asked, answers as it is told, and
/// says what the test wants said. Everything happens in later turns of the loop, as with a real
/// one.
namespace waggle::test {

class FakeCoordinator final : public Coordinator {
  public:
    FakeCoordinator(boost::asio::any_io_executor executor, Listener& listener)
        : executor_(std::move(executor)), listener_(&listener) {}

    // The script. What is not set succeeds, and ZDO requests time out.
    std::function<Result<StartResult>(std::string& problem)> on_start;
    std::function<Result<void>(const ApsRequest&)> on_send;
    std::function<Result<Bytes>(NwkAddress, zdo::Cluster, const Bytes&)> on_zdo;
    std::function<Result<void>(NwkAddress)> on_repair;
    std::function<Result<store::CoordinatorBackup>()> on_backup;
    Clock::duration send_time{};  ///< until the confirm

    // What was asked
    struct PermitJoin {
        std::uint8_t seconds;
        std::optional<NwkAddress> via;
    };
    std::vector<ApsRequest> sent;
    std::vector<std::string> log;  ///< "zdo 0x1234 node_desc_req 3412", "aps …", in their order
    std::vector<PermitJoin> permits;
    std::vector<NwkAddress> repairs;
    std::vector<std::uint8_t> channels;
    int starts = 0, stops = 0, backups = 0;
    std::optional<store::CoordinatorBackup> given_backup;

    Ieee address{0x00124b0001020304};
    ActiveNetwork active{0x1a62, 0xdddddddddddddddd, 11, 0};
    CoordinatorVersion versions{"ZStack3x0", {}};

    // What the radio says
    void say(NwkAddress source, EndpointId endpoint, ClusterId cluster, Bytes frame,
             std::uint8_t link_quality = 100) {
        ApsIndication indication;
        indication.source = source;
        indication.source_endpoint = endpoint;
        indication.destination_endpoint = 1;
        indication.cluster = cluster;
        indication.link_quality = link_quality;
        say(indication, std::move(frame));
    }
    void say(ApsIndication indication, Bytes frame) {
        boost::asio::post(executor_, [this, indication, frame = std::move(frame)]() mutable {
            indication.payload = frame;
            listener_->message(indication);
        });
    }
    void join(NwkAddress nwk, Ieee ieee) {
        boost::asio::post(executor_, [this, nwk, ieee] { listener_->device_joined(nwk, ieee); });
    }
    void leave(NwkAddress nwk, std::optional<Ieee> ieee) {
        boost::asio::post(executor_, [this, nwk, ieee] { listener_->device_left(nwk, ieee); });
    }
    void say_zdo(NwkAddress source, zdo::Cluster cluster, Bytes payload) {
        boost::asio::post(executor_, [this, source, cluster, payload = std::move(payload)] {
            listener_->zdo_message(source, static_cast<std::uint16_t>(cluster), payload);
        });
    }
    void drop_link(std::string reason = "pulled") {
        for (auto& wait : std::exchange(waiting_, {}))
            wait.fulfil(Errc::closed);
        boost::asio::post(executor_,
                          [this, reason = std::move(reason)] { listener_->link_lost(reason); });
    }

    Awaitable<Result<StartResult>> start(NetworkParameters,
                                         std::optional<store::CoordinatorBackup> backup,
                                         std::string& problem) override {
        ++starts;
        given_backup = std::move(backup);
        const auto waited = co_await settle();
        if (!waited)
            co_return waited.error();
        co_return on_start ? on_start(problem) : Result<StartResult>(StartResult::resumed);
    }
    Awaitable<void> stop() override {
        ++stops;
        for (auto& wait : std::exchange(waiting_, {}))
            wait.fulfil(Errc::closed);
        co_return;
    }
    Ieee ieee() const noexcept override { return address; }
    const CoordinatorVersion& version() const noexcept override { return versions; }
    const ActiveNetwork& network() const noexcept override { return active; }
    ManufacturerCode manufacturer_code() const noexcept override { return 7; }

    Awaitable<Result<void>> send(ApsRequest request) override {
        log.push_back(describe(request));
        sent.push_back(request);
        const auto waited = co_await settle(send_time);
        if (!waited)
            co_return waited;
        co_return on_send ? on_send(request) : Result<void>{};
    }
    Awaitable<Result<Bytes>> zdo(NwkAddress destination, zdo::Cluster cluster, Bytes payload,
                                 bool) override {
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
    Awaitable<Result<void>> permit_join(std::uint8_t seconds,
                                        std::optional<NwkAddress> via) override {
        permits.push_back({seconds, via});
        log.push_back("permit_join " + std::to_string(seconds));
        co_return Result<void>{};
    }
    Awaitable<Result<void>> repair_route(NwkAddress nwk, Ieee) override {
        repairs.push_back(nwk);
        co_return on_repair ? on_repair(nwk) : Result<void>{};
    }
    Awaitable<Result<store::CoordinatorBackup>> backup(std::vector<Ieee>) override {
        ++backups;
        co_return on_backup ? on_backup() : Result<store::CoordinatorBackup>(Errc::unsupported);
    }
    Awaitable<Result<void>> add_install_code(Ieee, Bytes, bool) override {
        co_return Result<void>{};
    }
    Awaitable<Result<void>> change_channel(std::uint8_t channel) override {
        channels.push_back(channel);
        active.channel = channel;
        co_return Result<void>{};
    }
    void set_manufacturer_code(ManufacturerCode) override {}
    Awaitable<Result<void>> set_inter_pan_channel(std::uint8_t) override {
        co_return Errc::unsupported;
    }
    Awaitable<Result<void>> send_inter_pan(std::optional<Ieee>, ClusterId, Bytes) override {
        co_return Errc::unsupported;
    }
    Awaitable<Result<void>> leave_inter_pan() override { co_return Errc::unsupported; }

    static std::string describe(const ApsRequest& request) {
        static const char* const modes[] = {"aps", "group", "broadcast"};
        return fmt_line(modes[static_cast<int>(request.mode)], request.destination_address) + " " +
               std::to_string(request.source_endpoint) + ">" +
               std::to_string(request.destination_endpoint) + " " + number(request.cluster) + " " +
               to_hex(request.payload);
    }
    static std::string describe(NwkAddress to, zdo::Cluster cluster, const Bytes& payload) {
        return fmt_line("zdo", to) + " " + number(static_cast<std::uint16_t>(cluster)) + " " +
               to_hex(payload);
    }

  private:
    static std::string number(unsigned value) {
        static const char digits[] = "0123456789abcdef";
        std::string text = "0x0000";
        for (std::size_t i = 6; i-- > 2; value >>= 4)
            text[i] = digits[value & 0xF];
        return text;
    }
    static std::string fmt_line(const char* what, NwkAddress to) {
        return std::string(what) + " " + number(to);
    }

    /// A later turn of the loop, unless the link goes first.
    Awaitable<Result<void>> settle(Clock::duration time = {}) {
        OneShot<int> wait(executor_);
        waiting_.push_back(wait);
        const auto ended = co_await wait.within(time);
        std::erase_if(waiting_, [](const auto& one) { return one.is_fulfilled(); });
        if (ended || ended.error() == Errc::timed_out)
            co_return Result<void>{};
        co_return ended.error();
    }

    boost::asio::any_io_executor executor_;
    Listener* listener_;
    std::vector<OneShot<int>> waiting_;
};

}  // namespace waggle::test
