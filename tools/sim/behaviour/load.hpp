/// What hangs on an outlet, for the meters.
#pragma once

#include "values.hpp"

namespace waggle::sim {

/// Watts: the endpoint's setting `load_w` while the switch is on, part of it where there is a
/// level. The switch is on the same endpoint, or on that of the setting `switch_endpoint`.
[[nodiscard]] inline double drawn_watts(Device& device, std::uint8_t endpoint) {
    const auto switch_endpoint =
        static_cast<std::uint8_t>(setting(device, endpoint, "switch_endpoint", endpoint));
    if (Values(device, switch_endpoint, 0x0006).integer(0, 1) == 0)
        return 0;
    const double level = Values(device, switch_endpoint, 0x0008).number(0, 254) / 254;
    return setting(device, endpoint, "load_w", 60) * level;
}

/// Watts over a meter's tick of a second, in watt seconds; the setting `speed` makes time pass
/// faster for it.
[[nodiscard]] inline double used_in_a_second(Device& device, std::uint8_t endpoint) {
    return drawn_watts(device, endpoint) * setting(device, endpoint, "speed", 1);
}

}  // namespace waggle::sim
