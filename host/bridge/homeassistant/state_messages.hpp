#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "bridge/homeassistant/announced.hpp"

/// What Home Assistant needs of the states that are published anyway. Every publication passes
/// here: the keys of a message are sorted before and after, and nothing is searched twice.
namespace waggle::bridge::homeassistant {

/// Null for what is missing, so that no template fails. `properties` are sorted like the keys.
void add_placeholders(boost::json::object& message,
                      const std::vector<const std::string*>& properties);

/// h and s beside hue and saturation: Home Assistant's names.
void add_color_names(boost::json::object& message);

/// A device whose firmware can be updated has versions at all times; -1: not known.
void add_update_versions(boost::json::object& message);

/// Lights and covers on an endpoint read a topic of their own, in which no key names the endpoint:
/// {"state_l1": "ON"} is {"state": "ON"} there.
using SendPart = std::function<void(std::string_view endpoint, const boost::json::object& part)>;
void for_each_endpoint_part(const Announced& announced, const boost::json::object& message,
                            const SendPart& send);

}  // namespace waggle::bridge::homeassistant
