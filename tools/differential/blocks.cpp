// The building blocks of the SDK, each as a device of its own: the counterparts of blocks.mjs, by model
// id. Only for comparing; never installed.
#include <waggle/sdk.hpp>

using namespace waggle;

namespace {

Definition of(const std::string& name, std::vector<Extension> parts) {
    return {.zigbee_models = {"block." + name},
            .model = "block." + name,
            .vendor = "Blocks",
            .description = name,
            .extend = std::move(parts)};
}

Definition two(const std::string& name, std::vector<Extension> parts) {
    auto definition = of(name, std::move(parts));
    definition.endpoints = {{"l1", 1}, {"l2", 2}};
    definition.multi_endpoint = true;
    return definition;
}

Definition zone(const std::string& name) {
    return of("zone_" + name, {ias_zone({.zone = name})});
}

const std::vector<ZoneBit> every_bit = {ZoneBit::alarm_1,
                                        ZoneBit::alarm_2,
                                        ZoneBit::tamper,
                                        ZoneBit::battery_low,
                                        ZoneBit::supervision_reports,
                                        ZoneBit::restore_reports,
                                        ZoneBit::ac_status,
                                        ZoneBit::test,
                                        ZoneBit::trouble,
                                        ZoneBit::battery_defect};

BatteryCurve curve(BatteryCurve::Kind kind, double empty = 0, double full = 0) {
    return {.kind = kind, .empty = empty, .full = full};
}
Definition battery_by_voltage(const std::string& name, BatteryCurve by) {
    return of(name, {battery({.voltage = true, .curve = by})});
}

constexpr OccupancySettings every_setting{true, true, true};

}  // namespace

WAGGLE_PLUGIN(
        .id = "org.waggle.blocks", .name = "Building blocks", .version = "0.0.0",
        .definitions = {
            [] { return of("temperature", {temperature()}); },
            [] {
                return two("temperature_two", {temperature({.endpoints = {"l1", "l2"}})});
            },
            [] { return of("humidity", {humidity()}); },
            [] { return of("pressure", {pressure()}); },
            [] { return of("flow", {flow()}); },
            [] { return of("soil_moisture", {soil_moisture()}); },
            [] { return of("wind_speed", {wind_speed()}); },
            [] { return of("co2", {co2()}); },
            [] { return of("pm25", {pm25()}); },
            [] { return of("device_temperature", {device_temperature()}); },
            [] { return of("illuminance", {illuminance()}); },
            [] {
                return of("occupancy", {occupancy({.pir = every_setting,
                                                   .ultrasonic = every_setting,
                                                   .contact = every_setting})});
            },
            [] { return of("battery", {battery()}); },
            [] {
                return of("battery_all",
                          {battery({.voltage = true,
                                    .low = true,
                                    .voltage_reported = true,
                                    .low_reporting = ReportingInterval{0, 3600, 0}})});
            },
            [] {
                return battery_by_voltage("battery_2100",
                                          curve(BatteryCurve::Kind::coin_cell_2100));
            },
            [] {
                return battery_by_voltage("battery_1500",
                                          curve(BatteryCurve::Kind::volts_1500_2800));
            },
            [] {
                return battery_by_voltage("battery_linear",
                                          curve(BatteryCurve::Kind::linear, 2500, 3000));
            },
            [] { return of("battery_whole", {battery({.whole_percents = true})}); },
            [] { return zone("contact"); },
            [] { return zone("water_leak"); },
            [] { return zone("smoke"); },
            [] { return zone("gas"); },
            [] { return zone("carbon_monoxide"); },
            [] { return zone("vibration"); },
            [] { return zone("occupancy"); },
            [] { return zone("sos"); },
            [] { return zone("rain"); },
            [] {
                return of(
                    "zone_both",
                    {ias_zone({.zone = "gas",
                               .bits = {ZoneBit::alarm_1, ZoneBit::alarm_2, ZoneBit::test}})});
            },
            [] {
                return of(
                    "zone_second",
                    {ias_zone({.zone = "smoke", .bits = {ZoneBit::alarm_2, ZoneBit::trouble}})});
            },
            [] {
                return of(
                    "zone_generic",
                    {ias_zone({.bits = every_bit, .reporting = ReportingInterval{0, 65000, 0}})});
            },
            [] {
                return of("zone_timeout", {ias_zone({.zone = "occupancy",
                                                     .bits = {ZoneBit::alarm_1},
                                                     .cleared_after_timeout = true})});
            },
            [] {
                return of(
                    "zone_inverted",
                    {ias_zone({.zone = "contact", .bits = {ZoneBit::alarm_1}, .inverted = true})});
            },
            [] {
                return of("zone_alive", {ias_zone({.zone = "vibration",
                                                   .bits = {ZoneBit::alarm_1, ZoneBit::alarm_2},
                                                   .keep_alive = 60})});
            },
            [] {
                return of("warning", {ias_warning(), ias_warning_max_duration()});
            },
            [] { return of("warning_reversed", {ias_warning({.reversed = true})}); },
            [] { return of("meter", {electricity_meter()}); },
            [] {
                return of("meter_full", {electricity_meter({.produced_energy = {},
                                                            .ac_frequency = {},
                                                            .power_factor = {},
                                                            .apparent_power = {},
                                                            .three_phase = true,
                                                            .tariffs = true})});
            },
            [] {
                return of("meter_electrical",
                          {electricity_meter({.clusters = MeterClusters::electrical,
                                              .ac_frequency = {},
                                              .power_factor = {}})});
            },
            [] {
                return of("meter_dc", {electricity_meter({.clusters = MeterClusters::electrical,
                                                          .direct_current = true})});
            },
            [] {
                return of("meter_metering", {electricity_meter({.clusters = MeterClusters::metering,
                                                                .produced_energy = {}})});
            },
            [] {
                return of("meter_forced",
                          {electricity_meter({.power = {.multiplier = 1, .divisor = 10},
                                              .voltage = {.multiplier = 2, .divisor = 100},
                                              .current = {.multiplier = 1, .divisor = 1000},
                                              .energy = {.multiplier = 1, .divisor = 3600}})});
            },
            [] {
                return of("meter_power_metering",
                          {electricity_meter(
                              {.current = MeterValue::absent(), .power_from_metering = true})});
            },
            [] {
                return two("meter_two", {electricity_meter({.endpoints = {"l1", "l2"}})});
            },
            [] { return of("gas", {gas_meter()}); },
        });
