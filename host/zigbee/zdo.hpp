#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>
#include <vector>

#include <boost/system/error_code.hpp>

#include "base/bytes.hpp"
#include "zigbee/types.hpp"

/// Zigbee Device Objects: requests to send, responses to read [Zigbee R22 2.4]. Payloads here stand
/// without the transaction sequence number, which the coordinator family adds.
namespace waggle::zdo {

enum class Cluster : std::uint16_t {
    nwk_addr_req = 0x0000,
    ieee_addr_req = 0x0001,
    node_desc_req = 0x0002,
    power_desc_req = 0x0003,
    simple_desc_req = 0x0004,
    active_ep_req = 0x0005,
    match_desc_req = 0x0006,
    device_annce = 0x0013,
    parent_annce = 0x001F,
    bind_req = 0x0021,
    unbind_req = 0x0022,
    clear_all_bindings_req = 0x002B,
    mgmt_lqi_req = 0x0031,
    mgmt_rtg_req = 0x0032,
    mgmt_bind_req = 0x0033,
    mgmt_leave_req = 0x0034,
    mgmt_permit_joining_req = 0x0036,
    mgmt_nwk_update_req = 0x0038,
    nwk_addr_rsp = 0x8000,
    ieee_addr_rsp = 0x8001,
    node_desc_rsp = 0x8002,
    power_desc_rsp = 0x8003,
    simple_desc_rsp = 0x8004,
    active_ep_rsp = 0x8005,
    match_desc_rsp = 0x8006,
    bind_rsp = 0x8021,
    unbind_rsp = 0x8022,
    clear_all_bindings_rsp = 0x802B,
    mgmt_lqi_rsp = 0x8031,
    mgmt_rtg_rsp = 0x8032,
    mgmt_bind_rsp = 0x8033,
    mgmt_leave_rsp = 0x8034,
    mgmt_permit_joining_rsp = 0x8036,
    mgmt_nwk_update_rsp = 0x8038,
};

inline constexpr std::uint16_t response_bit = 0x8000;

/// ZDP statuses [Zigbee R22 2.4.5] as an error category; names as zigbee2mqtt prints them.
enum class Status : std::uint8_t {
    success = 0x00,
    inv_requesttype = 0x80,
    device_not_found = 0x81,
    invalid_ep = 0x82,
    not_active = 0x83,
    not_supported = 0x84,
    timeout = 0x85,
    no_match = 0x86,
    no_entry = 0x88,
    no_descriptor = 0x89,
    insufficient_space = 0x8A,
    not_permitted = 0x8B,
    table_full = 0x8C,
    not_authorized = 0x8D,
    device_binding_table_full = 0x8E,
    invalid_index = 0x8F,
    frame_too_large = 0x90,
    bad_key_negotiation_method = 0x91,
    temporary_failure = 0x92,
};
/// "NO_ENTRY"; also the network layer's statuses, which some responses carry; "" for others.
std::string_view name(Status status) noexcept;
const boost::system::error_category& status_category() noexcept;

/// message() gives the name, or "0x99" for numbers without one. success compares as no error.
inline boost::system::error_code make_error_code(Status status) noexcept {
    return {static_cast<int>(status), status_category()};
}

struct NodeDescriptor {
    DeviceType type = DeviceType::unknown;
    ManufacturerCode manufacturer = 0;
    std::uint8_t mac_capabilities = 0;
    std::uint8_t maximum_buffer_size = 0;
    std::uint16_t server_mask = 0;
};
struct PowerDescriptor {
    std::uint8_t mode = 0, available_sources = 0, source = 0, level = 0;  ///< four bits each
};
struct SimpleDescriptor {
    EndpointId endpoint = 0;
    ProfileId profile = 0;
    std::uint16_t device_id = 0;
    std::uint8_t device_version = 0;
    std::vector<ClusterId> inputs, outputs;
};
struct Announce {
    NwkAddress address = 0;
    Ieee ieee;
    std::uint8_t capabilities = 0;
};
struct AddressResponse {
    Ieee ieee;
    NwkAddress address = 0;
    std::uint8_t start = 0;            ///< extended responses: index of the first child
    std::vector<NwkAddress> children;  ///< extended responses
};
/// Where a binding points: one endpoint, or a group.
struct BindTarget {
    std::optional<GroupId> group;
    Ieee ieee;
    EndpointId endpoint = 0;
    bool operator==(const BindTarget&) const = default;
};
struct Binding {
    Ieee source;
    EndpointId source_endpoint = 0;
    ClusterId cluster = 0;
    BindTarget target;
};
struct Neighbor {
    std::uint64_t extended_pan_id = 0;
    Ieee ieee;
    NwkAddress address = 0;
    std::uint8_t device_type = 0, rx_on_when_idle = 0, relationship = 0, permit_joining = 0;
    std::uint8_t depth = 0, lqi = 0;
};
struct Route {
    NwkAddress destination = 0;
    std::uint8_t status = 0;  ///< ACTIVE 0, DISCOVERY_UNDERWAY 1, DISCOVERY_FAILED 2, INACTIVE 3 …
    bool memory_constrained = false, many_to_one = false, route_record_required = false;
    std::uint8_t reserved = 0;  ///< two bits, as received
    NwkAddress next_hop = 0;
};
/// One page of a management table.
template <class Entry>
struct Page {
    std::uint8_t total = 0, start = 0;
    std::vector<Entry> entries;
};

// Requests: payloads ready to send.
Bytes node_desc_req(NwkAddress of);
Bytes power_desc_req(NwkAddress of);
Bytes active_ep_req(NwkAddress of);
Bytes simple_desc_req(NwkAddress of, EndpointId endpoint);
Bytes nwk_addr_req(Ieee of, bool extended = false, std::uint8_t start = 0);
Bytes ieee_addr_req(NwkAddress of, bool extended = false, std::uint8_t start = 0);
Bytes bind_req(const Binding& binding);  ///< also unbind_req
Bytes match_desc_req(NwkAddress of, ProfileId profile, const std::vector<ClusterId>& inputs,
                     const std::vector<ClusterId>& outputs);
/// Of these sources; the one address of all ones means every binding.
Bytes clear_all_bindings_req(const std::vector<Ieee>& sources);
Bytes mgmt_table_req(std::uint8_t start);  ///< lqi, rtg, bind
Bytes mgmt_leave_req(Ieee device, bool rejoin, bool remove_children);
Bytes mgmt_permit_joining_req(std::uint8_t seconds, bool trust_center_significance = true);
/// Channel change: mask of one channel (11 to 26), scan duration 0xFE, new update id.
Bytes mgmt_channel_change_req(std::uint8_t channel, std::uint8_t update_id);

// Responses: a status other than success comes back as an error of status_category(). What follows
// the last field is ignored (newer devices append TLVs); fewer entries than the count says are
// Errc::truncated.
[[nodiscard]] Result<void> read_status(ByteView payload);
[[nodiscard]] Result<NodeDescriptor> read_node_desc_rsp(ByteView payload);
[[nodiscard]] Result<PowerDescriptor> read_power_desc_rsp(ByteView payload);
[[nodiscard]] Result<std::vector<EndpointId>> read_active_ep_rsp(ByteView payload);
/// The endpoints that match.
[[nodiscard]] Result<std::vector<EndpointId>> read_match_desc_rsp(ByteView payload);
[[nodiscard]] Result<SimpleDescriptor> read_simple_desc_rsp(ByteView payload);
[[nodiscard]] Result<AddressResponse> read_address_rsp(ByteView payload);
[[nodiscard]] Result<Announce> read_device_annce(ByteView payload);
[[nodiscard]] Result<Page<Neighbor>> read_mgmt_lqi_rsp(ByteView payload);
[[nodiscard]] Result<Page<Route>> read_mgmt_rtg_rsp(ByteView payload);
/// Bindings of an unknown address mode are left out.
[[nodiscard]] Result<Page<Binding>> read_mgmt_bind_rsp(ByteView payload);

}  // namespace waggle::zdo

template <>
struct boost::system::is_error_code_enum<waggle::zdo::Status> : std::true_type {};
