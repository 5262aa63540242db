#pragma once

#include <cctype>
#include <cstdlib>
#include <limits>

#include <waggle/converters/basics.hpp>

/// Numbers as users send them. Dashboards send numbers as text, and zigbee2mqtt takes them as
/// JavaScript does; these functions take what it takes and refuse what it refuses.
#pragma GCC visibility push(hidden)
namespace waggle {
namespace detail {

/// The number at the start of a text (parseFloat); NaN when there is none.
inline double leading_number(std::string_view text) {
    const std::string copy(text.substr(0, 64));
    const char* from = copy.c_str();
    while (std::isspace(static_cast<unsigned char>(*from)))
        ++from;
    const char* digits = from + (*from == '-' || *from == '+');
    if (!std::isdigit(static_cast<unsigned char>(*digits)) && *digits != '.')
        return std::numeric_limits<double>::quiet_NaN();
    char* end = nullptr;
    const double number = std::strtod(from, &end);
    return end == from ? std::numeric_limits<double>::quiet_NaN() : number;
}

/// What Number() makes of a value: text must be a number as a whole; NaN for what is none.
inline double as_number(const ValueView& value) {
    if (const auto number = value.number())
        return *number;
    if (const auto boolean = value.boolean())
        return *boolean ? 1 : 0;
    if (value.is_null())
        return 0;
    const auto text = value.text();
    if (!text)
        return std::numeric_limits<double>::quiet_NaN();
    const auto first = text->find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos)
        return 0;
    const auto last = text->find_last_not_of(" \t\r\n");
    const std::string trimmed(text->substr(first, last - first + 1));
    char* end = nullptr;
    const double number = std::strtod(trimmed.c_str(), &end);
    return *end == '\0' ? number : std::numeric_limits<double>::quiet_NaN();
}

inline std::string no_number(std::string_view key, const ValueView& value) {
    return "'" + std::string(key) + "' is not a number, got " + value.to_string();
}

/// A number or a text that is one; refused otherwise.
inline double number_from(const ValueView& value, std::string_view key) {
    const double number = as_number(value);
    if (std::isnan(number))
        throw Refused(no_number(key, value));
    return number;
}

/// A number that was sent as one.
inline double plain_number(const ValueView& value, std::string_view key) {
    const auto number = value.number();
    if (!number)
        throw Refused(no_number(key, value));
    return *number;
}

/// A number that starts a text, or a number.
inline double parsed_number(const ValueView& value, std::string_view key) {
    const auto text = value.text();
    const double number = text ? leading_number(*text)
                               : value.number().value_or(std::numeric_limits<double>::quiet_NaN());
    if (std::isnan(number))
        throw Refused(no_number(key, value));
    return number;
}

/// As it goes into a frame: the fraction is dropped.
inline Value whole(double number) {
    if (!(std::fabs(number) < 9e15))
        throw Refused("a number that no frame can hold");
    return static_cast<std::int64_t>(number);
}

inline std::string plain_text(const ValueView& value, std::string_view key) {
    const auto text = value.text();
    if (!text)
        throw Refused("'" + std::string(key) + "' is not a string, got " + value.to_string());
    return std::string(*text);
}

inline void need_object(const ValueView& value, std::string_view key) {
    if (!value.is_object())
        throw Refused(std::string(key) + " is not a object, got " + value.to_string());
}

struct Named {
    std::string_view name;
    std::int64_t value;
};
/// The number behind a name: as written, else in lower, else in upper case.
template <class List>
std::int64_t looked_up(std::string_view name, const List& list) {
    std::string upper(name);
    for (auto& c : upper)
        c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    for (const auto& form : {std::string(name), lowered(name), upper})
        for (const auto& item : list)
            if (item.name == form)
                return item.value;
    std::vector<std::string_view> names;
    for (const auto& item : list)
        names.push_back(item.name);
    throw Refused("Key '" + std::string(name) + "' not found in: [" + joined(names, ", ") + "]");
}
template <class List>
std::string_view name_of(std::int64_t value, const List& list) {
    for (const auto& item : list)
        if (item.value == value)
            return item.name;
    return {};
}

/// How long a change takes, in tenths of seconds, and whether the user said so.
struct Transition {
    double time = 0;
    bool specified = false;
};

/// Out of the message, else the option. Some bulbs drop a change of brightness with a transition when
/// one of colour follows: theirs is without (trait `noBrightnessTransitionWithColor`).
inline Transition transition_of(const Set& set, std::string_view key) {
    const auto message = set.message();
    const bool with_color = !message["color"].is_null() || !message["color_temp"].is_null();
    if (key == "brightness" && with_color && set.any_trait("noBrightnessTransitionWithColor"))
        return {};
    if (const auto given = message["transition"]; !given.is_null())
        return {parsed_number(given, "transition") * 10, true};
    const auto option = set.device().option("transition");
    if (!option.is_null() && option.text() != "")
        return {parsed_number(option, "transition") * 10, true};
    return {};
}

/// The last two parameters of most commands of level and colour control.
inline void add_options(std::vector<Property>& parameters, const Set& set) {
    if (set.trait("omitOptionalLevelAndColorParams"))
        return;
    parameters.push_back({"optionsMask", 0});
    parameters.push_back({"optionsOverride", 0});
}

}  // namespace detail

inline Option transition_option() {
    return {.expose = {.type = ExposeType::numeric,
                       .name = "transition",
                       .access = Access::set,
                       .description = "Controls the transition time (in seconds) of on/off, "
                                      "brightness, color temperature (if applicable) and color (if "
                                      "applicable) changes. Defaults to `0` (no transition).",
                       .min = 0,
                       .step = 0.1}};
}

/// A yes-or-no option that has no default.
inline Option flag_option(std::string name, std::string description, std::string label = {}) {
    return {.expose = {.type = ExposeType::binary,
                       .name = std::move(name),
                       .access = Access::set,
                       .description = std::move(description),
                       .label = std::move(label),
                       .value_on = true,
                       .value_off = false}};
}

}  // namespace waggle
#pragma GCC visibility pop
