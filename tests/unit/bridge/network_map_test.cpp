#include <algorithm>

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "bridge/network_map/draw.hpp"
#include "store/json_text.hpp"

// The forms of the network map. Texts are what zigbee2mqtt 2.14.1 published of the same network,
// durations what humanize-duration 3.35 says.

namespace json = boost::json;

namespace waggle::bridge::network_map {
namespace {

constexpr Ieee coordinator_ieee{0x00124b0014d2a6f1}, light_ieee{0x00124b0022bb0001},
    contact_ieee{0x00124b0022bb0004};
constexpr std::int64_t now = 1'763'870'400'000;

zdo::Neighbor neighbor(Ieee ieee, NwkAddress address, std::uint8_t type, std::uint8_t relationship,
                       std::uint8_t lqi) {
    zdo::Neighbor entry;
    entry.ieee = ieee;
    entry.address = address;
    entry.device_type = type;
    entry.rx_on_when_idle = type == 2 ? 0 : 1;
    entry.relationship = relationship;
    entry.permit_joining = type == 2 ? 0 : 2;
    entry.depth = type == 0 ? 0 : 1;
    entry.lqi = lqi;
    return entry;
}

Node node(Ieee ieee, std::string name, DeviceType type, NwkAddress address) {
    Node made;
    made.ieee = ieee;
    made.name = std::move(name);
    made.type = type;
    made.address = address;
    made.asked = type != DeviceType::end_device;
    return made;
}

/// The coordinator, a light with a difficult name, and a contact that is the coordinator's child.
Topology topology() {
    Topology map;
    map.nodes.push_back(node(coordinator_ieee, "Coordinator", DeviceType::coordinator, 0));
    map.nodes.push_back(node(light_ieee, R"(light \ "with signs")", DeviceType::router, 0xc95b));
    map.nodes.push_back(node(contact_ieee, "contact", DeviceType::end_device, 0x4797));
    map.nodes[1].manufacturer_name = "Waggle";
    map.nodes[1].model_id = "SIM-COLOR-LIGHT";
    map.nodes[1].last_seen = now - 90'000;
    map.nodes[1].definition = NodeDefinition{"SIM-COLOR-LIGHT", "Waggle", "Automatically generated",
                                             "light (state, brightness), linkquality"};

    zdo::Route route;
    route.destination = 0xc95b;
    route.next_hop = 0xc95b;
    map.links.push_back({neighbor(light_ieee, 0xc95b, 1, 2, 77), coordinator_ieee, 0, {route}});
    map.links.push_back({neighbor(contact_ieee, 0x4797, 2, 1, 120), coordinator_ieee, 0, {}});
    map.links.push_back({neighbor(coordinator_ieee, 0, 0, 0, 77), light_ieee, 0xc95b, {}});
    return map;
}

json::object colors() {
    return json::parse(
               R"({"fill":{"coordinator":"#e04e5d","enddevice":"#fff8ce","router":"#123456"},
        "font":{"coordinator":"#ffffff","enddevice":"#000000","router":"#ffffff"},
        "line":{"active":"#009900","inactive":"#654321"}})")
        .as_object();
}

BOOST_AUTO_TEST_SUITE(network_maps)

BOOST_AUTO_TEST_CASE(the_graph_shows_every_node_with_the_links_that_start_there) {
    auto map = topology();
    map.nodes[1].lqi_failed = map.nodes[1].routes_failed = true;
    const std::string_view drawn = R"dot(digraph G {
node[shape=record];
  "0x00124b0014d2a6f1" [style="bold, filled", fillcolor="#e04e5d", fontcolor="#ffffff", label="{Coordinator|0x00124b0014d2a6f1 (0x0000)|0 seconds ago}"];
  "0x00124b0014d2a6f1" -> "0x00124b0022bb0001" [penwidth=0.5, weight=0, color="#654321", label="77"]
  "0x00124b0022bb0001" [style="rounded, filled", fillcolor="#123456", fontcolor="#ffffff", label="{light \\ \"with signs\"|0x00124b0022bb0001 (0xc95b)failed: lqi,routingTable|Waggle Automatically generated (SIM-COLOR-LIGHT)|1 minute, 30 seconds ago}"];
  "0x00124b0022bb0001" -> "0x00124b0014d2a6f1" [penwidth=2, weight=1, color="#009900", label="77 (routes: 0xc95b)"]
  "0x00124b0022bb0004" [style="rounded, dashed, filled", fillcolor="#fff8ce", fontcolor="#000000", label="{contact|0x00124b0022bb0004 (0x4797)|undefined undefined (undefined)|unknown}"];
  "0x00124b0022bb0004" -> "0x00124b0014d2a6f1" [penwidth=1, weight=0, color="#654321", label="120"]
})dot";
    BOOST_TEST(graphviz(map, colors(), now) == drawn);
}

