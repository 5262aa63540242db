#pragma once

#include <boost/json/value.hpp>

#include "zigbee/zcl_frame.hpp"

/// Our values in the form that vectors.json keeps zigbee-herdsman's in: octets {"$hex": …},
/// integers of 56 and 64 bits {"$big": …}, NaN null.
namespace waggle::test {

boost::json::value present(const zcl::Value& value);
boost::json::value present(const zcl::ParameterDefinition& definition, const zcl::Value& value);

/// A cluster command's parameters as one object.
boost::json::value present_parameters(const zcl::Frame& frame);

/// A foundation command's payload.
boost::json::value present_foundation(const zcl::Frame& frame);

}  // namespace waggle::test
