#pragma once

#include "bridge/context.hpp"
#include "bridge/network_map/topology.hpp"

namespace waggle::bridge::network_map {

/// Asks the coordinator and every router for its neighbours, and with `routes` for its routes: one
/// after the other with a second between them, and once more after five seconds where there was no
/// answer, so that the network has room for its own traffic. Who did not answer is marked. Errors
/// only when the host stops.
[[nodiscard]] Awaitable<Result<Topology>> scan(Context& context, bool routes);

}  // namespace waggle::bridge::network_map
