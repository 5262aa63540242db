#include "coordinator/znp/zdo_mt.hpp"

#include <algorithm>
#include <utility>

namespace waggle::znp {
namespace {

using zdo::Cluster;

struct Row {
    Cluster request;
    std::uint8_t request_id;
    std::uint8_t response_id;
    std::string_view name;
};

constexpr Cluster system_server_discovery_req{0x0015};

constexpr Row rows[] = {
    {Cluster::nwk_addr_req, 0x00, 0x80, "ZDO_NWK_ADDR_REQ"},
    {Cluster::ieee_addr_req, 0x01, 0x81, "ZDO_IEEE_ADDR_REQ"},
    {Cluster::node_desc_req, 0x02, 0x82, "ZDO_NODE_DESC_REQ"},
    {Cluster::power_desc_req, 0x03, 0x83, "ZDO_POWER_DESC_REQ"},
    {Cluster::simple_desc_req, 0x04, 0x84, "ZDO_SIMPLE_DESC_REQ"},
    {Cluster::active_ep_req, 0x05, 0x85, "ZDO_ACTIVE_EP_REQ"},
    {Cluster::match_desc_req, 0x06, 0x86, "ZDO_MATCH_DESC_REQ"},
    {system_server_discovery_req, 0x0C, 0x8A, "ZDO_SERVER_DISC_REQ"},
    {Cluster::bind_req, 0x21, 0xA1, "ZDO_BIND_REQ"},
    {Cluster::unbind_req, 0x22, 0xA2, "ZDO_UNBIND_REQ"},
    {Cluster::mgmt_lqi_req, 0x31, 0xB1, "ZDO_MGMT_LQI_REQ"},
    {Cluster::mgmt_rtg_req, 0x32, 0xB2, "ZDO_MGMT_RTG_REQ"},
    {Cluster::mgmt_bind_req, 0x33, 0xB3, "ZDO_MGMT_BIND_REQ"},
    {Cluster::mgmt_leave_req, 0x34, 0xB4, "ZDO_MGMT_LEAVE_REQ"},
    {Cluster::mgmt_permit_joining_req, 0x36, 0xB6, "ZDO_MGMT_PERMIT_JOIN_REQ"},
    {Cluster::mgmt_nwk_update_req, 0x37, 0xB8, "ZDO_MGMT_NWK_UPDATE_REQ"},
};
constexpr std::uint8_t end_device_annce_ind = 0xC1;

const Row* find_request(Cluster cluster) noexcept {
    const auto* row = std::ranges::find(rows, cluster, &Row::request);
    return row == std::end(rows) ? nullptr : row;
}
const Row* find_response(std::uint8_t id) noexcept {
    const auto* row = std::ranges::find(rows, id, &Row::response_id);
    return row == std::end(rows) ? nullptr : row;
}

bool is_broadcast(NwkAddress address) noexcept {
    return address == 0xFFFB || address == broadcast_routers || address == broadcast_rx_on ||
           address == broadcast_all;
}
std::uint8_t address_mode(NwkAddress address) noexcept {
    return static_cast<std::uint8_t>(is_broadcast(address) ? AddressMode::broadcast
                                                           : AddressMode::short_address);
}

constexpr std::size_t bind_payload = 21;       ///< Z-Stack wants the long form for groups, too
constexpr std::size_t nwk_update_payload = 8;  ///< mask, duration, count or update id, manager

Bytes mt_payload(NwkAddress destination, Cluster cluster, ByteView payload) {
    Bytes out;
    ByteWriter writer(out);
    switch (cluster) {
        case Cluster::mgmt_permit_joining_req:
            // The coordinator alone is addressed by the broadcast address in unicast mode.
            writer.u8(address_mode(destination))
                .u16(destination == nwk_coordinator ? broadcast_routers : destination)
                .bytes(payload);
            break;
        case Cluster::mgmt_nwk_update_req:
            writer.u16(destination).u8(address_mode(destination)).bytes(payload);
            out.resize(3 + nwk_update_payload);
            break;
        case Cluster::bind_req:
        case Cluster::unbind_req:
            writer.u16(destination).bytes(payload);
            out.resize(2 + bind_payload);
            break;
        case Cluster::nwk_addr_req:
        case Cluster::ieee_addr_req: writer.bytes(payload); break;
        default: writer.u16(destination).bytes(payload);
    }
    return out;
}

/// By what the response to a request is recognised: its sender, or what it was asked about.
void set_keys(MtZdoRequest& request, NwkAddress destination, Cluster cluster, ByteView payload) {
    ByteReader in(payload);
    request.key = destination;
    switch (cluster) {
        case Cluster::nwk_addr_req:
            request.key = in.u64();
            request.key_offset = 1;
            request.key_width = 8;
            break;
        case Cluster::ieee_addr_req:
            request.key = in.u16();
            request.key_offset = 9;
            break;
        case Cluster::simple_desc_req:
            in.u16();
            request.part = in.u8();
            request.part_offset = 6;
            break;
        case Cluster::mgmt_lqi_req:
        case Cluster::mgmt_rtg_req:
        case Cluster::mgmt_bind_req:
            request.part = in.u8();
            request.part_offset = 4;
            break;
        default: break;
    }
}

/// Z-Stack swaps the two octets between the address and the list of associated devices.
void swap_start_and_count(Bytes& payload) {
    if (payload.size() >= 13)
        std::swap(payload[11], payload[12]);
}

Result<ZdoMessage> read_address_rsp(const Row& row, ByteView data) {
    ZdoMessage message;
    message.cluster = static_cast<std::uint16_t>(row.request) | zdo::response_bit;
    message.payload.assign(data.begin(), data.end());
    swap_start_and_count(message.payload);
    ByteReader in(data);
    in.bytes(9);
    const auto address = in.u16();
    if (!in.failed())
        message.source = address;
    if (data.empty())
        return Errc::truncated;
    return message;
}

Result<ZdoMessage> read_plain(std::uint16_t cluster, ByteView data) {
    ByteReader in(data);
    ZdoMessage message;
    message.source = in.u16();
    message.cluster = cluster;
    if (in.failed() || in.empty())
        return Errc::truncated;
    message.payload.assign(in.rest().begin(), in.rest().end());
    return message;
}

/// ZDO_MSG_CB_INCOMING: the message as it came [MT 3.12.2.25].
Result<ZdoMessage> read_callback(ByteView data) {
    ByteReader in(data);
    ZdoMessage message;
    message.source = in.u16();
    in.u8();  // broadcast
    message.cluster = in.u16();
    in.u8();   // security in use
    in.u8();   // sequence number
    in.u16();  // MAC destination
    if (in.failed())
        return Errc::truncated;
    message.payload.assign(in.rest().begin(), in.rest().end());
    return message;
}

}  // namespace

bool MtZdoRequest::answered_by(ByteView data) const noexcept {
    ByteReader in(data);
    in.bytes(key_offset);
    const auto found = in.little_endian(key_width);
    if (in.failed() || found != key)
        return false;
    const bool success = data.size() > part_offset && part_offset > 2 && data[2] == 0;
    return !part || !success || data[part_offset] == *part;
}

Result<MtZdoRequest> to_mt(NwkAddress destination, zdo::Cluster cluster, ByteView payload) {
    const auto* row = find_request(cluster);
    if (!row)
        return Errc::unsupported;
    const bool address_request =
        cluster == Cluster::nwk_addr_req || cluster == Cluster::ieee_addr_req;
    if (address_request && payload.size() < 4)
        return Errc::truncated;
    MtZdoRequest request;
    request.command.id = row->request_id;
    request.command.name = row->name;
    request.response.id = row->response_id;
    request.response.name = row->name;
    request.payload = mt_payload(destination, cluster, payload);
    set_keys(request, destination, cluster, payload);
    return request;
}

std::optional<Result<ZdoMessage>> from_mt(const Frame& frame) {
    if (frame.subsystem != Subsystem::zdo)
        return std::nullopt;
    if (frame.command == mt::zdo_msg_cb_incoming.id)
        return read_callback(frame.data);
    if (frame.command == end_device_annce_ind)
        return read_plain(static_cast<std::uint16_t>(Cluster::device_annce), frame.data);
    const auto* row = find_response(frame.command);
    if (!row)
        return std::nullopt;
    if (row->request == Cluster::nwk_addr_req || row->request == Cluster::ieee_addr_req)
        return read_address_rsp(*row, frame.data);
    return read_plain(static_cast<std::uint16_t>(row->request) | zdo::response_bit, frame.data);
}

}  // namespace waggle::znp
