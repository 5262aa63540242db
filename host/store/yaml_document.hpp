#pragma once

#include <map>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "store/failure.hpp"
#include "store/schema.hpp"

/// YAML text as JSON values, with the line of every key. Plain scalars mean what they mean to
/// zigbee2mqtt (the YAML 1.2 core schema: `yes` is a text, 0x10 is 16), except that keys are always
/// the text that stands there. `!secret key` is read as the text "!secret key", quoted or not.
namespace waggle::store {

class YamlFailure {
  public:
    int line = 0;  ///< from 1; 0 = none
    std::string message;
};

struct YamlDocument {
    boost::json::value value;
    std::map<KeyPath, int> lines;  ///< from 1; of each key and each list element

    /// The line of the value at `path`, or of the nearest thing around it; 0 = none.
    int line_of(KeyPath path) const;
};

/// Exactly one document; an empty one is null. Bounded in depth and size, so that no file can
/// exhaust memory through anchors.
[[nodiscard]] boost::system::result<YamlDocument, YamlFailure> parse_yaml(std::string_view text);

/// What a plain (unquoted) scalar means.
boost::json::value resolve_plain_scalar(std::string_view text);

[[noreturn]] inline void throw_exception_from_error(const YamlFailure& failure,
                                                    const boost::source_location&) {
    throw std::runtime_error(failure.message);
}

}  // namespace waggle::store
