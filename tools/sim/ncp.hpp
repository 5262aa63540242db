/// The network co-processor: answers MT requests, indicates what happens on the network, keeps the
/// network's parameters in its memory.
///
/// The commands themselves are in mt_<subsystem>.cpp, one table each; this class is what they
/// share. It is also a node of the network (address 0) and answers ZDP requests for itself.
#pragma once

#include <map>
#include <set>

#include "faults.hpp"
#include "inter_pan.hpp"
#include "mt.hpp"
#include "network.hpp"
#include "nv.hpp"
#include "product.hpp"
#include "security_store.hpp"
#include "trace.hpp"

namespace waggle::sim {

/// States of the Z-Stack device object that a coordinator passes.
enum class DevState : std::uint8_t { hold = 0, init = 1, starting = 8, coordinator = 9 };

struct AssocEntry {
    std::uint64_t ieee = 0;
    std::uint16_t nwk = 0;
    std::uint8_t relation = 1;  // 1 sleepy child, 2 child that listens, 4 router
};

/// What the trust centre was told of a device that is to join with a key of its own.
struct InstallCode {
    Bytes code;  // with its CRC
    Bytes key;   // derived from one
};

/// A frame longer than one MT message, on its way in pieces.
struct HugeRequest {
    ApsFrame frame;
    std::uint8_t transaction = 0;
    std::size_t size = 0;
};

class Ncp final : public Coordinator, public zdp::Node {
  public:
    using Output = std::function<void(View)>;

    Ncp(Scheduler& scheduler, Network& network, NvMemory& nv, Faults& faults, Trace& trace,
        const Firmware& firmware, const Timing& timing, std::uint64_t factory_ieee);

    void set_output(Output output) { output_ = std::move(output); }

    /// Starts as after power was applied: the memory is read, nothing is indicated.
    void boot();
    /// Stops, boots, and indicates it. `reason`: 0 power, 1 external, 2 watchdog.
    void reset(std::uint8_t reason);
    /// Writes what is still only in RAM, such as the frame counter.
    void store();

    void receive(const MtFrame& frame);
    void indicate(std::uint16_t code, View data);

    // For the commands.
    [[nodiscard]] NvMemory& nv() { return nv_; }
    [[nodiscard]] Network& network() { return network_; }
    [[nodiscard]] Scheduler& scheduler() { return scheduler_; }
    [[nodiscard]] Faults& faults() { return faults_; }
    [[nodiscard]] Trace& trace() { return trace_; }
    [[nodiscard]] SecurityStore& security() { return security_; }
    [[nodiscard]] const Firmware& firmware() const { return firmware_; }
    [[nodiscard]] const Timing& timing() const { return timing_; }
    [[nodiscard]] const Nib& nib() const { return nib_; }
    [[nodiscard]] DevState state() const { return state_; }
    [[nodiscard]] std::uint32_t uptime_seconds() const;
    [[nodiscard]] bool has_network() const;
    [[nodiscard]] std::uint32_t counter() const { return counter_; }
    void set_counter(std::uint32_t counter) { counter_ = counter; }
    void set_primary_channels(std::uint32_t mask) { primary_channels_ = mask; }
    [[nodiscard]] std::map<std::uint8_t, zdp::SimpleDescriptor>& registered() {
        return registered_;
    }
    [[nodiscard]] std::map<std::uint8_t, std::set<std::uint16_t>>& groups() { return groups_; }
    void groups_changed();
    [[nodiscard]] InterPan& inter_pan() { return inter_pan_; }
    [[nodiscard]] std::map<std::uint64_t, InstallCode>& install_codes() { return install_codes_; }
    [[nodiscard]] std::set<std::uint16_t>& callbacks() { return callbacks_; }
    [[nodiscard]] std::map<std::uint64_t, AssocEntry>& associations() { return associations_; }
    [[nodiscard]] std::optional<HugeRequest>& huge_request() { return huge_request_; }
    [[nodiscard]] std::map<std::uint32_t, Bytes>& huge_messages() { return huge_messages_; }

