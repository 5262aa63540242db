#include "zdp.hpp"

#include <algorithm>

namespace waggle::sim::zdp {

namespace {

constexpr std::uint64_t every_address = ~std::uint64_t{0};
constexpr std::size_t lqi_entries_a_response = 2;
constexpr std::size_t route_entries_a_response = 8;
constexpr std::size_t binding_entries_a_response = 3;

Writer status_and_nwk(Status status, std::uint16_t nwk) {
    Writer out;
    out.u8(static_cast<unsigned>(status)).u16(nwk);
    return out;
}

Bytes status_only(Status status) {
    return Bytes{static_cast<std::uint8_t>(status)};
}

std::optional<Bytes> address(Node& node, bool by_ieee, View request) {
    Reader in(request);
    const bool is_me = by_ieee ? in.u64() == node.ieee() : in.u16() == node.nwk();
    const std::uint8_t kind = in.u8();
    const std::uint8_t start = in.u8();
    if (in.failed() || !is_me)
        return std::nullopt;
    Writer out;
    out.u8(static_cast<unsigned>(kind > 1 ? Status::invalid_request : Status::success));
    out.u64(node.ieee()).u16(node.nwk());
    if (kind == 1) {
        const std::vector<std::uint16_t> children = node.children();
        const std::size_t first = std::min<std::size_t>(start, children.size());
        const std::size_t count = std::min<std::size_t>(children.size() - first, 20);
        out.u8(children.size()).u8(start);
        for (std::size_t i = 0; i < count; ++i)
            out.u16(children[first + i]);
    }
    return out.take();
}

/// Requests that name the node of interest in their first field.
bool is_of_interest(Node& node, Reader& in) {
    return in.u16() == node.nwk();
}

Bytes simple(Node& node, std::uint8_t endpoint) {
    if (endpoint == 0 || endpoint > 240) {
        if (endpoint != 242)
            return status_and_nwk(Status::invalid_endpoint, node.nwk()).u8(0).take();
    }
    for (const SimpleDescriptor& descriptor : node.endpoints()) {
        if (descriptor.endpoint != endpoint)
            continue;
        Writer body;
        body.u8(descriptor.endpoint).u16(descriptor.profile).u16(descriptor.device);
        body.u8(descriptor.version & 0x0F);
        body.u8(descriptor.in.size());
        for (const std::uint16_t cluster : descriptor.in)
            body.u16(cluster);
        body.u8(descriptor.out.size());
        for (const std::uint16_t cluster : descriptor.out)
            body.u16(cluster);
        Writer out = status_and_nwk(Status::success, node.nwk());
        out.u8(body.size()).bytes(body.view());
        return out.take();
    }
    return status_and_nwk(Status::not_active, node.nwk()).u8(0).take();
}

bool shares_cluster(const std::vector<std::uint16_t>& wanted,
                    const std::vector<std::uint16_t>& offered) {
    return std::ranges::any_of(wanted, [&](std::uint16_t cluster) {
        return std::ranges::find(offered, cluster) != offered.end();
    });
}

std::vector<std::uint16_t> read_clusters(Reader& in) {
    std::vector<std::uint16_t> clusters(in.u8());
    for (std::uint16_t& cluster : clusters)
        cluster = in.u16();
    return clusters;
}

std::optional<Bytes> match(Node& node, Reader& in) {
    const std::uint16_t of_interest = in.u16();
    const std::uint16_t profile = in.u16();
    const std::vector<std::uint16_t> wanted_in = read_clusters(in);
    const std::vector<std::uint16_t> wanted_out = read_clusters(in);
    if (in.failed() || (of_interest != node.nwk() && of_interest < 0xFFF8))
        return std::nullopt;
    Bytes matching;
    for (const SimpleDescriptor& descriptor : node.endpoints()) {
        const bool same_profile = profile == 0xFFFF || profile == descriptor.profile;
        if (same_profile && (shares_cluster(wanted_in, descriptor.in) ||
                             shares_cluster(wanted_out, descriptor.out)))
            matching.push_back(descriptor.endpoint);
    }
    if (matching.empty() && of_interest >= 0xFFF8)
        return std::nullopt;
    Writer out = status_and_nwk(matching.empty() ? Status::no_match : Status::success, node.nwk());
    out.u8(matching.size()).bytes(matching);
    return out.take();
}

std::optional<Bytes> active_endpoints(Node& node, Reader& in) {
    if (!is_of_interest(node, in))
        return std::nullopt;
    const std::vector<SimpleDescriptor> endpoints = node.endpoints();
    Writer out = status_and_nwk(Status::success, node.nwk());
    out.u8(endpoints.size());
    for (const SimpleDescriptor& endpoint : endpoints)
        out.u8(endpoint.endpoint);
    return out.take();
}

bool has_endpoint(const Node& node, std::uint8_t id) {
    return std::ranges::any_of(node.endpoints(),
                               [id](const auto& endpoint) { return endpoint.endpoint == id; });
}

Bytes bind(Node& node, Reader& in, bool add) {
    Binding binding;
    const std::uint64_t source = in.u64();
    binding.endpoint = in.u8();
    binding.cluster = in.u16();
    binding.mode = in.u8();
    if (binding.mode == Binding::to_group) {
        binding.target = in.u16();
    } else {
        binding.target = in.u64();
        binding.target_endpoint = in.u8();
    }
    const bool is_known_mode =
        binding.mode == Binding::to_group || binding.mode == Binding::to_ieee;
    if (in.failed() || source != node.ieee() || !is_known_mode)
        return status_only(Status::invalid_request);
    if (add && !has_endpoint(node, binding.endpoint))
        return status_only(Status::invalid_endpoint);
    std::vector<Binding>& table = node.bindings();
    const auto found = std::ranges::find(table, binding);
    if (!add) {
        if (found == table.end())
            return status_only(Status::no_entry);
        table.erase(found);
    } else if (found == table.end()) {
        if (table.size() >= node.binding_table_size())
            return status_only(Status::table_full);
        table.push_back(binding);
    }
    node.bindings_changed();
    return status_only(Status::success);
}

/// Those from or to the addresses of the list, which a TLV holds [Zigbee R23 2.4.3.2.3].
Bytes clear_bindings(Node& node, Reader& in) {
    const std::uint8_t tag = in.u8(), length = in.u8();
    std::vector<std::uint64_t> addresses(in.u8());
    if (tag != 0 || length != addresses.size() * 8 || in.failed())
        return status_only(Status::invalid_request);
    for (std::uint64_t& address : addresses)
        address = in.u64();
    if (in.failed())
        return status_only(Status::invalid_request);
    const auto names = [&](std::uint64_t address) {
        return std::ranges::find(addresses, address) != addresses.end();
    };
    std::erase_if(node.bindings(), [&](const Binding& binding) {
        return names(every_address) || names(node.ieee()) ||
               (binding.mode == Binding::to_ieee && names(binding.target));
    });
    node.bindings_changed();
    return status_only(Status::success);
}

/// The part of a table that fits into one response, from the index asked for.
template <typename Entry, typename Put>
Bytes page(const std::vector<Entry>& table, std::uint8_t start, std::size_t limit, Put put) {
    const std::size_t first = std::min<std::size_t>(start, table.size());
    const std::size_t count = std::min(table.size() - first, limit);
    Writer out;
    out.u8(0).u8(std::min<std::size_t>(table.size(), 255)).u8(start).u8(count);
    for (std::size_t i = first; i < first + count; ++i)
        put(out, table[i]);
    return out.take();
}

Bytes lqi(Node& node, std::uint8_t start) {
    return page(
        node.neighbours(), start, lqi_entries_a_response, [&](Writer& out, const Neighbour& entry) {
            out.u64(0).u64(entry.ieee).u16(entry.nwk);
            out.u8(entry.type | (entry.rx_on_when_idle ? 1 : 0) << 2 | entry.relationship << 4);
            out.u8(entry.permit_joining).u8(entry.depth).u8(entry.lqi);
        });
}

Bytes routing(Node& node, std::uint8_t start) {
    return page(node.routes(), start, route_entries_a_response,
                [](Writer& out, const Route& entry) {
                    out.u16(entry.destination).u8(entry.status).u16(entry.next_hop);
                });
}

Bytes binding_table(Node& node, std::uint8_t start) {
    return page(node.bindings(), start, binding_entries_a_response,
                [&](Writer& out, const Binding& entry) {
                    out.u64(node.ieee()).u8(entry.endpoint).u16(entry.cluster).u8(entry.mode);
                    if (entry.mode == Binding::to_group)
                        out.u16(entry.target);
                    else
                        out.u64(entry.target).u8(entry.target_endpoint);
                });
}

std::optional<Bytes> leave(Node& node, Reader& in) {
    const std::uint64_t who = in.u64();
    const std::uint8_t flags = in.u8();
    if (in.failed())
        return status_only(Status::invalid_request);
    if (who != 0 && who != node.ieee())
        return status_only(Status::not_supported);
    node.leave(flags & 0x80);
    return status_only(Status::success);
}

std::optional<Bytes> nwk_update(Node& node, Reader& in) {
    const std::uint32_t mask = in.u32();
    const std::uint8_t duration = in.u8();
    if (in.failed())
        return status_only(Status::invalid_request);
    if (duration == 0xFE) {
        node.change_channel(mask);
        return std::nullopt;
    }
    if (duration > 5)
        return status_only(Status::invalid_request);
    Bytes energies;
    for (unsigned channel = 11; channel <= 26; ++channel)
        if (mask & (1u << channel))
            energies.push_back(static_cast<std::uint8_t>(0xA0 + channel));
    Writer out;
    out.u8(0).u32(mask).u16(100).u16(2).u8(energies.size()).bytes(energies);
    return out.take();
}

}  // namespace

std::optional<Bytes> answer(Node& node, std::uint16_t cluster, View request) {
    Reader in(request);
    switch (cluster) {
        case cluster::nwk_address: return address(node, true, request);
        case cluster::ieee_address: return address(node, false, request);
        case cluster::node_descriptor:
            if (!is_of_interest(node, in))
                return std::nullopt;
            return status_and_nwk(Status::success, node.nwk()).bytes(node.node_descriptor()).take();
        case cluster::power_descriptor:
            if (!is_of_interest(node, in))
                return std::nullopt;
            return status_and_nwk(Status::success, node.nwk()).u16(node.power_descriptor()).take();
        case cluster::simple_descriptor:
            if (!is_of_interest(node, in))
                return std::nullopt;
            return simple(node, in.u8());
        case cluster::active_endpoints: return active_endpoints(node, in);
        case cluster::match_descriptors: return match(node, in);
        case cluster::bind: return bind(node, in, true);
        case cluster::unbind: return bind(node, in, false);
        case cluster::clear_all_bindings: return clear_bindings(node, in);
        case cluster::lqi_table: return lqi(node, in.u8());
        case cluster::routing_table: return routing(node, in.u8());
        case cluster::binding_table: return binding_table(node, in.u8());
        case cluster::leave: return leave(node, in);
        case cluster::permit_joining:
            node.permit_joining(in.u8());
            return status_only(Status::success);
        case cluster::nwk_update: return nwk_update(node, in);
        default: return status_only(Status::not_supported);
    }
}

}  // namespace waggle::sim::zdp
