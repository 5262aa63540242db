#pragma once

#include <array>
#include <cstdlib>

#include <waggle/converters/color_state.hpp>

/// Setting colour and colour temperature [ZCL8 5.2].
#pragma GCC visibility push(hidden)
namespace waggle {
namespace detail {

namespace cc = color_control;

inline constexpr std::uint8_t move_to_hue = 0x00, move_hue = 0x01, step_hue = 0x02,
                              move_to_saturation = 0x03, move_saturation = 0x04,
                              step_saturation = 0x05, move_to_hue_and_saturation = 0x06,
                              move_to_color = 0x07, move_to_color_temp = 0x0A,
                              enhanced_move_to_hue = 0x40,
                              enhanced_move_to_hue_and_saturation = 0x43, move_color_temp = 0x4B,
                              step_color_temp = 0x4C;

/// A colour as the user gave it: one of three.
struct WantedColor {
    std::optional<color::Rgb> rgb = {};
    std::optional<color::Xy> xy = {};
    std::optional<color::Hsv> hsv = {};
};

inline std::uint32_t hex_number(std::string_view text) {
    std::string digits;
    for (const char c : text)
        if (c != '#')
            digits += c;
    return static_cast<std::uint32_t>(std::strtoul(digits.c_str(), nullptr, 16));
}

/// "255,0,10": three whole numbers.
inline std::array<double, 3> triple(std::string_view text) {
    std::array<double, 3> numbers{};
    for (auto& number : numbers) {
        const auto comma = std::min(text.find(','), text.size());
        number = leading_number(text.substr(0, comma));
        if (std::isnan(number))
            throw Refused("Value does not contain valid color definition");
        number = std::trunc(number);
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return numbers;
}

/// Every way to write a colour that zigbee2mqtt takes, in its order of preference.
inline WantedColor wanted_color(const ValueView& value) {
    const auto of = [&value](const char* name) { return value[name]; };
    const auto has = [&value](std::initializer_list<const char*> names) {
        return std::all_of(names.begin(), names.end(),
                           [&](const char* name) { return !value[name].is_null(); });
    };
    const auto number = [&](const char* name) { return number_from(value[name], name); };
    const auto hsv = [](double h, std::optional<double> s, std::optional<double> v) {
        return WantedColor{.hsv = color::Hsv{std::fmod(h, 360), s, v}};
    };
    if (has({"x", "y"}))
        return {.xy = color::Xy{number("x"), number("y")}};
    if (has({"r", "g", "b"}))
        return {.rgb = color::Rgb{number("r") / 255, number("g") / 255, number("b") / 255}};
    if (const auto text = of("rgb").text()) {
        const auto [r, g, b] = triple(*text);
        return {.rgb = color::Rgb{r / 255, g / 255, b / 255}};
    }
    if (const auto text = of("hex").text())
        return {.rgb = color::rgb_of_hex(hex_number(*text))};
    if (const auto text = value.text(); text && text->starts_with('#'))
        return {.rgb = color::rgb_of_hex(hex_number(*text))};
    if (has({"h", "s", "l"}))
        return {.hsv = color::hsv_of_hsl(number("h"), number("s"), number("l"))};
    if (const auto text = of("hsl").text()) {
        const auto [h, s, l] = triple(*text);
        return {.hsv = color::hsv_of_hsl(h, s, l)};
    }
    if (has({"h", "s", "b"}))
        return hsv(number("h"), number("s"), number("b"));
    if (const auto text = of("hsb").text()) {
        const auto [h, s, b] = triple(*text);
        return hsv(h, s, b);
    }
    if (has({"h", "s", "v"}))
        return hsv(number("h"), number("s"), number("v"));
    if (const auto text = of("hsv").text()) {
        const auto [h, s, v] = triple(*text);
        return hsv(h, s, v);
    }
    if (has({"h", "s"}))
        return hsv(number("h"), number("s"), std::nullopt);
    if (has({"h"}))
        return hsv(number("h"), std::nullopt, std::nullopt);
    if (has({"s"}))
        return {.hsv = color::Hsv{std::nullopt, number("s"), std::nullopt}};
    if (has({"hue"}) || has({"saturation"})) {
        color::Hsv result;
        if (has({"hue"}))
            result.hue = std::fmod(number("hue"), 360);
        if (has({"saturation"}))
            result.saturation = number("saturation");
        if (has({"value"}))
            result.value = number("value");
        return {.hsv = result};
    }
    throw Refused("Value does not contain valid color definition");
}

/// Option hue_correction: [{"in", "out"}], between which hues are interpolated.
inline double corrected_hue(const Set& set, double hue) {
    const auto map = set.device().option("hue_correction");
    if (map.size() < 2)
        return hue;
    std::pair<double, double> left{-1, 0}, right{361, 0};
    for (std::uint32_t i = 0; i < map.size(); ++i) {
        const std::pair<double, double> entry{as_number(map.at(i)["in"]),
                                              as_number(map.at(i)["out"])};
        if (entry.first <= hue && entry.first > left.first)
            left = entry;
        if (entry.first > hue && entry.first < right.first)
            right = entry;
    }
    if (left.first < 0)
        left = {0, 0};
    if (right.first > 360)
        right = {359, 359};
    const double ratio = 1 - (right.first - hue) / (right.first - left.first);
    return rounded(left.second + ratio * (right.second - left.second));
}

/// Commands of one setter: same endpoint, same transition.
class ColorCommands {
  public:
    explicit ColorCommands(const Set& set) : set_(set), time_(transition_of(set, set.key()).time) {}

    void add(std::uint16_t cluster, std::uint8_t id, std::vector<Property> parameters) {
        parameters.push_back({"transtime", whole(time_)});
        add_options(parameters, set_);
        requests_.push_back(command(set_.endpoint(), cluster, id, std::move(parameters)));
    }
    void color(std::uint8_t id, std::vector<Property> parameters) {
        add(cluster::color, id, std::move(parameters));
    }
    void send(std::vector<Property> state) {
        set_.send_all(std::move(requests_), std::move(state));
    }

  private:
    const Set& set_;
    double time_;
    std::vector<Request> requests_;
};

/// To lights that speak hue and saturation.
inline void send_hsv(const Set& set, const color::Hsv& hsv) {
    constexpr std::uint8_t move_to_level_with_on_off = 0x04;
    const bool enhanced = set.trait("supportsEnhancedHue");
    ColorCommands commands(set);
    ColorState fresh;
    fresh.mode = "hs";
    fresh.hue = hsv.hue;
    fresh.saturation = hsv.saturation;
    if (hsv.value && set.value().is_object())
        commands.add(cluster::level, move_to_level_with_on_off,
                     {{"level", number(color::mapped(*hsv.value, 0, 100, 0, 254))}});
    Property hue{enhanced ? "enhancehue" : "hue", {}}, saturation{"saturation", {}};
    if (hsv.hue)
        hue.value =
            number(color::mapped(corrected_hue(set, *hsv.hue), 0, 360, 0, enhanced ? 65535 : 254));
    if (hsv.saturation)
        saturation.value = number(color::mapped(*hsv.saturation, 0, 100, 0, 254));
    if (hsv.hue && hsv.saturation) {
        commands.color(enhanced ? enhanced_move_to_hue_and_saturation : move_to_hue_and_saturation,
                       {hue, saturation});
    } else if (hsv.hue) {
        const auto direction = set.value()["direction"].integer().value_or(0);
        commands.color(enhanced ? enhanced_move_to_hue : move_to_hue,
                       {hue, {"direction", direction}});
    } else if (hsv.saturation) {
        commands.color(move_to_saturation, {saturation});
    }
    commands.send(color_result(set, fresh));
}

inline void send_xy(const Set& set, color::Xy xy) {
    // Some lights do not take the very corner of red.
    if (set.trait("applyRedFix") && xy.x == 0.701 && xy.y == 0.299)
        xy = {0.7006, 0.2993};
    ColorState fresh;
    fresh.mode = "xy";
    fresh.x = xy.x;
    fresh.y = xy.y;
    ColorCommands commands(set);
    commands.color(move_to_color, {{"colorx", number(color::mapped(xy.x, 0, 1, 0, 65535))},
                                   {"colory", number(color::mapped(xy.y, 0, 1, 0, 65535))}});
    commands.send(color_result(set, fresh));
}

inline void set_color(const Set& set) {
    const auto wanted = wanted_color(set.value());
    if (wanted.hsv && set.trait("supportsHueAndSaturation"))
        return send_hsv(set, *wanted.hsv);
    if (wanted.xy)
        return send_xy(set, *wanted.xy);
    if (wanted.rgb)
        return send_xy(set, color::rounded(color::xy_of(color::gamma_corrected(*wanted.rgb)), 4));
    auto hsv = *wanted.hsv;
    if (hsv.hue)
        hsv.hue = corrected_hue(set, *hsv.hue);
    send_xy(set, color::rounded(color::xy_of(hsv), 4));
}

/// Mired out of a number, a preset's name or a percentage.
inline double wanted_mired(const Set& set, const ColorTempRange& range, bool may_be_previous) {
    const auto value = set.value();
    if (set.key() == "color_temp_percent")
        return range.clamped(color::mapped(plain_number(value, set.key()), 0, 100,
                                           range.coolest.value_or(154),
                                           range.warmest.value_or(500)));
    const std::pair<std::string_view, std::optional<double>> presets[] = {
        {"warmest", range.warmest},
        {"warm", 454},
        {"neutral", 370},
        {"cool", 250},
        {"coolest", range.coolest}};
    if (const auto text = value.text()) {
        for (const auto& [name, mired] : presets)
            if (name == *text && mired)
                return range.clamped(*mired);
        if (may_be_previous && *text == "previous")
            return 65535;
    }
    if (value.is_null() || value.boolean())
        throw Refused(no_number(set.key(), value));
    const double mired = number_from(value, set.key());
    return may_be_previous && mired == 65535 ? mired : range.clamped(mired);
}

inline void set_color_temp(const Set& set) {
    const double mired = wanted_mired(set, ColorTempRange::of(set), false);
    ColorState fresh;
    fresh.mode = "color_temp";
    fresh.temperature = mired;
    ColorCommands commands(set);
    commands.color(move_to_color_temp, {{"colortemp", whole(mired)}});
    commands.send(color_result(set, fresh));
}

/// For lights that have no white of their own: the colour of that white.
inline void set_color_temp_via_color(const Set& set) {
    if (set.key() == "color")
        return set_color(set);
    const double mired = wanted_mired(set, ColorTempRange::of(set), false);
    const auto xy = color::xy_of_mired(mired);
    ColorState fresh;
    fresh.mode = "color_temp";
    fresh.temperature = mired;
    ColorCommands commands(set);
    commands.color(move_to_color, {{"colorx", number(color::mapped(xy.x, 0, 1, 0, 65535))},
                                   {"colory", number(color::mapped(xy.y, 0, 1, 0, 65535))}});
    commands.send(color_result(set, fresh));
}

/// What of the colour to ask for: what the light supports, and only the part that was named.
inline std::vector<std::uint16_t> color_attributes(const Set& set) {
    const auto color = set.message()["color"];
    const bool all = color.is_null() || color.text() == "";
    const auto wants = [&](const char* part) { return all || !color[part].is_null(); };
    std::vector<std::uint16_t> ids{cc::mode};
    if (wants("x"))
        ids.push_back(cc::current_x);
    if (wants("y"))
        ids.push_back(cc::current_y);
    if (!set.trait("supportsHueAndSaturation"))
        return ids;
    if (wants("hue"))
        ids.push_back(set.trait("supportsEnhancedHue") ? cc::enhanced_hue : cc::current_hue);
    if (wants("saturation"))
        ids.push_back(cc::current_saturation);
    return ids;
}

inline void get_color(const Set& set) {
    set.send(read(set.endpoint(), cluster::color, color_attributes(set)));
}
inline void get_color_and_temp(const Set& set) {
    auto ids = color_attributes(set);
    ids.push_back(cc::temperature);
    set.send(read(set.endpoint(), cluster::color, std::move(ids)));
}
inline void get_color_temp(const Set& set) {
    set.send(read(set.endpoint(), cluster::color, {cc::mode, cc::temperature}));
}

inline void set_start_up_color_temp(const Set& set) {
    const double mired = wanted_mired(set, ColorTempRange::of(set), true);
    set.send(write(set.endpoint(), cluster::color, {{cc::start_up_temperature, whole(mired)}}),
             {{"color_temp_startup", number(mired)}});
}

inline void set_color_options(const Set& set) {
    need_object(set.value(), set.key());
    const auto flag = set.value()["execute_if_off"];
    const bool execute = flag.boolean().value_or(flag.number().value_or(0) != 0);
    set.send(write(set.endpoint(), cluster::color, {{cc::options, execute ? 1 : 0}}),
             {{"color_options", set.value().copy()}});
}

}  // namespace detail
}  // namespace waggle
#pragma GCC visibility pop
