#include "devices.hpp"
#include "ikea.hpp"

using namespace waggle;

namespace ikea {

Definition led1545g12() {
    return {
        .zigbee_models = {"TRADFRI bulb E27 WS opal 980lm", "TRADFRI bulb E26 WS opal 980lm",
                          "TRADFRI bulb E27 WS�opal 980lm"},
        .model = "LED1545G12",
        .vendor = "IKEA",
        .description = "TRADFRI bulb E26/E27, white spectrum, globe, opal, 980 lm",
        .extend = {light({.color_temp = white_spectrum}), identify()},
    };
}

Definition led1546g12() {
    return {
        .zigbee_models = {"TRADFRI bulb E27 WS clear 950lm", "TRADFRI bulb E26 WS clear 950lm",
                          "TRADFRI bulb E27 WS�clear 950lm"},
        .model = "LED1546G12",
        .vendor = "IKEA",
        .description = "TRADFRI bulb E26/E27, white spectrum, globe, clear, 950 lm",
        .extend = {light({.color_temp = white_spectrum}), identify()},
    };
}

Definition led1936g5() {
    return {
        .zigbee_models = {"TRADFRIbulbG125E27WSopal470lm", "TRADFRIbulbG125E26WSopal450lm",
                          "TRADFRIbulbG125E26WSopal470lm", "TRADFRIbulbG125E26WSopal440lm"},
        .model = "LED1936G5",
        .vendor = "IKEA",
        .description = "TRADFRI bulb E26/E27, white spectrum, globe, opal, 440/450/470 lm",
        .extend = {light({.color_temp = white_spectrum}), identify()},
    };
}

Definition led2003g10() {
    return {
        .zigbee_models = {"TRADFRIbulbE27WSglobeopal1055lm", "TRADFRIbulbE26WSglobeopal1100lm",
                          "TRADFRIbulbE26WSglobeopal1160lm", "TRADFRIbulbE26WSglobeopal1055lm"},
        .model = "LED2003G10",
        .vendor = "IKEA",
        .description = "TRADFRI bulb E26/27, white spectrum, globe, opal, 1055/1100/1160 lm",
        .extend = {light({.color_temp = white_spectrum}), identify()},
    };
}

Definition led2004g8() {
    return {
        .zigbee_models = {"TRADFRIbulbE26WSglobeclear800lm", "TRADFRIbulbE27WSglobeclear806lm",
                          "TRADFRIbulbE26WSglobeclear806lm", "TRADFRIbulbE26WSglobeclear810lm"},
        .model = "LED2004G8",
        .vendor = "IKEA",
        .description = "TRADFRI bulb E26/E27, white spectrum, globe, clear, 800/806/810 lm",
        .extend = {light({.color_temp = white_spectrum}), identify()},
    };
}

Definition led1937t5() {
    return {
        .zigbee_models = {"TRADFRI bulb E27 opal 470lm", "TRADFRI bulb E27 W opal 470lm",
                          "TRADFRIbulbT120E27WSopal470lm", "TRADFRIbulbT120E26WSopal450lm",
                          "TRADFRIbulbT120E26WSopal470lm", "TRADFRI bulb E26 WS opal 440lm",
                          "TRADFRIbulbT120E26WSopal440lm"},
        .model = "LED1937T5",
        .vendor = "IKEA",
        .description = "TRADFRI bulb E26/E27, white spectrum, T120 cylinder, opal, 440/450/470 lm",
        .extend = {light({.color_temp = white_spectrum}), identify()},
    };
}

Definition led1732g11() {
    return {
        .zigbee_models = {"TRADFRI bulb E27 WS opal 1000lm", "TRADFRI bulb E26 WS opal 1000lm"},
        .model = "LED1732G11",
        .vendor = "IKEA",
        .description = "TRADFRI bulb E26/E27, white spectrum, globe, opal, 1000 lm",
        .extend = {light({.color_temp = white_spectrum}), identify()},
    };
}

Definition led1736g9() {
    return {
        .zigbee_models = {"TRADFRI bulb E27 WS clear 806lm", "TRADFRI bulb E26 WS clear 806lm"},
        .model = "LED1736G9",
        .vendor = "IKEA",
        .description = "TRADFRI bulb E26/E27, white spectrum, globe, clear, 806 lm",
        .extend = {light({.color_temp = white_spectrum}), identify()},
    };
}

Definition led2201g8() {
    return {
        .zigbee_models = {"TRADFRI bulb E27 WS globe 1055lm", "TRADFRI bulb E26 WS globe 1055lm",
                          "TRADFRI bulb E26 WS globe 1100lm", "TRADFRI bulb E26 WS globe 1160lm"},
        .model = "LED2201G8",
        .vendor = "IKEA",
        .description = "TRADFRI bulb E26/27, white spectrum, globe, opal, 1055/1100/1160 lm",
        .extend = {light({.color_temp = white_spectrum}), identify()},
    };
}

Definition led2006r9() {
    return {
        .zigbee_models = {"TRADFRIbulbPAR38WS900lm"},
        .model = "LED2006R9",
        .vendor = "IKEA",
        .description = "TRADFRI bulb E26, white spectrum, PAR38 downlight, clear, 900 lm",
        .extend = {light({.color_temp = white_spectrum}), identify()},
    };
}

Definition led2035g10() {
    return {
        .zigbee_models = {"TRADFRIbulbB22WSglobeopal1055lm"},
        .model = "LED2035G10",
        .vendor = "IKEA",
        .description = "TRADFRI bulb B22, white spectrum, globe, opal, 1055 lm",
        .extend = {light({.color_temp = white_spectrum}), identify()},
    };
}

Definition led2107c4() {
    return {
        .zigbee_models = {"TRADFRI bulb E14 WS candle 470lm", "TRADFRI bulb E12 WS candle 450lm"},
        .model = "LED2107C4",
        .vendor = "IKEA",
        .description = "TRADFRI bulb E14, white spectrum, candle, opal, 470 lm",
        .extend = {light({.color_temp = white_spectrum}), identify()},
    };
}

Definition led1536g5() {
    return {
        .zigbee_models = {"TRADFRI bulb E14 WS opal 400lm", "TRADFRI bulb E12 WS opal 400lm"},
        .model = "LED1536G5",
        .vendor = "IKEA",
        .description = "TRADFRI bulb E12/E14, white spectrum, globe, opal, 400 lm",
        .extend = {light({.color_temp = white_spectrum}), identify()},
    };
}

Definition led1835c6() {
    return {
        .zigbee_models = {"TRADFRI bulb E14 WS 470lm", "TRADFRI bulb E12 WS 450lm",
                          "TRADFRI bulb E17 WS 440lm", "TRADFRI bulb E17 WS candle 440lm"},
        .model = "LED1835C6",
        .vendor = "IKEA",
        .description = "TRADFRI bulb E12/E14/E17, white spectrum, candle, opal, 450/470/440 lm",
        .extend = {light({.color_temp = white_spectrum}), identify()},
    };
}

Definition led2101g4() {
    return {
        .zigbee_models = {"TRADFRI bulb E14 WS globe 470lm", "TRADFRI bulb E12 WS globe 450lm"},
        .model = "LED2101G4",
        .vendor = "IKEA",
        .description = "TRADFRI bulb E12/E14, white spectrum, globe, opal, 450/470 lm",
        .extend = {light({.color_temp = white_spectrum}), identify()},
    };
}

Definition led1733g7() {
    return {
        .zigbee_models = {"TRADFRI bulb E14 WS opal 600lm"},
        .model = "LED1733G7",
        .vendor = "IKEA",
        .description = "TRADFRI bulb E14, white spectrum, globe, opal, 600 lm",
        .extend = {light({.color_temp = white_spectrum}), identify()},
    };
}

Definition led2002g5() {
    return {
        .zigbee_models = {"TRADFRIbulbE14WSglobeopal470lm", "TRADFRIbulbE12WSglobeopal470lm",
                          "TRADFRI bulb E17 WS globe 440lm", "TRADFRIbulbE17WSglobeopal470lm"},
        .model = "LED2002G5",
        .vendor = "IKEA",
        .description = "TRADFRI bulb E14/E12/E17, white spectrum, globe, clear, 440/470 lm",
        .extend = {light({.color_temp = white_spectrum}), identify()},
    };
}

Definition led1738g7() {
    return {
        .zigbee_models = {"TRADFRI bulb E12 WS opal 600lm", "TRADFRI bulb E17 WS opal 600lm"},
        .model = "LED1738G7",
        .vendor = "IKEA",
        .description = "TRADFRI bulb E12/E17, white spectrum, globe, opal, 600 lm",
        .extend = {light({.color_temp = white_spectrum}), identify()},
    };
}

Definition led1949c5() {
    return {
        .zigbee_models = {"TRADFRIbulbE14WScandleopal470lm", "TRADFRIbulbE12WScandleopal450lm",
                          "TRADFRIbulbE17WScandleopal440lm"},
        .model = "LED1949C5",
        .vendor = "IKEA",
        .description = "TRADFRI bulb E12/E14/E17, white spectrum, candle, opal, 450/470/440 lm",
        .extend = {light({.color_temp = white_spectrum}), identify()},
    };
}

Definition led1537r6() {
    return {
        .zigbee_models = {"TRADFRI bulb GU10 WS 400lm"},
        .model = "LED1537R6/LED1739R5",
        .vendor = "IKEA",
        .description = "TRADFRI bulb GU10, white spectrum, 400 lm",
        .extend = {light({.color_temp = white_spectrum}), identify()},
    };
}

Definition led2005r5() {
    return {
        .zigbee_models = {"TRADFRI_bulb_GU10_WS_345lm", "TRADFRIbulbGU10WS345lm",
                          "TRADFRI bulb GU10 WS 345lm", "TRADFRIbulbGU10WS380lm",
                          "TRADFRI bulb GU10 WS 380lm"},
        .model = "LED2005R5/LED2106R3",
        .vendor = "IKEA",
        .description = "TRADFRI bulb GU10, white spectrum, 345/380 lm",
        .extend = {light({.color_temp = white_spectrum}), identify()},
    };
}

Definition t1820() {
    return {
        .zigbee_models = {"LEPTITER Recessed spot light"},
        .model = "T1820",
        .vendor = "IKEA",
        .description = "LEPTITER recessed spot light, white spectrum",
        .extend = {light({.color_temp = white_spectrum}), identify()},
    };
}

Definition l2208() {
    return {
        .zigbee_models = {"JETSTROM 40100", "JETSTROM 40100 NA"},
        .model = "L2208",
        .vendor = "IKEA",
        .description = "JETSTROM ceiling light panel, white spectrum, 100x40 cm",
        .extend = {light({.color_temp = white_spectrum}), identify()},
    };
}

Definition l2207() {
    return {
        .zigbee_models = {"JETSTROM 6060", "JETSTROM 6060 JP", "JETSTROM 6060 NA"},
        .model = "L2207",
        .vendor = "IKEA",
        .description = "JETSTROM ceiling light panel, white spectrum, 60x60 cm",
        .extend = {light({.color_temp = white_spectrum}), identify()},
    };
}

Definition l1530() {
    return {
        .zigbee_models = {"JORMLIEN door WS 40x80"},
        .model = "L1530",
        .vendor = "IKEA",
        .description = "JORMLIEN door light panel, white spectrum, 40x80 cm",
        .extend = {light({.color_temp = white_spectrum}), identify()},
    };
}

Definition l1527() {
    return {
        .zigbee_models = {"FLOALT panel WS 30x30"},
        .model = "L1527",
        .vendor = "IKEA",
        .description = "FLOALT light panel, white spectrum, 30x30 cm",
        .extend = {light({.color_temp = white_spectrum, .turns_off_at_brightness_1 = true}),
                   identify()},
    };
}

Definition l1529() {
    return {
        .zigbee_models = {"FLOALT panel WS 60x60"},
        .model = "L1529",
        .vendor = "IKEA",
        .description = "FLOALT light panel, white spectrum, 60x60 cm",
        .extend = {light({.color_temp = white_spectrum, .turns_off_at_brightness_1 = true}),
                   identify()},
    };
}

Definition l1528() {
    return {
        .zigbee_models = {"FLOALT panel WS 30x90"},
        .model = "L1528",
        .vendor = "IKEA",
        .description = "FLOALT light panel, white spectrum, 30x90 cm",
        .extend = {light({.color_temp = white_spectrum, .turns_off_at_brightness_1 = true}),
                   identify()},
    };
}

Definition l1531() {
    return {
        .zigbee_models = {"SURTE door WS 38x64"},
        .model = "L1531",
        .vendor = "IKEA",
        .description = "SURTE door light panel, white spectrum, 38x64 cm",
        .extend = {light({.color_temp = white_spectrum}), identify()},
    };
}

Definition t1828() {
    return {
        .zigbee_models = {"GUNNARP panel round"},
        .model = "T1828",
        .vendor = "IKEA",
        .description = "GUNNARP light panel, round",
        .extend = {light({.color_temp = white_spectrum}), identify()},
    };
}

Definition t1829() {
    return {
        .zigbee_models = {"GUNNARP panel 40*40"},
        .model = "T1829",
        .vendor = "IKEA",
        .description = "GUNNARP light panel, 40x40 cm",
        .extend = {light({.color_temp = white_spectrum}), identify()},
    };
}

Definition t2011() {
    return {
        .zigbee_models = {"TRADFRI Light Engine"},
        .model = "T2011",
        .vendor = "IKEA",
        .description = "OSVALLA panel round",
        .extend = {light({.color_temp = white_spectrum}), identify()},
    };
}

Definition article_90504044() {
    return {
        .zigbee_models = {"NYMANE PENDANT"},
        .model = "90504044",
        .vendor = "IKEA",
        .description = "NYMANE pendant lamp",
        .extend = {light({.color_temp = white_spectrum}), identify()},
    };
}

}  // namespace ikea
