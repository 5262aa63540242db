#pragma once

#include <string>
#include <string_view>

/// Names as Home Assistant gets them.
namespace waggle::bridge::homeassistant {

/// A name as part of an entity id: runs of white space become '_', letters small ones, whatever
/// their script.
std::string entity_id_part(std::string_view name);

/// The base topic as a number, of which groups and the bridge have their topics: two hosts may have
/// a group 1 each. "zigbee2mqtt" is 1221051039810110150109113116116.
std::string encoded_base_topic(std::string_view base_topic);

/// The part of a topic between its first and last two levels, taken apart.
struct ConfigTopic {
    std::string_view component, node, object_id;
};

/// "<component>/<node>/<object id>/config", from below the discovery topic; false: it is none.
bool parse_config_topic(std::string_view topic, ConfigTopic& out) noexcept;

}  // namespace waggle::bridge::homeassistant
