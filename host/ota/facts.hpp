#pragma once

#include "network/device.hpp"
#include "ota/server.hpp"
#include "ota/types.hpp"
#include "waggle/plugin.h"

namespace waggle::ota {

/// What an image is chosen by: what the device says, what the host knows of it, and what its
/// definition adds. `ota` may be nullptr.
DeviceFacts facts_of(const Device& device, const Query& query, const wg_ota* ota);

/// How the device's definition wants it served: more time than configured, never less; smaller blocks,
/// never larger ones, unless the device is to choose.
/// @param ota  null: as configured; one of 0.2 of the interface says nothing of it
void refine(ServeOptions& options, const wg_ota* ota);

}  // namespace waggle::ota
