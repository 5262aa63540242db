#include "color_space.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace waggle::sim {

namespace {

using Rgb = std::array<double, 3>;

// sRGB [IEC 61966-2-1].
double to_linear(double value) {
    return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}
double from_linear(double value) {
    return value <= 0.0031308 ? value * 12.92 : 1.055 * std::pow(value, 1 / 2.4) - 0.055;
}

Rgb rgb_of(const HueSaturation& color) {
    const auto channel = [&](double shift) {
        const double sixths = std::fmod(shift + color.hue * 6, 6.0);
        return 1 - color.saturation * std::clamp(std::min(sixths, 4 - sixths), 0.0, 1.0);
    };
    return {channel(5), channel(3), channel(1)};
}

HueSaturation hue_saturation_of(const Rgb& rgb) {
    const double most = *std::ranges::max_element(rgb);
    const double range = most - *std::ranges::min_element(rgb);
    if (most <= 0 || range <= 0)
        return {};
    double sixths = 0;
    if (most == rgb[0])
        sixths = (rgb[1] - rgb[2]) / range;
    else if (most == rgb[1])
        sixths = 2 + (rgb[2] - rgb[0]) / range;
    else
        sixths = 4 + (rgb[0] - rgb[1]) / range;
    return {sixths < 0 ? sixths / 6 + 1 : sixths / 6, range / most};
}

}  // namespace

Xy xy_of(const HueSaturation& color) {
    Rgb rgb = rgb_of(color);
    std::ranges::transform(rgb, rgb.begin(), to_linear);
    const double x = 0.4124 * rgb[0] + 0.3576 * rgb[1] + 0.1805 * rgb[2];
    const double y = 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2];
    const double z = 0.0193 * rgb[0] + 0.1192 * rgb[1] + 0.9505 * rgb[2];
    return {x / (x + y + z), y / (x + y + z)};
}

HueSaturation hue_saturation_of(const Xy& color) {
    if (color.y <= 0)
        return {};
    const double x = color.x / color.y;
    const double z = (1 - color.x - color.y) / color.y;
    Rgb rgb{3.2406 * x - 1.5372 - 0.4986 * z, -0.9689 * x + 1.8758 + 0.0415 * z,
            0.0557 * x - 0.2040 + 1.0570 * z};
    const double most = *std::ranges::max_element(rgb);
    for (double& channel : rgb)
        channel = from_linear(std::max(channel, 0.0) / most);
    return hue_saturation_of(rgb);
}

/// The cubic approximation of the Planckian locus by Kim and others (US patent 7024034).
Xy xy_of_mireds(double mireds) {
    const double kelvin = std::clamp(1e6 / std::max(mireds, 1.0), 1667.0, 25000.0);
    const double t = 1e3 / kelvin;
    const double x = kelvin < 4000 ? ((-0.2661239 * t - 0.2343589) * t + 0.8776956) * t + 0.179910
                                   : ((-3.0258469 * t + 2.1070379) * t + 0.2226347) * t + 0.240390;
    double y = 0;
    if (kelvin < 2222)
        y = ((-1.1063814 * x - 1.34811020) * x + 2.18555832) * x - 0.20219683;
    else if (kelvin < 4000)
        y = ((-0.9549476 * x - 1.37418593) * x + 2.09137015) * x - 0.16748867;
    else
        y = ((3.0817580 * x - 5.87338670) * x + 3.75112997) * x - 0.37001483;
    return {x, y};
}

}  // namespace waggle::sim
