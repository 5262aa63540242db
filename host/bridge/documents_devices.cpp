#include <algorithm>
#include <vector>

#include <boost/json/value.hpp>

#include "bridge/documents.hpp"
#include "bridge/json_writer.hpp"
#include "bridge/scene_list.hpp"
#include "zigbee/clusters.hpp"

namespace json = boost::json;

namespace waggle::bridge {
namespace {

ManufacturerCode manufacturer_of(const Device& device) {
    return device.manufacturer.value_or(0);
}

void optional_text(JsonWriter& writer, std::string_view key,
                   const std::optional<std::string>& text) {
    if (text)
        writer.key(key).text(*text);
}

void write_scenes(JsonWriter& writer, const SceneList& scenes) {
    writer.key("scenes").begin_array();
    for (const auto& [id, name] : scenes)
        writer.begin_object().key("id").number(id).key("name").value(name).end_object();
    writer.end_array();
}

void write_bindings(JsonWriter& writer, Context& context, const Device& device,
                    const Endpoint& endpoint) {
    writer.key("bindings").begin_array();
    for (const auto& binding : endpoint.bindings) {
        const auto& target = binding.target;
        const bool is_there = target.group ? context.network.find_group(*target.group) != nullptr
                                           : context.network.find(target.ieee) != nullptr;
        if (!is_there)
            continue;
        writer.begin_object().key("cluster").text(
            zcl::cluster_name(binding.cluster, manufacturer_of(device)));
        writer.key("target").begin_object();
        if (target.group)
            writer.key("id").number(std::int64_t{*target.group}).key("type").text("group");
        else
            writer.key("endpoint")
                .number(std::int64_t{target.endpoint})
                .key("ieee_address")
                .text(target.ieee.to_string())
                .key("type")
                .text("endpoint");
        writer.end_object().end_object();
    }
    writer.end_array();
}

void write_clusters(JsonWriter& writer, const Device& device, const Endpoint& endpoint) {
    const auto names = [&](const char* key, const std::vector<ClusterId>& clusters) {
        writer.key(key).begin_array();
        for (const auto cluster : clusters)
            writer.text(zcl::cluster_name(cluster, manufacturer_of(device)));
        writer.end_array();
    };
    writer.key("clusters").begin_object();
    names("input", endpoint.inputs);
    names("output", endpoint.outputs);
    writer.end_object();
}

void write_attribute_name(JsonWriter& writer, const ConfiguredReporting& reporting,
                          ManufacturerCode manufacturer) {
    const auto code = reporting.manufacturer.value_or(0);
    const auto* cluster = zcl::find_cluster(reporting.cluster, code ? code : manufacturer);
    const auto* attribute = cluster ? cluster->attribute(reporting.attribute, code) : nullptr;
    if (attribute)
        writer.key("attribute").text(attribute->name);
    else
        writer.key("attribute").number(std::int64_t{reporting.attribute});
}

void write_reportings(JsonWriter& writer, const Device& device, const Endpoint& endpoint) {
    writer.key("configured_reportings").begin_array();
    for (const auto& reporting : endpoint.reportings) {
        const auto manufacturer = reporting.manufacturer.value_or(manufacturer_of(device));
        writer.begin_object();
        write_attribute_name(writer, reporting, manufacturer_of(device));
        writer.key("cluster")
            .text(zcl::cluster_name(reporting.cluster, manufacturer))
            .key("maximum_report_interval")
            .number(std::int64_t{reporting.maximum_interval})
            .key("minimum_report_interval")
            .number(std::int64_t{reporting.minimum_interval});
        if (reporting.reportable_change)
            writer.key("reportable_change").number(*reporting.reportable_change);
        writer.end_object();
    }
    writer.end_array();
}

void write_endpoint(JsonWriter& writer, Context& context, const Device& device,
                    const Endpoint& endpoint) {
    writer.begin_object();
    write_bindings(writer, context, device, endpoint);
    write_clusters(writer, device, endpoint);
    write_reportings(writer, device, endpoint);
    if (const auto name = context.engine.endpoint_name(device.ieee, endpoint.id); !name.empty())
        writer.key("name").text(name);
    write_scenes(writer, scenes_of(endpoint));
    writer.end_object();
}

void write_endpoints(JsonWriter& writer, Context& context, const Device& device) {
    std::vector<const Endpoint*> endpoints;
    for (const auto& [id, endpoint] : device.endpoints)
        endpoints.push_back(&endpoint);
    // Keys are sorted as text: 1, 11, 2.
    std::sort(endpoints.begin(), endpoints.end(), [](const Endpoint* a, const Endpoint* b) {
        return std::to_string(a->id) < std::to_string(b->id);
    });
    writer.key("endpoints").begin_object();
    for (const auto* endpoint : endpoints) {
        writer.key(std::to_string(endpoint->id));
        write_endpoint(writer, context, device, *endpoint);
    }
    writer.end_object();
}

void write_one(JsonWriter& writer, Context& context, const Device& device) {
    const bool is_coordinator = device.type == DeviceType::coordinator;
    const auto& options = context.engine.entities().options(engine::EntityId::of(device.ieee));
    const auto* description = options.all.if_contains("description");

    writer.begin_object();
    optional_text(writer, "date_code", device.date_code);
    if (const auto definition = context.engine.definition_json(device); !definition.is_null())
        writer.key("definition").value(definition);
    if (description && description->is_string())
        writer.key("description").text(description->get_string());
    writer.key("disabled").boolean(options.disabled);
    write_endpoints(writer, context, device);
    writer.key("friendly_name").text(is_coordinator ? "Coordinator" : options.name);
    writer.key("ieee_address").text(device.ieee.to_string());
    writer.key("interview_completed").boolean(device.interview == InterviewState::successful);
    writer.key("interview_state").text(to_string(device.interview));
    writer.key("interviewing").boolean(device.interview == InterviewState::in_progress);
    optional_text(writer, "manufacturer", device.manufacturer_name);
    optional_text(writer, "model_id", device.model_id);
    writer.key("network_address").number(std::int64_t{device.address});
    optional_text(writer, "power_source", device.power_source);
    optional_text(writer, "software_build_id", device.software_build_id);
    writer.key("supported").boolean(is_coordinator || context.engine.is_supported(device.ieee));
    writer.key("type").text(to_string(device.type));
    writer.end_object();
}

void write_group(JsonWriter& writer, Context& context, const Group& group) {
    const auto& options = context.engine.entities().options(engine::EntityId::of(group.id));
    const auto* description = options.all.if_contains("description");

    writer.begin_object();
    if (description && description->is_string())
        writer.key("description").text(description->get_string());
    writer.key("friendly_name").text(group.id == 901 ? "default_bind_group" : options.name);
    writer.key("id").number(std::int64_t{group.id});
    writer.key("members").begin_array();
    for (const auto& member : group.members)
        writer.begin_object()
            .key("endpoint")
            .number(std::int64_t{member.endpoint})
            .key("ieee_address")
            .text(member.ieee.to_string())
            .end_object();
    writer.end_array();
    write_scenes(writer, scenes_of(group, context.network));
    writer.end_object();
}

}  // namespace

void write_device(std::string& out, Context& context, const Device& device) {
    JsonWriter writer(out);
    write_one(writer, context, device);
}

void write_devices(std::string& out, Context& context) {
    JsonWriter writer(out);
    writer.begin_array();
    context.network.for_each_device([&](Device& device) { write_one(writer, context, device); });
    writer.end_array();
}

void write_groups(std::string& out, Context& context) {
    JsonWriter writer(out);
    writer.begin_array();
    context.network.for_each_group([&](Group& group) { write_group(writer, context, group); });
    writer.end_array();
}

}  // namespace waggle::bridge
