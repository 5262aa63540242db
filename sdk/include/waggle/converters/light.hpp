#pragma once

#include <waggle/converters/color_moves.hpp>
#include <waggle/converters/level_config.hpp>

/// Lights: on/off and brightness, and as far as they have it colour temperature and colour.
#pragma GCC visibility push(hidden)
namespace waggle {

/// Colour temperatures in mired.
struct ColorTemp {
    double coolest = 150, warmest = 500;
    bool startup = true;     ///< can be told which to come up with
    bool via_color = false;  ///< has no white of its own: it is made with colour
};

struct Color {
    bool xy = true, hs = false;
    bool enhanced_hue = false;
    bool red_fix = false;  ///< does not take the very corner of red
};

struct Light {
    std::optional<ColorTemp> color_temp = {};
    std::optional<Color> color = {};
    bool effect = true;
    bool power_on_behavior = true;
    bool report = false;                         ///< bound, and asked to report
    std::vector<std::string> level_config = {};  ///< members it is exposed with; none: not exposed
    bool turns_off_at_brightness_1 = false;
    bool explicit_on_off = false;  ///< its move-to-level-with-on/off cannot be relied on
    EndpointNames endpoints = {};
};

/// All members of level_config.
inline const std::vector<std::string> every_level_config = {
    "on_off_transition_time", "on_transition_time", "off_transition_time",
    "execute_if_off",         "on_level",           "current_level_startup"};

namespace detail {

inline Expose color_temp_expose(const ColorTemp& what, bool startup) {
    Expose expose{.type = ExposeType::numeric,
                  .name = startup ? "color_temp_startup" : "color_temp",
                  .access = Access::all,
                  .description = startup ? "Color temperature after cold power on of this light"
                                         : "Color temperature of this light",
                  .unit = "mired",
                  .min = what.coolest,
                  .max = what.warmest};
    const Preset presets[] = {{"coolest", number(what.coolest), "Coolest temperature supported"},
                              {"cool", 250, "Cool temperature (250 mireds / 4000 Kelvin)"},
                              {"neutral", 370, "Neutral temperature (370 mireds / 2700 Kelvin)"},
                              {"warm", 454, "Warm temperature (454 mireds / 2200 Kelvin)"},
                              {"warmest", number(what.warmest), "Warmest temperature supported"}};
    for (const auto& preset : presets) {
        const double value = preset.value.kind() == WG_INT
                                 ? static_cast<double>(preset.value.integer())
                                 : preset.value.number();
        if (value >= what.coolest && value <= what.warmest)
            expose.presets.push_back(preset);
    }
    if (startup)
        expose.presets.push_back(
            {"previous", 65535, "Restore previous color_temp on cold power on"});
    return expose;
}

inline Expose color_expose(bool xy) {
    const auto part = [](const char* name) {
        return Expose{.type = ExposeType::numeric, .name = name, .access = Access::all};
    };
    return {.type = ExposeType::composite,
            .name = xy ? "color_xy" : "color_hs",
            .access = Access::all,
            .description = xy ? "Color of this light in the CIE 1931 color space (x/y)"
                              : "Color of this light expressed as hue/saturation",
            .label = xy ? "Color (X/Y)" : "Color (HS)",
            .property = "color",
            .features = {part(xy ? "x" : "hue"), part(xy ? "y" : "saturation")}};
}

inline Expose light_expose(const Light& what) {
    Expose light{.type = ExposeType::light};
    light.features.push_back({.type = ExposeType::binary,
                              .name = "state",
                              .access = Access::all,
                              .description = "On/off state of this light",
                              .value_on = "ON",
                              .value_off = "OFF",
                              .value_toggle = "TOGGLE"});
    light.features.push_back({.type = ExposeType::numeric,
                              .name = "brightness",
                              .access = Access::all,
                              .description = "Brightness of this light",
                              .min = 0,
                              .max = 254});
    if (what.color_temp)
        light.features.push_back(color_temp_expose(*what.color_temp, false));
    if (what.color_temp && what.color_temp->startup)
        light.features.push_back(color_temp_expose(*what.color_temp, true));
    if (what.color && what.color->xy)
        light.features.push_back(color_expose(true));
    if (what.color && what.color->hs)
        light.features.push_back(color_expose(false));
    if (!what.level_config.empty())
        light.features.push_back(level_config_expose(what.level_config));
    return light;
}

inline void report_brightness(const Message& msg, Publisher& out) {
    if (const auto value = msg[level::current].number())
        out.set_of_endpoint("brightness", number(*value));
}

/// Keys that only go with others.
inline ToDevice ignored(const char* key) {
    return {{key}, [](const Set& set) { set.done(); }};
}

inline void add_color(Extension& to, const Light& what) {
    using Keys = std::vector<std::string>;
    const Keys temperature{"color_temp", "color_temp_percent"};
    const Keys both{"color", "color_temp", "color_temp_percent"};
    const auto set_both = [](const Set& set) {
        set.key() == "color" ? set_color(set) : set_color_temp(set);
    };
    if (what.color_temp && what.color && what.color_temp->via_color)
        to.to_device.push_back({both, set_color_temp_via_color, get_color});
    else if (what.color_temp && what.color)
        to.to_device.push_back({both, set_both, get_color_and_temp});
    else if (what.color_temp)
        to.to_device.push_back({temperature, set_color_temp, get_color_temp});
    else
        to.to_device.push_back({{"color"}, set_color, get_color});
    to.to_device.push_back({{"color_mode"}, {}, [](const Set& set) {
                                set.send(read(set.endpoint(), cluster::color, {cc::mode}));
                            }});
    to.to_device.push_back({{"color_options"}, set_color_options, [](const Set& set) {
                                set.send(read(set.endpoint(), cluster::color, {cc::options}));
                            }});
    if (what.color_temp) {
        to.to_device.push_back({{"colortemp_move", "color_temp_move"}, move_color_temperature});
        to.to_device.push_back({{"color_temp_step"}, step_color_temperature});
    }
    if (what.color_temp && what.color_temp->startup)
        to.to_device.push_back(
            {{"color_temp_startup"}, set_start_up_color_temp, [](const Set& set) {
                 set.send(read(set.endpoint(), cluster::color, {cc::start_up_temperature}));
             }});
    if (what.color) {
        to.to_device.push_back({{"hue_move", "saturation_move"}, move_hue_or_saturation});
        to.to_device.push_back({{"hue_step", "saturation_step"}, step_hue_or_saturation});
    }
    to.from_device.push_back({cluster::color, Kind::state, any_endpoint, color_report, "color"});
    to.options.push_back(color_sync_option());
    for (const auto attribute : {cc::capabilities, cc::temperature_min, cc::temperature_max})
        to.readings.push_back(
            {cluster::color, attribute, every_endpoint, 0, {}, attribute == cc::temperature_max});
}

inline void report_light(Extension& to, const Light& what) {
    const auto report = [&to](std::uint16_t in, std::vector<std::uint16_t> ids,
                              std::uint16_t minimum) {
        std::vector<WatchedAttribute> list;
        for (const auto id : ids)
            list.push_back({id, ReportingInterval{minimum, 65000, 1}});
        set_up(to, in, list, true, {});
    };
    report(cluster::on_off, {attr::on_off}, 0);
    report(cluster::level, {level::current}, 5);
    if (what.color_temp)
        report(cluster::color, {cc::temperature}, 10);
    if (what.color && what.color->xy)
        report(cluster::color, {cc::current_x, cc::current_y}, 10);
    if (what.color && what.color->hs)
        report(
            cluster::color,
            {what.color->enhanced_hue ? cc::enhanced_hue : cc::current_hue, cc::current_saturation},
            10);
}

}  // namespace detail

/// `state`, `brightness` and what goes with them; see Light.
inline Extension light(Light what = {}) {
    Extension result{
        .exposes = of_endpoints(detail::light_expose(what), what.endpoints),
        .from_device = {{cluster::on_off, Kind::state, any_endpoint, detail::on_off_state,
                         "on_off"},
                        {cluster::level, Kind::state, any_endpoint, detail::report_brightness,
                         "brightness"}},
        .to_device = {{{"state", "brightness", "brightness_percent", "on_time", "off_wait_time"},
                       detail::LightCommand::start,
                       detail::get_light,
                       what.endpoints},
                      detail::ignored("transition"),
                      detail::ignored("rate"),
                      {{"brightness_move", "brightness_move_onoff"}, detail::move_brightness},
                      {{"brightness_step", "brightness_step_onoff"}, detail::step_brightness}},
        .options = {transition_option(), state_action_option()},
        .power_source_if_unknown = "Mains (single phase)",
    };
    detail::join(result, level_config());
    if (what.color_temp || what.color)
        detail::add_color(result, what);
    if (what.effect)
        detail::join(result, light_effects(what.color.has_value(), what.endpoints));
    if (what.power_on_behavior)
        detail::join(result,
                     power_on_behavior({"off", "on", "toggle", "previous"}, what.endpoints));
    if (what.report)
        detail::report_light(result, what);
    if (what.turns_off_at_brightness_1)
        result.traits.push_back({"turnsOffAtBrightness1", true});
    if (what.explicit_on_off)
        result.traits.push_back({"moveToLevelWithOnOffDisable", true});
    if (what.color && what.color->hs)
        result.traits.push_back({"supportsHueAndSaturation", true});
    if (what.color && what.color->enhanced_hue)
        result.traits.push_back({"supportsEnhancedHue", true});
    if (what.color && what.color->red_fix)
        result.traits.push_back({"applyRedFix", true});
    return result;
}

}  // namespace waggle
#pragma GCC visibility pop
