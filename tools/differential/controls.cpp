// Building blocks of what is controlled, each as a device of its own: the counterparts of controls.mjs,
// by model id. Only for comparing; never installed.
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

const EndpointNames both{"l1", "l2"};

Thermostat heater() {
    return {.setpoints = {{"occupied_heating_setpoint", 7, 30, 0.5}},
            .system_modes = {"off", "heat"},
            .running_states = {"idle", "heat"}};
}

Thermostat everything() {
    return {.setpoints = {{"occupied_heating_setpoint", 7, 30, 0.5},
                          {"occupied_cooling_setpoint", 7, 30, 0.5}},
            .system_modes = {"off", "heat", "cool", "auto"},
            .running_states = {"idle", "heat", "cool"},
            .fan_modes = {"off", "low", "medium", "high", "auto"}};
}

}  // namespace

WAGGLE_PLUGIN(.id = "org.waggle.controls", .name = "Building blocks of controls",
              .version = "0.0.0",
              .definitions = {
                  [] { return of("on_off", {on_off()}); },
                  [] {
                      return of("on_off_plain",
                                {on_off({.report = false, .power_on_behavior = false})});
                  },
                  [] { return two("on_off_two", {on_off({.endpoints = both})}); },
                  [] { return of("light", {light()}); },
                  [] { return of("light_report", {light({.effect = false, .report = true})}); },
                  [] {
                      return of("light_ct", {light({.color_temp = ColorTemp{153, 500}})});
                  },
                  [] { return of("light_xy", {light({.color = Color{}})}); },
                  [] {
                      return of("light_all",
                                {light({.color_temp = ColorTemp{150, 500},
                                        .color = Color{.hs = true, .enhanced_hue = true}})});
                  },
                  [] { return of("light_level", {light({.level_config = every_level_config})}); },
                  [] { return two("light_two", {light({.endpoints = both})}); },
                  [] { return of("cover", {cover({.tilt = true})}); },
                  [] { return of("cover_lift", {cover()}); },
                  [] { return of("identify", {identify()}); },
                  [] { return of("commands_on_off", {commands_on_off()}); },
                  [] { return of("commands_level", {commands_level()}); },
                  [] { return of("commands_color", {commands_color()}); },
                  [] { return of("commands_cover", {commands_cover()}); },
                  [] { return of("commands_scenes", {commands_scenes()}); },
                  [] { return of("lock", {lock({.pin_codes = 50})}); },
                  [] { return of("thermostat", {thermostat(heater())}); },
                  [] { return of("thermostat_all", {thermostat(everything())}); },
                  [] { return of("thermostat_ui", {thermostat_ui()}); },
                  [] { return of("fan", {fan()}); },
                  [] { return of("ballast", {lighting_ballast()}); },
                  [] {
                      return of("binary", {binary({.property = "switch_it",
                                                   .cluster = 0x0010,
                                                   .attribute = attr::present_value,
                                                   .value_on = "ON",
                                                   .value_off = "OFF",
                                                   .description = "binary",
                                                   .reporting = ReportingInterval{0, 65000, 1}})});
                  },
                  [] {
                      return of("numeric", {numeric({.property = "number_it",
                                                     .cluster = 0x000D,
                                                     .attribute = attr::present_value,
                                                     .description = "numeric",
                                                     .unit = "W",
                                                     .reporting = ReportingInterval{0, 65000, 1},
                                                     .min = 0,
                                                     .max = 100,
                                                     .step = 1})});
                  }});
