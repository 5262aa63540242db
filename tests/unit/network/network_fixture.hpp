#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "network/network.hpp"
#include "support/fake_coordinator.hpp"
#include "support/hex.hpp"
#include "support/temporary_folder.hpp"
#include "support/virtual_loop.hpp"

/// A network on a scripted radio, with one wall switch on it that answers as the QBKG04LM does.
namespace waggle::test {

inline constexpr Ieee switch_ieee{0x00158d0001020304};
inline constexpr NwkAddress switch_address = 0x7f2d;

/// Events as lines: "joined 0x…", "interview successful 0x…", …
class Recorder final : public network::Events {
  public:
    std::vector<std::string> lines;
    std::size_t messages = 0;
    std::size_t seen = 0;

    void device_joined(Device& device) override;
    void device_interview(Device& device, network::InterviewStep step) override;
    void device_announced(Device& device) override;
    void device_address_changed(Device& device) override;
    void device_left(Ieee ieee, NwkAddress address) override;
    void device_seen(Device&) override { ++seen; }
    void message(const ZclMessage& message) override;
    void device_changed(Device& device) override;
    void groups_changed() override;
    void permit_join_changed(bool open) override;
    void link_lost(std::string_view reason) override;
    void link_restored() override;

    bool has(const std::string& line) const;

    Bytes last_raw;
    Ieee last_sender;
    EndpointId last_endpoint = 0;
    bool last_decoded = false;

  private:
    void add(const std::string& what, Ieee ieee);
};

struct NetworkFixture {
    using Outcome = std::optional<Result<ZclReply>>;

    NetworkFixture();
    ~NetworkFixture();

    void open();
    Result<StartResult> start();
    /// The process ends and begins again, on the same files.
    void restart();
    /// The switch joins and is interviewed.
    void pair();
    /// Asks without waiting; what comes of it appears in the returned place.
    Outcome& ask(ZclRequest request);
    Device& device();
    /// Gives the radio its answers.
    void script();
    Result<void> answer_send(const ApsRequest& request);

    std::deque<Outcome> outcomes;
    VirtualLoop loop;
    TemporaryFolder folder;
    Recorder events;
    std::string backup_path;
    std::vector<Ieee> passlist, blocklist;
    std::function<Result<StartResult>(std::string&)> on_start;
    std::function<Result<store::CoordinatorBackup>()> on_backup;
    FakeCoordinator* radio = nullptr;
    std::unique_ptr<Network> network;

    std::map<zdo::Cluster, int> zdo_failures;
    std::map<std::string, int> send_failures;
    Errc send_failure = Errc::no_ack;

    /// What is answered, by FakeCoordinator::describe().
    std::map<std::string, std::string> zdo_answers = switch_zdo_answers();
    /// Reads are answered attribute by attribute; other frames as this says, by cluster and what
    /// follows the sequence number, for which SS stands.
    std::map<std::string, std::string> answers = switch_answers();

  private:
    static std::map<std::string, std::string> switch_zdo_answers();
    static std::map<std::string, std::string> switch_answers();
    Awaitable<Result<std::unique_ptr<Coordinator>>> make_radio(Coordinator::Listener& listener);
    Result<Bytes> answer_zdo(NwkAddress to, zdo::Cluster cluster, const Bytes& payload);
    std::string reply_to(const ApsRequest& request);
};

}  // namespace waggle::test
