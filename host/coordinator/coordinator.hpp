#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/async.hpp"
#include "base/bytes.hpp"
#include "store/coordinator_backup.hpp"
#include "zigbee/types.hpp"
#include "zigbee/zdo.hpp"

/// The radio, as everything above sees it. One folder beside this file implements it for one family
/// of network co-processors; nothing above knows which. Loop thread only.
///
/// A coordinator owns its link: after a successful start() it reports the loss of the link once
/// through Listener::link_lost and then does nothing until start() is called again. Every request
/// that was under way ends with Errc::closed.
namespace waggle {

/// What the configuration asks the network to be.
struct NetworkParameters {
    std::uint16_t pan_id = 0;                       ///< 1..0xFFFE
    std::array<std::uint8_t, 8> extended_pan_id{};  ///< in the order it is written as text
    std::array<std::uint8_t, 16> network_key{};
    std::uint8_t channel = 11;  ///< 11..26
};

/// What the network is, as read from the radio.
struct ActiveNetwork {
    std::uint16_t pan_id = 0;
    std::uint64_t extended_pan_id = 0;  ///< 0x1122334455667788 for the text "0x1122334455667788"
    std::uint8_t channel = 0;
    std::uint8_t update_id = 0;
};

/// bridge/info's coordinator: type and the family's own version numbers, in the order shown.
struct CoordinatorVersion {
    std::string type;  ///< "ZStack3x0", "ZStack30x", "ZStack12", "EmberZNet", ... as zigbee2mqtt
    std::vector<std::pair<std::string, std::int64_t>> meta;
};

enum class StartResult { resumed, restored, reset };

/// One APS message to send. Built by name and moved into send(): it has a constructor because it
/// crosses a co_await (style, section 1).
struct ApsRequest {
    enum class Mode : std::uint8_t { unicast, group, broadcast };

    ApsRequest() = default;
    ApsRequest(Mode to, std::uint16_t address, EndpointId source, EndpointId destination,
               ProfileId with_profile, ClusterId to_cluster, Bytes bytes)
        : mode(to),
          destination_address(address),
          source_endpoint(source),
          destination_endpoint(destination),
          profile(with_profile),
          cluster(to_cluster),
          payload(std::move(bytes)) {}

    Mode mode = Mode::unicast;
    std::uint16_t destination_address = 0;  ///< network address, group id or broadcast address
    Ieee ieee;                              ///< of a unicast's target when known, for recovery
    EndpointId source_endpoint = 1;
    EndpointId destination_endpoint = 1;  ///< 255 in groupcasts and broadcasts to all
    ProfileId profile = profile_home_automation;
    ClusterId cluster = 0;
    std::uint8_t radius = 30;
    bool allow_recovery = true;  ///< false: one attempt, no route discovery (availability pings)
    Bytes payload;
};

/// One APS message received. `payload` lives until the call returns.
struct ApsIndication {
    NwkAddress source = 0;
    std::optional<Ieee> source_ieee;  ///< when the family reports it with the message
    EndpointId source_endpoint = 0;
    EndpointId destination_endpoint = 0;
    GroupId group = 0;  ///< 0: not a groupcast
    ClusterId cluster = 0;
    ProfileId profile = profile_home_automation;
    bool broadcast = false;
    std::uint8_t link_quality = 0;
    ByteView payload;
};

class Coordinator {
  public:
    /// Events; called on the loop, never from inside a call into the coordinator.
    class Listener {
      public:
        virtual ~Listener() = default;
        virtual void message(const ApsIndication& indication) = 0;
        /// A device joined or rejoined through the trust centre.
        virtual void device_joined(NwkAddress address, Ieee ieee) = 0;
        virtual void device_left(NwkAddress address, std::optional<Ieee> ieee) = 0;
        /// A ZDO message nobody waited for (announces, address responses, …): cluster id with the
        /// response bit, payload without the sequence number.
        virtual void zdo_message(NwkAddress source, std::uint16_t cluster, ByteView payload) = 0;
        virtual void link_lost(std::string_view reason) = 0;
    };

    virtual ~Coordinator() = default;

