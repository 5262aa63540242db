#include "engine/scene_content.hpp"

#include <cmath>
#include <initializer_list>

#include <fmt/format.h>

#include "store/json_read.hpp"
#include "store/json_text.hpp"
#include "zigbee/types.hpp"

namespace json = boost::json;

namespace waggle::engine {
namespace {

constexpr ClusterId on_off_cluster = 0x0006, level_cluster = 0x0008, covering_cluster = 0x0102,
                    color_cluster = 0x0300;
constexpr double whole_xy = 65535;
/// Of a black body whose colour is known, in kelvin.
constexpr double coldest_known = 1000, hottest_known = 20009;
constexpr std::int64_t octet_length = 1, xy_length = 4, color_length = 13;

std::string lower(std::string_view text) {
    std::string result(text);
    for (char& c : result)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return result;
}

std::string upper(std::string_view text) {
    std::string result(text);
    for (char& c : result)
        c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return result;
}

class Composer {
  public:
    Composer(const SceneTraits& traits, std::string& problem)
        : traits_(traits), problem_(problem) {}

    /// One member of the request; what a scene does not consist of is passed over.
    bool take(std::string_view key, const json::value& value) {
        if (key == "state")
            return take_state(value);
        if (key == "brightness")
            return take_octet(key, value, level_cluster);
        if (key == "position")
            return take_octet(key, value, covering_cluster, traits_.cover_inverted);
        if (key == "color_temp")
            return take_color_temp(value);
        return key != "color" || take_color(value);
    }

    SceneContent content;

  private:
    void add(ClusterId cluster, std::int64_t length, std::initializer_list<double> values) {
        json::array fields;
        for (const double value : values)
            fields.emplace_back(static_cast<std::int64_t>(value));
        content.fields.push_back(
            json::object{{"clstId", cluster}, {"len", length}, {"extField", std::move(fields)}});
    }

    bool refuse(std::string_view key, const json::value& value) {
        problem_ = fmt::format("'{}' of a scene cannot be {}", key, store::compact_json(value));
        return false;
    }

    bool take_state(const json::value& value) {
        const auto* text = value.if_string();
        if (!text)
            return refuse("state", value);
        add(on_off_cluster, octet_length, {lower(*text) == "on" ? 1.0 : 0.0});
        content.state.insert_or_assign("state", upper(*text));
        return true;
    }

    bool take_octet(std::string_view key, const json::value& value, ClusterId cluster,
                    bool is_inverted = false) {
        constexpr double full = 100;
        const auto number = number_like(value);
        const double sent = is_inverted ? full - number.value_or(0) : number.value_or(0);
        if (!number || sent < 0 || sent > 0xFF)
            return refuse(key, value);
        add(cluster, octet_length, {std::trunc(sent)});
        content.state.insert_or_assign(key, value);
        return true;
    }

    bool add_xy(const color::Xy& xy) {
        const double x = color::mapped(xy.x, 0, 1, 0, whole_xy);
        const double y = color::mapped(xy.y, 0, 1, 0, whole_xy);
        if (!(x >= 0 && x <= whole_xy && y >= 0 && y <= whole_xy))
            return false;
        add(color_cluster, xy_length, {x, y});
        return true;
    }

    /// No device is known to keep a temperature: a scene has the colour of that white.
    bool take_color_temp(const json::value& value) {
        const auto number = value.is_number() ? number_like(value) : std::nullopt;
        if (!number || *number <= 0)
            return refuse("color_temp", value);
        const double mired = traits_.range.clamped(*number);
        const double kelvin = color::rounded(1e6 / mired);
        if (kelvin < coldest_known || kelvin > hottest_known || !add_xy(color::xy_of_mired(mired)))
            return refuse("color_temp", value);
        content.state.insert_or_assign("color_mode", "color_temp");
        content.state.insert_or_assign("color_temp", plain_number(mired));
        return true;
    }

    bool take_color(const json::value& value) {
        auto color = parse_color(value);
        if (const auto* text = value.if_string(); text && !color) {
            boost::system::error_code error;
            const auto parsed = store::read_json(*text, error);
            if (!error)
                color = parse_color(parsed);
        }
        if (!color) {
            problem_ = "Value does not contain valid color definition";
            return false;
        }
        if (color->xy)
            return take_xy(*color->xy, value);
        // As zigbee2mqtt: a colour by red, green and blue is no part of a scene.
        return !color->hsv || take_hsv(*color->hsv, value);
    }

    bool take_xy(const color::Xy& xy, const json::value& value) {
        if (!add_xy(xy))
            return refuse("color", value);
        content.state.insert_or_assign("color_mode", "xy");
        content.state.insert_or_assign(
            "color", json::object{{"x", plain_number(xy.x)}, {"y", plain_number(xy.y)}});
        return true;
    }

    /// The field for hue and saturation is the enhanced hue; lights without it are given xy.
    bool take_hsv(const color::Hsv& hsv, const json::value& value) {
        const auto corrected_hsv = corrected(hsv, traits_.options);
        if (traits_.enhanced_hue) {
            const double hue = color::mapped(corrected_hsv.hue.value_or(0), 0, 360, 0, 0xFFFF);
            const double saturation =
                color::mapped(corrected_hsv.saturation.value_or(0), 0, 100, 0, 254);
            if (!(hue >= 0 && hue <= 0xFFFF && saturation >= 0 && saturation <= 0xFF))
                return refuse("color", value);
            add(color_cluster, color_length, {0, 0, hue, saturation, 0, 0, 0, 0});
        } else if (!add_xy(color::xy_of(corrected_hsv))) {
            return refuse("color", value);
        }
        json::object state;
        if (hsv.hue)
            state.emplace("hue", plain_number(*hsv.hue));
        if (hsv.saturation)
            state.emplace("saturation", plain_number(*hsv.saturation));
        content.state.insert_or_assign("color_mode", "hs");
        content.state.insert_or_assign("color", std::move(state));
        return true;
    }

    const SceneTraits& traits_;
    std::string& problem_;
};

}  // namespace

std::optional<SceneContent> scene_content(const json::object& request, const SceneTraits& traits,
                                          std::string& problem) {
    const auto given = [&request](std::string_view key) {
        const auto* value = request.if_contains(key);
        return value && !value->is_null();
    };
    if (given("color_temp") && given("color")) {
        problem = "Don't specify both 'color_temp' and 'color'";
        return std::nullopt;
    }
    Composer composer(traits, problem);
    for (const auto& member : request)
        if (!composer.take(member.key(), member.value()))
            return std::nullopt;
    return std::move(composer.content);
}

}  // namespace waggle::engine
