#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include "base/log.hpp"
#include "bridge/requests/requests.hpp"
#include "engine/binder.hpp"
#include "engine/zcl_json.hpp"
#include "store/json_text.hpp"

/// What a device reports, on a user's word: device/reporting/configure, device/reporting/read.

namespace json = boost::json;

namespace waggle::bridge {
namespace {

constexpr auto ns = "bridge";
constexpr std::size_t most_attributes = 24;  ///< one frame holds no more
constexpr auto to_host = zcl::Direction::client_to_server;

/// The endpoint and cluster that a request names.
struct Subject {
    Ieee device;
    EndpointId endpoint = 0;
    ManufacturerCode device_manufacturer = 0;
    std::span<const zcl::ClusterDefinition> custom;
};

Field<Subject> subject_of(Context& context, const Request& request) {
    const auto id = request.id();
    if (!id)
        return id.error();
    const auto entity = device_named(context, *id);
    if (!entity)
        return entity.error();
    auto* device = context.network.find(entity->ieee());
    const auto wanted = name_text(*request.find("endpoint")).value_or("");
    const auto* endpoint =
        device ? context.engine.find_endpoint(*device, wanted == "0" ? "" : wanted) : nullptr;
    if (!endpoint)
        return failure("Device '{}' does not have endpoint '{}'", entity->key(), wanted);
    Subject subject;
    subject.device = entity->ieee();
    subject.endpoint = endpoint->id;
    subject.device_manufacturer = device->manufacturer.value_or(0);
    subject.custom = device->custom_clusters;
    return subject;
}

/// A cluster with the manufacturer code that its frames carry. Has a constructor: it crosses
/// coroutines.
struct Cluster {
    Cluster() = default;

    engine::NamedCluster named;
    ManufacturerCode manufacturer = 0;

