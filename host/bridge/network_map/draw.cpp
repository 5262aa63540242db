#include "bridge/network_map/draw.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include <boost/json/array.hpp>
#include <fmt/format.h>

namespace json = boost::json;

namespace waggle::bridge::network_map {
namespace {

constexpr std::array<std::string_view, 8> route_statuses = {
    "ACTIVE",    "DISCOVERY_UNDERWAY", "DISCOVERY_FAILED", "INACTIVE", "VALIDATION_UNDERWAY",
    "RESERVED1", "RESERVED2",          "RESERVED3"};

std::string hex_address(NwkAddress address) {
    return fmt::format("{:#06x}", address);
}

std::vector<std::string_view> failures(const Node& node) {
    std::vector<std::string_view> list;
    if (node.lqi_failed)
        list.emplace_back("lqi");
    if (node.routes_failed)
        list.emplace_back("routingTable");
    return list;
}

/// The address line of a drawn node.
std::string address_line(const Node& node, std::string_view before_failures) {
    auto text = fmt::format("{} ({})", node.ieee.to_string(), hex_address(node.address));
    if (const auto failed = failures(node); !failed.empty())
        text += fmt::format("{}failed: {}", before_failures, fmt::join(failed, ","));
    return text;
}

std::string definition_line(const Node& node) {
    static const NodeDefinition unknown{"undefined", "undefined", "undefined", ""};
    const auto& known = node.definition ? *node.definition : unknown;
    return fmt::format("{} {} ({})", known.vendor, known.description, known.model);
}

std::string seen_line(const Node& node, std::int64_t now_ms) {
    if (node.type == DeviceType::coordinator)
        return ago(0);
    return node.last_seen ? ago(now_ms - *node.last_seen) : "unknown";
}

// raw

json::object raw_node(const Node& node) {
    json::object out;
    out["ieeeAddr"] = node.ieee.to_string();
    out["friendlyName"] = node.name;
    out["type"] = to_string(node.type);
    out["networkAddress"] = node.address;
    if (node.manufacturer_name)
        out["manufacturerName"] = *node.manufacturer_name;
    if (node.model_id)
        out["modelID"] = *node.model_id;
    if (node.asked) {
        json::array failed;
        for (const auto name : failures(node))
            failed.emplace_back(name);
        out["failed"] = std::move(failed);
    }
    if (node.last_seen)
        out["lastSeen"] = *node.last_seen;
    if (const auto& known = node.definition)
        out["definition"] = json::object({{"model", known->model},
                                          {"vendor", known->vendor},
                                          {"description", known->description},
                                          {"supports", known->supports}});
    return out;
}

json::object raw_route(const zdo::Route& route) {
    return {{"destinationAddress", route.destination},
            {"status", route_statuses[route.status & 0x07]},
            {"memoryConstrained", route.memory_constrained ? 1 : 0},
            {"manyToOne", route.many_to_one ? 1 : 0},
            {"routeRecordRequired", route.route_record_required ? 1 : 0},
            {"reserved1", route.reserved},
            {"nextHopAddress", route.next_hop}};
}

json::object raw_link(const Link& link) {
    const auto& from = link.source;
    const auto source = from.ieee.to_string(), target = link.target.to_string();
    json::array routes;
    for (const auto& route : link.routes)
        routes.push_back(raw_route(route));
    json::object out;
    out["source"] = json::object({{"ieeeAddr", source}, {"networkAddress", from.address}});
    out["target"] = json::object({{"ieeeAddr", target}, {"networkAddress", link.target_address}});
    out["deviceType"] = from.device_type;
    out["rxOnWhenIdle"] = from.rx_on_when_idle;
    out["relationship"] = from.relationship;
    out["permitJoining"] = from.permit_joining;
    out["depth"] = from.depth;
    out["lqi"] = from.lqi;
    out["routes"] = std::move(routes);
    // Older clients read these.
    out["sourceIeeeAddr"] = source;
    out["targetIeeeAddr"] = target;
    out["sourceNwkAddr"] = from.address;
    out["linkquality"] = from.lqi;
    return out;
}

// graphviz

std::string color(const json::object& colors, std::string_view part, std::string_view of) {
    const auto* section = colors.if_contains(part);
    const auto* object = section ? section->if_object() : nullptr;
    const auto* value = object ? object->if_contains(of) : nullptr;
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::string node_style(DeviceType type, const json::object& colors) {
    std::string_view shape = "rounded, dashed, filled", kind = "enddevice";
    if (type == DeviceType::coordinator) {
        shape = "bold, filled";
        kind = "coordinator";
    } else if (type == DeviceType::router) {
        shape = "rounded, filled";
        kind = "router";
    }
    return fmt::format(R"(style="{}", fillcolor="{}", fontcolor="{}")", shape,
                       color(colors, "fill", kind), color(colors, "font", kind));
}

/// Quotes and backslashes would end the label; a NUL is no text.
void append_label(std::string& out, std::string_view text) {
    for (const char c : text) {
        if (c == '\0')
            continue;
        if (c == '\\' || c == '"')
            out += '\\';
        out += c;
    }
}

void append_edge(std::string& out, const Node& node, const Link& link, const json::object& colors) {
    const bool in_use = !link.routes.empty();
    std::string_view width = in_use ? "2" : "0.5";
    if (node.type == DeviceType::end_device)
        width = "1";
    auto label = std::to_string(link.source.lqi);
    if (in_use) {
        std::vector<std::string> destinations;
        for (const auto& route : link.routes)
            destinations.push_back(hex_address(route.destination));
        label += fmt::format(" (routes: {})", fmt::join(destinations, ","));
    }
    out += fmt::format(R"(  "{}" -> "{}" [penwidth={}, weight={}, color="{}", label="{}"])"
                       "\n",
                       node.ieee.to_string(), link.target.to_string(), width, in_use ? 1 : 0,
                       color(colors, "line", in_use ? "active" : "inactive"), label);
}

void append_node(std::string& out, const Node& node, const json::object& colors,
                 std::int64_t now_ms) {
    out += fmt::format(R"(  "{}" [{}, label="{{)", node.ieee.to_string(),
                       node_style(node.type, colors));
    append_label(out, node.name);
    out += '|' + address_line(node, "");
    if (node.type != DeviceType::coordinator) {
        out += '|';
        append_label(out, definition_line(node));
    }
    out += '|' + seen_line(node, now_ms) + "}\"];\n";
}

// Durations and order

struct Unit {
    std::int64_t milliseconds;
    std::string_view name;
};
constexpr std::array<Unit, 7> units = {{{31'557'600'000, "year"},
                                        {2'629'800'000, "month"},
                                        {604'800'000, "week"},
                                        {86'400'000, "day"},
                                        {3'600'000, "hour"},
                                        {60'000, "minute"},
                                        {1000, "second"}}};
using Counts = std::array<std::int64_t, units.size()>;

/// The whole units; from the second that is not zero on (or in seconds) the rest is rounded. Sixty
/// seconds are a minute again.
Counts rounded_counts(std::int64_t left) {
    Counts counts{};
    std::size_t last = 0;
    int seen = 0;
    for (std::size_t i = 0; i < units.size(); ++i) {
        const auto unit = units[i].milliseconds;
        last = i;
        if (left >= unit)
            ++seen;
        if (seen == 2 || i + 1 == units.size()) {
            counts[i] = (left + unit / 2) / unit;
            break;
        }
        counts[i] = left / unit;
        left %= unit;
    }
    for (; last > 0; --last) {
        const auto more = counts[last] * units[last].milliseconds / units[last - 1].milliseconds;
        if (more == 0)
            break;
        counts[last - 1] += more;
        counts[last] = 0;
    }
    return counts;
}

/// Blanks and signs, then digits, then letters.
int rank(char c) {
    const auto octet = static_cast<unsigned char>(c);
    if (std::isdigit(octet))
        return 0x100 + octet;
    if (std::isalpha(octet) || octet >= 0x80)
        return 0x200 + std::tolower(octet);
    constexpr std::string_view signs = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$";
    const auto at = signs.find(c);
    return at == std::string_view::npos ? 0 : 1 + static_cast<int>(at);
}

}  // namespace

json::object raw(const Topology& topology) {
    json::array nodes, links;
    for (const auto& node : topology.nodes)
        nodes.push_back(raw_node(node));
    for (const auto& link : topology.links)
        links.push_back(raw_link(link));
    json::object out;
    out["nodes"] = std::move(nodes);
    out["links"] = std::move(links);
    return out;
}

std::string graphviz(const Topology& topology, const json::object& colors, std::int64_t now_ms) {
    std::string out = "digraph G {\nnode[shape=record];\n";
    for (const auto& node : topology.nodes) {
        append_node(out, node, colors, now_ms);
        for (const auto& link : topology.links)
            if (link.source.ieee == node.ieee)
                append_edge(out, node, link, colors);
    }
    return out + "}";
}

std::string plantuml(const Topology& topology, std::int64_t now_ms) {
    std::vector<const Node*> nodes;
    for (const auto& node : topology.nodes)
        nodes.push_back(&node);
    std::stable_sort(nodes.begin(), nodes.end(),
                     [](const Node* a, const Node* b) { return reads_before(a->name, b->name); });
    std::string out = "' paste into: https://www.planttext.com/\n\n@startuml\n";
    for (const auto* node : nodes) {
        out += fmt::format("card {} [\n{}\n---\n{}\n", node->ieee.to_string(), node->name,
                           address_line(*node, " "));
        if (node->type != DeviceType::coordinator)
            out += fmt::format("---\n{}\n", definition_line(*node));
        out += fmt::format("---\n{}\n]\n\n", seen_line(*node, now_ms));
    }
    for (const auto& link : topology.links)
        out += fmt::format("{} --> {}: {}\n", link.source.ieee.to_string(), link.target.to_string(),
                           link.source.lqi);
    return out + "\n@enduml";
}

std::string ago(std::int64_t milliseconds) {
    const auto counts = rounded_counts(std::abs(milliseconds));
    std::string out;
    int shown = 0;
    for (std::size_t i = 0; i < units.size() && shown < 2; ++i) {
        if (counts[i] == 0)
            continue;
        out += fmt::format("{}{} {}{}", shown == 0 ? "" : ", ", counts[i], units[i].name,
                           counts[i] == 1 ? "" : "s");
        ++shown;
    }
    return (shown == 0 ? "0 seconds" : out) + " ago";
}

bool reads_before(std::string_view a, std::string_view b) {
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
        if (rank(a[i]) != rank(b[i]))
            return rank(a[i]) < rank(b[i]);
    if (a.size() != b.size())
        return a.size() < b.size();
    return a > b;  // small letters first
}

}  // namespace waggle::bridge::network_map
