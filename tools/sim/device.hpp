/// A virtual Zigbee device: its description plus everything that changes.
///
/// It receives frames from, and sends frames to, the Air; it knows neither the co-processor nor its
/// serial protocol. ZCL requests are served by zcl_server.cpp, which hands commands of a cluster
/// to the behaviours the description names.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <set>

#include <boost/json/fwd.hpp>

#include "aps.hpp"
#include "description.hpp"
#include "motions.hpp"
#include "reporting.hpp"
#include "scheduler.hpp"
#include "zdp.hpp"

namespace waggle::sim {

class Device;
class OtaClient;

/// What surrounds a device.
class Air {
  public:
    virtual ~Air() = default;
    virtual void transmit(Device& from, ApsFrame frame) = 0;
    virtual void transmit_to_ieee(Device& from, std::uint64_t target, ApsFrame frame) = 0;
    virtual void announce(Device& from) = 0;
    virtual void left(Device& device, bool rejoin) = 0;
    virtual void permit_joining(Device& router, std::uint8_t seconds) = 0;
    [[nodiscard]] virtual std::vector<zdp::Neighbour> neighbours_of(const Device& device) = 0;
    [[nodiscard]] virtual std::vector<zdp::Route> routes_of(const Device& device) = 0;
    [[nodiscard]] virtual std::vector<std::uint16_t> children_of(const Device& device) = 0;
    [[nodiscard]] virtual std::uint64_t coordinator_ieee() const = 0;
    [[nodiscard]] virtual Scheduler& scheduler() = 0;
    /// For what devices do over time: it may be held, while frames still take their way.
    [[nodiscard]] virtual Scheduler& time() = 0;
    /// Something that must survive a restart has changed.
    virtual void state_changed() = 0;
};

/// Whether a change of an attribute may be reported.
enum class Change { silent, reported };

struct Attribute {
    const AttributeDescription* description = nullptr;
    Bytes value;
};

/// What the control socket can make a device do wrong.
struct DeviceFaults {
    std::uint32_t deaf = 0;            // frames still to be ignored
    std::uint32_t refused_writes = 0;  // attribute writes still to be answered with write_status
    std::uint8_t write_status = 0x01;
    std::uint32_t silent_zdp = 0;   // ZDP requests still to be left unanswered
    std::uint32_t refused_zdp = 0;  // ZDP requests still to be answered with zdp_status
    std::uint8_t zdp_status = 0x84;
};

struct ReceivedFrame {
    std::int64_t time_ns = 0;
    ApsFrame frame;
};

class Device final : public zdp::Node {
  public:
    static constexpr std::size_t log_size = 2000;

    Device(Description description, Air& air);
    Device(const Device&) = delete;
    Device& operator=(const Device&) = delete;
    ~Device() override;

    [[nodiscard]] const Description& description() const { return description_; }
    [[nodiscard]] const std::string& name() const { return description_.name; }
    [[nodiscard]] Air& air() { return air_; }

    // zdp::Node
    [[nodiscard]] std::uint16_t nwk() const override { return nwk_; }
    [[nodiscard]] std::uint64_t ieee() const override { return description_.ieee; }
    [[nodiscard]] Bytes node_descriptor() const override { return description_.node_descriptor; }
    [[nodiscard]] std::uint16_t power_descriptor() const override;
    [[nodiscard]] std::vector<zdp::SimpleDescriptor> endpoints() const override;
    [[nodiscard]] std::vector<std::uint16_t> children() const override;
    [[nodiscard]] std::vector<zdp::Neighbour> neighbours() const override;
    [[nodiscard]] std::vector<zdp::Route> routes() const override;
    [[nodiscard]] std::vector<zdp::Binding>& bindings() override { return bindings_; }
    [[nodiscard]] std::size_t binding_table_size() const override {
        return description_.binding_table;
    }
    void bindings_changed() override { air_.state_changed(); }
    void leave(bool rejoin) override;
    void permit_joining(std::uint8_t seconds) override;

    // Membership. A device that is not powered keeps its membership and hears nothing.
    [[nodiscard]] bool is_joined() const { return membership_.has_value(); }
    [[nodiscard]] bool is_member_of(const Membership& network) const;
    void join(Membership network, std::uint16_t nwk, std::uint16_t parent);
    void move_to(std::uint16_t nwk);
    /// Forgets the network and everything that belonged to it: bindings, reporting, groups.
    void reset();
    [[nodiscard]] std::uint16_t parent() const { return parent_; }
    [[nodiscard]] bool is_powered() const { return powered_; }
    void set_powered(bool powered) { powered_ = powered; }
    [[nodiscard]] std::uint8_t lqi() const { return lqi_; }
    void set_lqi(std::uint8_t lqi) { lqi_ = lqi; }
    /// A member of whatever network there is, without joining; for benchmarks.
    [[nodiscard]] bool is_resident() const { return resident_; }
    void make_resident() { resident_ = true; }

