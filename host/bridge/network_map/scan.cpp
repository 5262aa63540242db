#include "bridge/network_map/scan.hpp"

#include <algorithm>
#include <chrono>
#include <map>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include "base/log.hpp"

namespace json = boost::json;

namespace waggle::bridge::network_map {
namespace {

using namespace std::chrono_literals;
constexpr auto ns = "bridge";
constexpr auto pause_between_devices = 1s;
constexpr auto pause_before_retry = 5s;
constexpr std::uint8_t last_active_relationship = 3;

/// What one device told.
struct Tables {
    std::optional<std::vector<zdo::Neighbor>> neighbors;
    std::vector<zdo::Route> routes;
    bool routes_failed = false;
};
using AllTables = std::map<Ieee, Tables>;

bool is_disabled(Context& context, const Device& device) {
    return context.engine.entities().options(engine::EntityId::of(device.ieee)).disabled;
}

std::vector<Ieee> devices_to_ask(Context& context) {
    std::vector<Ieee> devices;
    context.network.for_each_device([&](Device& device) {
        if (device.type != DeviceType::green_power && device.type != DeviceType::end_device &&
            !is_disabled(context, device))
            devices.push_back(device.ieee);
    });
    return devices;
}

/// Twice at most: the network may have been busy.
template <class Table>
Awaitable<Result<Table>> ask(Network& network, Ieee device,
                             Awaitable<Result<Table>> (Network::*table)(Ieee)) {
    auto first = co_await (network.*table)(device);
    if (first || first.error() == Errc::cancelled)
        co_return first;
    const auto slept = co_await sleep_for(pause_before_retry);
    if (!slept)
        co_return slept.error();
    auto second = co_await (network.*table)(device);
    co_return second;
}

Awaitable<Result<Tables>> tables_of(Context& context, Ieee device, bool routes) {
    const std::string name = context.engine.entities().name(engine::EntityId::of(device));
    Tables tables;
    auto neighbors = co_await ask(context.network, device, &Network::neighbors);
    if (!neighbors && neighbors.error() == Errc::cancelled)
        co_return neighbors.error();
    if (neighbors)
        tables.neighbors = std::move(*neighbors);
    else
        log::error(ns, "Failed to execute LQI for '{}': {}", name, neighbors.error().message());
    if (!routes)
        co_return tables;
    auto known = co_await ask(context.network, device, &Network::routes);
    if (!known && known.error() == Errc::cancelled)
        co_return known.error();
    tables.routes_failed = !known;
    if (known)
        tables.routes = std::move(*known);
    else
        log::error(ns, "Failed to execute routing table for '{}': {}", name,
                   known.error().message());
    co_return tables;
}

std::string text_in(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

/// "temperature", or "light (state, brightness)" of what has features instead of a name.
std::string exposed_name(const json::object& expose) {
    if (expose.contains("name"))
        return text_in(expose, "name");
    std::string features;
    if (const auto* list = expose.if_contains("features"); list && list->is_array())
        for (const auto& feature : list->get_array())
            if (const auto* object = feature.if_object())
                features += (features.empty() ? "" : ", ") + text_in(*object, "name");
    return fmt::format("{} ({})", text_in(expose, "type"), features);
}

std::string supports(const json::object& definition) {
    std::vector<std::string> names;
    if (const auto* exposes = definition.if_contains("exposes"); exposes && exposes->is_array())
        for (const auto& expose : exposes->get_array())
            if (const auto* object = expose.if_object()) {
                auto name = exposed_name(*object);
                if (std::ranges::find(names, name) == names.end())
                    names.push_back(std::move(name));
            }
    return fmt::format("{}", fmt::join(names, ", "));
}

std::optional<NodeDefinition> definition_of(Context& context, const Device& device) {
    const auto definition = context.engine.definition_json(device);
    const auto* object = definition.if_object();
    if (!object)
        return std::nullopt;
    return NodeDefinition{text_in(*object, "model"), text_in(*object, "vendor"),
                          text_in(*object, "description"), supports(*object)};
}

std::vector<Node> nodes(Context& context, const AllTables& all) {
    std::vector<Node> list;
    context.network.for_each_device([&](Device& device) {
        if (device.type == DeviceType::green_power || is_disabled(context, device))
            return;
        Node node;
        node.ieee = device.ieee;
        node.name = context.engine.entities().name(engine::EntityId::of(device.ieee));
        node.type = device.type;
        node.address = device.address;
        node.manufacturer_name = device.manufacturer_name;
        node.model_id = device.model_id;
        node.last_seen = device.last_seen;
        node.definition = definition_of(context, device);
        if (const auto tables = all.find(device.ieee); tables != all.end()) {
            node.asked = true;
            node.lqi_failed = !tables->second.neighbors;
            node.routes_failed = tables->second.routes_failed;
        }
        list.push_back(std::move(node));
    });
    return list;
}

void add_links(Context& context, Ieee ieee, const Tables& tables, std::vector<Link>& links) {
    const auto* device = context.network.find(ieee);
    if (!device || !tables.neighbors)
        return;
    for (const auto& neighbor : *tables.neighbors) {
        if (neighbor.relationship > last_active_relationship)
            continue;
        Link link;
        link.source = neighbor;
        // Some devices give no address of their neighbours but the short one.
        const auto* known =
            neighbor.ieee == Ieee() ? context.network.find(neighbor.address) : nullptr;
        if (known)
            link.source.ieee = known->ieee;
        link.target = ieee;
        link.target_address = device->address;
        std::ranges::copy_if(tables.routes, std::back_inserter(link.routes),
                             [&](const auto& route) { return route.next_hop == neighbor.address; });
        links.push_back(std::move(link));
    }
}

}  // namespace

Awaitable<Result<Topology>> scan(Context& context, bool routes) {
    log::info(ns, "Starting network scan (includeRoutes '{}')", routes);
    AllTables all;
    const auto devices = devices_to_ask(context);
    for (const auto ieee : devices) {
        const auto slept = co_await sleep_for(pause_between_devices);
        if (!slept)
            co_return slept.error();
        if (!context.network.find(ieee))
            continue;  // it has left meanwhile
        auto tables = co_await tables_of(context, ieee, routes);
        if (!tables)
            co_return tables.error();
        all.emplace(ieee, std::move(*tables));
    }
    log::info(ns, "Network scan finished");
    Topology topology;
    topology.nodes = nodes(context, all);
    for (const auto ieee : devices)
        if (const auto tables = all.find(ieee); tables != all.end())
            add_links(context, ieee, tables->second, topology.links);
    co_return topology;
}

}  // namespace waggle::bridge::network_map
