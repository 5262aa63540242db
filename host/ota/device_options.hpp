#pragma once

#include <string_view>

#include <boost/json/object.hpp>

#include "ota/server.hpp"

namespace waggle::ota {

/// What a device's entry in the configuration says of how it is served: the keys of the section `ota`
/// with their units and limits (image_block_request_timeout, image_block_response_delay,
/// default_maximum_data_size). One that is no number within the limits is left out, and the log names
/// the device and the key. zigbee2mqtt passes such keys over.
/// @param name  of the device, for the log
void apply_device_options(ServeOptions& options, const boost::json::object& entry,
                          std::string_view name);

}  // namespace waggle::ota
