#include "network/device_commands.hpp"

#include <algorithm>

#include "network/attribute_access.hpp"
#include "network/request_queue.hpp"

namespace waggle::network {

namespace {

constexpr std::uint16_t checkin_interval = 0x0000;
constexpr ClusterId poll_control_cluster = 0x0020;
constexpr std::int64_t quarters_per_second = 4;
constexpr std::uint8_t zone_id = 23;
constexpr Ieee every_device{~std::uint64_t{0}};
constexpr std::size_t table_limit = 256;  ///< entries of a management table; its index is an octet
constexpr std::uint16_t no_reports = 0xFFFF;

StoredBinding stored(const zdo::Binding& binding) {
    return {binding.cluster, binding.target};
}

bool has_binding(Core& core, const zdo::Binding& binding) {
    const auto* device = core.devices.find(binding.source);
    const auto* endpoint = device ? device->endpoint(binding.source_endpoint) : nullptr;
    return endpoint && std::find(endpoint->bindings.begin(), endpoint->bindings.end(),
                                 stored(binding)) != endpoint->bindings.end();
}

zcl::Parameter parameter(std::string_view name, zcl::Value value) {
    return {name, std::move(value)};
}

/// The items of one frame have their cluster and manufacturer code in common.
bool same_frame(const ConfiguredReporting& a, const ConfiguredReporting& b) noexcept {
    return a.cluster == b.cluster && a.manufacturer == b.manufacturer;
}

Result<zcl::AttributeRecord> reporting_record(const ConfiguredReporting& item) {
    const auto manufacturer = item.manufacturer.value_or(0);
    const auto* cluster = zcl::find_cluster(item.cluster, manufacturer);
    const auto* attribute = cluster ? cluster->attribute(item.attribute, manufacturer) : nullptr;
    if (!attribute && !item.type)
        return Errc::invalid_value;
    zcl::AttributeRecord record;
    record.id = item.attribute;
    record.minimum_interval = item.minimum_interval;
    record.maximum_interval = item.maximum_interval;
    const auto type = item.type ? *item.type : attribute->type;
    const auto change = item.reportable_change.value_or(0);
    record.value.type = type;
    const bool is_float = type >= zcl::DataType::semi_float && type <= zcl::DataType::double_float;
    if (is_float)
        record.value.data = change;
    else if (change >= 0)
        record.value.data = static_cast<std::uint64_t>(change);
    else
        return Errc::invalid_value;
    return record;
}

/// Pages of a management table until it is whole; `read` parses one.
template <class Entry, class Read>
Awaitable<Result<std::vector<Entry>>> whole_table(Messenger& messenger, Ieee device,
                                                  zdo::Cluster cluster, Read read) {
    std::vector<Entry> table;
    for (;;) {
        auto payload = zdo::mgmt_table_req(static_cast<std::uint8_t>(table.size()));
        const auto response = co_await messenger.zdo(device, cluster, std::move(payload));
        if (!response)
            co_return response.error();
        auto page = read(*response);
        if (!page)
            co_return page.error();
        std::move(page->entries.begin(), page->entries.end(), std::back_inserter(table));
        if (table.size() >= page->total || page->entries.empty() || table.size() >= table_limit)
            co_return table;
    }
}

}  // namespace

void DeviceCommands::changed(Device& device) {
    core_->database.changed();
    core_->events.device_changed(device);
}

Group& DeviceCommands::group(GroupId id) {
    if (auto* known = core_->groups.find(id))
        return *known;
    auto made = std::make_unique<Group>();
    made->database_id = core_->database.new_id();
    made->id = id;
    auto& added = core_->groups.add(std::move(made));
    core_->database.row_added(added.database_id);
    core_->events.groups_changed();
    return added;
}

Awaitable<Result<void>> DeviceCommands::change_binding(zdo::Cluster cluster, Ieee device,
                                                       zdo::Binding binding) {
    auto payload = zdo::bind_req(binding);
    const auto response = co_await messenger_->zdo(device, cluster, std::move(payload));
    if (!response)
        co_return response.error();
    co_return zdo::read_status(*response);
}

Awaitable<Result<void>> DeviceCommands::bind(Ieee ieee, EndpointId source, ClusterId cluster,
                                             zdo::BindTarget target) {
    if (target.group)
        group(*target.group);
    const zdo::Binding binding{ieee, source, cluster, target};
    const auto bound = co_await change_binding(zdo::Cluster::bind_req, ieee, binding);
    if (!bound)
        co_return bound;
    auto* device = core_->devices.find(ieee);
    auto* endpoint = device ? device->endpoint(source) : nullptr;
    if (!endpoint)
        co_return Errc::not_found;
    auto& known = endpoint->bindings;
    if (std::find(known.begin(), known.end(), stored(binding)) == known.end()) {
        known.push_back(stored(binding));
        changed(*device);
    }
    co_return Result<void>{};
}

Awaitable<Result<void>> DeviceCommands::bind_to_coordinator(Ieee device, EndpointId source,
                                                            ClusterId cluster) {
    zdo::BindTarget target;
    target.ieee = core_->radio->ieee();
    target.endpoint = 1;
    const auto* coordinator = core_->devices.find(target.ieee);
    if (coordinator && !coordinator->endpoints.empty())
        target.endpoint = coordinator->endpoints.begin()->first;
    co_return co_await bind(device, source, cluster, target);
}

Awaitable<Result<void>> DeviceCommands::unbind(Ieee ieee, EndpointId source, ClusterId cluster,
                                               zdo::BindTarget target) {
    const zdo::Binding binding{ieee, source, cluster, target};
    if (!has_binding(*core_, binding))
        co_return Result<void>{};
    const auto unbound = co_await change_binding(zdo::Cluster::unbind_req, ieee, binding);
    if (!unbound && unbound.error() != make_error_code(zdo::Status::no_entry))
        co_return unbound;
    auto* device = core_->devices.find(ieee);
    auto* endpoint = device ? device->endpoint(source) : nullptr;
    if (endpoint && std::erase(endpoint->bindings, stored(binding)) != 0)
        changed(*device);
    co_return Result<void>{};
}

Awaitable<Result<void>> DeviceCommands::clear_bindings(Ieee ieee, std::vector<Ieee> targets) {
    auto payload = zdo::clear_all_bindings_req(targets);
    const auto response =
        co_await messenger_->zdo(ieee, zdo::Cluster::clear_all_bindings_req, std::move(payload));
    if (!response)
        co_return response.error();
    if (const auto status = zdo::read_status(*response); !status)
        co_return status;
    auto* device = core_->devices.find(ieee);
    if (!device)
        co_return Errc::not_found;
    const bool all = targets.size() == 1 && targets.front() == every_device;
    if (all || std::find(targets.begin(), targets.end(), ieee) != targets.end()) {
        for (auto& [id, endpoint] : device->endpoints)
            endpoint.bindings.clear();
        changed(*device);
    }
    co_return Result<void>{};
}

Awaitable<Result<void>> DeviceCommands::configure_reporting(
    Ieee ieee, EndpointId endpoint_id, std::vector<ConfiguredReporting> items) {
    while (!items.empty()) {
        const auto first = items.front();
        const auto rest = std::stable_partition(
            items.begin(), items.end(), [&](const auto& item) { return same_frame(item, first); });
        const std::vector<ConfiguredReporting> now(items.begin(), rest);
        items.erase(items.begin(), rest);

        zcl::Records records;
        for (const auto& item : now) {
            auto record = reporting_record(item);
            if (!record)
                co_return record.error();
            records.push_back(std::move(*record));
        }
        ZclRequest request(
            ieee, endpoint_id,
            zcl::configure_reporting(first.cluster, std::move(records), first.manufacturer));
        const auto reply = co_await queue_->submit(std::move(request));
        if (!reply)
            co_return reply.error();
        if (const auto status = first_failure(*reply); status != zcl::Status::success)
            co_return make_error_code(status);

        auto* device = core_->devices.find(ieee);
        auto* endpoint = device ? device->endpoint(endpoint_id) : nullptr;
        if (!endpoint)
            co_return Errc::not_found;
        for (const auto& item : now) {
            std::erase_if(endpoint->reportings, [&](const auto& old) {
                return same_frame(old, item) && old.attribute == item.attribute;
            });
            if (item.maximum_interval == no_reports)
                continue;
            endpoint->reportings.push_back(item);
            endpoint->reportings.back().type.reset();
        }
        changed(*device);
    }
    co_return Result<void>{};
}

Awaitable<Result<void>> DeviceCommands::group_command(Ieee device, EndpointId endpoint,
                                                      std::string_view command,
                                                      zcl::Parameters parameters,
                                                      zcl::Status also_fine) {
    auto frame = named_command("genGroups", command, std::move(parameters));
    if (!frame)
        co_return frame.error();
    ZclRequest request(device, endpoint, std::move(*frame));
    const auto reply = co_await queue_->submit(std::move(request));
    if (!reply)
        co_return reply.error();
    const auto* status = reply->frame.parameter("status");
    const auto number = status ? status->integer() : std::nullopt;
    if (!number || *number == 0 || *number == static_cast<std::int64_t>(also_fine))
        co_return Result<void>{};
    co_return make_error_code(static_cast<zcl::Status>(*number));
}

Awaitable<Result<void>> DeviceCommands::add_to_group(Ieee device, EndpointId endpoint, GroupId id) {
    zcl::Parameters parameters;
    parameters.push_back(parameter("groupid", zcl::make_unsigned(zcl::DataType::uint16, id)));
    parameters.push_back(parameter("groupname", zcl::make_text("")));
    const auto added = co_await group_command(device, endpoint, "add", std::move(parameters),
                                              zcl::Status::duplicate_exists);
    if (!added)
        co_return added;
    if (core_->groups.add_member(group(id), {device, endpoint})) {
        core_->database.changed();
        core_->events.groups_changed();
    }
    co_return Result<void>{};
}

Awaitable<Result<void>> DeviceCommands::remove_from_group(Ieee device, EndpointId endpoint,
                                                          GroupId id) {
    zcl::Parameters parameters;
    parameters.push_back(parameter("groupid", zcl::make_unsigned(zcl::DataType::uint16, id)));
    const auto removed = co_await group_command(device, endpoint, "remove", std::move(parameters),
                                                zcl::Status::not_found);
    if (!removed)
        co_return removed;
    auto* known = core_->groups.find(id);
    if (known && core_->groups.remove_member(*known, {device, endpoint})) {
        core_->database.changed();
        core_->events.groups_changed();
    }
    co_return Result<void>{};
}

Awaitable<Result<void>> DeviceCommands::remove_from_all_groups(Ieee device, EndpointId endpoint) {
    auto frame = named_command("genGroups", "removeAll", {});
    if (!frame)
        co_return frame.error();
    frame->header.disable_default_response = true;
    ZclRequest request(device, endpoint, std::move(*frame));
    const auto sent = co_await queue_->submit(std::move(request));
    if (!sent)
        co_return sent.error();
    if (core_->groups.remove_from_all({device, endpoint})) {
        core_->database.changed();
        core_->events.groups_changed();
    }
    co_return Result<void>{};
}

Awaitable<Result<std::vector<zdo::Neighbor>>> DeviceCommands::neighbors(Ieee device) {
    co_return co_await whole_table<zdo::Neighbor>(*messenger_, device, zdo::Cluster::mgmt_lqi_req,
                                                  zdo::read_mgmt_lqi_rsp);
}

Awaitable<Result<std::vector<zdo::Route>>> DeviceCommands::routes(Ieee device) {
    co_return co_await whole_table<zdo::Route>(*messenger_, device, zdo::Cluster::mgmt_rtg_req,
                                               zdo::read_mgmt_rtg_rsp);
}

Awaitable<Result<void>> DeviceCommands::read_checkin_interval(Ieee ieee, EndpointId endpoint) {
    std::vector<std::uint16_t> attributes = {checkin_interval};
    const auto read =
        co_await read_now(*messenger_, ieee, endpoint, poll_control_cluster, std::move(attributes));
    if (!read)
        co_return read.error();
    const auto* value = value_in(*read, checkin_interval);
    const auto quarters = value ? value->integer() : std::nullopt;
    auto* device = core_->devices.find(ieee);
    if (!device || !quarters)
        co_return device ? Errc::invalid_value : Errc::not_found;
    device->checkin_interval = *quarters / quarters_per_second;
    device->pending_request_timeout = std::chrono::seconds(*device->checkin_interval);
    core_->database.changed();
    co_return Result<void>{};
}

Awaitable<Result<void>> DeviceCommands::send_enrol_response(Ieee device, EndpointId endpoint,
                                                            std::optional<std::uint8_t> sequence) {
    zcl::Parameters parameters;
    parameters.push_back(parameter("enrollrspcode", zcl::make_unsigned(zcl::DataType::enum8, 0)));
    parameters.push_back(parameter("zoneid", zcl::make_unsigned(zcl::DataType::uint8, zone_id)));
    auto frame = named_command("ssIasZone", "enrollRsp", std::move(parameters));
    if (!frame)
        co_return frame.error();
    frame->header.disable_default_response = true;
    ZclRequest request(device, endpoint, std::move(*frame));
    request.sequence = sequence;
    const auto sent = co_await messenger_->deliver(std::move(request));
    if (!sent)
        co_return sent.error();
    co_return Result<void>{};
}

}  // namespace waggle::network
