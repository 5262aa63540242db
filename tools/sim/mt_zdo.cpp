// ZDO: requests to other nodes' endpoint 0, start, groups, link keys [MT 3.12].
#include <algorithm>

#include "ncp.hpp"

namespace waggle::sim {

namespace {

using mt::Status;

void put(Writer& out, Status status) {
    out.u8(static_cast<unsigned>(status));
}

void request(Ncp& ncp, std::uint16_t destination, std::uint16_t cluster, View payload,
             Writer& out) {
    if (!ncp.is_running())
        return put(out, Status::invalid_request);
    ncp.send_zdp(destination, cluster, payload);
    put(out, Status::success);
}

/// Requests whose MT form is the destination followed by ZDP's own payload.
template <std::uint16_t cluster>
void forward(Ncp& ncp, Reader& in, Writer& out) {
    const std::uint16_t destination = in.u16();
    request(ncp, destination, cluster, in.rest(), out);
}

void nwk_address(Ncp& ncp, Reader& in, Writer& out) {
    request(ncp, 0xFFFD, zdp::cluster::nwk_address, in.rest(), out);
}

void ieee_address(Ncp& ncp, Reader& in, Writer& out) {
    const View payload = in.rest();
    request(ncp, in.u16(), zdp::cluster::ieee_address, payload, out);
}

/// MT puts the address mode before the destination, and takes 16-bit 0xFFFC for "only me".
void permit_join(Ncp& ncp, Reader& in, Writer& out) {
    constexpr std::uint8_t mode_broadcast = 0x0F;
    const std::uint8_t mode = in.u8();
    const std::uint16_t destination = in.u16();
    const View payload = in.rest();
    const std::uint8_t seconds = in.u8();
    if (!ncp.is_running())
        return put(out, Status::invalid_request);
    if (mode != mode_broadcast && is_broadcast(destination))
        return request(ncp, coordinator_nwk, zdp::cluster::permit_joining, payload, out);
    if (!is_broadcast(destination))
        return request(ncp, destination, zdp::cluster::permit_joining, payload, out);
    ncp.later(Timing::Milliseconds(0), [&ncp, seconds] {
        ncp.open_joining(seconds);
        ncp.network().open_routers(seconds);
    });
    put(out, Status::success);
}

void nwk_update(Ncp& ncp, Reader& in, Writer& out) {
    const std::uint16_t destination = in.u16();
    in.u8();  // address mode
    request(ncp, destination, zdp::cluster::nwk_update, in.rest(), out);
}

void server_discovery(Ncp&, Reader&, Writer& out) {
    put(out, Status::success);
}

void send_data(Ncp& ncp, Reader& in, Writer& out) {
    const std::uint16_t destination = in.u16();
    in.u8();  // sequence number
    const std::uint16_t cluster = in.u16();
    const View payload = in.take(in.u8());
    if (in.failed())
        return put(out, Status::invalid_parameter);
    request(ncp, destination, cluster, payload, out);
}

void register_callback(Ncp& ncp, Reader& in, Writer& out) {
    ncp.callbacks().insert(in.u16());
    put(out, Status::success);
}

void remove_callback(Ncp& ncp, Reader& in, Writer& out) {
    put(out, ncp.callbacks().erase(in.u16()) ? Status::success : Status::failure);
}

/// Answers 0 for a network resumed, 1 for a new one, 2 for "not started" [MT 3.12.1.22].
void startup(Ncp& ncp, Reader&, Writer& out) {
    if (ncp.has_network()) {
        out.u8(0);
        ncp.start_network();
        return;
    }
    out.u8(1);
    if (!ncp.firmware().has_bdb())  // later generations form only when commissioned to
        ncp.form_network();
}

void set_link_key(Ncp&, Reader&, Writer& out) {
    put(out, Status::success);
}

void remove_link_key(Ncp& ncp, Reader& in, Writer& out) {
    const std::uint64_t ieee = in.u64();
    const bool known = ncp.security().link_key(ieee).has_value();
    put(out, known ? Status::success : Status::unknown_device);
}

void get_link_key(Ncp& ncp, Reader& in, Writer& out) {
    const std::uint64_t ieee = in.u64();
    const auto key = ncp.security().link_key(ieee);
    put(out, key ? Status::success : Status::unknown_device);
    out.u64(ieee).bytes(key ? key->key : Bytes(16, 0));
}

void entry_lookup(Ncp& ncp, Reader& in, Writer& out) {
    const std::uint64_t ieee = in.u64();
    const auto devices = ncp.security().devices();
    const auto found = std::ranges::find(devices, ieee, &AddressEntry::ieee);
    const bool known = found != devices.end();
    put(out, known ? Status::success : Status::unknown_device);
    out.u16(known ? found - devices.begin() : 0xFFFE).u16(0xFFFF).u8(known ? 1 : 0);
}

void device_remove(Ncp& ncp, Reader& in, Writer& out) {
    ncp.security().remove_device(in.u64());
    put(out, Status::success);
}

void route_discovery(Ncp&, Reader&, Writer& out) {
    put(out, Status::success);
}

void route_check(Ncp& ncp, Reader& in, Writer& out) {
    put(out, ncp.network().by_nwk(in.u16()) ? Status::success : Status::failure);
}

void remove_group(Ncp& ncp, Reader& in, Writer& out) {
    const std::uint8_t endpoint = in.u8();
    const bool removed = ncp.groups()[endpoint].erase(in.u16()) > 0;
    ncp.groups_changed();
    put(out, removed ? Status::success : Status::failure);
}

void remove_all_groups(Ncp& ncp, Reader& in, Writer& out) {
    ncp.groups().erase(in.u8());
    ncp.groups_changed();
    put(out, Status::success);
}

void find_groups(Ncp& ncp, Reader& in, Writer& out) {
    const std::set<std::uint16_t>& groups = ncp.groups()[in.u8()];
    out.u8(groups.size());
    for (const std::uint16_t group : groups)
        out.u16(group);
}

void find_group(Ncp& ncp, Reader& in, Writer& out) {
    const std::uint8_t endpoint = in.u8();
    const std::uint16_t group = in.u16();
    const bool found = ncp.groups()[endpoint].contains(group);
    put(out, found ? Status::success : Status::failure);
    out.u16(group).u8(0);
}

void add_group(Ncp& ncp, Reader& in, Writer& out) {
    const std::uint8_t endpoint = in.u8();
    const std::uint16_t group = in.u16();
    if (!ncp.registered().contains(endpoint))
        return put(out, Status::invalid_parameter);
    ncp.groups()[endpoint].insert(group);
    ncp.groups_changed();
    put(out, Status::success);
}

void count_groups(Ncp& ncp, Reader&, Writer& out) {
    std::size_t count = 0;
    for (const auto& [endpoint, groups] : ncp.groups())
        count += groups.size();
    out.u8(count);
}

void ok(Ncp&, Reader&, Writer& out) {
    put(out, Status::success);
}

void nothing(Ncp&, Reader&, Writer&) {
}

void network_info(Ncp& ncp, Reader&, Writer& out) {
    const Nib& nib = ncp.nib();
    out.u16(coordinator_nwk).u8(static_cast<unsigned>(ncp.state())).u16(nib.pan_id);
    out.u16(0).u64(nib.extended_pan_id).u64(0).u8(nib.channel);
}

constexpr MtCommand commands[] = {
    {0x2500, "ZDO_NWK_ADDR_REQ", 10, nwk_address},
    {0x2501, "ZDO_IEEE_ADDR_REQ", 4, ieee_address},
    {0x2502, "ZDO_NODE_DESC_REQ", 4, forward<zdp::cluster::node_descriptor>},
    {0x2503, "ZDO_POWER_DESC_REQ", 4, forward<zdp::cluster::power_descriptor>},
    {0x2504, "ZDO_SIMPLE_DESC_REQ", 5, forward<zdp::cluster::simple_descriptor>},
    {0x2505, "ZDO_ACTIVE_EP_REQ", 4, forward<zdp::cluster::active_endpoints>},
    {0x2506, "ZDO_MATCH_DESC_REQ", 8, forward<zdp::cluster::match_descriptors>},
    {0x250C, "ZDO_SERVER_DISC_REQ", 2, server_discovery},
    {0x2521, "ZDO_BIND_REQ", 16, forward<zdp::cluster::bind>},
    {0x2522, "ZDO_UNBIND_REQ", 16, forward<zdp::cluster::unbind>},
    {0x2523, "ZDO_SET_LINK_KEY", 26, set_link_key},
    {0x2524, "ZDO_REMOVE_LINK_KEY", 8, remove_link_key},
    {0x2525, "ZDO_GET_LINK_KEY", 8, get_link_key},
    {0x2528, "ZDO_SEND_DATA", 6, send_data},
    {0x2531, "ZDO_MGMT_LQI_REQ", 3, forward<zdp::cluster::lqi_table>},
    {0x2532, "ZDO_MGMT_RTG_REQ", 3, forward<zdp::cluster::routing_table>},
    {0x2533, "ZDO_MGMT_BIND_REQ", 3, forward<zdp::cluster::binding_table>},
    {0x2534, "ZDO_MGMT_LEAVE_REQ", 11, forward<zdp::cluster::leave>},
    {0x2536, "ZDO_MGMT_PERMIT_JOIN_REQ", 5, permit_join},
    {0x2537, "ZDO_MGMT_NWK_UPDATE_REQ", 8, nwk_update},
    {0x253E, "ZDO_MSG_CB_REGISTER", 2, register_callback},
    {0x253F, "ZDO_MSG_CB_REMOVE", 2, remove_callback},
    {0x2540, "ZDO_STARTUP_FROM_APP", 1, startup},
    {0x2542, "ZDO_SEC_ADD_LINK_KEY", 26, set_link_key},
    {0x2543, "ZDO_SEC_ENTRY_LOOKUP_EXT", 8, entry_lookup},
    {0x2544, "ZDO_SEC_DEVICE_REMOVE", 8, device_remove},
    {0x2545, "ZDO_EXT_ROUTE_DISC", 4, route_discovery},
    {0x2546, "ZDO_EXT_ROUTE_CHECK", 4, route_check},
    {0x2547, "ZDO_EXT_REMOVE_GROUP", 3, remove_group},
    {0x2548, "ZDO_EXT_REMOVE_ALL_GROUP", 1, remove_all_groups},
    {0x2549, "ZDO_EXT_FIND_ALL_GROUPS_ENDPOINT", 1, find_groups},
    {0x254A, "ZDO_EXT_FIND_GROUP", 3, find_group},
    {0x254B, "ZDO_EXT_ADD_GROUP", 4, add_group},
    {0x254C, "ZDO_EXT_COUNT_ALL_GROUPS", 0, count_groups},
    {0x254D, "ZDO_EXT_RX_IDLE", 2, ok},
    {0x254E, "ZDO_EXT_UPDATE_NWK_KEY", 19, ok},
    {0x254F, "ZDO_EXT_SWITCH_NWK_KEY", 3, ok},
    {0x2550, "ZDO_EXT_NWK_INFO", 0, network_info},
    {0x2551, "ZDO_EXT_SEC_APS_REMOVE_REQ", 12, ok},
    {0x2552, "ZDO_FORCE_CONCENTRATOR_CHANGE", 0, nothing},
    {0x2553, "ZDO_EXT_SET_PARAMS", 1, ok},
    {0x25CC, "ZDO_SET_REJOIN_PARAMETERS", 8, ok},
};

}  // namespace

std::span<const MtCommand> zdo_commands() {
    return commands;
}

}  // namespace waggle::sim
