#include "bridge/requests/zdo_json.hpp"

#include <array>

#include <boost/json/object.hpp>
#include <fmt/format.h>

#include "engine/zcl_json.hpp"

namespace json = boost::json;

namespace waggle::bridge {
namespace {

using zdo::Cluster;

/// The fields of a request, taken one after the other; remembers the first that does not fit.
class Fields {
  public:
    Fields(const json::array& list, std::string& problem) : list_(list), problem_(problem) {}

    template <class T>
    T number(std::uint32_t most = std::numeric_limits<T>::max()) {
        const auto* value = next();
        if (value && value->is_bool())
            return value->get_bool() ? 1 : 0;
        const auto number = value ? engine::number_of(*value, most) : std::nullopt;
        if (!number)
            complain(fmt::format("a number up to {}", most));
        return static_cast<T>(number.value_or(0));
    }
    bool has_more() const noexcept { return at_ < list_.size() && !list_[at_].is_null(); }
    void pass() noexcept { ++at_; }

    Ieee ieee() {
        const auto* value = next();
        const auto* text = value ? value->if_string() : nullptr;
        const auto ieee = text ? Ieee::parse(*text) : std::nullopt;
        if (!ieee)
            complain("an address such as \"0x00158d0001020304\"");
        return ieee.value_or(Ieee());
    }
    std::vector<std::uint16_t> numbers() {
        std::vector<std::uint16_t> result;
        const auto* value = next();
        const auto* list = value ? value->if_array() : nullptr;
        if (!list || list->size() > 0xFF) {
            complain("a list of numbers");
            return result;
        }
        for (const auto& item : *list) {
            const auto number = engine::number_of(item, 0xFFFF);
            if (!number)
                complain("a list of numbers up to 65535");
            result.push_back(static_cast<std::uint16_t>(number.value_or(0)));
        }
        return result;
    }
    std::vector<Ieee> addresses() {
        std::vector<Ieee> result;
        const auto* value = next();
        const auto* object = value ? value->if_object() : nullptr;
        const auto* member = object ? object->if_contains("eui64List") : nullptr;
        const auto* list = member ? member->if_array() : nullptr;
        if (!list || list->size() > 0x1F) {
            complain("an object with \"eui64List\"");
            return result;
        }
        Fields items(*list, problem_);
        for (std::size_t i = 0; i < list->size(); ++i)
            result.push_back(items.ieee());
        return result;
    }

  private:
    const json::value* next() noexcept { return at_ < list_.size() ? &list_[at_++] : nullptr; }
    void complain(std::string_view wanted) {
        if (problem_.empty())
            problem_ = fmt::format("Field {} of this ZDO request is {}", at_, wanted);
    }

