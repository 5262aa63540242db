#pragma once

#include <span>

#include "network/device.hpp"

/// What a device is asked to report to the host because something else controls it: without that
/// the host would not hear of what a bound remote does to a light [zigbee-flows 3.3].
namespace waggle::engine {

struct AutomaticReport {
    /// What the light has to be able to do; bits of lightingColorCtrl's colorCapabilities.
    enum class Needs : std::uint8_t { nothing = 0, color_xy = 1 << 3, color_temperature = 1 << 4 };

    std::uint16_t attribute;
    std::uint16_t minimum_interval;  ///< seconds
    double reportable_change;
    Needs needs = Needs::nothing;
};

inline constexpr ClusterId on_off_cluster = 0x0006, level_cluster = 0x0008, color_cluster = 0x0300,
                           scenes_cluster = 0x0005, covering_cluster = 0x0102;
inline constexpr std::uint16_t color_capabilities_attribute = 0x400A;

/// Empty: nothing is to be reported of this cluster.
std::span<const AutomaticReport> automatic_reports(ClusterId cluster) noexcept;

}  // namespace waggle::engine
