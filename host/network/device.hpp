#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "zigbee/clusters.hpp"
#include "zigbee/types.hpp"
#include "zigbee/zcl_value.hpp"
#include "zigbee/zdo.hpp"

/// A device of the network and its endpoints: what database.db holds about it, and what only lives
/// while the process does. Owned by DeviceTable; references stay valid until the device is removed,
/// so nobody keeps one across a suspension: look it up again by its IEEE address.
namespace waggle {

enum class InterviewState : std::uint8_t { pending, in_progress, successful, failed };
std::string_view to_string(InterviewState state) noexcept;  ///< "PENDING", "IN_PROGRESS", …

struct ConfiguredReporting {
    ClusterId cluster = 0;
    std::uint16_t attribute = 0;
    std::uint16_t minimum_interval = 0, maximum_interval = 0;  ///< seconds
    std::optional<double> reportable_change =
        0.0;  ///< none was said: 0 on the air, absent in files
    std::optional<ManufacturerCode> manufacturer;
    std::optional<zcl::DataType> type = {};  ///< of an attribute that no table has; is not kept
    bool operator==(const ConfiguredReporting&) const = default;
};

struct StoredBinding {
    ClusterId cluster = 0;
    zdo::BindTarget target;
    bool operator==(const StoredBinding&) const = default;
};

/// The last value of an attribute seen in a report or read response, or written with success.
struct CachedAttribute {
    ClusterId cluster;
    std::uint16_t attribute;
    zcl::Value value;
    ManufacturerCode manufacturer = 0;  ///< of the attribute's definition; 0: the standard's own
};

struct Endpoint {
    EndpointId id = 0;
    ProfileId profile = 0;
    std::uint16_t device_id = 0;
    std::vector<ClusterId> inputs, outputs;
    std::vector<StoredBinding> bindings;
    std::vector<ConfiguredReporting> reportings;
    std::vector<CachedAttribute> attributes;  ///< sorted by (cluster, attribute, manufacturer)
    std::string meta_json;     ///< database.db "meta" of the endpoint (scenes), opaque
    std::string unknown_json;  ///< keys and attributes that no table knows

    bool has_input(ClusterId cluster) const noexcept;
    bool has_output(ClusterId cluster) const noexcept;
    /// With manufacturer 0: the standard's attribute, else the first of any manufacturer.
    const zcl::Value* attribute(ClusterId cluster, std::uint16_t id,
                                ManufacturerCode manufacturer = 0) const noexcept;
    void remember(ClusterId cluster, std::uint16_t id, const zcl::Value& value,
                  ManufacturerCode manufacturer = 0);
};

struct Device {
    // What database.db holds
    unsigned database_id = 0;
    Ieee ieee;
    NwkAddress address = nwk_unknown;
    DeviceType type = DeviceType::unknown;
    std::optional<ManufacturerCode> manufacturer;  ///< node descriptor
    std::optional<std::string> manufacturer_name, model_id, power_source, date_code,
        software_build_id;
    std::optional<std::int64_t> application_version, stack_version, hardware_version, zcl_version;
    InterviewState interview = InterviewState::pending;
    std::optional<std::int64_t> last_seen;         ///< ms since 1970
    std::optional<std::int64_t> checkin_interval;  ///< seconds, poll control
    std::string meta_json = "{}";                  ///< "meta" as JSON text; see Network::meta
    std::optional<std::array<std::uint8_t, 16>> green_power_key;
    std::string scheduled_ota_json;  ///< "scheduledOta" as JSON text; empty: none
    std::string unknown_json;        ///< row keys this program does not know
    std::map<EndpointId, Endpoint> endpoints;

    // What lives with the process
    std::optional<std::uint8_t> link_quality;
    bool skip_default_response = false;  ///< set by a definition
    /// Set by a definition: a groupcast of this router is another device's message, whose network
    /// address stands in place of the group.
    bool relays_as_group = false;
    /// Clusters that only this model has, set by a definition; they must outlive the device.
    std::span<const zcl::ClusterDefinition> custom_clusters;
    Clock::duration pending_request_timeout{};          ///< 0: requests are never queued
    std::optional<std::uint8_t> last_default_response;  ///< sequence number of the last one sent
    bool deleted = false;

    bool is_battery() const noexcept { return power_source == "Battery"; }
    /// Known to sleep: messages wait at its parent, and silence is no sign of a broken route.
    bool is_sleepy() const noexcept {
        return type == DeviceType::end_device &&
               (is_battery() || pending_request_timeout != Clock::duration::zero());
    }
    Endpoint* endpoint(EndpointId id) noexcept;
    const Endpoint* endpoint(EndpointId id) const noexcept;
    /// The first endpoint with this input cluster, or nullptr.
    const Endpoint* endpoint_with_input(ClusterId cluster) const noexcept;
};

struct GroupMember {
    Ieee ieee;
    EndpointId endpoint = 0;
    auto operator<=>(const GroupMember&) const = default;
};

struct Group {
    unsigned database_id = 0;
    GroupId id = 0;
    std::vector<GroupMember> members;
    std::string meta_json = "{}";  ///< scenes
    std::string unknown_json;
};

}  // namespace waggle
