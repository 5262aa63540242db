#pragma once

#include <waggle/converters/attributes.hpp>

/// Measured values: one attribute each, with zigbee2mqtt's names, units and reporting.
#pragma GCC visibility push(hidden)
namespace waggle {

/// What a definition may say differently of a measured value.
struct Measured {
    std::optional<ReportingInterval> reporting = {};  ///< instead of the usual one
    bool reported = true;                             ///< false: it reports by itself
    Access access = Access::state_get;
    EndpointNames endpoints = {};
    std::optional<int> precision = {};
    std::optional<double> scale = {};
    std::string description = {};
    std::string unit = {};
};

namespace detail {

inline Extension measured(NumericAttribute usual, const Measured& wanted) {
    if (wanted.reporting)
        usual.reporting = wanted.reporting;
    if (!wanted.reported)
        usual.reporting.reset();
    usual.access = wanted.access;
    usual.endpoints = wanted.endpoints;
    if (wanted.precision)
        usual.precision = wanted.precision;
    if (wanted.scale)
        usual.scale = *wanted.scale;
    if (!wanted.description.empty())
        usual.description = wanted.description;
    if (!wanted.unit.empty())
        usual.unit = wanted.unit;
    return numeric(std::move(usual));
}

}  // namespace detail

inline Extension temperature(Measured what = {}) {
    return detail::measured({.property = "temperature",
                             .cluster = cluster::temperature,
                             .description = "Measured temperature value",
                             .unit = "°C",
                             .scale = 100,
                             .reporting = ReportingInterval{10, 3600, 100}},
                            what);
}

inline Extension humidity(Measured what = {}) {
    return detail::measured({.property = "humidity",
                             .cluster = cluster::humidity,
                             .description = "Measured relative humidity",
                             .unit = "%",
                             .scale = 100,
                             .reporting = ReportingInterval{10, 3600, 100}},
                            what);
}

/// In kPa, as the standard has it; most vendors' plugins publish hPa instead.
inline Extension pressure(Measured what = {}) {
    return detail::measured({.property = "pressure",
                             .cluster = cluster::pressure,
                             .description = "The measured atmospheric pressure",
                             .unit = "kPa",
                             .scale = 10,
                             .reporting = ReportingInterval{10, 3600, 50}},
                            what);
}

inline Extension flow(Measured what = {}) {
    return detail::measured({.property = "flow",
                             .cluster = cluster::flow,
                             .description = "Measured water flow",
                             .unit = "m³/h",
                             .scale = 10,
                             .reporting = ReportingInterval{10, 3600, 10}},
                            what);
}

inline Extension soil_moisture(Measured what = {}) {
    return detail::measured({.property = "soil_moisture",
                             .cluster = cluster::soil_moisture,
                             .description = "Measured soil moisture value",
                             .unit = "%",
                             .scale = 100,
                             .reporting = ReportingInterval{10, 3600, 100}},
                            what);
}

inline Extension wind_speed(Measured what = {}) {
    return detail::measured({.property = "wind_speed",
                             .cluster = cluster::wind_speed,
                             .description = "Measured wind speed value",
                             .unit = "m/s",
                             .scale = 100,
                             .reporting = ReportingInterval{10, 3600, 1}},
                            what);
}

/// The device gives the share of the air, 0 to 1.
inline Extension co2(Measured what = {}) {
    return detail::measured({.property = "co2",
                             .cluster = cluster::co2,
                             .description = "Measured value",
                             .unit = "ppm",
                             .scale = 0.000001,
                             .reporting = ReportingInterval{10, 3600, 0.00005},
                             .label = "CO2"},
                            what);
}

inline Extension pm25(Measured what = {}) {
    return detail::measured({.property = "pm25",
                             .cluster = cluster::pm25,
                             .description = "Measured PM2.5 (particulate matter) concentration",
                             .unit = "µg/m³",
                             .reporting = ReportingInterval{10, 3600, 1}},
                            what);
}

/// Volatile organic compounds have no standard cluster; devices use an analog input.
inline Extension voc(Measured what = {}) {
    return detail::measured({.property = "voc",
                             .cluster = cluster::analog_input,
                             .attribute = attr::present_value,
                             .description = "Measured VOC value",
                             .unit = "µg/m³",
                             .reporting = ReportingInterval{10, 3600, 1},
                             .label = "VOC"},
                            what);
}

inline Extension device_temperature(Measured what = {}) {
    what.reported = what.reporting.has_value();  // the standard does not make it reportable
    NumericAttribute usual{.property = "device_temperature",
                           .cluster = cluster::device_temperature,
                           .description = "Temperature of the device",
                           .unit = "°C",
                           .category = Category::diagnostic};
    return detail::measured(std::move(usual), what);
}

/// In lux, from the standard's logarithmic scale [ZCL8 4.2.2.2.1]. Option `illuminance_raw` publishes
/// what the device said beside it.
inline Extension illuminance(Measured what = {}) {
    NumericAttribute usual{.property = "illuminance",
                           .cluster = cluster::illuminance,
                           .description = "Measured illuminance",
                           .unit = "lx",
                           .reporting = ReportingInterval{10, 3600, 5}};
    if (!what.scale)
        usual.from_raw = [](double raw) { return std::pow(10.0, (raw - 1) / 10000); };
    auto part = detail::measured(std::move(usual), what);
    const auto raw = [](const Message& msg, Publisher& out) {
        if (const auto value = msg[0x0000].number();
            value && msg.device().option("illuminance_raw", false))
            out.set("illuminance_raw", number(*value));
    };
    part.from_device.push_back(
        {.cluster = cluster::illuminance, .convert = raw, .name = "illuminance_raw"});
    part.options.push_back({.expose = {.type = ExposeType::binary,
                                       .name = "illuminance_raw",
                                       .access = Access::set,
                                       .description = "Expose the raw illuminance value.",
                                       .value_on = true,
                                       .value_off = false}});
    part.exposes_if.push_back({.option = "illuminance_raw",
                               .expose = {.type = ExposeType::numeric,
                                          .name = "illuminance_raw",
                                          .access = Access::state,
                                          .description = "Raw measured illuminance"}});
    return part;
}

}  // namespace waggle
#pragma GCC visibility pop
