#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "bridge/homeassistant/entity.hpp"

/// From what an entity is to the message that Home Assistant discovers it by: complete topics,
/// identifiers, the device it belongs to, its availability, and what the user wants otherwise.
namespace waggle::bridge::homeassistant {

/// The device, group or bridge that entities belong to, as one message of each repeats it.
struct Subject {
    enum class Kind { device, group, bridge };

    Kind kind = Kind::device;
    std::string node;       ///< second level of its topics: "0x00158d0001020304", "122…_5"
    std::string unique_id;  ///< first part of unique ids: "0x00158d0001020304", "5", "bridge_0x…"
    std::string name;       ///< friendly name, of which its own topics are made
    boost::json::object device;                      ///< the block `device`
    const boost::json::object* overrides = nullptr;  ///< option `homeassistant` of the user
    bool has_availability = false;
    bool disabled = false;
};

/// What all messages of this host share.
struct Site {
    std::string base_topic;
    boost::json::object origin;
};

/// Leaves out what the user does not want, and renames what he wants otherwise.
void apply_choices(const boost::json::object* overrides, std::vector<EntityConfig>& configs);

/// "sensor/0x00158d0001020304/battery/config", below the discovery topic.
std::string config_topic(const EntityConfig& config, const Subject& subject);

std::string unique_id(const EntityConfig& config, const Subject& subject, const Site& site);

/// The whole message. `members`: unique ids of the entities that a group's entity stands for.
boost::json::object complete_payload(const EntityConfig& config, const Subject& subject,
                                     const Site& site, const std::vector<std::string>& members);

}  // namespace waggle::bridge::homeassistant
