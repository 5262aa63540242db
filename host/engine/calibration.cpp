#include "engine/calibration.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "plugin/calibrated.hpp"

namespace json = boost::json;

namespace waggle::engine {
namespace {

std::optional<double> to_number(const json::value& value) {
    if (value.is_number()) {
        boost::system::error_code ignored;
        return value.to_number<double>(ignored);
    }
    const auto* text = value.if_string();
    if (!text)
        return std::nullopt;
    char* end = nullptr;
    const double number = std::strtod(text->c_str(), &end);
    if (end == text->c_str() || !std::isfinite(number))
        return std::nullopt;
    return number;
}

/// The option's number, `fallback` when it is not set; nullopt (and a problem) when it is no
/// number.
std::optional<double> option(const json::object& options, const std::string& key, double fallback,
                             std::string& problem) {
    const auto* value = options.if_contains(key);
    if (!value || value->is_null() || (value->is_string() && value->get_string().empty()))
        return fallback;
    const auto number = to_number(*value);
    if (!number)
        problem = "Option '" + key + "' is not a number";
    return number;
}

double round_to(double number, double decimals) {
    const double factor = std::pow(10.0, std::trunc(std::clamp(decimals, 0.0, 15.0)));
    const double rounded = std::floor(number * factor + 0.5) / factor;  // halves go up
    return std::isfinite(rounded) ? rounded : number;
}

}  // namespace

std::optional<CalibratedProperty> calibrated_property(std::string_view property,
                                                      std::string_view name) {
    const auto* row = plugin::calibrated(name);
    if (!row)
        return std::nullopt;
    const std::string prefix(name);
    return CalibratedProperty{std::string(property), prefix + "_calibration", prefix + "_precision",
                              row->decimals, plugin::is_percentual(name)};
}

void calibrate(json::object& update, std::span<const CalibratedProperty> properties,
               const json::object& options, std::string& problem) {
    for (const auto& entry : properties) {
        auto* value = update.if_contains(entry.property);
        if (!value || !value->is_number())
            continue;
        const auto offset = option(options, entry.calibration_key, 0, problem);
        const auto decimals = option(options, entry.precision_key, entry.decimals, problem);
        if (!offset || !decimals)
            continue;
        boost::system::error_code ignored;
        double number = value->to_number<double>(ignored);
        number += entry.percentual ? number * *offset / 100 : *offset;
        *value = round_to(number, *decimals);
    }
}

}  // namespace waggle::engine
