#pragma once

#include <optional>
#include <string>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "network/device.hpp"

/// What the host remembers of the scenes that a device holds: in the endpoint's `meta` in
/// database.db, in zigbee2mqtt's form, so that either program reads what the other wrote:
///
///     {"scenes": {"<scene>_<group>": {"name": "Evening", "state": {"state": "ON"}}}}
///
/// Who changes something tells the network that the device changed.
namespace waggle::engine {

struct SceneKey {
    std::string scene;  ///< its number, as it is written
    GroupId group = 0;

    std::string text() const { return scene + "_" + std::to_string(group); }
};

/// The part of a state that a scene consists of.
boost::json::object scene_part(const boost::json::object& state);

/// The state that belongs to a scene; nullopt: nothing is known of it.
[[nodiscard]] std::optional<boost::json::object> scene_state(const Endpoint& endpoint,
                                                             const SceneKey& key);
/// @param name  what the user gave; nullopt: nothing
void save_scene(Endpoint& endpoint, const SceneKey& key, boost::json::object state,
                const std::optional<boost::json::value>& name);
/// False: nothing was known of it.
bool erase_scene(Endpoint& endpoint, const SceneKey& key);
bool erase_scenes(Endpoint& endpoint);

}  // namespace waggle::engine
