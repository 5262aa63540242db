#pragma once

#include <memory>
#include <string>
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
    void message(const ApsIndication& indication) override {
        const auto view = indication.payload;
        messages.push_back({indication, Bytes(view.begin(), view.end())});
    }
    void device_joined(NwkAddress address, Ieee ieee) override {
        joined.emplace_back(address, ieee);
    }
    void device_left(NwkAddress address, std::optional<Ieee> ieee) override {
        left.emplace_back(address, ieee);
    }
    void zdo_message(NwkAddress source, std::uint16_t cluster, ByteView payload) override {
        zdo.push_back({source, cluster, to_hex(payload)});
    }
    void link_lost(std::string_view reason) override { lost.emplace_back(reason); }

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

    CoordinatorFixture() : ncp(loop.executor()) {
        wanted.pan_id = 0x1A62;
        wanted.extended_pan_id = {0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88};
        wanted.network_key = key;
        wanted.channel = 11;
        options.port = "script";
    }
    ~CoordinatorFixture() {
        if (coordinator)
            loop.run(coordinator->stop());
    }

    znp::ZnpCoordinator& make() {
        auto link = [this](std::string&) {
            return Result<std::unique_ptr<Transport>>(ncp.link->transport());
        };
        coordinator =
            std::make_unique<znp::ZnpCoordinator>(loop.executor(), options, listener, link);
        return *coordinator;
    }

    Result<StartResult> start() {
        if (!coordinator)
            make();
        return loop.run(coordinator->start(wanted, backup, problem));
    }

    /// A formed network, started and ready.
    void bring_up() {
        ncp.form(wanted.pan_id, extended_pan_id, wanted.channel, key);
        const auto result = start();
        BOOST_REQUIRE_MESSAGE(result, problem);
        ncp.asked.clear();
    }

    store::CoordinatorBackup matching_backup() const {
        store::CoordinatorBackup made;
        made.znp_version = 1;
        made.coordinator_ieee = 0x00124B00AABBCCDD;
        made.pan_id = wanted.pan_id;
        made.extended_pan_id = extended_pan_id;
        made.channel = wanted.channel;
        made.channel_mask = {wanted.channel};
        made.network_key = key;
        made.frame_counter = 1000;
        return made;
    }

    ApsRequest unicast(NwkAddress address, std::size_t size = 3) const {
        Bytes payload(size, 0x42);
        return ApsRequest(ApsRequest::Mode::unicast, address, 1, 2, 0x0104, 0x0006,
                          std::move(payload));
    }

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
