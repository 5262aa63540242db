#pragma once

#include <cstdint>
#include <optional>

#include <boost/json/fwd.hpp>

#include "zigbee/zcl_value.hpp"

/// Values of attributes as zigbee2mqtt stores them: octets as {"type":"Buffer","data":[…]},
/// integers of 56 and 64 bits as text, addresses as text, times of day and dates as objects, a
/// structure's members with their types. Part of persistence; see there.
namespace waggle::network {

boost::json::value value_to_json(const zcl::Value& value, const boost::json::storage_ptr& memory);

/// Xiaomi's list of {index, value} in one attribute, stored as an object {"1": 3000, …}.
inline constexpr std::uint16_t indexed_list_attribute = 0xFF01;
boost::json::value indexed_list_to_json(const zcl::Value& list,
                                        const boost::json::storage_ptr& memory);

/// The value of an attribute of this type, zcl::DataType::unknown when no table has it. Nothing for
/// what has no counterpart; such a value keeps its JSON.
std::optional<zcl::Value> value_from_json(const boost::json::value& value, zcl::DataType type);

}  // namespace waggle::network
