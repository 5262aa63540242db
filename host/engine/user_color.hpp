#pragma once

#include <optional>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <waggle/color.hpp>

/// Colours as users write them in JSON, and how the ways to say one colour follow each other in a
/// state. What a plugin does for `color` and `color_temp` with the SDK, the host does here for the
/// keys that it serves itself, with the same arithmetic.
namespace waggle::engine {

/// A JSON number, or text that is nothing but one.
std::optional<double> number_like(const boost::json::value& value);
/// A whole number becomes an integer, so that it is written without a point.
boost::json::value plain_number(double number);

/// One of three.
struct UserColor {
    std::optional<color::Xy> xy = {};
    std::optional<color::Rgb> rgb = {};
    std::optional<color::Hsv> hsv = {};
};
/// Every way to write a colour that zigbee2mqtt takes, in its order of preference: {x, y},
/// {r, g, b}, {rgb: "255,0,0"}, {hex: "#ff0000"}, "#ff0000", {h, s, l}, {hsl}, {h, s, b}, {hsb},
/// {h, s, v}, {hsv}, {h, s}, {h}, {s}, {hue, saturation, value}.
[[nodiscard]] std::optional<UserColor> parse_color(const boost::json::value& value);

/// Option `hue_correction`: [{"in", "out"}], between which hues are interpolated.
color::Hsv corrected(const color::Hsv& hsv, const boost::json::object& options);

/// Colour temperatures in mired; unknown where no light said it.
struct MiredRange {
    std::optional<double> coolest, warmest;

    double clamped(double mired) const noexcept;
    /// To what both can do.
    void narrow(const MiredRange& other) noexcept;
};

/// Gives `fresh` the mode of its colour, and every other way to say the colour that it or `old`
/// has (zigbee2mqtt's option color_sync).
void synchronise_color(boost::json::object& fresh, const boost::json::object& old,
                       const MiredRange& range);

/// Adds color_mode to a state that has a colour and no mode.
void add_color_mode(boost::json::object& state);

}  // namespace waggle::engine
