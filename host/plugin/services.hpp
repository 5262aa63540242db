#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json/fwd.hpp>

#include "base/async.hpp"
#include "base/bytes.hpp"
#include "waggle/plugin.h"
#include "zigbee/types.hpp"
#include "zigbee/zcl_frame.hpp"

/// What the plugin floor asks of the floors above and below: implemented by the engine (Services)
/// and, over the real network, by NetworkRadio (Radio). Tests implement both in a few lines.
namespace waggle::plugin {

/// A device or a group.
struct EntityRef {
    Ieee ieee;
    GroupId group = 0;

    static EntityRef device(Ieee of) noexcept { return {of, 0}; }
    static EntityRef of_group(GroupId id) noexcept { return {Ieee(), id}; }
    bool is_group() const noexcept { return group != 0; }
    auto operator<=>(const EntityRef&) const noexcept = default;
};

/// State and configuration, as the engine keeps them. Loop thread only; called from inside calls
/// into a plugin, so nothing here may bind or unbind devices or replace plugins.
class Services {
  public:
    virtual ~Services() = default;

    /// Publishes these properties of the entity now, through the ordinary pipeline (options,
    /// cache).
    virtual void publish(const EntityRef& entity, boost::json::object& properties) = 0;

    /// What the user set: for the entity, else in device_options. nullptr: neither. The
    /// definition's defaults are applied by the plugin floor. Lives until the next change of
    /// configuration.
    virtual const boost::json::value* option(const EntityRef& entity, std::string_view name) = 0;

    /// A property of the cached state, or nullptr.
    virtual const boost::json::value* state(const EntityRef& entity, std::string_view property) = 0;

    virtual std::string friendly_name(const EntityRef& entity) = 0;

    /// A plugin's persistent value for an entity, as JSON text; "" is absent. Key:
    /// "<plugin>/<key>".
    virtual std::string stored(const EntityRef& entity, std::string_view key) = 0;
    virtual void store(const EntityRef& entity, std::string_view key, std::string_view json) = 0;

    /// bridge/devices has to be published again.
    virtual void exposes_changed(const EntityRef& entity) = 0;
};

/// A plugin's request with everything owned, in the host's own types.
struct RadioRequest {
    wg_request_kind kind = 0;
    EntityRef entity;
    EndpointId endpoint = 0;  ///< 0: the device's default (resolved before it gets here)
    EndpointId source_endpoint = 1;
    ClusterId cluster = 0;
    GroupId group = 0;
    zcl::Frame frame;   ///< every kind that sends a ZCL frame
    Bytes frame_bytes;  ///< when not empty: send these (a command no table knows)
    std::vector<wg_reporting> reportings;
    wg_send_policy policy = WG_SEND_BY_COMMAND;
    std::uint32_t timeout_ms = 0;
    std::uint8_t sequence = 0;  ///< of the message answered, WG_REQUEST_READ_RESPONSE
    bool no_reply = false;
};

/// Not an aggregate: it is returned from coroutines.
struct RadioReply {
    RadioReply() = default;
    explicit RadioReply(boost::system::error_code code) : error(code) {}

    boost::system::error_code error;  ///< of zcl::status_category() when the device refused
    Bytes bytes;                      ///< what `frame` views
    zcl::Frame frame;                 ///< the answer, if there was one
};

class Radio {
  public:
    virtual ~Radio() = default;
    [[nodiscard]] virtual Awaitable<RadioReply> perform(RadioRequest request) = 0;
};

}  // namespace waggle::plugin
