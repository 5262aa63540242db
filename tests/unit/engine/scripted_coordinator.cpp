#include "scripted_coordinator.hpp"

#include <memory>
#include <utility>

#include <boost/asio/post.hpp>
#include <fmt/format.h>

namespace waggle::test {
namespace {

class ScriptedCoordinator final : public Coordinator {
  public:
    explicit ScriptedCoordinator(ScriptedRadio& radio) : radio_(radio) {
        network_.channel = 11;
        version_.type = "ZStack3x0";
    }

    Awaitable<Result<StartResult>> start(NetworkParameters, std::optional<store::CoordinatorBackup>,
                                         std::string&) override {
        if (radio_.stays_away)
            co_return Errc::closed;
        co_return StartResult::resumed;
    }
    Awaitable<void> stop() override { co_return; }
    Ieee ieee() const noexcept override { return Ieee(0x00124b0001020304); }
    const CoordinatorVersion& version() const noexcept override { return version_; }
    const ActiveNetwork& network() const noexcept override { return network_; }

    Awaitable<Result<void>> send(ApsRequest request) override {
        auto reply = radio_.answer ? radio_.answer(request) : std::nullopt;
        if (reply)
            boost::asio::post(radio_.executor, [this, request, bytes = std::move(*reply)] {
                radio_.deliver(request.destination_address, request.destination_endpoint,
                               request.cluster, bytes);
            });
        radio_.sent.push_back(std::move(request));
        co_return Result<void>{};
    }
    Awaitable<Result<Bytes>> zdo(NwkAddress to, zdo::Cluster cluster, Bytes payload,
                                 bool) override {
        radio_.zdo_sent.push_back(
            fmt::format("{:04x}/{:04x} {}", to, static_cast<unsigned>(cluster), to_hex(payload)));
        if (radio_.zdo)
            co_return radio_.zdo(to, cluster);
        co_return Bytes(1, 0);
    }
    Awaitable<Result<void>> permit_join(std::uint8_t, std::optional<NwkAddress>) override {
        co_return Result<void>{};
    }
    Awaitable<Result<void>> repair_route(NwkAddress, Ieee) override { co_return Errc::no_route; }
    Awaitable<Result<store::CoordinatorBackup>> backup(std::vector<Ieee>) override {
        co_return Errc::unsupported;
    }
    Awaitable<Result<void>> add_install_code(Ieee, Bytes, bool) override {
        co_return Errc::unsupported;
    }
    Awaitable<Result<void>> change_channel(std::uint8_t) override { co_return Result<void>{}; }
    void set_manufacturer_code(ManufacturerCode) override {}
    Awaitable<Result<void>> set_inter_pan_channel(std::uint8_t) override {
        co_return Errc::unsupported;
    }
    Awaitable<Result<void>> send_inter_pan(std::optional<Ieee>, ClusterId, Bytes) override {
        co_return Errc::unsupported;
    }
    Awaitable<Result<void>> leave_inter_pan() override { co_return Errc::unsupported; }

  private:
    ScriptedRadio& radio_;
    CoordinatorVersion version_;
    ActiveNetwork network_;
};

}  // namespace

void ScriptedRadio::deliver(NwkAddress from, EndpointId endpoint, ClusterId cluster,
                            const Bytes& frame, std::uint8_t link_quality) {
    ApsIndication indication;
    indication.source = from;
    indication.source_endpoint = endpoint;
    indication.destination_endpoint = 1;
    indication.cluster = cluster;
    indication.link_quality = link_quality;
    indication.payload = frame;
    listener->message(indication);
}

CoordinatorFactory ScriptedRadio::factory() {
    return [this](CoordinatorOptions, Coordinator::Listener& to,
                  std::string&) -> Awaitable<Result<std::unique_ptr<Coordinator>>> {
        listener = &to;
        std::unique_ptr<Coordinator> made = std::make_unique<ScriptedCoordinator>(*this);
        co_return std::move(made);
    };
}

}  // namespace waggle::test
