#pragma once

#include <cstdint>
#include <map>
#include <string>

#include <boost/json/value.hpp>

#include "network/device.hpp"

namespace waggle {
class Network;
}

/// The scenes that an endpoint or a group holds, as the host remembers them (engine/scene_store.hpp).
namespace waggle::bridge {

/// Name by number; the name is whatever the user gave.
using SceneList = std::map<std::int64_t, boost::json::value>;

/// Those of one endpoint, outside of groups.
SceneList scenes_of(const Endpoint& endpoint);
/// Those that the members hold for the group.
SceneList scenes_of(const Group& group, Network& network);

}  // namespace waggle::bridge
