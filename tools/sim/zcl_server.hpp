/// Serves ZCL frames that reach a device: the general commands here, the clusters' own commands
/// through behaviours.
#pragma once

#include "device.hpp"

namespace waggle::sim {

void serve_zcl(Device& device, const ApsFrame& frame);

}  // namespace waggle::sim
