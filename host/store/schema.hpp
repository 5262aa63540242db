#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

/// The rules of configuration.yaml, read from schema.json, which is built into the program. Of JSON
/// Schema only what that file uses is understood. Messages have the words that clients of
/// zigbee2mqtt know ("must be boolean"); describe_allowed() says it for people.
namespace waggle::store {

extern const std::string_view schema_text;
extern const std::string_view sorted_schema_text;

using KeyPath = std::vector<std::string>;

struct SchemaProblem {
    KeyPath path;              ///< of the value at fault
    std::string message;       ///< "must be >= 11"
    std::string allowed;       ///< "must be a number from 11 to 26"
    bool is_required = false;  ///< a key is missing, rather than wrong

    /// "advanced/channel must be >= 11"
    std::string text() const;
};

/// Made for one check and thrown away: the parsed schema is larger than the text.
class Schema {
  public:
    Schema();

    /// Every problem of a whole configuration, in the order of the schema.
    std::vector<SchemaProblem> check(const boost::json::value& configuration) const;

    /// Whether `changes` names a key that needs a restart, whatever its value.
    bool needs_restart(const boost::json::value& changes) const;
    bool device_needs_restart(const boost::json::value& options) const;
    bool group_needs_restart(const boost::json::value& options) const;

    /// Keys of `configuration` that the schema does not list, below its fixed part.
    std::vector<KeyPath> unknown_keys(const boost::json::value& configuration) const;

    /// The rule for the value at a key path; null when there is none.
    const boost::json::object* rule_at(const KeyPath& path) const;
    const boost::json::object& document() const { return document_.get_object(); }

  private:
    const boost::json::object& definition(std::string_view name) const;

    boost::json::value document_;
};

/// A sentence's second half about the values that `rule` takes: "must be true or false".
std::string describe_allowed(const boost::json::object& rule);

}  // namespace waggle::store
