#include "devices.hpp"
#include "ikea.hpp"

using namespace waggle;

/// Outlets, remotes and blinds.
namespace ikea {
namespace {

/// A setting in the plugs' own cluster.
Extension plug_setting(std::string name, std::uint16_t attribute, const char* on, const char* off,
                       std::string description, std::string label = {}) {
    return binary({.property = std::move(name),
                   .cluster = 0xFC85,
                   .attribute = attribute,
                   .value_on = on,
                   .value_off = off,
                   .description = std::move(description),
                   .label = std::move(label),
                   .category = Category::config,
                   .type = Type::boolean,
                   .manufacturer = manufacturer});
}

/// The scale of its power changes with the power, and it says so only when it is asked to report it
/// (zigbee2mqtt issue 23961).
Extension moving_power_scale() {
    return {.reportings = {{.cluster = cluster::electrical_measurement,
                            .attribute = detail::ac_power.divisor,
                            .minimum = 10,
                            .maximum = 65000,
                            .change = 1,
                            .endpoint = 1}}};
}

}  // namespace

Definition e160x() {
    return {
        .zigbee_models = {"TRADFRI control outlet"},
        .model = "E160x/E170x/E190x",
        .vendor = "IKEA",
        .description = "TRADFRI control outlet",
        .white_labels = {{"IKEA", "E1603", "E1603 (Type - F)"},
                         {"IKEA", "E1702/E1703", "E1702/E1703 (Type - E)"},
                         {"IKEA", "E1704", "E1704 (Type - G)"},
                         {"IKEA", "E1705", "E1705 (Type - L)"},
                         {"IKEA", "E1706/E1707/E1708/E1709/E1710",
                          "E1706/E1707/E1708/E1709/E1710 (Type - B)"},
                         {"IKEA", "E1902", "E1902 (Type - J)"}},
        .extend = {on_off(), identify()},
        .ota = Ota{},
    };
}

Definition e22xx() {
    return {
        .zigbee_models = {"INSPELNING Smart plug"},
        .model = "E22xx",
        .vendor = "IKEA",
        .description = "INSPELNING smart plug",
        .white_labels = {{"IKEA", "E2206", "INSPELNING smart plug (EU)"},
                         {"IKEA", "E2220", "INSPELNING smart plug (US)"},
                         {"IKEA", "E2223", "INSPELNING smart plug (UK)"},
                         {"IKEA", "E2224", "INSPELNING smart plug (CH)"}},
        .extend = {on_off(),
                   plug_setting("child_lock", 0x0000, "LOCK", "UNLOCK",
                                "Enables/disables physical input on the device."),
                   plug_setting("led_enable", 0x0001, "TRUE", "FALSE",
                                "Enables/disables the led on the device.", "Led disable"),
                   identify(), electricity_meter(), moving_power_scale()},
        .ota = Ota{},
    };
}

Definition e1743() {
    return {
        .zigbee_models = {"TRADFRI on/off switch"},
        .model = "E1743",
        .vendor = "IKEA",
        .description = "TRADFRI on/off switch",
        .extend = {bound_remote(), identify({.is_sleepy = true}),
                   commands_on_off({.actions = {"on", "off"}, .group = false}),
                   commands_level({.actions = {"brightness_move_up", "brightness_move_down",
                                               "brightness_stop"},
                                   .group = false}),
                   ikea::battery()},
        .ota = Ota{},
    };
}

Definition e1524() {
    return {
        .zigbee_models = {"TRADFRI remote control"},
        .model = "E1524/E1810",
        .vendor = "IKEA",
        .description = "TRADFRI remote control",
        .extend = {bound_remote(), identify({.is_sleepy = true}), five_buttons(), arrows(),
                   ikea::battery()},
        .ota = Ota{},
    };
}

Definition e2201() {
    return {
        .zigbee_models = {"RODRET Dimmer", "RODRET wireless dimmer"},
        .model = "E2201",
        .vendor = "IKEA",
        .description = "RODRET wireless dimmer/power switch",
        .extend = {{.bindings = {{cluster::poll_control, first_endpoint}}},
                   identify({.is_sleepy = true}),
                   commands_on_off({.actions = {"on", "off"}}),
                   commands_level({.actions = {"brightness_move_up", "brightness_move_down",
                                               "brightness_stop"}}),
                   waggle::battery({.voltage = true, .voltage_reported = true})},
        .ota = Ota{},
    };
}

Definition e1757() {
    return {
        .zigbee_models = {"FYRTUR block-out roller blind"},
        .model = "E1757",
        .vendor = "IKEA",
        .description = "FYRTUR roller blind, block-out",
        .extend = {slow_check_in(), cover(), identify(), ikea::battery()},
        .ota = Ota{},
    };
}

Definition e1926() {
    return {
        .zigbee_models = {"KADRILJ roller blind"},
        .model = "E1926",
        .vendor = "IKEA",
        .description = "KADRILJ roller blind",
        .extend = {slow_check_in(), cover(), identify(), ikea::battery()},
        .ota = Ota{},
    };
}

}  // namespace ikea
