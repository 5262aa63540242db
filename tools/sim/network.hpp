/// The radio network: which devices there are, who hears whom, how long frames take, what sleeps.
///
/// The co-processor talks to it through send() and zdp_request(), and hears of it through
/// Coordinator. Frames for a sleeping device wait at its parent for 7.68 s, then are lost
/// [Zigbee 3.6.1, nwkTransactionPersistenceTime].
#pragma once

#include <map>
#include <memory>

#include "device.hpp"
#include "timing.hpp"

namespace waggle::sim {

/// The co-processor as the network sees it.
class Coordinator {
  public:
    virtual ~Coordinator() = default;
    [[nodiscard]] virtual bool is_running() const = 0;
    [[nodiscard]] virtual const Membership& membership() const = 0;
    [[nodiscard]] virtual std::uint64_t ieee() const = 0;
    /// The next value of the network security frame counter.
    virtual std::uint32_t next_counter() = 0;
    virtual void incoming(const ApsFrame& frame, std::uint8_t lqi) = 0;
    /// A ZDP message that the stack itself does not consume, without its sequence number.
    virtual void incoming_zdp(std::uint16_t source, std::uint16_t cluster, View payload,
                              bool broadcast) = 0;
    virtual void device_joined(const Device& device) = 0;
    virtual void device_left(const Device& device, bool rejoin) = 0;
    virtual void joining_closed() = 0;
};

enum class JoinError { none, closed, not_running, already_joined, no_parent };
[[nodiscard]] const char* sentence(JoinError error);

class Network final : public Air {
  public:
    using Confirm = std::function<void(std::uint8_t status)>;
    using ZdpResponse = std::function<void(Bytes response)>;
    using OnState = std::function<void()>;

    /// `time` is the devices' own, `scheduler` that of the radio.
    Network(Scheduler& scheduler, Scheduler& time, const Timing& timing)
        : scheduler_(scheduler), time_(time), timing_(timing) {}

    void attach(Coordinator& coordinator) { coordinator_ = &coordinator; }
    void on_state(OnState callback) { on_state_ = std::move(callback); }

    Device& add(Description description);
    [[nodiscard]] const std::vector<std::unique_ptr<Device>>& devices() const { return devices_; }
    [[nodiscard]] Device* by_name(std::string_view name) const;
    [[nodiscard]] Device* by_nwk(std::uint16_t nwk) const;
    [[nodiscard]] Device* by_ieee(std::uint64_t ieee) const;
    /// Members of the coordinator's network.
    [[nodiscard]] std::vector<Device*> members() const;
    [[nodiscard]] bool is_member(const Device& device) const;

    // From the co-processor.
    void send(ApsFrame frame, Confirm confirm);
    void zdp_request(std::uint16_t destination, std::uint16_t cluster, Bytes payload,
                     ZdpResponse response);
    void open_coordinator(std::uint8_t seconds);
    void open_routers(std::uint8_t seconds);
    [[nodiscard]] bool is_open() const;

    // From the control socket.
    /// `via` names the router to join through; otherwise the first open node is the parent.
    [[nodiscard]] JoinError join(Device& device, const Device* via = nullptr);
    /// Joins as soon as the network opens.
    void join_when_open(Device& device);
    void rejoin(Device& device, std::optional<std::uint16_t> nwk);
    void wake(Device& device, std::chrono::milliseconds span);
    /// Ends the time in which a sleepy device listens.
    void sleep(Device& device) { presence(device).awake_until = {}; }
    void load_addresses();

    // Air
    void transmit(Device& from, ApsFrame frame) override;
    void transmit_to_ieee(Device& from, std::uint64_t target, ApsFrame frame) override;
    void announce(Device& from) override;
    void left(Device& device, bool rejoin) override;
    void permit_joining(Device& router, std::uint8_t seconds) override;
    std::vector<zdp::Neighbour> neighbours_of(const Device& device) override;
    std::vector<zdp::Route> routes_of(const Device& device) override;
    std::vector<std::uint16_t> children_of(const Device& device) override;
    std::uint64_t coordinator_ieee() const override;
    Scheduler& scheduler() override { return scheduler_; }
    Scheduler& time() override { return time_; }
    void state_changed() override;

    [[nodiscard]] std::vector<zdp::Neighbour> coordinator_neighbours() const;
    [[nodiscard]] std::vector<zdp::Route> coordinator_routes() const;
    [[nodiscard]] std::vector<std::uint16_t> coordinator_children() const;

    /// Called when a device joined or was let in again, with its name.
    std::function<void(Device&)> on_joined;

  private:
    using TimePoint = Scheduler::Clock::time_point;
    struct Waiting {
        Scheduler::Handle expiry = 0;
        std::function<void()> deliver;
    };
    struct Presence {
        TimePoint awake_until{};
        TimePoint open_until{};
        std::uint64_t next_waiting = 1;
        std::map<std::uint64_t, Waiting> waiting;
    };

    void send_unicast(ApsFrame frame, Confirm confirm);
    void send_multicast(const ApsFrame& frame);
    [[nodiscard]] Milliseconds way_of_a_frame();
    void unicast_from(Device& from, const ApsFrame& frame);
    void deliver(Device& device, const ApsFrame& frame);
    void when_awake(Device& device, std::function<void()> deliver, std::function<void()> expired);
    void zdp_to(Device& device, std::uint16_t cluster, Bytes payload, const ZdpResponse& response);
    [[nodiscard]] bool hears(const Device& device) const;
    [[nodiscard]] std::optional<std::uint16_t> open_parent(const Device* via) const;
    [[nodiscard]] std::uint16_t free_nwk();
    void bring_in(Device& device, std::uint16_t nwk, std::uint16_t parent);
    void let_pending_join();
    Presence& presence(const Device& device) { return presence_[&device]; }

    Scheduler& scheduler_;
    Scheduler& time_;
    Timing timing_;
    TimePoint last_heard_{};
    Coordinator* coordinator_ = nullptr;
    std::vector<std::unique_ptr<Device>> devices_;
    std::map<std::uint16_t, Device*> by_nwk_;
    std::map<const Device*, Presence> presence_;
    std::vector<Device*> pending_;
    TimePoint open_until_{};
    Scheduler::Handle close_timer_ = 0;
    std::uint32_t random_ = 0x2545F491;
    OnState on_state_;
};

}  // namespace waggle::sim
