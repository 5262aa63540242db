#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "network/device.hpp"

/// Who is on the network and who hears whom, as devices told it; what the forms of
/// bridge/request/networkmap are drawn from [mqtt-api 9].
namespace waggle::bridge::network_map {

struct NodeDefinition {
    std::string model, vendor, description;
    std::string supports;  ///< names of what it exposes
};

struct Node {
    Ieee ieee;
    std::string name;
    DeviceType type = DeviceType::unknown;
    NwkAddress address = 0;
    std::optional<std::string> manufacturer_name, model_id;
    bool asked = false;  ///< end devices have no tables, and are not
    bool lqi_failed = false, routes_failed = false;
    std::optional<std::int64_t> last_seen;  ///< ms since 1970
    std::optional<NodeDefinition> definition;
};

/// A neighbour, and who has it as one. What the neighbour's signal is like at `target`.
struct Link {
    zdo::Neighbor source;
    Ieee target;
    NwkAddress target_address = 0;
    std::vector<zdo::Route> routes;  ///< of the target, that lead through the source
};

struct Topology {
    std::vector<Node> nodes;
    std::vector<Link> links;
};

}  // namespace waggle::bridge::network_map
