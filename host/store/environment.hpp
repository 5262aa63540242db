#pragma once

#include <map>
#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "store/schema.hpp"

/// Settings from environment variables: ZIGBEE2MQTT_CONFIG_MQTT_SERVER sets mqtt.server. Names are
/// formed from the schema, types taken from it.
namespace waggle::store {

struct EnvironmentSettings {
    boost::json::object values;
    std::map<KeyPath, std::string> names;  ///< which variable set what
    std::vector<std::string> unknown;      ///< variables with the prefix that mean nothing
};

/// Of both prefixes, WAGGLE_CONFIG_ wins. Empty values do not count.
EnvironmentSettings environment_settings(const std::vector<std::string>& environment,
                                         const Schema& schema);

}  // namespace waggle::store
