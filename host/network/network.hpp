#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "base/async.hpp"
#include "coordinator/coordinator.hpp"
#include "network/device.hpp"
#include "zigbee/zcl_frame.hpp"

/// The Zigbee network: which devices there are, how they come and go, what is asked of them and in
/// which order, and its file database.db. Knows no vendor and no definition: what is particular to
/// a model arrives through Device's fields and Policies. Loop thread only.
///
/// Floors above see events through network::Events and act through Network.
namespace waggle {

/// One received ZCL message, decoded once. Everything in it lives until the call returns.
struct ZclMessage {
    Device& device;
    Endpoint& endpoint;  ///< the device's endpoint that sent it (created on the fly if new)
    ClusterId cluster = 0;
    GroupId group = 0;  ///< 0: not a groupcast
    std::uint8_t link_quality = 0;
    bool broadcast = false;
    const zcl::Frame* frame = nullptr;  ///< nullptr: it could not be decoded; see `raw`
    ByteView raw;                       ///< the whole ZCL frame as received
};

namespace network {

enum class InterviewStep { started, successful, failed };

class Touchlink;
struct InstallCode;
struct RawRequest;

/// Implemented by floor 5 and above (engine, bridge) — several may listen, see Network::listen.
/// Called on the loop. A device passed by reference is valid until the call returns.
class Events {
  public:
    virtual ~Events() = default;
    virtual void device_joined(Device&) {}
    virtual void device_interview(Device&, InterviewStep) {}
    virtual void device_announced(Device&) {}
    virtual void device_address_changed(Device&) {}
    /// It was said where the device is (NWK_addr_rsp, IEEE_addr_rsp), new or not.
    virtual void device_located(Device&) {}
    /// The device said goodbye; it is out of the table already.
    virtual void device_left(Ieee, NwkAddress) {}
    /// It left because remove_device() was called.
    virtual void device_removed(Ieee ieee, NwkAddress address) { device_left(ieee, address); }
    /// Any sign of life, before the message it came with; also joins and announces.
    virtual void device_seen(Device&) {}
    virtual void message(const ZclMessage&) {}
    /// Something that bridge/devices shows changed (endpoints, bindings, reportings, identity).
    virtual void device_changed(Device&) {}
    virtual void groups_changed() {}
    virtual void permit_join_changed(bool /*open*/) {}
    virtual void link_lost(std::string_view /*reason*/) {}
    virtual void link_restored() {}
};

}  // namespace network

/// How a request treats a device that may sleep [zigbee-flows 5.2].
enum class SendPolicy : std::uint8_t {
    by_command,  ///< the table by ZCL command id
    immediate,
    bulk,
    queue,
    keep_payload,
    keep_command,
    keep_command_undivided,
};

/// A ZCL request to one endpoint of a device, or to a group.
struct ZclRequest {
    ZclRequest() = default;
    ZclRequest(Ieee to, EndpointId endpoint, zcl::Frame contents)
        : device(to), destination(endpoint), frame(std::move(contents)) {}

    Ieee device;
    EndpointId destination = 1;
    zcl::Frame frame;  ///< its sequence number is assigned on sending
    EndpointId source = 1;
    std::optional<ProfileId> profile;  ///< default: the endpoint's own
    SendPolicy policy = SendPolicy::by_command;
    std::chrono::milliseconds timeout{10000};  ///< for the response, from when it was sent
    bool disable_response = false;             ///< do not wait for any ZCL answer
    bool allow_recovery = true;
    /// Set in answers: the number of the request that is answered. Such a frame goes out at once,
    /// past the requests that wait for this device, and no answer to it is awaited.
    std::optional<std::uint8_t> sequence;
};

/// The answer, owning its bytes (frame.raw and values).
struct ZclReply {
    Bytes bytes;
    zcl::Frame frame;
};

/// As make_coordinator(); tests put a scripted one in its place.
using CoordinatorFactory = std::function<Awaitable<Result<std::unique_ptr<Coordinator>>>(
    CoordinatorOptions, Coordinator::Listener&, std::string& problem)>;

/// Asked before a device's read of the coordinator's attributes is answered in the usual way; true
/// when the answer was given, or shall not be given.
using ReadHook = std::function<bool(const ZclMessage&)>;

/// Awaited when an interview went well, before anyone is told: what else has to be known of the device
/// before it can be matched. It has deadlines of its own.
using InterviewedHook = std::function<Awaitable<void>(Ieee)>;

/// Asked when an interview failed: whether the device, as far as it is known, works all the same.
using FailedInterviewHook = std::function<bool(const Device&)>;

struct NetworkOptions {
    std::vector<Ieee> passlist, blocklist;
    std::string database_path;  ///< …/database.db
    std::string backup_path;    ///< …/coordinator_backup.json; empty: no backups
    NetworkParameters parameters;
    CoordinatorFactory coordinator;  ///< empty: make_coordinator
};

class Network {
  public:
    Network(boost::asio::any_io_executor executor, NetworkOptions options,
            CoordinatorOptions coordinator);
    ~Network();

    /// Events go to listeners in the order in which they were added; they must outlive the network.
    void listen(network::Events& events);

    /// Loads database.db. `problem` says what was set aside when it was damaged (and that is no
    /// error); an error means that nothing usable could be read or kept.
    [[nodiscard]] Result<void> load(std::string& problem);

