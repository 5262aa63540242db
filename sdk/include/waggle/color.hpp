#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <optional>

/// Colours in the spaces that lights and users speak, and the ways between them, with zigbee2mqtt's
/// constants, so that the same request gives the same frame. Nothing but arithmetic.
#pragma GCC visibility push(hidden)
namespace waggle {
namespace color {

/// As JavaScript rounds: halves go up.
inline double rounded(double number, int decimals = 0) {
    const double factor = std::pow(10.0, decimals);
    const double scaled = number * factor;
    const double below = std::floor(scaled);
    return (scaled - below >= 0.5 ? below + 1 : below) / factor;
}

/// From one range to another, also beyond their ends.
inline double mapped(double value, double from_low, double from_high, double to_low, double to_high,
                     int decimals = 0) {
    return rounded(to_low + ((value - from_low) * (to_high - to_low)) / (from_high - from_low),
                   decimals);
}

struct Rgb {  ///< 0 … 1 each
    double red = 0, green = 0, blue = 0;
};
struct Xy {  ///< CIE 1931
    double x = 0, y = 0;
};
/// Degrees and percent; what a user left out is absent.
struct Hsv {
    std::optional<double> hue, saturation, value;
};

namespace detail {

inline constexpr int locus_knots = 120;
inline constexpr double locus_first = 50;  ///< mired
inline constexpr double locus_step = (1000.0 - 50.0) / (locus_knots - 1);

inline constexpr double locus_x[locus_knots] = {
    0.256456439, 0.259822437, 0.263383699, 0.267135927, 0.271073552, 0.275189861, 0.279477133,
    0.283926791, 0.288529545, 0.293275541, 0.298154492, 0.30315581,  0.308268718, 0.313482352,
    0.318785856, 0.324168456, 0.329619528, 0.335128657, 0.340685686, 0.346280753, 0.351904325,
    0.357547229, 0.363200669, 0.368856247, 0.374505977, 0.38014229,  0.385758049, 0.391346546,
    0.396901509, 0.402417096, 0.407887897, 0.413308927, 0.41867562,  0.423983816, 0.429229759,
    0.434410077, 0.439521776, 0.444562222, 0.449529127, 0.454420533, 0.459234797, 0.463970575,
    0.468626801, 0.473202672, 0.477697634, 0.482111359, 0.486443733, 0.490694835, 0.494864926,
    0.498954428, 0.502963913, 0.506894085, 0.510745771, 0.5145199,   0.518217501, 0.521839679,
    0.525387615, 0.52886255,  0.532265775, 0.535598623, 0.538862464, 0.542058691, 0.54518872,
    0.548253978, 0.551255899, 0.554195922, 0.55707548,  0.559896004, 0.56265891,  0.565365603,
    0.568017472, 0.570615885, 0.573162191, 0.575657714, 0.578103755, 0.580501588, 0.58285246,
    0.58515759,  0.58741817,  0.589635362, 0.591810298, 0.593944081, 0.596037786, 0.598092456,
    0.600109107, 0.602088724, 0.604032266, 0.60594066,  0.607814809, 0.609655586, 0.611463839,
    0.613240389, 0.61498603,  0.616701534, 0.618387647, 0.62004509,  0.621674565, 0.623276748,
    0.624852294, 0.626401838, 0.627925994, 0.629425357, 0.630900502, 0.632351986, 0.633780349,
    0.635186111, 0.63656978,  0.637931843, 0.639272775, 0.640593036, 0.641893069, 0.643173306,
    0.644434164, 0.645676048, 0.64689935,  0.648104451, 0.649291719, 0.650461513, 0.651614179,
    0.652750056,
};
inline constexpr double locus_y[locus_knots] = {
    0.257628552, 0.262159178, 0.266857666, 0.271704068, 0.276677306, 0.281755589, 0.286916805,
    0.292138877, 0.297400072, 0.302679268, 0.307956159, 0.313211428, 0.318426866, 0.32358546,
    0.328671444, 0.333670328, 0.338568899, 0.34335521,  0.348018556, 0.352549436, 0.356939515,
    0.361181571, 0.36526945,  0.36919801,  0.37296307,  0.376561356, 0.379990445, 0.383248712,
    0.386335281, 0.389249964, 0.391993217, 0.394566085, 0.396970155, 0.399207505, 0.401280657,
    0.403192535, 0.404946414, 0.406545883, 0.407994804, 0.409297271, 0.410457572, 0.411480158,
    0.412369609, 0.413130602, 0.413767884, 0.414286246, 0.414690498, 0.414985447, 0.415175879,
    0.415266538, 0.415262114, 0.415167225, 0.414986406, 0.4147241,   0.414384647, 0.413972275,
    0.413491097, 0.412945103, 0.412338159, 0.411673999, 0.410956228, 0.410188318, 0.409373609,
    0.40851531,  0.407616495, 0.406680111, 0.405708975, 0.404705781, 0.403673095, 0.402613366,
    0.401528924, 0.400421986, 0.399294657, 0.398148935, 0.396986715, 0.395809792, 0.394619864,
    0.393418537, 0.392207327, 0.390987667, 0.389760906, 0.388528317, 0.387291095, 0.386050367,
    0.384807191, 0.383562558, 0.382317401, 0.381072592, 0.379828946, 0.378587227, 0.377348147,
    0.376112373, 0.374880523, 0.373653174, 0.372430863, 0.371214087, 0.370003306, 0.368798948,
    0.367601407, 0.366411046, 0.3652282,   0.364053175, 0.362886253, 0.361727691, 0.360577723,
    0.35943656,  0.358304396, 0.357181403, 0.356067737, 0.354963534, 0.353868918, 0.352783995,
    0.35170886,  0.350643591, 0.349588258, 0.348542916, 0.347507611, 0.346482379, 0.345467245,
    0.344462227,
};

/// Cubic through the four knots around `mired`.
inline double on_locus(const double (&knots)[locus_knots], double mired) {
    const double place = (mired - locus_first) / locus_step;
    const int first = std::clamp(static_cast<int>(std::floor(place)) - 1, 0, locus_knots - 4);
    double sum = 0;
    for (int a = 0; a < 4; ++a) {
        double weight = 1;
        for (int b = 0; b < 4; ++b)
            if (b != a)
                weight *= (place - first - b) / (a - b);
        sum += weight * knots[first + a];
    }
    return sum;
}

}  // namespace detail

/// The white of a colour temperature: on the Planckian locus, 1000 to 20000 K in steps of ten, as
/// zigbee2mqtt's table has it (its values interpolated from 120 of them, to 1e-7).
inline Xy xy_of_mired(double mired) {
    const double kelvin = std::clamp(rounded(1e6 / mired), 1000.0, 20009.0);
    const double step = std::floor(kelvin / 10) * 10;
    return {detail::on_locus(detail::locus_x, 1e6 / step),
            detail::on_locus(detail::locus_y, 1e6 / step)};
}

/// McCamy's approximation.
inline double mired_of(const Xy& xy) {
    const double n = (xy.x - 0.332) / (0.1858 - xy.y);
    const double kelvin = std::fabs(437 * n * n * n + 3601 * n * n + 6861 * n + 5517);
    return 1e6 / kelvin;
}

/// Wide RGB D65.
inline Xy xy_of(const Rgb& rgb) {
    const double x = rgb.red * 0.664511 + rgb.green * 0.154324 + rgb.blue * 0.162028;
    const double y = rgb.red * 0.283881 + rgb.green * 0.668433 + rgb.blue * 0.047685;
    const double z = rgb.red * 0.000088 + rgb.green * 0.07231 + rgb.blue * 0.986039;
    const double sum = x + y + z;
    return sum == 0 ? Xy{} : Xy{x / sum, y / sum};
}

inline Rgb rgb_of(const Xy& xy) {
    const double x = (1.0 / xy.y) * xy.x;
    const double z = (1.0 / xy.y) * (1.0 - xy.x - xy.y);
    Rgb rgb{x * 1.656492 - 0.354851 - z * 0.255038, -x * 0.707196 + 1.655397 + z * 0.036152,
            x * 0.051713 - 0.121364 + z * 1.01153};
    const double most = std::max({rgb.red, rgb.green, rgb.blue});
    const bool one_leads = (rgb.red == most) + (rgb.green == most) + (rgb.blue == most) == 1;
    if (one_leads && most > 1.0)
        rgb = {rgb.red / most, rgb.green / most, rgb.blue / most};
    const auto positive = [](double part) { return std::isnan(part) || part < 0 ? 0.0 : part; };
    return {positive(rgb.red), positive(rgb.green), positive(rgb.blue)};
}

inline Rgb gamma_corrected(const Rgb& rgb) {
    const auto one = [](double v) {
        return v > 0.04045 ? std::pow((v + 0.055) / (1.0 + 0.055), 2.4) : v / 12.92;
    };
    return {one(rgb.red), one(rgb.green), one(rgb.blue)};
}

inline Rgb rgb_of(const Hsv& hsv) {
    const double h = hsv.hue.value_or(0) / 360;
    const double s = hsv.saturation.value_or(100) / 100;
    const double v = hsv.value.value_or(100) / 100;
    const double sector = std::floor(h * 6);
    const double f = h * 6 - sector;
    const double p = v * (1 - s), q = v * (1 - f * s), t = v * (1 - (1 - f) * s);
    switch (static_cast<int>(sector) % 6) {
        case 0: return {v, t, p};
        case 1: return {q, v, p};
        case 2: return {p, v, t};
        case 3: return {p, q, v};
        case 4: return {t, p, v};
        default: return {v, p, q};
    }
}

inline Hsv hsv_of(const Rgb& rgb) {
    const auto [r, g, b] = rgb;
    const double most = std::max({r, g, b}), least = std::min({r, g, b});
    const double range = most - least;
    double h = 0;
    if (range == 0)
        h = 0;
    else if (most == r)
        h = (g - b + range * (g < b ? 6 : 0)) / (6 * range);
    else if (most == g)
        h = (b - r + range * 2) / (6 * range);
    else
        h = (r - g + range * 4) / (6 * range);
    return {h * 360, most == 0 ? 0 : range / most * 100, most * 100};
}

inline Hsv hsv_of(const Xy& xy) {
    return hsv_of(rgb_of(xy));
}
inline Xy xy_of(const Hsv& hsv) {
    return xy_of(rgb_of(hsv));
}
inline Xy rounded(const Xy& xy, int decimals) {
    return {rounded(xy.x, decimals), rounded(xy.y, decimals)};
}

/// `lightness` in percent, as `saturation`.
inline Hsv hsv_of_hsl(double hue, double saturation, double lightness) {
    const double value = saturation * std::min(lightness, 100 - lightness) / 100 + lightness;
    return {std::fmod(hue, 360), value != 0 ? 200 * (1 - lightness / value) : 0, value};
}

inline Rgb rgb_of_hex(std::uint32_t hex) {
    return {((hex >> 16) & 255) / 255.0, ((hex >> 8) & 255) / 255.0, (hex & 255) / 255.0};
}

}  // namespace color
}  // namespace waggle
#pragma GCC visibility pop
