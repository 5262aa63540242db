#pragma once

#include <algorithm>
#include <cmath>

#include <waggle/definition.hpp>

/// What all ready-made parts share.
#pragma GCC visibility push(hidden)
namespace waggle {

namespace detail {

inline std::string lowered(std::string_view text) {
    std::string result(text);
    for (auto& c : result)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return result;
}

template <class List>
std::string joined(const List& list, std::string_view separator) {
    std::string result;
    for (const auto& item : list) {
        if (!result.empty())
            result += separator;
        result += item;
    }
    return result;
}

/// As JavaScript's Math.round: halves go up.
inline double rounded(double number) {
    const double below = std::floor(number);
    return number - below >= 0.5 ? below + 1 : below;
}

}  // namespace detail

/// Rounded to so many decimals, as zigbee2mqtt's converters do it.
inline double round_to(double number, int decimals) {
    const double factor = std::pow(10.0, decimals);
    return detail::rounded(number * factor) / factor;
}

/// A number for publishing: whole ones as integers, NaN and infinities as null, as JSON has it.
inline Value number(double of) {
    if (!std::isfinite(of))
        return {};
    if (of == std::floor(of) && std::fabs(of) < 9e15)
        return static_cast<std::int64_t>(of);
    return of;
}

/// Names of endpoints, for devices that have the same property several times. Empty: one property,
/// whichever endpoint it comes from.
using EndpointNames = std::vector<std::string>;

/// The same for one endpoint: `temperature` of "left" is `temperature_left`.
inline Expose of_endpoint(Expose expose, const std::string& name) {
    if (!expose.name.empty())  // switch … climate have none
        expose.property = (expose.property.empty() ? expose.name : expose.property) + "_" + name;
    expose.endpoint = name;
    for (auto& feature : expose.features)
        feature = of_endpoint(std::move(feature), name);
    return expose;
}
inline std::vector<Expose> of_endpoints(const Expose& expose, const EndpointNames& names) {
    if (names.empty())
        return {expose};
    std::vector<Expose> result;
    for (const auto& name : names)
        result.push_back(of_endpoint(expose, name));
    return result;
}

/// How often a device reports, in seconds; `change` in the attribute's own unit.
struct ReportingInterval {
    std::uint16_t minimum = 0;
    std::uint16_t maximum = 3600;
    double change = 0;
};

/// The expose of `action`: events that are published and never cached.
inline Expose action(std::initializer_list<std::string_view> names) {
    Expose expose{.type = ExposeType::enumeration,
                  .name = "action",
                  .access = Access::state,
                  .description = "Triggered action (e.g. a button click)",
                  .category = Category::diagnostic};
    for (const auto name : names)
        expose.values.emplace_back(name);
    return expose;
}

namespace detail {

constexpr bool has(Access access, Access bit) noexcept {
    return (static_cast<std::uint32_t>(access) & static_cast<std::uint32_t>(bit)) != 0;
}

/// Adds a part to a part.
inline void join(Extension& to, Extension from) {
    const auto add = [](auto& list, auto& more) {
        list.insert(list.end(), std::make_move_iterator(more.begin()),
                    std::make_move_iterator(more.end()));
    };
    add(to.exposes, from.exposes);
    add(to.from_device, from.from_device);
    add(to.to_device, from.to_device);
    add(to.options, from.options);
    add(to.configure, from.configure);
    add(to.events, from.events);
    add(to.bindings, from.bindings);
    add(to.reportings, from.reportings);
    add(to.readings, from.readings);
    add(to.cluster_edits, from.cluster_edits);
    add(to.traits, from.traits);
    if (to.power_source_if_unknown.empty())
        to.power_source_if_unknown = std::move(from.power_source_if_unknown);
    if (from.ota)
        to.ota = std::move(from.ota);
}

struct WatchedAttribute {
    std::uint16_t attribute = 0;
    std::optional<ReportingInterval> reporting = {};
};

/// Binds and reports (attributes that have an interval), then reads once: on the named endpoints, or
/// on each that has the cluster.
inline void set_up(Extension& part, std::uint16_t cluster,
                   const std::vector<WatchedAttribute>& attributes, bool read_once,
                   const EndpointNames& endpoints, std::uint16_t manufacturer = 0,
                   std::uint8_t otherwise = every_endpoint) {
    bool bound = false, joined = false;
    for (const auto& [attribute, reporting] : attributes) {
        if (reporting && !bound) {
            part.bindings.push_back({cluster, otherwise, endpoints});
            bound = true;
        }
        if (reporting)
            part.reportings.push_back({.cluster = cluster,
                                       .attribute = attribute,
                                       .minimum = reporting->minimum,
                                       .maximum = reporting->maximum,
                                       .change = reporting->change,
                                       .endpoint = otherwise,
                                       .manufacturer = manufacturer,
                                       .endpoints = endpoints});
        if (read_once)
            part.readings.push_back(
                {cluster, attribute, otherwise, manufacturer, endpoints, joined});
        joined = true;
    }
}

}  // namespace detail

/// Yes or no, set by the user in the device's options.
inline Option boolean_option(std::string name, std::string description, bool otherwise) {
    return {.expose = {.type = ExposeType::binary,
                       .name = std::move(name),
                       .access = Access::set,
                       .description = std::move(description),
                       .value_on = true,
                       .value_off = false},
            .default_value = otherwise};
}

}  // namespace waggle
#pragma GCC visibility pop
