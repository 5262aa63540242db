#pragma once

#include <string>
#include <string_view>

#include <boost/json/value.hpp>

/// Values as YAML text, so that both this program and zigbee2mqtt read back the same.
namespace waggle::store {

enum class Quotes : std::uint8_t { as_needed, single, double_ };

struct YamlLayout {
    std::size_t step = 2;  ///< further indentation of each level
    std::string eol = "\n";
};

/// A key as it stands before its colon.
std::string yaml_key(std::string_view key);

/// Scalar, or list or map in flow style ("[1, 2]"), on one line.
std::string yaml_inline(const boost::json::value& value, Quotes quotes = Quotes::as_needed);

/// Whether the value is written behind its key on the same line.
bool is_inline(const boost::json::value& value);

/// The lines of a map's entries or a list's elements, each ended by the line end.
void append_yaml_block(std::string& out, const boost::json::value& value, std::size_t indent,
                       const YamlLayout& layout);

/// One entry, "key: value" or "key:" and what follows below.
void append_yaml_entry(std::string& out, std::string_view key, const boost::json::value& value,
                       std::size_t indent, const YamlLayout& layout);

}  // namespace waggle::store
