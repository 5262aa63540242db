/// Fetching typed fields out of JSON objects. Numbers may be written as numbers or as text in
/// hexadecimal ("0x0104"), which JSON itself lacks.
#pragma once

#include <limits>
#include <optional>
#include <string>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "description.hpp"

namespace waggle::sim {

inline const boost::json::object& object_of(const boost::json::value& value,
                                            std::string_view what) {
    if (!value.is_object())
        throw DescriptionError("'" + std::string(what) + "' must be (or contain only) objects");
    return value.get_object();
}

inline const boost::json::array* optional_array(const boost::json::object& object,
                                                std::string_view key) {
    const auto found = object.find(key);
    if (found == object.end())
        return nullptr;
    if (!found->value().is_array())
        throw DescriptionError("'" + std::string(key) + "' must be a list");
    return &found->value().get_array();
}

inline std::string text_of(const boost::json::value& value, std::string_view what) {
    if (!value.is_string())
        throw DescriptionError("'" + std::string(what) + "' must be text");
    return std::string(value.get_string());
}

template <typename T>
T number_of(const boost::json::value& value, std::string_view what) {
    std::optional<std::uint64_t> number;
    if (value.is_int64() && value.get_int64() >= 0)
        number = static_cast<std::uint64_t>(value.get_int64());
    else if (value.is_uint64())
        number = value.get_uint64();
    else if (value.is_string())
        number = parse_number(std::string_view(value.get_string()));
    if (!number || *number > std::numeric_limits<T>::max())
        throw DescriptionError("'" + std::string(what) + "' must be a number from 0 to " +
                               std::to_string(std::numeric_limits<T>::max()));
    return static_cast<T>(*number);
}

template <typename T>
T number(const boost::json::object& object, std::string_view key) {
    const auto found = object.find(key);
    if (found == object.end())
        throw DescriptionError("'" + std::string(key) + "' is missing");
    return number_of<T>(found->value(), key);
}

template <typename T>
T number(const boost::json::object& object, std::string_view key, T fallback) {
    return object.contains(key) ? number<T>(object, key) : fallback;
}

inline std::string text(const boost::json::object& object, std::string_view key) {
    const auto found = object.find(key);
    if (found == object.end())
        throw DescriptionError("'" + std::string(key) + "' is missing");
    return text_of(found->value(), key);
}

inline std::string text(const boost::json::object& object, std::string_view key,
                        std::string fallback) {
    return object.contains(key) ? text(object, key) : fallback;
}

inline bool flag(const boost::json::object& object, std::string_view key, bool fallback) {
    const auto found = object.find(key);
    if (found == object.end())
        return fallback;
    if (!found->value().is_bool())
        throw DescriptionError("'" + std::string(key) + "' must be true or false");
    return found->value().get_bool();
}

}  // namespace waggle::sim