    std::string name() const {
        return named.definition ? std::string(named.definition->name) : std::to_string(named.id);
    }
};

Field<Cluster> cluster_named(const json::value& value, const Subject& subject,
                             ManufacturerCode manufacturer) {
    std::string problem;
    const auto owner = manufacturer != 0 ? manufacturer : subject.device_manufacturer;
    const auto found = engine::cluster_of(value, owner, problem, subject.custom);
    if (!found)
        return failure("Status 'UNSUPPORTED_CLUSTER' {}",
                       name_text(value).value_or(store::compact_json(value)));
    Cluster cluster;
    cluster.named = *found;
    cluster.manufacturer = manufacturer;
    if (manufacturer == 0 && found->definition)
        cluster.manufacturer = found->definition->manufacturer;
    return cluster;
}

/// What is to be reported, as far as the attribute says it: a name, a number that the tables have,
/// or {"ID", "type"} for any other.
std::optional<ConfiguredReporting> reported_attribute(const Cluster& cluster,
                                                      const json::value& value) {
    ConfiguredReporting item;
    item.cluster = cluster.named.id;
    auto manufacturer = cluster.manufacturer;
    if (const auto* object = value.if_object()) {
        const auto* id = object->if_contains("ID");
        const auto* type = object->if_contains("type");
        const auto number = id ? engine::number_of(*id, 0xFFFF) : std::nullopt;
        const auto type_number = type ? engine::number_of(*type, 0xFF) : std::nullopt;
        if (!number)
            return std::nullopt;
        item.attribute = static_cast<std::uint16_t>(*number);
        if (type_number)
            item.type = static_cast<zcl::DataType>(*type_number);
    } else {
        const auto found = engine::attribute_of(cluster.named, value, manufacturer);
        if (!found || !found->definition)
            return std::nullopt;
        item.attribute = found->id;
        if (found->definition->manufacturer != 0)
            manufacturer = found->definition->manufacturer;
    }
    if (manufacturer != 0)
        item.manufacturer = manufacturer;
    return item;
}

ManufacturerCode manufacturer_in(const json::value* value) {
    const auto code = value ? engine::number_of(*value, 0xFFFF) : std::nullopt;
    return static_cast<ManufacturerCode>(code.value_or(0));
}

// Configure

bool has_all(const Request& request, std::initializer_list<std::string_view> keys) {
    return request.is_object() &&
           std::ranges::all_of(keys, [&request](std::string_view key) { return request.has(key); });
}

/// Seconds; the attribute of a request must be a number, not the text of one.
Field<std::uint16_t> interval(const Request& request, std::string_view key) {
    const auto* value = request.find(key);
    if (!value || !value->is_number())
        return invalid_payload();
    const auto seconds = request.integer(key, 0, 0xFFFF);
    if (!seconds)
        return seconds.error();
    return static_cast<std::uint16_t>(*seconds);
}

struct Wanted {
    std::uint16_t minimum = 0, maximum = 0;
    std::optional<double> change;
};

Field<Wanted> wanted_of(const Request& request) {
    if (!has_all(request, {"id", "endpoint", "cluster", "attribute"}))
        return invalid_payload();
    const auto minimum = interval(request, "minimum_report_interval");
    if (!minimum)
        return minimum.error();
    const auto maximum = interval(request, "maximum_report_interval");
    if (!maximum)
        return maximum.error();
    Wanted wanted;
    wanted.minimum = *minimum;
    wanted.maximum = *maximum;
    const auto* change = request.find("reportable_change");
    if (change && !change->is_number())
        return invalid_payload();
    if (change)
        wanted.change = change->to_number<double>();
    return wanted;
}

zdo::BindTarget coordinator(Context& context) {
    zdo::BindTarget target;
    if (const auto* radio = context.network.coordinator())
        target.ieee = radio->ieee();
    const auto* device = context.network.find(target.ieee);
    target.endpoint =
        device && !device->endpoints.empty() ? device->endpoints.begin()->first : EndpointId{1};
    return target;
}

/// The one option that changes the frame's meaning; others only tuned zigbee2mqtt's own sending.
const json::value* code_option(const Request& request) {
    const auto* options = request.find("options");
    if (!options || !options->is_object())
        return nullptr;
    for (const auto& option : options->get_object())
        if (option.key() != "manufacturerCode")
            log::warning(ns, "reporting/configure: option '{}' has no effect",
                         std::string_view(option.key()));
    return options->get_object().if_contains("manufacturerCode");
}

json::object configured_answer(const Request& request) {
    json::object data;
    for (const auto* key : {"id", "endpoint", "cluster", "attribute", "minimum_report_interval",
                            "maximum_report_interval", "reportable_change"})
        if (const auto* value = request.find(key))
            data[key] = *value;
    return data;
}

// Read

/// Ids and directions that a request asks for. Names that nobody knows are passed over.
Field<zcl::Records> asked_records(const Request& request, const Cluster& cluster,
                                  std::optional<ManufacturerCode>& manufacturer) {
    const auto* list = request.find("configs")->if_array();
    if (!list || list->size() > most_attributes)
        return invalid_payload(
            fmt::format("'configs' must be a list of at most {} attributes", most_attributes));
    zcl::Records records;
    for (const auto& entry : *list) {
        const auto* object = entry.if_object();
        const auto* attribute = object ? object->if_contains("attribute") : nullptr;
        const auto item = attribute ? reported_attribute(cluster, *attribute) : std::nullopt;
        if (!item) {
            log::warning(ns, "Ignoring unknown attribute {} in cluster {}",
                         attribute ? store::compact_json(*attribute) : "", cluster.name());
            continue;
        }
        if (!records.empty() && manufacturer != item->manufacturer)
            return failure("Attributes of different manufacturers need requests of their own");
        manufacturer = item->manufacturer;
        const auto* direction = object->if_contains("direction");
        zcl::AttributeRecord record;
        record.id = item->attribute;
        if (direction && engine::number_of(*direction, 1) == 1u)
            record.reporting_direction = zcl::Direction::server_to_client;
        records.push_back(std::move(record));
    }
    if (records.empty())
        return failure("There is no attribute to ask for");
    return records;
}

json::value record_json(const zcl::AttributeRecord& record) {
    json::object entry;
    entry["status"] = static_cast<int>(record.status);
    entry["direction"] = static_cast<int>(record.reporting_direction);
    entry["attrId"] = record.id;
    if (record.status != zcl::Status::success)
        return entry;
    if (record.reporting_direction != to_host) {
        entry["timeout"] = record.timeout;
        return entry;
    }
    entry["dataType"] = static_cast<int>(record.value.type);
    entry["minRepIntval"] = record.minimum_interval;
    entry["maxRepIntval"] = record.maximum_interval;
    if (!std::holds_alternative<std::monostate>(record.value.data))
        entry["repChange"] = engine::to_json(record.value);
    return entry;
}

/// What the device said is what it does: remembered, or forgotten where it has nothing.
void remember(Endpoint& endpoint, ClusterId cluster, std::optional<ManufacturerCode> manufacturer,
              const zcl::AttributeRecord& record) {
    if (record.reporting_direction != to_host)
        return;
    const auto is_it = [&](const ConfiguredReporting& item) {
        return item.cluster == cluster && item.attribute == record.id &&
               (!manufacturer || manufacturer == item.manufacturer);
    };
    auto& list = endpoint.reportings;
    auto found = std::ranges::find_if(list, is_it);
    if (record.status != zcl::Status::success) {
        if (found != list.end())
            list.erase(found);
        return;
    }
    if (found == list.end()) {
        found = list.emplace(list.end());
        found->cluster = cluster;
        found->attribute = record.id;
        found->manufacturer = manufacturer;
    }
    found->minimum_interval = record.minimum_interval;
    found->maximum_interval = record.maximum_interval;
    found->reportable_change.reset();
    const auto change = engine::to_json(record.value);
    if (change.is_number())
        found->reportable_change = change.to_number<double>();
}

}  // namespace

/// {"id", "endpoint", "cluster", "attribute", "minimum_report_interval", "maximum_report_interval",
/// "reportable_change"?, "options": {"manufacturerCode"}?} -> the same without the options. The
/// cluster is bound to the coordinator too.
Awaitable<Reply> device_reporting_configure(Context& context, const Request& request) {
    const auto wanted = wanted_of(request);
    if (!wanted)
        co_return wanted.error();
    const auto subject = subject_of(context, request);
    if (!subject)
        co_return subject.error();
    const auto cluster =
        cluster_named(*request.find("cluster"), *subject, manufacturer_in(code_option(request)));
    if (!cluster)
        co_return cluster.error();

    const auto target = coordinator(context);
    const auto bound = co_await context.network.bind(subject->device, subject->endpoint,
                                                     cluster->named.id, target);
    if (!bound)
        co_return failure("Bind {}/{} {} from '{}/{}' failed ({})", subject->device.to_string(),
                          subject->endpoint, cluster->name(), target.ieee.to_string(),
                          target.endpoint, engine::error_text(bound.error()));
    auto item = reported_attribute(*cluster, *request.find("attribute"));
    if (!item)
        co_return failure("Invalid attribute '{}' for cluster '{}'",
                          name_text(*request.find("attribute"))
                              .value_or(store::compact_json(*request.find("attribute"))),
                          name_text(*request.find("cluster")).value_or(cluster->name()));
    item->minimum_interval = wanted->minimum;
    item->maximum_interval = wanted->maximum;
    item->reportable_change = wanted->change;
    std::vector<ConfiguredReporting> items{*item};
    const auto done = co_await context.network.configure_reporting(
        subject->device, subject->endpoint, std::move(items));
    if (!done)
        co_return failure("ZCL command {}/{} {}.configReport failed ({})",
                          subject->device.to_string(), subject->endpoint, cluster->name(),
                          engine::error_text(done.error()));
    context.announcer.changed(Document::devices);
    log::info(ns, "Configured reporting for '{}', '{}.{}'",
              context.engine.entities().name(engine::EntityId::of(subject->device)),
              cluster->name(), store::compact_json(*request.find("attribute")));
    co_return json::value(configured_answer(request));
}

/// {"id", "endpoint", "cluster", "configs": [{"attribute", "direction"?}], "manufacturer_code"?} ->
/// the same, `configs` being what the device says it reports
Awaitable<Reply> device_reporting_read(Context& context, const Request& request) {
    if (!has_all(request, {"id", "endpoint", "cluster", "configs"}))
        co_return invalid_payload();
    const auto subject = subject_of(context, request);
    if (!subject)
        co_return subject.error();
    const bool has_code = request.flag("manufacturer_code");
    const auto cluster =
        cluster_named(*request.find("cluster"), *subject,
                      manufacturer_in(has_code ? request.find("manufacturer_code") : nullptr));
    if (!cluster)
        co_return cluster.error();
    std::optional<ManufacturerCode> manufacturer;
    auto records = asked_records(request, *cluster, manufacturer);
    if (!records)
        co_return records.error();

    ZclRequest asked(subject->device, subject->endpoint,
                     zcl::write_attributes(cluster->named.id, std::move(*records), manufacturer,
                                           zcl::Global::read_reporting));
    const auto reply = co_await context.network.request(std::move(asked));
    if (!reply)
        co_return failure("ZCL command {}/{} {}.readReportConfig failed ({})",
                          subject->device.to_string(), subject->endpoint, cluster->name(),
                          engine::error_text(reply.error()));
    auto* device = context.network.find(subject->device);
    auto* endpoint = device ? device->endpoint(subject->endpoint) : nullptr;
    json::array configs;
    if (const auto* answers = reply->frame.records(); answers && endpoint) {
        for (const auto& record : *answers) {
            remember(*endpoint, cluster->named.id, manufacturer, record);
            configs.push_back(record_json(record));
        }
        context.network.changed(*device);
    }
    context.announcer.changed(Document::devices);
    json::object data;
    for (const auto* key : {"id", "endpoint", "cluster"})
        data[key] = *request.find(key);
    data["configs"] = std::move(configs);
    if (has_code)
        data["manufacturer_code"] = *request.find("manufacturer_code");
    co_return json::value(std::move(data));
}

}  // namespace waggle::bridge