    /// Frames from the coordinator carry a counter that must rise; false for a replayed one.
    [[nodiscard]] bool accept_counter(std::uint32_t counter);

    // Attributes.
    [[nodiscard]] const Attribute* find(const AttributeKey& key) const;
    [[nodiscard]] const std::map<AttributeKey, Attribute>& attributes() const {
        return attributes_;
    }
    /// False if there is no such attribute or the value does not fit its type.
    bool set(const AttributeKey& key, View value, Change change);
    /// Called whenever somebody sets the attribute (with Change::reported), be it to what it is.
    void watch(const AttributeKey& key, std::function<void()> watcher);
    [[nodiscard]] Reporting& reporting() { return reporting_; }
    /// Reports of changes made by `work` go out after it, so that the response to a command
    /// precedes the reports the command caused, as with most devices.
    void report_after(const std::function<void()>& work);
    /// To whatever is bound; where nothing is, to the coordinator if the attribute is unsolicited
    /// or `always`.
    void send_report(const AttributeKey& key, bool always = false);

    // Frames.
    void receive(const ApsFrame& frame);
    [[nodiscard]] std::uint8_t next_sequence() { return sequence_++; }
    void send_to_coordinator(std::uint8_t endpoint, std::uint16_t cluster, Bytes zcl,
                             std::uint8_t destination_endpoint = 1);
    /// Sends to every binding of that endpoint and cluster; false if there is none.
    bool send_to_bound(std::uint8_t endpoint, std::uint16_t cluster, const Bytes& zcl) {
        return send_to_bound(endpoint, cluster, zcl, cluster);
    }
    bool send_to_bound(std::uint8_t endpoint, std::uint16_t cluster, const Bytes& zcl,
                       std::uint16_t bindings_of);
    void send_to_group(std::uint16_t group, std::uint8_t endpoint, std::uint16_t cluster,
                       Bytes zcl);
    void send_template(const FrameTemplate& frame);
    void log(const ApsFrame& frame);
    [[nodiscard]] std::deque<ReceivedFrame>& received() { return received_; }

    // Groups, per endpoint.
    [[nodiscard]] std::set<std::uint16_t>& groups(std::uint8_t endpoint) {
        return groups_[endpoint];
    }
    [[nodiscard]] bool is_in_group(std::uint16_t group) const;
    [[nodiscard]] const EndpointDescription* endpoint(std::uint8_t id) const;
    [[nodiscard]] std::map<std::uint32_t, Bytes>& scenes() { return scenes_; }

    [[nodiscard]] Motions& motions() { return motions_; }
    /// What behaviours keep besides attributes: codes of a lock, the schedule of a thermostat.
    /// Survives a restart; call state_changed() after a change.
    [[nodiscard]] std::map<std::string, Bytes>& memory() { return memory_; }

    /// Null for a device whose firmware cannot be updated.
    [[nodiscard]] OtaClient* ota() { return ota_.get(); }

    DeviceFaults faults;

    /// Called for every accepted write by the host, so that gestures can wait for one.
    std::function<void(const AttributeKey&, View)> on_written;

    [[nodiscard]] boost::json::object save() const;
    void load(const boost::json::object& state);

  private:
    [[nodiscard]] std::uint16_t profile_of(std::uint8_t endpoint) const;
    void report_change(const AttributeKey& key);
    void tell_watchers(const AttributeKey& key);

    Description description_;
    Air& air_;
    std::uint16_t nwk_ = no_nwk;
    std::uint16_t parent_ = coordinator_nwk;
    std::optional<Membership> membership_;
    bool powered_ = true;
    bool resident_ = false;
    std::uint8_t lqi_ = 0;
    std::uint32_t last_counter_ = 0;
    std::uint8_t sequence_ = 1;
    std::map<AttributeKey, Attribute> attributes_;
    std::vector<zdp::Binding> bindings_;
    std::map<std::uint8_t, std::set<std::uint16_t>> groups_;
    std::map<std::uint32_t, Bytes> scenes_;
    std::map<std::string, Bytes> memory_;
    std::map<AttributeKey, std::vector<std::function<void()>>> watchers_;
    Reporting reporting_;
    Motions motions_;
    bool holds_reports_ = false;
    std::vector<AttributeKey> held_reports_;
    std::deque<ReceivedFrame> received_;
    std::unique_ptr<OtaClient> ota_;
};

}  // namespace waggle::sim
