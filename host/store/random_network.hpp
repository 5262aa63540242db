#pragma once

#include <string_view>

#include <boost/json/value.hpp>

/// What GENERATE stands for.
namespace waggle::store {

/// `name` is network_key (16 bytes), ext_pan_id (8 bytes) or pan_id (1 to 65533), from the system's
/// random source.
boost::json::value random_network_value(std::string_view name);

}  // namespace waggle::store
