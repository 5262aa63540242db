#include <utility>

#include "zigbee/zdo.hpp"

namespace waggle::zdo {
namespace {

constexpr std::uint8_t multicast_binding = 0x01;
constexpr std::uint8_t unicast_binding = 0x03;

/// Reads the status octet; on success the fields with `read`, which gets the reader and a value to
/// fill, and that all of them were there.
template <class T, class Read>
Result<T> response(ByteView payload, Read read) {
    ByteReader in(payload);
    const auto status = static_cast<Status>(in.u8());
    if (in.failed())
        return Errc::truncated;
    if (status != Status::success)
        return status;
    T value{};
    read(in, value);
    if (in.failed())
        return Errc::truncated;
    return value;
}

DeviceType device_type(std::uint8_t logical_type) noexcept {
    switch (logical_type & 0x07) {
        case 0: return DeviceType::coordinator;
        case 1: return DeviceType::router;
        case 2: return DeviceType::end_device;
        default: return DeviceType::unknown;
    }
}

template <class T, class Next>
std::vector<T> counted(ByteReader& in, Next next) {
    std::vector<T> list;
    for (auto left = in.u8(); left > 0 && !in.failed(); --left)
        list.push_back(next());
    return list;
}

std::vector<ClusterId> clusters(ByteReader& in) {
    return counted<ClusterId>(in, [&in] { return in.u16(); });
}

void read_endpoints(ByteReader& in, std::vector<EndpointId>& endpoints) {
    (void)in.u16();  // address of interest
    endpoints = counted<EndpointId>(in, [&in] { return in.u8(); });
}

Neighbor neighbor(ByteReader& in) {
    Neighbor entry;
    entry.extended_pan_id = in.u64();
    entry.ieee = Ieee(in.u64());
    entry.address = in.u16();
    const auto kind = in.u8();
    entry.device_type = kind & 0x03;
    entry.rx_on_when_idle = kind >> 2 & 0x03;
    entry.relationship = kind >> 4 & 0x07;
    entry.permit_joining = in.u8() & 0x03;
    entry.depth = in.u8();
    entry.lqi = in.u8();
    return entry;
}

Route route(ByteReader& in) {
    Route entry;
    entry.destination = in.u16();
    const auto flags = in.u8();
    entry.status = flags & 0x07;
    entry.memory_constrained = flags & 0x08;
    entry.many_to_one = flags & 0x10;
    entry.route_record_required = flags & 0x20;
    entry.reserved = flags >> 6;
    entry.next_hop = in.u16();
    return entry;
}

/// nullopt for an address mode that says nothing about what follows it.
std::optional<Binding> binding(ByteReader& in) {
    Binding entry;
    entry.source = Ieee(in.u64());
    entry.source_endpoint = in.u8();
    entry.cluster = in.u16();
    switch (in.u8()) {
        case multicast_binding: entry.target.group = in.u16(); return entry;
        case unicast_binding:
            entry.target.ieee = Ieee(in.u64());
            entry.target.endpoint = in.u8();
            return entry;
        default: return std::nullopt;
    }
}

/// Total, start, count, entries; of a page that is cut off nothing is kept.
template <class Entry, class Next>
Result<Page<Entry>> page(ByteView payload, Next next) {
    return response<Page<Entry>>(payload, [&next](ByteReader& in, Page<Entry>& result) {
        result.total = in.u8();
        result.start = in.u8();
        for (auto left = in.u8(); left > 0 && !in.failed(); --left)
            if (std::optional<Entry> entry = next(in))
                result.entries.push_back(std::move(*entry));
    });
}

}  // namespace

Result<void> read_status(ByteView payload) {
    ByteReader in(payload);
    const auto status = static_cast<Status>(in.u8());
    if (in.failed())
        return Errc::truncated;
    if (status != Status::success)
        return status;
    return {};
}

Result<NodeDescriptor> read_node_desc_rsp(ByteView payload) {
    return response<NodeDescriptor>(payload, [](ByteReader& in, NodeDescriptor& node) {
        (void)in.u16();  // address of interest
        node.type = device_type(in.u8());
        (void)in.u8();  // APS flags, frequency band
        node.mac_capabilities = in.u8();
        node.manufacturer = in.u16();
        node.maximum_buffer_size = in.u8();
        (void)in.u16();  // maximum incoming transfer size
        node.server_mask = in.u16();
        (void)in.u16();  // maximum outgoing transfer size
        (void)in.u8();   // descriptor capabilities
    });
}

Result<PowerDescriptor> read_power_desc_rsp(ByteView payload) {
    return response<PowerDescriptor>(payload, [](ByteReader& in, PowerDescriptor& power) {
        (void)in.u16();  // address of interest
        const auto modes = in.u8();
        const auto source = in.u8();
        power.mode = modes & 0x0F;
        power.available_sources = modes >> 4;
        power.source = source & 0x0F;
        power.level = source >> 4;
    });
}

Result<std::vector<EndpointId>> read_active_ep_rsp(ByteView payload) {
    return response<std::vector<EndpointId>>(payload, read_endpoints);
}

Result<std::vector<EndpointId>> read_match_desc_rsp(ByteView payload) {
    return response<std::vector<EndpointId>>(payload, read_endpoints);
}

Result<SimpleDescriptor> read_simple_desc_rsp(ByteView payload) {
    return response<SimpleDescriptor>(payload, [](ByteReader& in, SimpleDescriptor& simple) {
        (void)in.u16();  // address of interest
        (void)in.u8();   // length of the descriptor; the counts inside it decide
        simple.endpoint = in.u8();
        simple.profile = in.u16();
        simple.device_id = in.u16();
        simple.device_version = in.u8();
        simple.inputs = clusters(in);
        simple.outputs = clusters(in);
    });
}

Result<AddressResponse> read_address_rsp(ByteView payload) {
    return response<AddressResponse>(payload, [](ByteReader& in, AddressResponse& address) {
        address.ieee = Ieee(in.u64());
        address.address = in.u16();
        if (in.empty())
            return;
        auto left = in.u8();
        // A device without children may leave the start index out [Zigbee R22 2.4.4.2.1].
        if (left == 0)
            return;
        address.start = in.u8();
        for (; left > 0 && !in.failed(); --left)
            address.children.push_back(in.u16());
    });
}

Result<Announce> read_device_annce(ByteView payload) {
    ByteReader in(payload);
    Announce announce;
    announce.address = in.u16();
    announce.ieee = Ieee(in.u64());
    announce.capabilities = in.u8();
    if (in.failed())
        return Errc::truncated;
    return announce;
}

Result<Page<Neighbor>> read_mgmt_lqi_rsp(ByteView payload) {
    return page<Neighbor>(payload, neighbor);
}

Result<Page<Route>> read_mgmt_rtg_rsp(ByteView payload) {
    return page<Route>(payload, route);
}

Result<Page<Binding>> read_mgmt_bind_rsp(ByteView payload) {
    return page<Binding>(payload, binding);
}

}  // namespace waggle::zdo
