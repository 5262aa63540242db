/// What a scene holds of a light's colour: the extension field of lightingColorCtrl
/// [ZCL8 5.2.2.2.1.1], of which devices may keep the first parts only.
#pragma once

#include "behaviour.hpp"

namespace waggle::sim {

/// The field as the light's colour is now; what is of another mode than its own is zero. Empty: it
/// has no colour.
[[nodiscard]] Bytes stored_color(Device& device, std::uint8_t endpoint);
void recall_color(Device& device, std::uint8_t endpoint, View field);

}  // namespace waggle::sim