    /// Opens the coordinator and brings the network up, then keeps it up: after the link drops it
    /// reconnects with back-off until stop(). Returns when the first start has succeeded or failed
    /// for a reason that waiting does not mend.
    [[nodiscard]] Awaitable<Result<StartResult>> start(std::string& problem);
    /// Saves, closes the link, ends every request with Errc::cancelled. Bounded by half a second.
    Awaitable<void> stop();
    bool is_up() const noexcept;

    // What is there
    const Coordinator* coordinator() const noexcept;  ///< nullptr until the first start
    Device* find(Ieee ieee) noexcept;
    Device* find(NwkAddress address) noexcept;
    /// Every device incl. the coordinator, in database order.
    void for_each_device(const std::function<void(Device&)>& visit);
    std::size_t device_count() const noexcept;
    Group* find_group(GroupId id) noexcept;
    void for_each_group(const std::function<void(Group&)>& visit);
    Group& create_group(GroupId id);
    [[nodiscard]] Result<void> remove_group(GroupId id);

    /// The free object `meta` of a device (JSON text in the file): one member as JSON text, "" when
    /// absent; setting "" erases it. `configured` is how the host remembers a done configure.
    std::string meta(const Device& device, std::string_view key) const;
    void set_meta(Device& device, std::string_view key, std::string_view json);

    // Asking devices
    /// Sends by the request's policy and waits for the answer: the command's own response, else a
    /// default response when one was asked for, else the radio's confirm. A status other than
    /// success comes back as an error of zcl::status_category(). Reading and writing attributes
    /// report per-record statuses in the reply, not as an error.
    [[nodiscard]] Awaitable<Result<ZclReply>> request(ZclRequest request);
    [[nodiscard]] Awaitable<Result<void>> groupcast(GroupId group, zcl::Frame frame,
                                                    EndpointId source = 1);
    [[nodiscard]] Awaitable<Result<void>> broadcast(zcl::Frame frame, EndpointId destination,
                                                    NwkAddress to, EndpointId source = 1,
                                                    ProfileId profile = profile_home_automation);
    [[nodiscard]] Awaitable<Result<void>> bind(Ieee device, EndpointId source, ClusterId cluster,
                                               zdo::BindTarget target);
    // Without a device in the table
    /// Past the queues, see raw_request.hpp.
    [[nodiscard]] Awaitable<Result<ZclReply>> send_raw(network::RawRequest request);
    /// -> the response's payload, status first; nothing where it is not waited for
    [[nodiscard]] Awaitable<Result<Bytes>> zdo(NwkAddress to, zdo::Cluster cluster, Bytes payload,
                                               bool wait);
    /// The device may join with the key of this code. Errc::unsupported: the adapter has none.
    [[nodiscard]] Awaitable<Result<void>> add_install_code(network::InstallCode code);
    network::Touchlink& touchlink() noexcept;
    /// The device is not asked about a binding that it is not known to have.
    [[nodiscard]] Awaitable<Result<void>> unbind(Ieee device, EndpointId source, ClusterId cluster,
                                                 zdo::BindTarget target);
    [[nodiscard]] Awaitable<Result<void>> clear_bindings(Ieee device, std::vector<Ieee> targets);
    [[nodiscard]] Awaitable<Result<void>> configure_reporting(
        Ieee device, EndpointId endpoint, std::vector<ConfiguredReporting> items);
    [[nodiscard]] Awaitable<Result<void>> add_to_group(Ieee device, EndpointId endpoint,
                                                       GroupId group);
    [[nodiscard]] Awaitable<Result<void>> remove_from_group(Ieee device, EndpointId endpoint,
                                                            GroupId group);
    [[nodiscard]] Awaitable<Result<void>> remove_from_all_groups(Ieee device, EndpointId endpoint);
    [[nodiscard]] Awaitable<Result<std::vector<zdo::Neighbor>>> neighbors(Ieee device);
    [[nodiscard]] Awaitable<Result<std::vector<zdo::Route>>> routes(Ieee device);

    // The network's life
    /// 0..254 s; 0 closes. `via`: only that router (or the coordinator, by its own address).
    [[nodiscard]] Awaitable<Result<void>> permit_join(std::chrono::seconds time,
                                                      std::optional<Ieee> via);
    bool is_join_open() const noexcept;
    std::optional<std::int64_t> join_open_until() const noexcept;  ///< ms since 1970

    /// Interviews (again when `force`). Errc::busy: one is under way already.
    [[nodiscard]] Awaitable<Result<void>> interview(Ieee device, bool force);
    /// Asks the device to leave, then forgets it. With `force` it is forgotten whatever it answers.
    [[nodiscard]] Awaitable<Result<void>> remove_device(Ieee device, bool force);
    void set_lists(std::vector<Ieee> passlist, std::vector<Ieee> blocklist);

    /// Marks the row changed; it is written soon (coalesced), at the latest at stop().
    void changed(Device& device);
    [[nodiscard]] Result<void> save_now();
    /// Ends when what changed important before the call is on the disk, at the latest in 10 s.
    [[nodiscard]] Awaitable<void> saved();
    [[nodiscard]] Awaitable<Result<void>> save_coordinator_backup();

    void set_read_hook(ReadHook hook);
    void set_interviewed_hook(InterviewedHook hook);
    void set_failed_interview_hook(FailedInterviewHook hook);

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace waggle
