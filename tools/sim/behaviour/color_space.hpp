/// The three ways lightingColorCtrl names a colour, turned into each other.
#pragma once

namespace waggle::sim {

/// CIE 1931 chromaticity, 0 to 1.
struct Xy {
    double x = 0;
    double y = 0;
};

/// Parts of a whole turn, 0 to 1, and saturation, 0 to 1.
struct HueSaturation {
    double hue = 0;
    double saturation = 0;
};

[[nodiscard]] Xy xy_of(const HueSaturation& color);
[[nodiscard]] HueSaturation hue_saturation_of(const Xy& color);
/// Of a black body.
[[nodiscard]] Xy xy_of_mireds(double mireds);

}  // namespace waggle::sim
