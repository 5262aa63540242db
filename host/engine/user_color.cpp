#include "engine/user_color.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <string>

namespace json = boost::json;

namespace waggle::engine {
namespace {

using color::Hsv;
using color::Rgb;
using color::Xy;

constexpr double full_turn = 360;
constexpr double greatest_exact = 9007199254740992;  // 2^53

std::string_view trimmed(std::string_view text) noexcept {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

/// "255,0,10": the whole number at the start of each part.
std::optional<std::array<double, 3>> triple(std::string_view text) {
    std::array<double, 3> numbers{};
    for (auto& number : numbers) {
        const auto comma = std::min(text.find(','), text.size());
        const auto part = trimmed(text.substr(0, comma));
        int whole = 0;
        if (std::from_chars(part.data(), part.data() + part.size(), whole).ec != std::errc())
            return std::nullopt;
        number = whole;
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return numbers;
}

std::uint32_t hex_number(std::string_view text) {
    if (const auto hash = text.find('#'); hash != std::string_view::npos)
        text.remove_prefix(hash + 1);
    std::uint32_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number, 16);
    return number;
}

UserColor of_hsv(std::optional<double> hue, std::optional<double> saturation = {},
                 std::optional<double> value = {}) {
    if (hue)
        hue = std::fmod(*hue, full_turn);
    return {.hsv = Hsv{hue, saturation, value}};
}

UserColor of_hsl(double hue, double saturation, double lightness) {
    return {.hsv = color::hsv_of_hsl(hue, saturation, lightness)};
}

UserColor of_rgb(double red, double green, double blue) {
    return {.rgb = Rgb{red / 255, green / 255, blue / 255}};
}

/// The members of a colour object.
class Members {
  public:
    explicit Members(const json::object& object) : object_(object) {}

    bool has(std::initializer_list<std::string_view> names) const {
        return std::all_of(names.begin(), names.end(), [this](std::string_view name) {
            const auto* member = object_.if_contains(name);
            return member && !member->is_null();
        });
    }
    std::optional<double> number(std::string_view name) const {
        const auto* member = object_.if_contains(name);
        return member ? number_like(*member) : std::nullopt;
    }
    const json::string* text(std::string_view name) const {
        const auto* member = object_.if_contains(name);
        return member ? member->if_string() : nullptr;
    }

    /// Three members by name, which must be numbers.
    template <class Make>
    std::optional<UserColor> numbers(std::array<std::string_view, 3> names, Make make) const {
        const auto a = number(names[0]), b = number(names[1]), c = number(names[2]);
        return a && b && c ? std::optional<UserColor>(make(*a, *b, *c)) : std::nullopt;
    }
    /// Three numbers in one text.
    template <class Make>
    std::optional<UserColor> listed(std::string_view name, Make make) const {
        const auto* member = text(name);
        const auto parts = member ? triple(*member) : std::nullopt;
        return parts ? std::optional<UserColor>(make((*parts)[0], (*parts)[1], (*parts)[2]))
                     : std::nullopt;
    }

  private:
    const json::object& object_;
};

/// By hue and saturation alone.
std::optional<UserColor> parse_hue(const Members& color) {
    const auto part = [&](std::string_view name, std::optional<double>& out) {
        if (!color.has({name}))
            return true;
        out = color.number(name);
        return out.has_value();
    };
    std::optional<double> hue, saturation, value;
    const bool is_short = color.has({"h"}) || color.has({"s"});
    if (is_short) {
        if (part("h", hue) && part("s", saturation))
            return of_hsv(hue, saturation);
    } else if (color.has({"hue"}) || color.has({"saturation"})) {
        if (part("hue", hue) && part("saturation", saturation) && part("value", value))
            return of_hsv(hue, saturation, value);
    }
    return std::nullopt;
}

std::optional<UserColor> parse_object(const json::object& object) {
    const Members color(object);
    if (color.has({"x", "y"})) {
        const auto x = color.number("x"), y = color.number("y");
        return x && y ? std::optional(UserColor{.xy = Xy{*x, *y}}) : std::nullopt;
    }
    if (color.has({"r", "g", "b"}))
        return color.numbers({"r", "g", "b"}, of_rgb);
    if (color.has({"rgb"}))
        return color.listed("rgb", of_rgb);
    if (color.has({"hex"})) {
        const auto* text = color.text("hex");
        return text ? std::optional(UserColor{.rgb = color::rgb_of_hex(hex_number(*text))})
                    : std::nullopt;
    }
    if (color.has({"h", "s", "l"}))
        return color.numbers({"h", "s", "l"}, of_hsl);
    if (color.has({"hsl"}))
        return color.listed("hsl", of_hsl);
    for (const auto& [last, name] : {std::pair("b", "hsb"), {"v", "hsv"}}) {
        if (color.has({"h", "s", last}))
            return color.numbers({"h", "s", last}, of_hsv);
        if (color.has({name}))
            return color.listed(name, of_hsv);
    }
    return parse_hue(color);
}

/// A state's colour.
struct ColorState {
    const json::value* mode = nullptr;  ///< nullptr: none
    std::optional<double> temperature, x, y, hue, saturation;

    explicit ColorState(const json::object& state) {
        if (const auto* known = state.if_contains("color_mode"); known && !known->is_null())
            mode = known;
        const auto number = [](const json::object& object, std::string_view key) {
            const auto* member = object.if_contains(key);
            return member && member->is_number() ? number_like(*member) : std::nullopt;
        };
        temperature = number(state, "color_temp");
        const auto* color = state.if_contains("color");
        if (!color || !color->is_object())
            return;
        const auto& parts = color->get_object();
        x = number(parts, "x");
        y = number(parts, "y");
        hue = number(parts, "hue");
        saturation = number(parts, "saturation");
    }
    bool has_hs() const noexcept { return hue && saturation; }
    bool has_xy() const noexcept { return x && y; }
    bool has_color() const noexcept { return x || y || hue || saturation; }
};

void set(json::object& color, std::string_view key, const std::optional<double>& value) {
    if (value && std::isfinite(*value))
        color.insert_or_assign(key, plain_number(*value));
}
void set_xy(json::object& color, const Xy& xy) {
    set(color, "x", color::rounded(xy.x, 4));
    set(color, "y", color::rounded(xy.y, 4));
}
void set_hs(json::object& color, const Hsv& hsv) {
    set(color, "hue", color::rounded(hsv.hue.value_or(0)));
    set(color, "saturation", color::rounded(hsv.saturation.value_or(0)));
}

std::optional<double> either(const std::optional<double>& a, const std::optional<double>& b) {
    return a ? a : b;
}

/// Which ways of saying the colour are wanted.
struct Wanted {
    bool temperature, hs, xy;
};

/// One function a mode: takes what the mode consists of and derives the rest.
void follow_hs(const ColorState& fresh, const ColorState& old, const Wanted& wanted,
               const MiredRange& range, json::object& color, std::optional<double>& temperature) {
    const auto hue = either(fresh.hue, old.hue);
    const auto saturation = either(fresh.saturation, old.saturation);
    set(color, "hue", hue);
    set(color, "saturation", saturation);
    if (!hue || !saturation)
        return;
    const auto xy = color::xy_of(Hsv{std::fmod(*hue, full_turn), saturation, std::nullopt});
    if (wanted.temperature)
        temperature = range.clamped(color::rounded(color::mired_of(xy)));
    if (wanted.xy)
        set_xy(color, xy);
}

void follow_xy(const ColorState& fresh, const ColorState& old, const Wanted& wanted,
               const MiredRange& range, json::object& color, std::optional<double>& temperature) {
    const auto x = either(fresh.x, old.x), y = either(fresh.y, old.y);
    set(color, "x", x);
    set(color, "y", y);
    if (!x || !y)
        return;
    const Xy xy{*x, *y};
    if (wanted.temperature)
        temperature = range.clamped(color::rounded(color::mired_of(xy)));
    if (wanted.hs)
        set_hs(color, color::hsv_of(xy));
}

void follow_temperature(const ColorState& fresh, const ColorState& old, const Wanted& wanted,
                        json::object& color, std::optional<double>& temperature) {
    temperature = either(fresh.temperature, old.temperature);
    if (!temperature)
        return;
    const auto xy = color::xy_of_mired(*temperature);
    if (wanted.xy)
        set_xy(color, xy);
    if (wanted.hs)
        set_hs(color, color::hsv_of(xy));
}

}  // namespace

std::optional<double> number_like(const json::value& value) {
    if (value.is_number()) {
        boost::system::error_code error;
        const auto number = value.to_number<double>(error);
        return error ? std::nullopt : std::optional(number);
    }
    const auto* text = value.if_string();
    const auto digits = text ? trimmed(*text) : std::string_view();
    double number = 0;
    const auto* const end = digits.data() + digits.size();
    const auto parsed = std::from_chars(digits.data(), end, number);
    if (digits.empty() || parsed.ec != std::errc() || parsed.ptr != end || !std::isfinite(number))
        return std::nullopt;
    return number;
}

json::value plain_number(double number) {
    if (number == std::trunc(number) && std::fabs(number) < greatest_exact)
        return static_cast<std::int64_t>(number);
    return number;
}

std::optional<UserColor> parse_color(const json::value& value) {
    if (const auto* object = value.if_object())
        return parse_object(*object);
    if (const auto* text = value.if_string(); text && text->starts_with('#'))
        return UserColor{.rgb = color::rgb_of_hex(hex_number(*text))};
    return std::nullopt;
}

Hsv corrected(const Hsv& hsv, const json::object& options) {
    const auto* map = options.if_contains("hue_correction");
    if (!map || !map->is_array() || map->get_array().size() < 2)
        return hsv;
    const double hue = hsv.hue.value_or(0);
    constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
    constexpr double far = std::numeric_limits<double>::infinity();
    struct Point {
        double in, out;
    };
    Point left{-far, 0}, right{far, 0};
    for (const auto& item : map->get_array()) {
        const auto* entry = item.if_object();
        const auto* from = entry ? entry->if_contains("in") : nullptr;
        const auto* to = entry ? entry->if_contains("out") : nullptr;
        const double in = from ? number_like(*from).value_or(nothing) : nothing;
        const double out = to ? number_like(*to).value_or(nothing) : nothing;
        if (std::isnan(in) || std::isnan(out))
            continue;
        if (in <= hue && in > left.in)
            left = {in, out};
        if (in > hue && in < right.in)
            right = {in, out};
    }
    if (left.in == -far)
        left = {0, 0};
    if (right.in == far)
        right = {359, 359};
    if (left.in == right.in)
        return hsv;
    const double ratio = 1 - (right.in - hue) / (right.in - left.in);
    return {color::rounded(left.out + ratio * (right.out - left.out)), hsv.saturation, hsv.value};
}

double MiredRange::clamped(double mired) const noexcept {
    if (coolest && mired < *coolest)
        return *coolest;
    return warmest && mired > *warmest ? *warmest : mired;
}

void MiredRange::narrow(const MiredRange& other) noexcept {
    if (other.coolest)
        coolest = std::max(*other.coolest, coolest.value_or(*other.coolest));
    if (other.warmest)
        warmest = std::min(*other.warmest, warmest.value_or(*other.warmest));
}

void synchronise_color(json::object& fresh, const json::object& old, const MiredRange& range) {
    const ColorState is(fresh), was(old);
    const Wanted wanted{is.temperature || was.temperature, is.has_hs() || was.has_hs(),
                        is.has_xy() || was.has_xy()};
    json::value mode;
    if (is.mode || was.mode)
        mode = *(is.mode ? is.mode : was.mode);
    else if (is.has_color())
        mode = is.hue ? "hs" : "xy";
    else if (is.temperature)
        mode = "color_temp";
    json::object color;
    std::optional<double> temperature;
    if (mode == "hs")
        follow_hs(is, was, wanted, range, color, temperature);
    else if (mode == "xy")
        follow_xy(is, was, wanted, range, color, temperature);
    else if (mode == "color_temp")
        follow_temperature(is, was, wanted, color, temperature);
    if (!mode.is_null())
        fresh.insert_or_assign("color_mode", std::move(mode));
    if (!color.empty())
        fresh.insert_or_assign("color", std::move(color));
    set(fresh, "color_temp", temperature);
}

void add_color_mode(json::object& state) {
    if (state.contains("color_mode"))
        return;
    if (state.contains("color_temp")) {
        state.emplace("color_mode", "color_temp");
    } else if (const auto* color = state.if_contains("color")) {
        const auto* object = color->if_object();
        state.emplace("color_mode", object && object->contains("x") ? "xy" : "hs");
    }
}

}  // namespace waggle::engine
