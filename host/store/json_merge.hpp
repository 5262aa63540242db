#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "store/schema.hpp"

/// How changes meet configuration: zigbee2mqtt's rules.
namespace waggle::store {

/// Objects are merged at every depth, everything else is replaced.
void deep_merge(boost::json::object& target, const boost::json::object& changes);

/// A request's changes: merged likewise, where null removes the key, except below a key
/// `homeassistant`, where null says "none". What was null before stays.
void merge_changes(boost::json::object& target, const boost::json::object& changes);

/// The value at a path through objects; null pointer when there is none.
const boost::json::value* value_at(const boost::json::object& object, const KeyPath& path);
/// Makes the objects on the way.
void set_at(boost::json::object& object, const KeyPath& path, boost::json::value value);
/// Whether something was removed.
bool erase_at(boost::json::object& object, const KeyPath& path);

/// Carries what changed from `before` to `after` over to `target`, which may differ from both.
void carry_changes(boost::json::object& target, const boost::json::object& before,
                   const boost::json::object& after);

}  // namespace waggle::store
