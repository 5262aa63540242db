#pragma once

#include <algorithm>
#include <iterator>
#include <string_view>

/// The measured values that every definition lets the user calibrate and round, by name.
namespace waggle::plugin {

struct Calibrated {
    std::string_view name;
    int decimals;  ///< that are published when the user did not say
};

inline constexpr Calibrated calibrated_names[] = {
    {"ac_frequency", 2},
    {"co", 0},
    {"co2", 0},
    {"current", 2},
    {"current_neutral", 2},
    {"current_phase_b", 2},
    {"current_phase_c", 2},
    {"device_temperature", 0},
    {"energy", 2},
    {"formaldehyd", 0},
    {"humidity", 2},
    {"illuminance", 0},
    {"pm25", 0},
    {"power", 2},
    {"power_phase_b", 2},
    {"power_phase_c", 2},
    {"pressure", 1},
    {"soil_moisture", 2},
    {"temperature", 2},
    {"voc", 0},
    {"voltage", 2},
    {"voltage_phase_b", 2},
    {"voltage_phase_c", 2},
};

/// nullptr: not one of them.
inline const Calibrated* calibrated(std::string_view name) noexcept {
    const auto* found = std::find_if(std::begin(calibrated_names), std::end(calibrated_names),
                                     [name](const Calibrated& item) { return item.name == name; });
    return found == std::end(calibrated_names) ? nullptr : found;
}

/// Whether the offset is a share of the value, in percent.
inline bool is_percentual(std::string_view name) noexcept {
    for (const std::string_view start : {"current", "energy", "voltage", "power", "illuminance"})
        if (name.starts_with(start))
            return true;
    return false;
}

}  // namespace waggle::plugin
