#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "coordinator/znp/coordinator.hpp"
#include "scripted_ncp.hpp"
#include "support/virtual_loop.hpp"

/// A ZnpCoordinator on a scripted co-processor.
namespace waggle::test {

struct RecordingListener final : Coordinator::Listener {
    struct Message {
        ApsIndication indication;
        Bytes payload;
    };
    void message(const ApsIndication& indication) override;
    void device_joined(NwkAddress address, Ieee ieee) override;
    void device_left(NwkAddress address, std::optional<Ieee> ieee) override;
    void zdo_message(NwkAddress source, std::uint16_t cluster, ByteView payload) override;
    void link_lost(std::string_view reason) override;

    struct Zdo {
        NwkAddress source;
        std::uint16_t cluster;
        std::string payload;
    };
    std::vector<Message> messages;
    std::vector<std::pair<NwkAddress, Ieee>> joined;
    std::vector<std::pair<NwkAddress, std::optional<Ieee>>> left;
    std::vector<Zdo> zdo;
    std::vector<std::string> lost;
};

struct CoordinatorFixture {
    static constexpr std::array<std::uint8_t, 16> key{1, 3, 5, 7, 9, 11, 13, 15,
                                                      0, 2, 4, 6, 8, 10, 12, 13};
    static constexpr std::uint64_t extended_pan_id = 0x1122334455667788;

    CoordinatorFixture();
    ~CoordinatorFixture();

    znp::ZnpCoordinator& make();
    Result<StartResult> start();
    /// A formed network, started and ready.
    void bring_up();
    store::CoordinatorBackup matching_backup() const;
    ApsRequest unicast(NwkAddress address, std::size_t size = 3) const;

    VirtualLoop loop;
    ScriptedNcp ncp;
    RecordingListener listener;
    CoordinatorOptions options;
    NetworkParameters wanted;
    std::optional<store::CoordinatorBackup> backup;
    std::string problem;
    std::unique_ptr<znp::ZnpCoordinator> coordinator;
};

}  // namespace waggle::test
