#pragma once

#include <string>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "base/bytes.hpp"
#include "zigbee/zdo.hpp"

/// ZDO requests and responses as zigbee2mqtt's `raw` action has them in JSON: a request is the list of
/// its fields in their order, a response is [status, {fields by name}].
namespace waggle::bridge {

/// `problem` gets a sentence when the fields are not those of the request, or nothing knows it.
[[nodiscard]] Result<Bytes> zdo_request(std::uint16_t cluster, const boost::json::array& fields,
                                        std::string& problem);

/// @param request  the cluster of the request that was answered
/// Errc::truncated, Errc::unsupported (a response without a form in JSON)
[[nodiscard]] Result<boost::json::value> zdo_response(std::uint16_t request, ByteView payload);

}  // namespace waggle::bridge
