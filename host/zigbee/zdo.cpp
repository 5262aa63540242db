#include "zigbee/zdo.hpp"

#include "zigbee/status_names.hpp"

namespace waggle::zdo {
namespace {

constexpr std::uint8_t multicast_binding = 0x01;
constexpr std::uint8_t unicast_binding = 0x03;
constexpr std::uint8_t leave_remove_children = 0x40;
constexpr std::uint8_t leave_rejoin = 0x80;
constexpr std::uint8_t change_channel = 0xFE;
constexpr std::uint8_t sources_tlv = 0x00;

constexpr StatusName names[] = {
    {0x00, "SUCCESS"},
    {0x80, "INV_REQUESTTYPE"},
    {0x81, "DEVICE_NOT_FOUND"},
    {0x82, "INVALID_EP"},
    {0x83, "NOT_ACTIVE"},
    {0x84, "NOT_SUPPORTED"},
    {0x85, "TIMEOUT"},
    {0x86, "NO_MATCH"},
    {0x88, "NO_ENTRY"},
    {0x89, "NO_DESCRIPTOR"},
    {0x8A, "INSUFFICIENT_SPACE"},
    {0x8B, "NOT_PERMITTED"},
    {0x8C, "TABLE_FULL"},
    {0x8D, "NOT_AUTHORIZED"},
    {0x8E, "DEVICE_BINDING_TABLE_FULL"},
    {0x8F, "INVALID_INDEX"},
    {0x90, "FRAME_TOO_LARGE"},
    {0x91, "BAD_KEY_NEGOTIATION_METHOD"},
    {0x92, "TEMPORARY_FAILURE"},
    {0xC1, "NWK_LAYER_INVALID_PARAMETER"},
    {0xC2, "NWK_LAYER_INV_REQUESTTYPE"},
    {0xC3, "NWK_LAYER_NOT_PERMITTED"},
    {0xC4, "NWK_LAYER_STARTUP_FAILURE"},
    {0xC5, "NWK_LAYER_ALREADY_PRESENT"},
    {0xC6, "NWK_LAYER_SYNC_FAILURE"},
    {0xC7, "NWK_LAYER_NEIGHBOR_TABLE_FULL"},
    {0xC8, "NWK_LAYER_UNKNOWN_DEVICE"},
    {0xC9, "NWK_LAYER_UNSUPPORTED_ATTRIBUTE"},
    {0xCA, "NWK_LAYER_NO_NETWORKS"},
    {0xCC, "NWK_LAYER_MAX_FRM_COUNTER"},
    {0xCD, "NWK_LAYER_NO_KEY"},
    {0xCE, "NWK_LAYER_BAD_CCM_OUTPUT"},
    {0xCF, "NWK_LAYER_RESERVED"},
    {0xD0, "NWK_LAYER_ROUTE_DISCOVERY_FAILED"},
    {0xD1, "NWK_LAYER_ROUTE_ERROR"},
    {0xD2, "NWK_LAYER_BT_TABLE_FULL"},
    {0xD3, "NWK_LAYER_FRAME_NOT_BUFFERED"},
    {0xD5, "NWK_LAYER_INVALID_INTERFACE"},
    {0xD6, "NWK_LAYER_MISSING_TLV"},
    {0xD7, "NWK_LAYER_INVALID_TLV"},
};

class Category final : public boost::system::error_category {
  public:
    const char* name() const noexcept override { return "zdo"; }
    std::string message(int value) const override { return status_text(names, value); }
};

Bytes of_address(NwkAddress of) {
    Bytes payload;
    ByteWriter(payload).u16(of);
    return payload;
}

void write_clusters(ByteWriter& out, const std::vector<ClusterId>& clusters) {
    out.u8(static_cast<std::uint8_t>(clusters.size()));
    for (const auto cluster : clusters)
        out.u16(cluster);
}

}  // namespace

std::string_view name(Status status) noexcept {
    return find_status_name(names, static_cast<std::uint8_t>(status));
}

const boost::system::error_category& status_category() noexcept {
    static const Category category;
    return category;
}

Bytes node_desc_req(NwkAddress of) {
    return of_address(of);
}

Bytes power_desc_req(NwkAddress of) {
    return of_address(of);
}

Bytes active_ep_req(NwkAddress of) {
    return of_address(of);
}

Bytes simple_desc_req(NwkAddress of, EndpointId endpoint) {
    Bytes payload;
    ByteWriter(payload).u16(of).u8(endpoint);
    return payload;
}

Bytes match_desc_req(NwkAddress of, ProfileId profile, const std::vector<ClusterId>& inputs,
                     const std::vector<ClusterId>& outputs) {
    Bytes payload;
    ByteWriter out(payload);
    out.u16(of).u16(profile);
    write_clusters(out, inputs);
    write_clusters(out, outputs);
    return payload;
}

Bytes nwk_addr_req(Ieee of, bool extended, std::uint8_t start) {
    Bytes payload;
    ByteWriter(payload).u64(of.value()).u8(extended ? 1 : 0).u8(start);
    return payload;
}

Bytes ieee_addr_req(NwkAddress of, bool extended, std::uint8_t start) {
    Bytes payload;
    ByteWriter(payload).u16(of).u8(extended ? 1 : 0).u8(start);
    return payload;
}

Bytes bind_req(const Binding& binding) {
    Bytes payload;
    ByteWriter out(payload);
    out.u64(binding.source.value()).u8(binding.source_endpoint).u16(binding.cluster);
    if (binding.target.group)
        out.u8(multicast_binding).u16(*binding.target.group);
    else
        out.u8(unicast_binding).u64(binding.target.ieee.value()).u8(binding.target.endpoint);
    return payload;
}

Bytes clear_all_bindings_req(const std::vector<Ieee>& sources) {
    Bytes payload;
    ByteWriter out(payload);
    out.u8(sources_tlv);
    out.u8(static_cast<std::uint8_t>(sources.size() *
                                     8));  // a TLV's length is one less than its octets
    out.u8(static_cast<std::uint8_t>(sources.size()));
    for (const auto source : sources)
        out.u64(source.value());
    return payload;
}

Bytes mgmt_table_req(std::uint8_t start) {
    return {start};
}

Bytes mgmt_leave_req(Ieee device, bool rejoin, bool remove_children) {
    const int flags = (rejoin ? leave_rejoin : 0) | (remove_children ? leave_remove_children : 0);
    Bytes payload;
    ByteWriter(payload).u64(device.value()).u8(static_cast<std::uint8_t>(flags));
    return payload;
}

Bytes mgmt_permit_joining_req(std::uint8_t seconds, bool trust_center_significance) {
    return {seconds, static_cast<std::uint8_t>(trust_center_significance ? 1 : 0)};
}

Bytes mgmt_channel_change_req(std::uint8_t channel, std::uint8_t update_id) {
    Bytes payload;
    ByteWriter(payload).u32(std::uint32_t{1} << (channel & 0x1F)).u8(change_channel).u8(update_id);
    return payload;
}

}  // namespace waggle::zdo