BOOST_AUTO_TEST_CASE(the_diagram_is_sorted_by_name) {
    auto map = topology();
    map.nodes[1].lqi_failed = true;
    const std::string_view drawn = R"(' paste into: https://www.planttext.com/

@startuml
card 0x00124b0022bb0004 [
contact
---
0x00124b0022bb0004 (0x4797)
---
undefined undefined (undefined)
---
unknown
]

card 0x00124b0014d2a6f1 [
Coordinator
---
0x00124b0014d2a6f1 (0x0000)
---
0 seconds ago
]

card 0x00124b0022bb0001 [
light \ "with signs"
---
0x00124b0022bb0001 (0xc95b) failed: lqi
---
Waggle Automatically generated (SIM-COLOR-LIGHT)
---
1 minute, 30 seconds ago
]

0x00124b0022bb0001 --> 0x00124b0014d2a6f1: 77
0x00124b0022bb0004 --> 0x00124b0014d2a6f1: 120
0x00124b0014d2a6f1 --> 0x00124b0022bb0001: 77

@enduml)";
    BOOST_TEST(plantuml(map, now) == drawn);
}

BOOST_AUTO_TEST_CASE(raw_has_everything_and_the_names_of_older_clients) {
    const auto map = raw(topology());
    const auto& links = map.at("links").as_array();
    BOOST_TEST(
        store::sorted_json(links[0]) ==
        R"({"depth":1,"deviceType":1,"linkquality":77,"lqi":77,"permitJoining":2,"relationship":2,)"
        R"("routes":[{"destinationAddress":51547,"manyToOne":0,"memoryConstrained":0,)"
        R"("nextHopAddress":51547,"reserved1":0,"routeRecordRequired":0,"status":"ACTIVE"}],)"
        R"("rxOnWhenIdle":1,"source":{"ieeeAddr":"0x00124b0022bb0001","networkAddress":51547},)"
        R"("sourceIeeeAddr":"0x00124b0022bb0001","sourceNwkAddr":51547,)"
        R"("target":{"ieeeAddr":"0x00124b0014d2a6f1","networkAddress":0},)"
        R"("targetIeeeAddr":"0x00124b0014d2a6f1"})");
    const auto& nodes = map.at("nodes").as_array();
    BOOST_TEST(store::sorted_json(nodes[1]) ==
               R"({"definition":{"description":"Automatically generated",)"
               R"("model":"SIM-COLOR-LIGHT","supports":"light (state, brightness), linkquality",)"
               R"("vendor":"Waggle"},"failed":[],"friendlyName":"light \\ \"with signs\"",)"
               R"("ieeeAddr":"0x00124b0022bb0001","lastSeen":1763870310000,)"
               R"("manufacturerName":"Waggle","modelID":"SIM-COLOR-LIGHT",)"
               R"("networkAddress":51547,"type":"Router"})");
    BOOST_TEST(store::sorted_json(nodes[2]) ==
               R"({"friendlyName":"contact","ieeeAddr":"0x00124b0022bb0004",)"
               R"("networkAddress":18327,"type":"EndDevice"})");
}

BOOST_AUTO_TEST_CASE(every_status_of_a_route_has_a_name) {
    auto map = topology();
    map.links[0].routes[0].status = 3;
    map.links[0].routes[0].many_to_one = true;
    map.links[0].routes[0].reserved = 2;
    const auto drawn = store::sorted_json(raw(map).at("links").as_array()[0]);
    BOOST_TEST(drawn.find(R"("manyToOne":1,"memoryConstrained":0,"nextHopAddress":51547,)"
                          R"("reserved1":2,"routeRecordRequired":0,"status":"INACTIVE")") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(durations_are_told_in_their_two_largest_units) {
    const std::pair<std::int64_t, std::string_view> told[] = {
        {0, "0 seconds ago"},
        {499, "0 seconds ago"},
        {500, "1 second ago"},
        {1499, "1 second ago"},
        {1500, "2 seconds ago"},
        {59400, "59 seconds ago"},
        {59500, "1 minute ago"},
        {90000, "1 minute, 30 seconds ago"},
        {119499, "1 minute, 59 seconds ago"},
        {119500, "2 minutes ago"},
        {3599400, "59 minutes, 59 seconds ago"},
        {3599500, "1 hour ago"},
        {3629999, "1 hour, 30 seconds ago"},
        {5400000, "1 hour, 30 minutes ago"},
        {86399999, "1 day ago"},
        {88200000, "1 day, 30 minutes ago"},
        {89999000, "1 day, 1 hour ago"},
        {345599999, "4 days ago"},
        {604799999, "1 week ago"},
        {1209599999, "2 weeks ago"},
        {2629799999, "4 weeks, 2 days ago"},
        {2629800000, "1 month ago"},
        {31557599999, "11 months, 4 weeks ago"},
        {31557600000, "1 year ago"},
        {40847000000, "1 year, 4 months ago"},
        {1763870400000, "55 years, 11 months ago"},
    };
    for (const auto& [milliseconds, text] : told)
        BOOST_TEST(ago(milliseconds) == text);
}

BOOST_AUTO_TEST_CASE(names_are_sorted_as_people_read_them) {
    std::vector<std::string> names{
        "b",  "a",   "A",   "B",      "_x",     "1",       "10",       "2",           "a b", "a_b",
        "ab", "a/b", "a-b", "Lamp 1", "lamp 2", "Lamp 10", "0x00124b", "Coordinator", "z"};
    std::ranges::stable_sort(names, reads_before);
    const std::vector<std::string> read{
        "_x",  "0x00124b", "1", "10", "2",           "a",      "A",       "a b",    "a_b", "a-b",
        "a/b", "ab",       "b", "B",  "Coordinator", "Lamp 1", "Lamp 10", "lamp 2", "z"};
    BOOST_TEST(names == read, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace waggle::bridge::network_map
