#pragma once

#include <optional>

#include "network/device.hpp"
#include "ota/types.hpp"

/// An update that waits for the device to ask for one: `scheduledOta` of its row in database.db,
/// `{"downgrade": false, "url": "…"}`, the second member only where the image does not come from the
/// usual indexes. zigbee2mqtt keeps it in the same place.
namespace waggle::ota {

std::optional<Wish> scheduled_for(const Device& device);

/// nullopt: nothing any more. The row has to be marked changed by the caller. True: it differs.
bool set_scheduled(Device& device, const std::optional<Wish>& wish);

}  // namespace waggle::ota
