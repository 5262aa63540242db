#include <array>
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

/// Bindings on a user's word: device/bind, device/unbind, device/binds/clear.

namespace json = boost::json;

namespace waggle::bridge {
namespace {

constexpr auto ns = "bridge";
constexpr GroupId default_group = 901;
constexpr std::string_view default_group_name = "default_bind_group";
constexpr std::string_view default_endpoint = "default";
constexpr std::size_t most_clusters = 64;
constexpr std::size_t most_addresses = 16;  ///< one frame holds no more

/// What is tried when the user names no clusters.
constexpr std::array<std::string_view, 11> candidates = {
    "genScenes",
    "genOnOff",
    "genLevelCtrl",
    "lightingColorCtrl",
    "closuresWindowCovering",
    "hvacThermostat",
    "msIlluminanceMeasurement",
    "msTemperatureMeasurement",
    "msRelativeHumidity",
    "msSoilMoisture",
    "msCO2",
};

/// An endpoint as users write it; nothing, null, "" and 0 mean the default one.
Field<std::string> endpoint_text(const json::value* value) {
    if (!value || value->is_null())
        return std::string(default_endpoint);
    const auto text = name_text(*value);
    if (!text)
        return invalid_payload("an endpoint is a name or a number");
    return text->empty() || *text == "0" ? std::string(default_endpoint) : *text;
}

struct Work {
    engine::BindJob job;
    json::array clusters;  ///< as the user wrote them
};

/// The endpoint that is told whom to speak to.
store::Outcome<> find_source(Context& context, const Request& request, engine::BindJob& job) {
    const auto wanted = name_text(*request.find("from")).value_or("");
    const auto entity = context.engine.entities().resolve(wanted);
    auto* device = entity && entity->is_device() ? context.network.find(entity->ieee()) : nullptr;
    if (!device)
        return failure("Source device '{}' does not exist", wanted);
    job.source = entity->ieee();
    job.source_name = context.engine.entities().name(*entity);
    return {};
}

store::Outcome<> find_source_endpoint(Context& context, const Request& request,
                                      engine::BindJob& job) {
    const auto text = endpoint_text(request.find("from_endpoint"));
    if (!text)
        return text.error();
    auto* device = context.network.find(job.source);
    const auto* endpoint = device ? context.engine.find_endpoint(*device, *text) : nullptr;
    if (!endpoint)
        return failure("Source device '{}' does not have endpoint '{}'", job.source_name, *text);
    job.source_endpoint = endpoint->id;
    return {};
}

bool names_default_group(const json::value& to) {
    return to == json::value(default_group_name) || to == json::value(default_group);
}

/// Whom it is to speak to: a device, a group, or the group that nobody is in.
Field<engine::EntityId> find_target(Context& context, const Request& request,
                                    engine::BindJob& job) {
    const auto& to = *request.find("to");
    if (names_default_group(to)) {
        job.to_default_group = true;
        job.target_name = default_group_name;
        return engine::EntityId::of(default_group);
    }
    const auto wanted = name_text(to).value_or("");
    const auto entity = context.engine.entities().resolve(wanted);
    if (!entity)
        return failure("Target device or group '{}' does not exist", wanted);
    job.target_name = context.engine.entities().name(*entity);
    return *entity;
}

store::Outcome<> find_target_endpoint(Context& context, const Request& request,
                                      engine::EntityId target, engine::BindJob& job) {
    if (target.is_group()) {
        job.target.group = target.group();
        return {};
    }
    const auto text = endpoint_text(request.find("to_endpoint"));
    if (!text)
        return text.error();
    auto* device = context.network.find(target.ieee());
    const auto* endpoint = device ? context.engine.find_endpoint(*device, *text) : nullptr;
    if (!endpoint)
        return failure("Target device '{}' does not have endpoint '{}'", job.target_name, *text);
    job.target.ieee = target.ieee();
    job.target.endpoint = endpoint->id;
    return {};
}

store::Outcome<> find_clusters(Context& context, const Request& request, Work& work) {
    const auto* given = request.find("clusters");
    if (given && (!given->is_array() || given->get_array().size() > most_clusters))
        return invalid_payload(
            fmt::format("'clusters' must be a list of at most {} names", most_clusters));
    if (given)
        work.clusters = given->get_array();
    else
        for (const auto name : candidates)
            work.clusters.emplace_back(json::string(name));
    const auto* device = context.network.find(work.job.source);
    for (const auto& name : work.clusters) {
        std::string problem;
        const auto cluster = engine::cluster_of(
            name, device ? device->manufacturer.value_or(0) : 0, problem,
            device ? device->custom_clusters : std::span<const zcl::ClusterDefinition>());
        if (!cluster)
            return failure("Status 'UNSUPPORTED_CLUSTER' {}",
                           name_text(name).value_or(store::compact_json(name)));
        work.job.clusters.push_back(cluster->id);
    }
    return {};
}

Field<Work> work_of(Context& context, const Request& request, bool unbind) {
    if (!request.is_object() || !request.has("from") || !request.has("to"))
        return invalid_payload();
    Work work;
    auto& job = work.job;
    job.unbind = unbind;
    job.skip_disable_reporting = request.flag("skip_disable_reporting");
    if (const auto found = find_source(context, request, job); !found)
        return found.error();
    const auto target = find_target(context, request, job);
    if (!target)
        return target.error();
    if (const auto found = find_source_endpoint(context, request, job); !found)
        return found.error();
    if (const auto found = find_target_endpoint(context, request, *target, job); !found)
        return found.error();
    if (const auto found = find_clusters(context, request, work); !found)
        return found.error();
    return work;
}

json::object answer(const Request& request) {
    json::object data;
    data["from"] = *request.find("from");
    const auto* from_endpoint = request.find("from_endpoint");
    data["from_endpoint"] = from_endpoint ? *from_endpoint : json::value(default_endpoint);
    data["to"] = *request.find("to");
    if (const auto* to_endpoint = request.payload().get_object().if_contains("to_endpoint"))
        data["to_endpoint"] = *to_endpoint;
    return data;
}

Awaitable<Reply> change_bindings(Context& context, const Request& request, bool unbind) {
    auto work = work_of(context, request, unbind);
    if (!work)
        co_return work.error();
    const std::string_view verb = unbind ? "unbind" : "bind";
    const auto source = work->job.source_name, target = work->job.target_name;
    const auto results = co_await context.engine.binder().carry_out(std::move(work->job));

    json::array done, failed;
    for (std::size_t i = 0; i < results.size(); ++i)
        if (results[i] == engine::BindResult::done)
            done.push_back(work->clusters[i]);
        else if (results[i] == engine::BindResult::failed)
            failed.push_back(work->clusters[i]);
    if (done.empty() && failed.empty()) {
        log::error(ns, "Nothing to {} from '{}' to '{}'", verb, source, target);
        co_return failure("Nothing to {}", verb);
    }
    context.announcer.changed(Document::devices);
    if (done.empty())
        co_return failure("Failed to {}", verb);
    auto data = answer(request);
    data["clusters"] = std::move(done);
    data["failed"] = std::move(failed);
    co_return json::value(std::move(data));
}

/// The addresses of `ieee_list`, or the one that means all.
Field<std::vector<Ieee>> addresses_of(const Request& request) {
    constexpr Ieee all{~std::uint64_t{0}};
    const auto* given = request.find("ieee_list");
    if (!given)
        return std::vector<Ieee>{all};
    const auto* list = given->if_array();
    if (!list || list->empty() || list->size() > most_addresses)
        return invalid_payload(
            fmt::format("'ieee_list' must be a list of 1 to {} addresses", most_addresses));
    std::vector<Ieee> addresses;
    for (const auto& item : *list) {
        const auto* text = item.if_string();
        const auto ieee = text ? Ieee::parse(*text) : std::nullopt;
        if (!ieee)
            return invalid_payload(fmt::format("{} is no IEEE address", store::compact_json(item)));
        addresses.push_back(*ieee);
    }
    return addresses;
}

}  // namespace

/// {"from", "from_endpoint"?, "to", "to_endpoint"?, "clusters"?} -> the same, with the clusters that
/// were bound and those that `failed`. What fits one side only is passed over.
Awaitable<Reply> device_bind(Context& context, const Request& request) {
    return change_bindings(context, request, false);
}

/// The same, and "skip_disable_reporting"?: what the target reports to the host stays configured
Awaitable<Reply> device_unbind(Context& context, const Request& request) {
    return change_bindings(context, request, true);
}

/// {"target", "ieee_list"?} -> the same: the device forgets its bindings (with these addresses)
Awaitable<Reply> device_binds_clear(Context& context, const Request& request) {
    const auto* target = request.find("target");
    if (!target || !target->is_string())
        co_return invalid_payload();
    const auto entity = context.engine.entities().resolve(target->get_string());
    if (!entity || !entity->is_device())
        co_return failure("Invalid target");
    auto addresses = addresses_of(request);
    if (!addresses)
        co_return addresses.error();
    const auto cleared =
        co_await context.network.clear_bindings(entity->ieee(), std::move(*addresses));
    if (!cleared)
        co_return failure("Failed to clear bindings ({})", engine::error_text(cleared.error()));
    context.announcer.changed(Document::devices);
    json::object data;
    data["target"] = *target;
    const auto* list = request.find("ieee_list");
    data["ieee_list"] = list ? *list : json::value(json::array{"0xffffffffffffffff"});
    co_return json::value(std::move(data));
}

}  // namespace waggle::bridge
