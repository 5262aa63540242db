#pragma once

#include <optional>
#include <string_view>

#include <boost/json/fwd.hpp>

/// What Home Assistant is told of an expose by its name alone: class, category, picture
/// [homeassistant-discovery A]. The tables are data, in attributes.cpp; a name that is in none gets
/// nothing.
namespace waggle::bridge::homeassistant {

struct Attributes {
    std::string_view name;
    std::string_view device_class{}, state_class{}, entity_category{}, icon{};
    std::optional<bool> enabled_by_default{};
    bool preserve_name = false;  ///< the entity keeps its name beside a device class
    bool inverted = false;       ///< of a binary: false is on
};

// nullptr: nothing is known of the name.
const Attributes* config_switch_attributes(std::string_view property) noexcept;
const Attributes* binary_attributes(std::string_view name) noexcept;
const Attributes* numeric_attributes(std::string_view name) noexcept;
const Attributes* enum_attributes(std::string_view name) noexcept;
/// Of text, lists and composites.
const Attributes* text_attributes(std::string_view name) noexcept;

/// Lays them over `payload`; nullptr changes nothing.
void apply(const Attributes* attributes, boost::json::object& payload);

}  // namespace waggle::bridge::homeassistant
