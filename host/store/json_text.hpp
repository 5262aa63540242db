#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <boost/json/fwd.hpp>

/// JSON text, byte for byte as JavaScript would write it: everything that goes to MQTT or into
/// zigbee2mqtt's files is written here. Boost.JSON's own serialiser writes 1.0 as 1E0, which other
/// programs read but no user expects.
///
/// Numbers follow ECMAScript Number::toString: 1.0 is 1, 21 digits before an exponent appears, the
/// shortest text that reads back the same; an integer beyond 2^53 is rounded to a double first. NaN
/// and infinities are null. Strings that are not UTF-8 get U+FFFD where they are not.
///
/// Each function appends to the caller's string, so that a buffer can be kept and reused.
namespace waggle::store {

/// Keys sorted by UTF-16 code units at every depth: zigbee2mqtt's form for almost every payload.
void append_sorted_json(std::string& out, const boost::json::value& value);
void append_sorted_json(std::string& out, const boost::json::object& object);

/// Keys in their order, whole-number keys first and ascending, as JSON.stringify(value).
void append_json(std::string& out, const boost::json::value& value);
void append_json(std::string& out, const boost::json::object& object);

/// The same with line breaks, as JSON.stringify(value, null, indent).
void append_pretty_json(std::string& out, const boost::json::value& value, unsigned indent);
void append_pretty_json(std::string& out, const boost::json::object& object, unsigned indent);

void append_json_number(std::string& out, double number);
void append_json_number(std::string& out, std::int64_t number);
void append_json_number(std::string& out, std::uint64_t number);
void append_json_string(std::string& out, std::string_view text);  ///< with its quotes

std::string sorted_json(const boost::json::value& value);
std::string compact_json(const boost::json::value& value);

/// Whether `a` comes before `b` when both are compared by UTF-16 code units.
bool utf16_less(std::string_view a, std::string_view b) noexcept;

}  // namespace waggle::store
