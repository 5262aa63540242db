#pragma once

#include <string_view>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

/// State objects: JSON objects whose keys are kept in the order in which they are published
/// (UTF-16), so that a publication copies and writes them without sorting. A new key, which a
/// device has a few times in its life, rebuilds the object; everything else changes values in
/// place. Erase with json::object::stable_erase, which keeps the order.
namespace waggle::engine {

/// Sets one key, at its place. False: it had this value already.
bool set_sorted(boost::json::object& state, std::string_view key, const boost::json::value& value);

/// Objects are merged member by member, everything else (arrays, null, scalars) is replaced.
/// False: nothing of it was new.
bool merge_sorted(boost::json::object& state, const boost::json::object& update);

/// The same object with its keys in order, nested objects too; for what was read from a file.
void sort_keys(boost::json::object& state);

/// Keys that a publication carries and the cache does not: events rather than states.
bool is_never_cached(std::string_view key) noexcept;

}  // namespace waggle::engine
