#pragma once

#include <waggle/color.hpp>
#include <waggle/converters/numbers.hpp>

/// What is published of a light's colour. A light is in one mode (hs, xy, color_temp), but dashboards
/// show all; so the values of the other modes follow the one that changed (zigbee2mqtt's option
/// color_sync).
#pragma GCC visibility push(hidden)
namespace waggle {

namespace color_control {
inline constexpr std::uint16_t current_hue = 0x0000, current_saturation = 0x0001,
                               current_x = 0x0003, current_y = 0x0004, temperature = 0x0007,
                               mode = 0x0008, options = 0x000F, enhanced_hue = 0x4000,
                               capabilities = 0x400A, temperature_min = 0x400B,
                               temperature_max = 0x400C, start_up_temperature = 0x4010;
}

namespace detail {

inline constexpr Named color_modes[] = {{"hs", 0}, {"xy", 1}, {"color_temp", 2}};

/// The colour temperatures a light can do, in mired; unknown where it did not say.
struct ColorTempRange {
    std::optional<double> coolest, warmest;

    static ColorTempRange of(const Device& device, std::uint8_t endpoint) {
        const auto value = [&](std::uint16_t id) {
            return device.attribute(endpoint, cluster::color, id).number();
        };
        return {value(color_control::temperature_min), value(color_control::temperature_max)};
    }
    /// Of a group: what all members can do.
    static ColorTempRange of(const Set& set) {
        if (!set.is_group())
            return of(set.device(), set.endpoint());
        ColorTempRange range;
        for (const auto& member : set.device().endpoints()) {
            const auto one = of(Device(member.device()), member.id());
            if (one.coolest)
                range.coolest = std::max(*one.coolest, range.coolest.value_or(*one.coolest));
            if (one.warmest)
                range.warmest = std::min(*one.warmest, range.warmest.value_or(*one.warmest));
        }
        return range;
    }
    double clamped(double mired) const {
        if (coolest && mired < *coolest)
            return *coolest;
        return warmest && mired > *warmest ? *warmest : mired;
    }
};

struct ColorState {
    Value mode;  ///< a name, or the number of a mode nobody knows; null: unknown
    std::optional<double> temperature, x, y, hue, saturation;

    bool has_hs() const noexcept { return hue && saturation; }
    bool has_xy() const noexcept { return x && y; }
    bool has_color() const noexcept { return x || y || hue || saturation; }

    /// @param state  gives the cached value of a property
    template <class State>
    static ColorState cached(State&& state) {
        ColorState result;
        if (const auto text = state("color_mode").text())
            result.mode = *text;
        else if (const auto id = state("color_mode").integer())
            result.mode = *id;
        result.temperature = state("color_temp").number();
        const ValueView color = state("color");
        result.x = color["x"].number();
        result.y = color["y"].number();
        result.hue = color["hue"].number();
        result.saturation = color["saturation"].number();
        return result;
    }

