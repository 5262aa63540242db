#pragma once

#include <string>
#include <vector>

#include "bridge/homeassistant/entity.hpp"

/// Entities that no expose describes: those of the bridge itself, and what every device can have.
namespace waggle::bridge::homeassistant {

/// Connection, restart, log level, versions, network map, permit join.
std::vector<EntityConfig> bridge_entities(const std::string& base_topic);

/// When the device was last heard of. `is_iso`: as a time stamp that Home Assistant can show.
EntityConfig last_seen_entity(bool is_iso);

/// Firmware: which there is, and the way to it.
EntityConfig update_entity(const std::string& base_topic, const std::string& ieee);

/// A scene that the device or group holds.
EntityConfig scene_entity(std::int64_t id, const std::string& name);

}  // namespace waggle::bridge::homeassistant
