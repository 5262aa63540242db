#pragma once

#include <chrono>
#include <optional>

#include "engine/entities.hpp"

namespace waggle::engine {

/// Where a key that every device takes goes, and what its definition says of every command to it.
struct KeyTarget {
    EntityId entity;
    EndpointId endpoint = 1;           ///< of devices
    bool no_default_response = false;  ///< the device shall not be asked for any
    std::optional<std::chrono::milliseconds> timeout;
};

}  // namespace waggle::engine
