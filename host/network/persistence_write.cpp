#include <boost/json.hpp>

#include "network/persistence.hpp"
#include "network/persistence_values.hpp"
#include "store/json_read.hpp"
#include "store/json_text.hpp"

namespace waggle::network {

namespace json = boost::json;

namespace {

/// Text that this program wrote itself or kept from the file; what is not JSON is an empty object.
json::object object_of(std::string_view text, const json::storage_ptr& memory) {
    boost::system::error_code error;
    auto value = store::read_json(text, error, memory);
    return !error && value.is_object() ? std::move(value.get_object()) : json::object(memory);
}

json::object& member_object(json::object& parent, std::string_view key) {
    auto& member = parent[key];
    if (!member.is_object())
        member.emplace_object();
    return member.get_object();
}

json::value attribute_json(const CachedAttribute& cached,
                           const zcl::AttributeDefinition* definition,
                           const json::storage_ptr& memory) {
    if (definition && definition->is_absent(cached.value))
        return json::value(nullptr, memory);
    if (cached.attribute == indexed_list_attribute && cached.value.list())
        return indexed_list_to_json(cached.value, memory);
    return value_to_json(cached.value, memory);
}

/// What the file had and nothing understood stands first; values that were learnt later replace it.
void write_clusters(json::object& clusters, const Endpoint& endpoint, const Device& device) {
    for (const auto& cached : endpoint.attributes) {
        const auto* cluster = zcl::find_cluster(cached.cluster, device.manufacturer.value_or(0),
                                                device.custom_clusters);
        const auto* attribute =
            cluster ? cluster->attribute(cached.attribute, cached.manufacturer) : nullptr;
        if (attribute && attribute->manufacturer != cached.manufacturer)
            attribute = nullptr;
        auto& entry = member_object(
            clusters, cluster ? cluster->name : std::string_view(std::to_string(cached.cluster)));
        const std::string name =
            attribute ? std::string(attribute->name) : std::to_string(cached.attribute);
        member_object(entry, "attributes")[name] =
            attribute_json(cached, attribute, clusters.storage());
    }
}

json::array numbers_json(const std::vector<ClusterId>& numbers, const json::storage_ptr& memory) {
    json::array array(memory);
    for (const auto number : numbers)
        array.emplace_back(number);
    return array;
}

json::object binding_json(const StoredBinding& binding, const json::storage_ptr& memory) {
    if (binding.target.group)
        return {
            {{"cluster", binding.cluster}, {"groupID", *binding.target.group}, {"type", "group"}},
            memory};
    return {{{"cluster", binding.cluster},
             {"type", "endpoint"},
             {"deviceIeeeAddress", binding.target.ieee.to_string()},
             {"endpointID", binding.target.endpoint}},
            memory};
}

json::object reporting_json(const ConfiguredReporting& item, const json::storage_ptr& memory) {
    json::object object({{"cluster", item.cluster},
                         {"attrId", item.attribute},
                         {"minRepIntval", item.minimum_interval},
                         {"maxRepIntval", item.maximum_interval}},
                        memory);
    if (item.reportable_change)
        object["repChange"] = *item.reportable_change;
    if (item.manufacturer)
        object["manufacturerCode"] = *item.manufacturer;
    return object;
}

/// Unknown keys follow the known ones; "clusters" was merged before.
void append_unknown(json::object& object, const json::object& unknown) {
    for (const auto& member : unknown)
        if (!object.contains(member.key()))
            object.emplace(member.key(), member.value());
}

json::object endpoint_json(const Endpoint& endpoint, const Device& device,
                           const json::storage_ptr& memory) {
    json::object object(memory);
    const bool described = endpoint.profile != 0;
    if (described)
        object["profId"] = endpoint.profile;
    object["epId"] = endpoint.id;
    if (described)
        object["devId"] = endpoint.device_id;
    object["inClusterList"] = numbers_json(endpoint.inputs, memory);
    object["outClusterList"] = numbers_json(endpoint.outputs, memory);
    auto unknown = object_of(endpoint.unknown_json, memory);
    json::object clusters(memory);
    if (auto* kept = unknown.if_contains("clusters"); kept && kept->is_object())
        clusters = std::move(kept->get_object());
    write_clusters(clusters, endpoint, device);
    object["clusters"] = std::move(clusters);
    json::array bindings(memory), reportings(memory);
    for (const auto& binding : endpoint.bindings)
        bindings.push_back(binding_json(binding, memory));
    for (const auto& item : endpoint.reportings)
        reportings.push_back(reporting_json(item, memory));
    object["binds"] = std::move(bindings);
    object["configuredReportings"] = std::move(reportings);
    object["meta"] = object_of(endpoint.meta_json, memory);
    append_unknown(object, unknown);
    return object;
}

template <class Field>
void set(json::object& object, std::string_view key, const std::optional<Field>& field) {
    if (field)
        object[key] = *field;
}

void write_endpoints(json::object& row, const Device& device) {
    const auto& memory = row.storage();
    json::array list(memory);
    json::object endpoints(memory);
    for (const auto& [id, endpoint] : device.endpoints) {
        list.emplace_back(id);
        endpoints[std::to_string(id)] = endpoint_json(endpoint, device, memory);
    }
    row["epList"] = std::move(list);
    row["endpoints"] = std::move(endpoints);
}

std::string_view stored_state(InterviewState state) noexcept {
    return to_string(state == InterviewState::in_progress ? InterviewState::pending : state);
}

}  // namespace

void append_row(std::string& out, const Device& device) {
    json::monotonic_resource arena;
    const json::storage_ptr memory(&arena);
    json::object row(memory);
    row["id"] = device.database_id;
    row["type"] = to_string(device.type);
    row["ieeeAddr"] = device.ieee.to_string();
    row["nwkAddr"] = device.address;
    set(row, "manufId", device.manufacturer);
    set(row, "manufName", device.manufacturer_name);
    set(row, "powerSource", device.power_source);
    set(row, "modelId", device.model_id);
    write_endpoints(row, device);
    set(row, "appVersion", device.application_version);
    set(row, "stackVersion", device.stack_version);
    set(row, "hwVersion", device.hardware_version);
    set(row, "dateCode", device.date_code);
    set(row, "swBuildId", device.software_build_id);
    set(row, "zclVersion", device.zcl_version);
    row["interviewCompleted"] = device.interview == InterviewState::successful;
    row["interviewState"] = stored_state(device.interview);
    row["meta"] = object_of(device.meta_json, memory);
    set(row, "lastSeen", device.last_seen);
    set(row, "checkinInterval", device.checkin_interval);
    if (device.green_power_key)
        row["gpSecurityKey"] =
            json::array(device.green_power_key->begin(), device.green_power_key->end(), memory);
    if (!device.scheduled_ota_json.empty())
        row["scheduledOta"] = object_of(device.scheduled_ota_json, memory);
    append_unknown(row, object_of(device.unknown_json, memory));
    store::append_json(out, row);
}

void append_row(std::string& out, const Group& group) {
    json::object row;
    row["id"] = group.database_id;
    row["type"] = "Group";
    row["groupID"] = group.id;
    json::array members;
    for (const auto& member : group.members)
        members.push_back(json::object{{"deviceIeeeAddr", member.ieee.to_string()},
                                       {"endpointID", member.endpoint}});
    row["members"] = std::move(members);
    row["meta"] = object_of(group.meta_json, {});
    append_unknown(row, object_of(group.unknown_json, {}));
    store::append_json(out, row);
}

std::string json_member(const std::string& object, std::string_view key) {
    const auto parsed = object_of(object, {});
    const auto* member = parsed.if_contains(key);
    return member ? store::compact_json(*member) : std::string();
}

Result<std::string> with_json_member(const std::string& object, std::string_view key,
                                     std::string_view value) {
    json::object changed;
    for (const auto& member : object_of(object, {}))
        if (member.key() != key || !value.empty())
            changed.emplace(member.key(), member.value());
    if (!value.empty()) {
        boost::system::error_code error;
        auto parsed = store::read_json(value, error);
        if (error)
            return Errc::malformed;
        changed[key] = std::move(parsed);
    }
    return store::compact_json(json::value(std::move(changed)));
}

}  // namespace waggle::network