    void later(Timing::Milliseconds delay, Scheduler::Task task);
    /// Resumes the network in memory: the state change follows.
    void start_network();
    /// Makes a new network from the configuration items: the state changes follow.
    void form_network();
    void send_data(ApsFrame frame, std::uint8_t transaction);
    /// A ZDP request, its response becoming an indication. `payload` without sequence number.
    void send_zdp(std::uint16_t destination, std::uint16_t cluster, View payload);
    void open_joining(std::uint8_t seconds);
    void set_ieee(std::uint64_t ieee);
    void write_nib();

    // zdp::Node
    [[nodiscard]] std::uint16_t nwk() const override { return coordinator_nwk; }
    [[nodiscard]] std::uint64_t ieee() const override { return ieee_; }
    [[nodiscard]] Bytes node_descriptor() const override;
    [[nodiscard]] std::uint16_t power_descriptor() const override { return 0xC110; }
    [[nodiscard]] std::vector<zdp::SimpleDescriptor> endpoints() const override;
    [[nodiscard]] std::vector<std::uint16_t> children() const override;
    [[nodiscard]] std::vector<zdp::Neighbour> neighbours() const override;
    [[nodiscard]] std::vector<zdp::Route> routes() const override;
    [[nodiscard]] std::vector<zdp::Binding>& bindings() override { return bindings_; }
    void leave(bool rejoin) override;
    void permit_joining(std::uint8_t seconds) override { open_joining(seconds); }
    void change_channel(std::uint32_t mask) override;

    // Coordinator
    [[nodiscard]] bool is_running() const override { return state_ == DevState::coordinator; }
    [[nodiscard]] const Membership& membership() const override { return membership_; }
    std::uint32_t next_counter() override;
    [[nodiscard]] bool is_in_group(std::uint16_t group) const;
    void incoming(const ApsFrame& frame, std::uint8_t lqi) override;
    void incoming_zdp(std::uint16_t source, std::uint16_t cluster, View payload,
                      bool broadcast) override;
    void device_joined(const Device& device) override;
    void device_left(const Device& device, bool rejoin) override;
    void joining_closed() override;

  private:
    void handle(const MtFrame& frame);
    void reject(mt::RpcError error, std::uint16_t code);
    void respond(std::uint16_t code, View data);
    void write(std::uint16_t code, View data);

    void apply_startup_option();
    void create_defaults();
    void load_network();
    void set_state(DevState state);
    void enter_network(const Nib& nib, const KeyDescriptor& key);
    void forget_network();
    void fill_associations();
    void associate(const Device& device);
    void deliver(const ApsFrame& frame, std::uint8_t endpoint, std::uint8_t lqi);
    void zdp_response(std::uint16_t source, std::uint16_t cluster, View response);
    [[nodiscard]] std::uint32_t timestamp() const;

    Scheduler& scheduler_;
    Network& network_;
    NvMemory& nv_;
    Faults& faults_;
    Trace& trace_;
    const Firmware& firmware_;
    Timing timing_;
    std::uint64_t factory_ieee_;
    SecurityStore security_;
    InterPan inter_pan_{*this};
    std::map<std::uint64_t, InstallCode> install_codes_;
    Output output_;

    std::uint64_t generation_ = 0;  // of the boot: what a former one had planned is dropped
    bool is_resetting_ = false;
    Scheduler::Clock::time_point booted_{};
    std::uint64_t ieee_ = 0;
    DevState state_ = DevState::hold;
    Nib nib_;
    Membership membership_;
    std::uint32_t counter_ = 0;
    std::uint32_t primary_channels_ = 0;
    std::uint8_t aps_sequence_ = 0;
    std::map<std::uint8_t, zdp::SimpleDescriptor> registered_;
    std::map<std::uint8_t, std::set<std::uint16_t>> groups_;
    std::set<std::uint16_t> callbacks_;
    std::vector<zdp::Binding> bindings_;
    std::map<std::uint64_t, AssocEntry> associations_;
    std::optional<HugeRequest> huge_request_;
    std::map<std::uint32_t, Bytes> huge_messages_;
    Bytes buffer_;
};

}  // namespace waggle::sim
