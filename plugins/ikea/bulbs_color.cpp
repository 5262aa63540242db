#include "devices.hpp"
#include "ikea.hpp"

using namespace waggle;

namespace ikea {

Definition led2109g6() {
    return {
        .zigbee_models = {"TRADFRI bulb E26 CWS globe 800lm", "TRADFRI bulb E26 CWS globe 806lm",
                          "TRADFRI bulb E26 CWS globe 810lm", "TRADFRI bulb E27 CWS globe 806lm"},
        .model = "LED2109G6",
        .vendor = "IKEA",
        .description = "TRADFRI bulb E26/E27, color/white spectrum, globe, opal, 800/806/810 lm",
        .extend = {light({.color_temp = white_spectrum, .color = Color{.hs = true}}), identify()},
    };
}

Definition led1924g9() {
    return {
        .zigbee_models = {"TRADFRI bulb E26 CWS 800lm", "TRADFRI bulb E27 CWS 806lm",
                          "TRADFRI bulb E26 CWS 806lm", "TRADFRI bulb E26 CWS 810lm"},
        .model = "LED1924G9",
        .vendor = "IKEA",
        .description = "TRADFRI bulb E26/E27, color/white spectrum, globe, opal, 800/806/810 lm",
        .extend = {light({.color_temp = white_spectrum,
                          .color = Color{},
                          .turns_off_at_brightness_1 = true}),
                   identify()},
    };
}

Definition led1624g9() {
    return {
        .zigbee_models = {"TRADFRI bulb E27 CWS opal 600lm", "TRADFRI bulb E26 CWS opal 600lm",
                          "TRADFRI bulb E14 CWS opal 600lm", "TRADFRI bulb E12 CWS opal 600lm",
                          "TRADFRI bulb E27 C/WS opal 600"},
        .model = "LED1624G9",
        .vendor = "IKEA",
        .description = "TRADFRI bulb E12/E14/E26/E27, color/white spectrum, globe, opal, 600 lm",
        .extend = {light(
                       {.color_temp = ColorTemp{.coolest = 153, .warmest = 500, .via_color = true},
                        .color = Color{}}),
                   identify()},
    };
}

Definition led1925g6() {
    return {
        .zigbee_models = {"TRADFRI bulb E14 CWS 470lm", "TRADFRI bulb E12 CWS 450lm",
                          "TRADFRI bulb E17 CWS 440lm"},
        .model = "LED1925G6",
        .vendor = "IKEA",
        .description =
            "TRADFRI bulb E12/E14/E17, color/white spectrum, globe, opal, 440/450/470 lm",
        .extend = {light({.color_temp = white_spectrum,
                          .color = Color{},
                          .turns_off_at_brightness_1 = true}),
                   identify()},
    };
}

Definition led2111g6() {
    return {
        .zigbee_models = {"TRADFRI bulb E14 CWS globe 806lm", "TRADFRI bulb E12 CWS globe 800lm",
                          "TRADFRI bulb E17 CWS globe 810lm"},
        .model = "LED2111G6",
        .vendor = "IKEA",
        .description =
            "TRADFRI bulb E12/E14/E17, color/white spectrum, globe, opal, 800/806/810 lm",
        .extend = {light({.color_temp = white_spectrum, .color = Color{.hs = true}}), identify()},
    };
}

Definition led1923r5() {
    return {
        .zigbee_models = {"TRADFRI bulb GU10 CWS 380lm"},
        .model = "LED1923R5",
        .vendor = "IKEA",
        .description = "TRADFRI bulb GU10, color/white spectrum, 380 lm",
        .extend = {light(
                       {.color_temp = ColorTemp{.coolest = 153, .warmest = 500, .via_color = true},
                        .color = Color{}}),
                   identify()},
    };
}

Definition led2110r3() {
    return {
        .zigbee_models = {"TRADFRI bulb GU10 CWS 345lm"},
        .model = "LED2110R3",
        .vendor = "IKEA",
        .description = "TRADFRI bulb GU10, color/white spectrum, 345 lm",
        .extend = {light(
                       {.color_temp = ColorTemp{.coolest = 250, .warmest = 454, .via_color = true},
                        .color = Color{}}),
                   identify()},
    };
}

Definition l2205() {
    return {
        .zigbee_models = {"JETSTROM 3030 wall", "JETSTROM 3030 NA wall"},
        .model = "L2205",
        .vendor = "IKEA",
        .description = "JETSTROM wall light panel, color/white spectrum, 30x30 cm",
        .extend = {light({.color_temp = white_spectrum, .color = Color{}}), identify()},
    };
}

Definition l2206() {
    return {
        .zigbee_models = {"JETSTROM 3030 ceiling"},
        .model = "L2206",
        .vendor = "IKEA",
        .description = "JETSTROM ceiling light panel, color/white spectrum, 30x30 cm",
        .extend = {light({.color_temp = white_spectrum, .color = Color{}}), identify()},
    };
}

Definition l2112() {
    return {
        .zigbee_models = {"ORMANAS LED Strip"},
        .model = "L2112",
        .vendor = "IKEA",
        .description = "ORMANAS LED strip",
        .extend = {light({.color_temp = white_spectrum, .color = Color{}}), identify()},
    };
}

}  // namespace ikea
