#pragma once

#include <boost/json/object.hpp>

#include "bridge/context.hpp"
#include "bridge/request.hpp"

/// The action `raw`: one ZCL or ZDO frame as the caller describes it, to whatever address, and what is
/// answered. Members as in zigbee2mqtt:
///
///     ieee_address, network_address, group_id, dst_endpoint, src_endpoint (1), profile_id (0x0104),
///     cluster_key (name or number), disable_response, timeout (10000 ms)
///     zcl: {frame_type, direction, disable_default_response, manufacturer_code, tsn, command_key,
///           payload}
///     interpan: true — between networks, to ieee_address or to everybody, on the channel the radio
///           is on
///     profile_id 0 with zdo_params: [fields of the request in their order] — a ZDO request
namespace waggle::bridge {

[[nodiscard]] Awaitable<Reply> raw_action(Context& context, boost::json::object params);

/// What reached the host, as zigbee-herdsman describes a ZCL message.
struct RawMessage {
    boost::json::value address;  ///< a network address, or a device's own between networks
    EndpointId endpoint = 0, destination_endpoint = 0;
    ClusterId cluster = 0;
    std::uint8_t link_quality = 0;
    bool broadcast = false;
};
[[nodiscard]] Reply raw_message(const RawMessage& message, ByteView frame);

}  // namespace waggle::bridge