    std::vector<Property> properties() const {
        std::vector<Property> result;
        Object color;
        const auto add = [&color](const char* name, const std::optional<double>& value) {
            if (value)
                color.push_back({name, number(*value)});
        };
        add("hue", hue);
        add("saturation", saturation);
        add("x", x);
        add("y", y);
        if (!mode.is_null())
            result.push_back({"color_mode", mode});
        if (!color.empty())
            result.push_back({"color", Value(std::move(color))});
        if (temperature)
            result.push_back({"color_temp", number(*temperature)});
        return result;
    }
};

/// The mode that counts: what was said, else what was, else what the new values are.
inline Value mode_of(const ColorState& fresh, const ColorState& old) {
    if (!fresh.mode.is_null())
        return fresh.mode;
    if (!old.mode.is_null())
        return old.mode;
    if (fresh.has_color())
        return fresh.hue ? "hs" : "xy";
    return fresh.temperature ? Value("color_temp") : Value();
}

inline void copy_hs(ColorState& to, const color::Hsv& hsv) {
    to.hue = color::rounded(hsv.hue.value_or(0));
    to.saturation = color::rounded(hsv.saturation.value_or(0));
}
inline void copy_xy(ColorState& to, const color::Xy& xy) {
    to.x = color::rounded(xy.x, 4);
    to.y = color::rounded(xy.y, 4);
}

/// The whole colour state after a change.
inline ColorState synchronised(const ColorState& fresh, const ColorState& old,
                               const ColorTempRange& range) {
    const bool has_temperature = fresh.temperature || old.temperature;
    const bool has_hs = fresh.has_hs() || old.has_hs();
    const bool has_xy = fresh.has_xy() || old.has_xy();
    const auto either = [](const std::optional<double>& a, const std::optional<double>& b) {
        return a ? a : b;
    };
    ColorState result;
    result.mode = mode_of(fresh, old);
    if (result.mode == Value("hs")) {
        result.hue = either(fresh.hue, old.hue);
        result.saturation = either(fresh.saturation, old.saturation);
        if (!result.has_hs())
            return result;
        const auto xy =
            color::xy_of(color::Hsv{std::fmod(*result.hue, 360), result.saturation, std::nullopt});
        if (has_temperature)
            result.temperature = range.clamped(color::rounded(color::mired_of(xy)));
        if (has_xy)
            copy_xy(result, xy);
    } else if (result.mode == Value("xy")) {
        result.x = either(fresh.x, old.x);
        result.y = either(fresh.y, old.y);
        if (!result.has_xy())
            return result;
        const color::Xy xy{*result.x, *result.y};
        if (has_temperature)
            result.temperature = range.clamped(color::rounded(color::mired_of(xy)));
        if (has_hs)
            copy_hs(result, color::hsv_of(xy));
    } else if (result.mode == Value("color_temp")) {
        result.temperature = either(fresh.temperature, old.temperature);
        if (!result.temperature)
            return result;
        const auto xy = color::xy_of_mired(*result.temperature);
        if (has_xy)
            copy_xy(result, xy);
        if (has_hs)
            copy_hs(result, color::hsv_of(xy));
    }
    return result;
}

/// What to publish after a setter; `fresh` alone where the option color_sync is off.
inline std::vector<Property> color_result(const Set& set, const ColorState& fresh) {
    if (!set.device().option("color_sync", true))
        return fresh.properties();
    const auto old = ColorState::cached([&set](const char* name) { return set.state(name); });
    return synchronised(fresh, old, ColorTempRange::of(set)).properties();
}

/// Reports and answers of the colour cluster.
inline void color_report(const Message& msg, Publisher& out) {
    namespace cc = color_control;
    const auto scaled = [&msg](std::uint16_t id, double full, double to, int decimals) {
        const auto raw = msg[id].number();
        return raw ? std::optional(color::mapped(*raw, 0, full, 0, to, decimals)) : std::nullopt;
    };
    ColorState fresh;
    fresh.temperature = msg[cc::temperature].number();
    if (const auto mode = msg[cc::mode].integer()) {
        const auto name = name_of(*mode, color_modes);
        fresh.mode = name.empty() ? Value(*mode) : Value(name);
    }
    fresh.x = scaled(cc::current_x, 65535, 1, 4);
    fresh.y = scaled(cc::current_y, 65535, 1, 4);
    fresh.saturation = scaled(cc::current_saturation, 254, 100, 0);
    fresh.hue = scaled(cc::current_hue, 254, 360, 0);
    if (const auto enhanced = scaled(cc::enhanced_hue, 65535, 360, 1))
        fresh.hue = enhanced;
    if (const auto start_up = msg[cc::start_up_temperature].number())
        out.set_of_endpoint("color_temp_startup", number(*start_up));
    if (const auto bits = msg[cc::options].integer())
        out.set_of_endpoint("color_options", Value(Object{{"execute_if_off", (*bits & 1) != 0}}));

    for (const auto& property : fresh.properties())
        out.set_of_endpoint(property.name, property.value);
    const auto device = msg.device();
    if (!device.option("color_sync", true))
        return;
    const auto old =
        ColorState::cached([&](const char* name) { return device.state(msg.suffixed(name)); });
    const auto range = ColorTempRange::of(device, msg.endpoint());
    for (const auto& property : synchronised(fresh, old, range).properties())
        out.set_of_endpoint(property.name, property.value);
}

}  // namespace detail

inline Option color_sync_option() {
    return flag_option(
        "color_sync",
        "When enabled colors will be synced, e.g. if the light supports both color x/y and color "
        "temperature a conversion from color x/y to color temperature will be done when setting "
        "the "
        "x/y color (default true).");
}

}  // namespace waggle
#pragma GCC visibility pop
