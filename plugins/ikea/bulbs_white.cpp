#include "devices.hpp"
#include "ikea.hpp"

using namespace waggle;

namespace ikea {

Definition led1623g12() {
    return {
        .zigbee_models = {"TRADFRI bulb E27 opal 1000lm", "TRADFRI bulb E27 W opal 1000lm"},
        .model = "LED1623G12",
        .vendor = "IKEA",
        .description = "TRADFRI bulb E27, white, globe, opal, 1000 lm",
        .extend = {light(), identify()},
    };
}

Definition led2103g5() {
    return {
        .zigbee_models = {"TRADFRI bulb E26 WW globe 800lm", "TRADFRI bulb E26 WW globe 806lm",
                          "TRADFRI bulb E26 WW globe 810lm", "TRADFRI bulb E27 WW globe 806lm"},
        .model = "LED2103G5",
        .vendor = "IKEA",
        .description = "TRADFRI bulb E26/E27, warm white, globe, 806/810 lumen",
        .extend = {light(), identify()},
    };
}

Definition led2008g3() {
    return {
        .zigbee_models = {"TRADFRIbulbE26WWglobeclear250lm"},
        .model = "LED2008G3",
        .vendor = "IKEA",
        .description = "TRADFRI bulb E26, warm white, globe, clear, 250 lm",
        .extend = {light(), identify()},
    };
}

Definition led2102g3() {
    return {
        .zigbee_models = {"TRADFRI bulb E27 WW G95 CL 470lm", "TRADFRI bulb E26 WW G95 CL 450lm",
                          "TRADFRI bulb E26 WW G95 CL 440lm", "TRADFRI bulb E26 WW G95 CL 470lm"},
        .model = "LED2102G3",
        .vendor = "IKEA",
        .description = "TRADFRI bulb E26/E27, warm white, globe, clear, 440/450/470 lm",
        .extend = {light(), identify()},
    };
}

Definition led1842g3() {
    return {
        .zigbee_models = {"TRADFRI bulb E27 WW clear 250lm", "TRADFRI bulb E26 WW clear 250lm"},
        .model = "LED1842G3",
        .vendor = "IKEA",
        .description = "TRADFRI bulb E26/E27, warm white, globe, clear, 250 lm",
        .extend = {light(), identify()},
    };
}

Definition led1934g3() {
    return {
        .zigbee_models = {"TRADFRIbulbE27WWclear250lm", "TRADFRIbulbE26WWclear250lm"},
        .model = "LED1934G3",
        .vendor = "IKEA",
        .description = "TRADFRI bulb E26/E27, warm white, globe, clear, 250 lm",
        .extend = {light({.turns_off_at_brightness_1 = true}), identify()},
    };
}

Definition led1622g12() {
    return {
        .zigbee_models = {"TRADFRI bulb E26 opal 1000lm", "TRADFRI bulb E26 W opal 1000lm"},
        .model = "LED1622G12",
        .vendor = "IKEA",
        .description = "TRADFRI bulb E26, white, globe, opal, 1000 lm",
        .extend = {light(), identify()},
    };
}

Definition led1836g9() {
    return {
        .zigbee_models = {"TRADFRI bulb E27 WW 806lm", "TRADFRI bulb E26 WW 806lm"},
        .model = "LED1836G9",
        .vendor = "IKEA",
        .description = "TRADFRI bulb E26/E27, warm white, globe, opal, 806 lm",
        .extend = {light({.turns_off_at_brightness_1 = true}), identify()},
    };
}

Definition led1649c5() {
    return {
        .zigbee_models = {"TRADFRI bulb E14 W op/ch 400lm", "TRADFRI bulb E12 W op/ch 400lm",
                          "TRADFRI bulb E17 W op/ch 400lm"},
        .model = "LED1649C5",
        .vendor = "IKEA",
        .description = "TRADFRI bulb E12/E14/E17, white, candle, opal, 400 lm",
        .extend = {light(), identify()},
    };
}

Definition led1935c3() {
    return {
        .zigbee_models = {"TRADFRIbulbE14WWclear250lm", "TRADFRIbulbE12WWclear250lm",
                          "TRADFRIbulbE17WWclear250lm"},
        .model = "LED1935C3",
        .vendor = "IKEA",
        .description = "TRADFRI bulb E12/E14/E17, warm white, candle, clear, 250 lm",
        .extend = {light(), identify()},
    };
}

Definition led2009c3() {
    return {
        .zigbee_models = {"TRADFRIbulbE12WWcandleclear250lm"},
        .model = "LED2009C3",
        .vendor = "IKEA",
        .description = "TRADFRI bulb E12, warm white, candle, clear, 250 lm",
        .extend = {light(), identify()},
    };
}

Definition led2104r3() {
    return {
        .zigbee_models = {"\u001aTRADFRI bulb GU10 WW 345lm", "TRADFRI bulb GU10 WW 345lm",
                          "\\u001TRADFRI bulb GU10 WW 345lm", "\u001aTRADFRI bulb GU10 WW 345lm8",
                          "TRADFRI bulb GU10 WW 380lm"},
        .model = "LED2104R3",
        .vendor = "IKEA",
        .description = "TRADFRI bulb GU10, warm white, 345/380 lm",
        .extend = {light(), identify()},
    };
}

Definition led1650r5() {
    return {
        .zigbee_models = {"TRADFRI bulb GU10 W 400lm"},
        .model = "LED1650R5",
        .vendor = "IKEA",
        .description = "TRADFRI bulb GU10, white, 400 lm",
        .extend = {light(), identify()},
    };
}

Definition led1837r5() {
    return {
        .zigbee_models = {"TRADFRI bulb GU10 WW 400lm"},
        .model = "LED1837R5",
        .vendor = "IKEA",
        .description = "TRADFRI bulb GU10, warm white, 400 lm",
        .extend = {light(), identify()},
    };
}

Definition t2037() {
    return {
        .zigbee_models = {"STOFTMOLN ceiling/wall lamp WW37"},
        .model = "T2037",
        .vendor = "IKEA",
        .description = "STOFTMOLN ceiling/wall lamp, warm white, 37 cm",
        .extend = {light(), identify()},
    };
}

Definition t2035() {
    return {
        .zigbee_models = {"STOFTMOLN ceiling/wall lamp WW24"},
        .model = "T2035",
        .vendor = "IKEA",
        .description = "STOFTMOLN ceiling/wall lamp, warm white, 24 cm",
        .extend = {light(), identify()},
    };
}

Definition t2105() {
    return {
        .zigbee_models = {"STOFTMOLN ceiling/wall lamp WW10"},
        .model = "T2105",
        .vendor = "IKEA",
        .description = "STOFTMOLN ceiling/wall lamp, warm white, 10 cm",
        .extend = {light(), identify()},
    };
}

Definition t2106() {
    return {
        .zigbee_models = {"STOFTMOLN ceiling/wall lamp WW15"},
        .model = "T2106",
        .vendor = "IKEA",
        .description = "STOFTMOLN ceiling/wall lamp, warm white, 15 cm",
        .extend = {light(), identify()},
    };
}

Definition t2030() {
    return {
        .zigbee_models = {"Pendant lamp WW"},
        .model = "T2030",
        .vendor = "IKEA",
        .description = "PILSKOTT pendant lamp, warm white",
        .extend = {light({.turns_off_at_brightness_1 = true}), identify()},
    };
}

Definition g2015() {
    return {
        .zigbee_models = {"Floor lamp WW"},
        .model = "G2015",
        .vendor = "IKEA",
        .description = "PILSKOTT floor lamp, warm white",
        .extend = {light(), identify()},
    };
}

Definition icpshc24_10eu_il_1() {
    return {
        .zigbee_models = {"TRADFRI transformer 10W", "TRADFRI Driver 10W"},
        .model = "ICPSHC24-10EU-IL-1/ICPSHC24-10EU-IL-2",
        .vendor = "IKEA",
        .description = "TRADFRI LED driver, 10 w",
        .extend = {light({.turns_off_at_brightness_1 = true}), identify()},
    };
}

Definition icpshc24_30eu_il_1() {
    return {
        .zigbee_models = {"TRADFRI transformer 30W", "TRADFRI Driver 30W"},
        .model = "ICPSHC24-30EU-IL-1/ICPSHC24-10EU-IL-2",
        .vendor = "IKEA",
        .description = "TRADFRI LED driver, 30 w",
        .extend = {light({.turns_off_at_brightness_1 = true}), identify()},
    };
}

Definition icpshc24_30_il44_1() {
    return {
        .zigbee_models = {"SILVERGLANS IP44 LED driver"},
        .model = "ICPSHC24-30-IL44-1",
        .vendor = "IKEA",
        .description = "SILVERGLANS LED driver, 30 w, IP44",
        .extend = {light({.turns_off_at_brightness_1 = true}), identify()},
    };
}

}  // namespace ikea
