#pragma once

#include "network/device.hpp"
#include "ota/server.hpp"
#include "ota/types.hpp"
#include "waggle/plugin.h"

namespace waggle::ota {

/// What an image is chosen by: what the device says, what the host knows of it, and what its
/// definition adds. `ota` may be nullptr.
DeviceFacts facts_of(const Device& device, const Query& query, const wg_ota* ota);

}  // namespace waggle::ota
