#pragma once

#include <string>

#include <boost/json/object.hpp>

#include "bridge/network_map/topology.hpp"

/// The three forms of a network map, as zigbee2mqtt gives them.
namespace waggle::bridge::network_map {

/// {"nodes": […], "links": […]}
boost::json::object raw(const Topology& topology);

/// A graph in Graphviz' language. `colors` is map_options.graphviz.colors of the configuration:
/// "fill", "font" and "line", each an object of colours.
std::string graphviz(const Topology& topology, const boost::json::object& colors,
                     std::int64_t now_ms);

/// A component diagram in PlantUML's language, nodes sorted by name.
std::string plantuml(const Topology& topology, std::int64_t now_ms);

/// "2 hours, 5 minutes ago": the two largest units, the smaller one rounded.
std::string ago(std::int64_t milliseconds);

/// Whether `a` comes before `b` in a list for people: case and signs count only between equals.
bool reads_before(std::string_view a, std::string_view b);

}  // namespace waggle::bridge::network_map
