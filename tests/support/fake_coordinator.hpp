#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

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
    /// Between networks: "channel 15", "to 0x… 1000 11…", "to all 1000 11…", "back", before it happens.
    std::function<Result<void>(const std::string&)> on_inter_pan;
    std::function<Result<void>(Ieee, const Bytes&, bool)> on_install_code;
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
             std::uint8_t link_quality = 100);
    void say(ApsIndication indication, Bytes frame);
    void join(NwkAddress nwk, Ieee ieee);
    void leave(NwkAddress nwk, std::optional<Ieee> ieee);
    void say_zdo(NwkAddress source, zdo::Cluster cluster, Bytes payload);
    void drop_link(std::string reason = "pulled");

    Awaitable<Result<StartResult>> start(NetworkParameters parameters,
                                         std::optional<store::CoordinatorBackup> backup,
                                         std::string& problem) override;
    Awaitable<void> stop() override;
    Ieee ieee() const noexcept override { return address; }
    const CoordinatorVersion& version() const noexcept override { return versions; }
    const ActiveNetwork& network() const noexcept override { return active; }
    ManufacturerCode manufacturer_code() const noexcept override { return 7; }

    Awaitable<Result<void>> send(ApsRequest request) override;
    Awaitable<Result<Bytes>> zdo(NwkAddress destination, zdo::Cluster cluster, Bytes payload,
                                 bool reply_expected) override;
    Awaitable<Result<void>> permit_join(std::uint8_t seconds,
                                        std::optional<NwkAddress> via) override;
    Awaitable<Result<void>> repair_route(NwkAddress nwk, Ieee ieee) override;
    Awaitable<Result<store::CoordinatorBackup>> backup(std::vector<Ieee> known) override;
    Awaitable<Result<void>> add_install_code(Ieee ieee, Bytes code, bool hashed) override;
    Awaitable<Result<void>> change_channel(std::uint8_t channel) override;
    void set_manufacturer_code(ManufacturerCode) override {}
    Awaitable<Result<void>> set_inter_pan_channel(std::uint8_t channel) override;
    Awaitable<Result<void>> send_inter_pan(std::optional<Ieee> to, ClusterId cluster,
                                           Bytes frame) override;
    Awaitable<Result<void>> leave_inter_pan() override;

    static std::string describe(const ApsRequest& request);
    static std::string describe(NwkAddress to, zdo::Cluster cluster, const Bytes& payload);

  private:
    Awaitable<Result<void>> inter_pan(std::string what);
    /// A later turn of the loop, unless the link goes first.
    Awaitable<Result<void>> settle(Clock::duration time = {});

    boost::asio::any_io_executor executor_;
    Listener* listener_;
    std::vector<OneShot<int>> waiting_;
};

}  // namespace waggle::test
