#pragma once

#include <string>
#include <string_view>

#include <boost/json/value.hpp>

#include "base/async.hpp"
#include "engine/core.hpp"
#include "plugin/host.hpp"

/// The keys that every supported device takes, whatever its definition:
///
///     read        {cluster, attributes, options?, state_property?}
///     write       {cluster, payload, options?}
///     command     {cluster, command, payload?}
///     zclcommand  {cluster, command, payload?, options?, frametype?, logging?}
///     reset       genBasic factory default
///
/// Options as in zigbee2mqtt: manufacturerCode, disableDefaultResponse, disableResponse, timeout,
/// srcEndpoint, direction, writeUndiv, sendPolicy. Commands go through the cluster tables; numbers
/// do for names everywhere.
namespace waggle::engine {

class GenericKeys {
  public:
    explicit GenericKeys(Network& network) : network_(network) {}

    static bool knows(std::string_view key) noexcept;

    struct Target {
        EntityId entity;
        EndpointId endpoint = 1;
        bool no_default_response = false;  ///< quirk of the definition
    };
    /// The state of `state_property` in the outcome belongs to `target`.
    [[nodiscard]] Awaitable<plugin::CommandOutcome> set(Target target, std::string key,
                                                        boost::json::value value);

  private:
    struct Prepared;
    Awaitable<Result<zcl::Frame>> perform(Target target, Prepared prepared, Bytes& keep);

    Network& network_;
};

}  // namespace waggle::engine
