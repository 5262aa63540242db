#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

/// Calibration and rounding of measured values: the options `<name>_calibration` and
/// `<name>_precision` that every definition has for numeric exposes of a fixed list of names.
///
///     absolute     value + offset
///     percentual   value + value * offset / 100   (current…, energy…, voltage…, power…,
///     illuminance…)
///
/// then rounded to the option's decimals or the name's default.
namespace waggle::engine {

/// A property of a definition that is calibrated; made once a definition.
struct CalibratedProperty {
    std::string property;                        ///< key in the state, with endpoint suffix
    std::string calibration_key, precision_key;  ///< the options' names
    int decimals = 0;                            ///< default precision
    bool percentual = false;
};

/// nullopt when the name is not in the list.
std::optional<CalibratedProperty> calibrated_property(std::string_view property,
                                                      std::string_view name);

/// Changes numbers in `update` in place. An option that is no number is named in `problem`, and its
/// property stays as it is.
void calibrate(boost::json::object& update, std::span<const CalibratedProperty> properties,
               const boost::json::object& options, std::string& problem);

}  // namespace waggle::engine