    /// Opens the link, identifies the radio, and brings the network up by the family's decision
    /// table. May be called again after stop() or link_lost.
    /// @param backup    what coordinator_backup.json holds, if it exists
    /// @param problem   on Errc::mismatch and other refusals, a sentence for the user that names
    /// the
    ///                  field that differs and what can be done
    [[nodiscard]] virtual Awaitable<Result<StartResult>> start(
        NetworkParameters wanted, std::optional<store::CoordinatorBackup> backup,
        std::string& problem) = 0;
    /// Ends whatever is under way and returns when it has ended. To be called before destruction.
    virtual Awaitable<void> stop() = 0;

    virtual Ieee ieee() const noexcept = 0;  ///< valid after start()
    virtual const CoordinatorVersion& version() const noexcept = 0;
    virtual const ActiveNetwork& network() const noexcept = 0;

    /// Sends and waits until the radio says what became of it. Groupcasts and broadcasts return
    /// when the radio took them. At most `concurrency` at once; more wait their turn.
    [[nodiscard]] virtual Awaitable<Result<void>> send(ApsRequest request) = 0;

    /// A ZDO request to `destination`; `payload` without the sequence number. Returns the
    /// response's payload (status first) without the sequence number, or an empty one when `wait`
    /// is false.
    [[nodiscard]] virtual Awaitable<Result<Bytes>> zdo(NwkAddress destination, zdo::Cluster cluster,
                                                       Bytes payload, bool wait = true) = 0;

    /// Opens joining for 0..254 seconds (0 closes): everywhere, or on one router (0: the
    /// coordinator itself alone).
    [[nodiscard]] virtual Awaitable<Result<void>> permit_join(std::uint8_t seconds,
                                                              std::optional<NwkAddress> via) = 0;

    /// What the family does when a device stopped answering although messages were accepted: route
    /// discovery and the like. Success means that a repeat is worth trying.
    [[nodiscard]] virtual Awaitable<Result<void>> repair_route(NwkAddress address, Ieee ieee) = 0;

    /// Errc::unsupported when the family cannot.
    [[nodiscard]] virtual Awaitable<Result<store::CoordinatorBackup>> backup(
        std::vector<Ieee> known_devices) = 0;
    [[nodiscard]] virtual Awaitable<Result<void>> add_install_code(Ieee ieee, Bytes key,
                                                                   bool hashed) = 0;
    /// Moves the whole network to another channel; returns when the stack has moved (about 12 s).
    [[nodiscard]] virtual Awaitable<Result<void>> change_channel(std::uint8_t channel) = 0;

    /// Some devices look at the coordinator's manufacturer code; families that cannot change it
    /// ignore this.
    virtual void set_manufacturer_code(ManufacturerCode code) = 0;
    /// The family's own, as the coordinator's row of database.db has it; 0: not known.
    virtual ManufacturerCode manufacturer_code() const noexcept { return 0; }

    // Inter-PAN (touchlink); Errc::unsupported where the family cannot.
    [[nodiscard]] virtual Awaitable<Result<void>> set_inter_pan_channel(std::uint8_t channel) = 0;
    [[nodiscard]] virtual Awaitable<Result<void>> send_inter_pan(std::optional<Ieee> to,
                                                                 ClusterId cluster,
                                                                 Bytes payload) = 0;
    [[nodiscard]] virtual Awaitable<Result<void>> leave_inter_pan() = 0;
};

/// `serial:` and the adapter's part of `advanced:`.
struct CoordinatorOptions {
    std::string port;        ///< /dev/…, tcp://host:port; empty: find one
    std::string adapter;     ///< "zstack", …; empty: find out
    unsigned baud_rate = 0;  ///< 0: the family's default
    bool hardware_flow_control = false;
    bool disable_led = false;
    std::optional<unsigned> concurrency;  ///< advanced.adapter_concurrent
    std::optional<int> transmit_power;    ///< dBm
};

/// Chooses the family by `options.adapter`, or by asking what answers on the port, and makes one;
/// it is not started. `problem` gets a sentence for the user when there is an error.
[[nodiscard]] Awaitable<Result<std::unique_ptr<Coordinator>>> make_coordinator(
    CoordinatorOptions options, Coordinator::Listener& listener, std::string& problem);

/// What `serial.port` empty would choose: USB identities under /dev/serial/by-id that belong to a
/// known coordinator. Pairs of port and family.
struct FoundAdapter {
    std::string port;
    std::string adapter;
    std::string name;  ///< the identity it was recognised by
};
std::vector<FoundAdapter> find_adapters(const std::string& directory = "/dev/serial/by-id");

}  // namespace waggle