    const json::array& list_;
    std::string& problem_;
    std::size_t at_ = 0;
};

constexpr std::uint8_t group_binding = 1, endpoint_binding = 3;

void write_binding(Fields& in, ByteWriter& out) {
    out.u64(in.ieee().value());
    out.u8(in.number<std::uint8_t>());
    out.u16(in.number<std::uint16_t>());
    const auto kind = in.number<std::uint8_t>(endpoint_binding);
    out.u8(kind);
    if (kind == group_binding) {
        in.pass();
        out.u16(in.number<std::uint16_t>());
        return;
    }
    out.u64(in.ieee().value());
    in.pass();
    out.u8(in.number<std::uint8_t>());
}

void write_clusters(Fields& in, ByteWriter& out) {
    const auto list = in.numbers();
    out.u8(static_cast<std::uint8_t>(list.size()));
    for (const auto cluster : list)
        out.u16(cluster);
}

void write_update(Fields& in, ByteWriter& out) {
    constexpr std::uint8_t longest_scan = 5, change_channel = 0xFE, set_manager = 0xFF;
    std::uint32_t mask = 0;
    for (const auto channel : in.numbers())
        if (channel <= 26)
            mask |= std::uint32_t{1} << channel;
    const auto duration = in.number<std::uint8_t>();
    out.u32(mask).u8(duration);
    if (in.has_more() && duration <= longest_scan)
        out.u8(in.number<std::uint8_t>());
    else
        in.pass();
    if (in.has_more() && (duration == change_channel || duration == set_manager))
        out.u8(in.number<std::uint8_t>());
    else
        in.pass();
    if (in.has_more() && duration == set_manager)
        out.u16(in.number<std::uint16_t>());
}

/// False for requests that have no form here.
bool write(Cluster cluster, Fields& in, ByteWriter& out) {
    switch (cluster) {
        case Cluster::nwk_addr_req:
            out.u64(in.ieee().value()).u8(in.number<std::uint8_t>(1));
            out.u8(in.number<std::uint8_t>());
            return true;
        case Cluster::ieee_addr_req:
            out.u16(in.number<std::uint16_t>()).u8(in.number<std::uint8_t>(1));
            out.u8(in.number<std::uint8_t>());
            return true;
        case Cluster::node_desc_req:
        case Cluster::power_desc_req:
        case Cluster::active_ep_req: out.u16(in.number<std::uint16_t>()); return true;
        case Cluster::simple_desc_req:
            out.u16(in.number<std::uint16_t>()).u8(in.number<std::uint8_t>());
            return true;
        case Cluster::match_desc_req:
            out.u16(in.number<std::uint16_t>()).u16(in.number<std::uint16_t>());
            write_clusters(in, out);
            write_clusters(in, out);
            return true;
        case Cluster::bind_req:
        case Cluster::unbind_req: write_binding(in, out); return true;
        case Cluster::clear_all_bindings_req:
            out.bytes(zdo::clear_all_bindings_req(in.addresses()));
            return true;
        case Cluster::mgmt_lqi_req:
        case Cluster::mgmt_rtg_req:
        case Cluster::mgmt_bind_req: out.u8(in.number<std::uint8_t>()); return true;
        case Cluster::mgmt_leave_req:
            out.u64(in.ieee().value()).u8(in.number<std::uint8_t>());
            return true;
        case Cluster::mgmt_permit_joining_req:
            out.u8(in.number<std::uint8_t>()).u8(in.number<std::uint8_t>());
            return true;
        case Cluster::mgmt_nwk_update_req: write_update(in, out); return true;
        default: return false;
    }
}

// Responses

template <class T>
json::array list_of(ByteReader& in, std::size_t count, T (ByteReader::*read)()) {
    json::array list;
    for (std::size_t i = 0; i < count && !in.failed(); ++i)
        list.push_back((in.*read)());
    return list;
}

std::string ieee_of(ByteReader& in) {
    return Ieee(in.u64()).to_string();
}

constexpr unsigned bits(unsigned value, unsigned first, unsigned count) {
    return (value >> first) & ((1u << count) - 1);
}

json::object capabilities_of(unsigned value) {
    constexpr std::array<const char*, 8> names = {"alternatePANCoordinator",
                                                  "deviceType",
                                                  "powerSource",
                                                  "rxOnWhenIdle",
                                                  "reserved1",
                                                  "reserved2",
                                                  "securityCapability",
                                                  "allocateAddress"};
    json::object result;
    for (unsigned i = 0; i < names.size(); ++i)
        result[names[i]] = bits(value, i, 1);
    return result;
}

json::object server_mask_of(unsigned value) {
    constexpr std::array<const char*, 9> names = {
        "primaryTrustCenter", "backupTrustCenter", "deprecated1", "deprecated2", "deprecated3",
        "deprecated4",        "networkManager",    "reserved1",   "reserved2"};
    json::object result;
    for (unsigned i = 0; i < names.size(); ++i)
        result[names[i]] = bits(value, i, 1);
    result["stackComplianceRevision"] = bits(value, 9, 7);
    return result;
}

void read_address(ByteReader& in, json::object& out) {
    out["eui64"] = ieee_of(in);
    out["nwkAddress"] = in.u16();
    const std::size_t count = in.left() > 0 ? in.u8() : 0;
    out["startIndex"] = in.left() > 0 ? in.u8() : std::uint8_t{0};
    out["assocDevList"] = list_of(in, count, &ByteReader::u16);
}

void read_node_descriptor(ByteReader& in, json::object& out) {
    constexpr unsigned first_with_fragmentation = 23;
    out["nwkAddress"] = in.u16();
    const unsigned first = in.u8(), second = in.u8();
    out["logicalType"] = bits(first, 0, 3);
    out["apsFlags"] = bits(second, 0, 3);
    out["frequencyBand"] = bits(second, 3, 5);
    out["capabilities"] = capabilities_of(in.u8());
    out["manufacturerCode"] = in.u16();
    out["maxBufSize"] = in.u8();
    out["maxIncTxSize"] = in.u16();
    const unsigned mask = in.u16();
    if (bits(mask, 9, 7) >= first_with_fragmentation)
        out["fragmentationSupported"] = bits(first, 5, 1) == 1;
    out["serverMask"] = server_mask_of(mask);
    out["maxOutTxSize"] = in.u16();
    out["deprecated1"] = in.u8();
    out["tlvs"] = json::array();
}

void read_power_descriptor(ByteReader& in, json::object& out) {
    out["nwkAddress"] = in.u16();
    const unsigned first = in.u8(), second = in.u8();
    out["currentPowerMode"] = bits(first, 0, 4);
    out["availPowerSources"] = bits(first, 4, 4);
    out["currentPowerSource"] = bits(second, 0, 4);
    out["currentPowerSourceLevel"] = bits(second, 4, 4);
}

void read_simple_descriptor(ByteReader& in, json::object& out) {
    out["nwkAddress"] = in.u16();
    out["length"] = in.u8();
    out["endpoint"] = in.u8();
    out["profileId"] = in.u16();
    out["deviceId"] = in.u16();
    out["deviceVersion"] = in.u8();
    out["inClusterList"] = list_of(in, in.u8(), &ByteReader::u16);
    out["outClusterList"] = list_of(in, in.u8(), &ByteReader::u16);
}

void read_endpoints(ByteReader& in, json::object& out) {
    out["nwkAddress"] = in.u16();
    out["endpointList"] = list_of(in, in.u8(), &ByteReader::u8);
}

json::object neighbor_of(ByteReader& in) {
    json::object entry;
    entry["extendedPanId"] = list_of(in, 8, &ByteReader::u8);
    entry["eui64"] = ieee_of(in);
    entry["nwkAddress"] = in.u16();
    const unsigned kind = in.u8(), joining = in.u8();
    entry["deviceType"] = bits(kind, 0, 2);
    entry["rxOnWhenIdle"] = bits(kind, 2, 2);
    entry["relationship"] = bits(kind, 4, 3);
    entry["reserved1"] = bits(kind, 7, 1);
    entry["permitJoining"] = bits(joining, 0, 2);
    entry["reserved2"] = bits(joining, 2, 6);
    entry["depth"] = in.u8();
    entry["lqi"] = in.u8();
    return entry;
}

json::object route_of(ByteReader& in) {
    constexpr std::array<const char*, 8> states = {
        "ACTIVE",    "DISCOVERY_UNDERWAY", "DISCOVERY_FAILED", "INACTIVE", "VALIDATION_UNDERWAY",
        "RESERVED1", "RESERVED2",          "RESERVED3"};
    json::object entry;
    entry["destinationAddress"] = in.u16();
    const unsigned state = in.u8();
    entry["status"] = states[bits(state, 0, 3)];
    entry["memoryConstrained"] = bits(state, 3, 1);
    entry["manyToOne"] = bits(state, 4, 1);
    entry["routeRecordRequired"] = bits(state, 5, 1);
    entry["reserved1"] = bits(state, 6, 2);
    entry["nextHopAddress"] = in.u16();
    return entry;
}

json::object binding_of(ByteReader& in) {
    json::object entry;
    entry["sourceEui64"] = ieee_of(in);
    entry["sourceEndpoint"] = in.u8();
    entry["clusterId"] = in.u16();
    const auto mode = in.u8();
    entry["destAddrMode"] = mode;
    if (mode == group_binding) {
        entry["dest"] = in.u16();
    } else if (mode == endpoint_binding) {
        entry["dest"] = ieee_of(in);
        entry["destEndpoint"] = in.u8();
    }
    return entry;
}

void read_table(ByteReader& in, json::object& out, const char* total,
                json::object (*read)(ByteReader&)) {
    out[total] = in.u8();
    out["startIndex"] = in.u8();
    const std::size_t count = in.u8();
    json::array list;
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
        auto entry = read(in);
        if (read != binding_of || entry.contains("dest"))
            list.push_back(std::move(entry));
    }
    out["entryList"] = std::move(list);
}

void read_update(ByteReader& in, json::object& out) {
    out["scannedChannels"] = in.u32();
    out["totalTransmissions"] = in.u16();
    out["totalFailures"] = in.u16();
    out["entryList"] = list_of(in, in.u8(), &ByteReader::u8);
}

/// False where the status is all there is.
bool read(Cluster request, ByteReader& in, json::object& out) {
    switch (request) {
        case Cluster::nwk_addr_req:
        case Cluster::ieee_addr_req: read_address(in, out); return true;
        case Cluster::node_desc_req: read_node_descriptor(in, out); return true;
        case Cluster::power_desc_req: read_power_descriptor(in, out); return true;
        case Cluster::simple_desc_req: read_simple_descriptor(in, out); return true;
        case Cluster::active_ep_req:
        case Cluster::match_desc_req: read_endpoints(in, out); return true;
        case Cluster::mgmt_lqi_req:
            read_table(in, out, "neighborTableEntries", neighbor_of);
            return true;
        case Cluster::mgmt_rtg_req:
            read_table(in, out, "routingTableEntries", route_of);
            return true;
        case Cluster::mgmt_bind_req:
            read_table(in, out, "bindingTableEntries", binding_of);
            return true;
        case Cluster::mgmt_nwk_update_req: read_update(in, out); return true;
        default: return false;
    }
}

}  // namespace

Result<Bytes> zdo_request(std::uint16_t cluster, const json::array& fields, std::string& problem) {
    Bytes payload;
    ByteWriter out(payload);
    Fields in(fields, problem);
    if (!write(Cluster(cluster), in, out)) {
        problem = fmt::format("ZDO request {} is not known", cluster);
        return Errc::unsupported;
    }
    if (!problem.empty())
        return Errc::invalid_value;
    return payload;
}

Result<json::value> zdo_response(std::uint16_t request, ByteView payload) {
    ByteReader in(payload);
    const auto status = in.u8();
    json::array result;
    result.push_back(status);
    json::object fields;
    if (status == 0 && read(Cluster(request), in, fields))
        result.push_back(std::move(fields));
    else
        result.push_back(nullptr);
    if (in.failed())
        return Errc::truncated;
    return json::value(std::move(result));
}

}  // namespace waggle::bridge
