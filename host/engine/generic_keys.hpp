#pragma once

#include <string>
#include <string_view>

#include <boost/json/value.hpp>

#include "base/async.hpp"
#include "engine/core.hpp"
#include "engine/key_target.hpp"
#include "plugin/host.hpp"

/// The keys that every supported device takes, whatever its definition:
///
///     read        {cluster, attributes, options?, state_property?}
///     write       {cluster, payload, options?}
///     command     {cluster, command, payload?}
///     zclcommand  {cluster, command, payload?, options?, frametype?, check_status?, logging?};
///                 not to groups
///     reset       genBasic factory default
///
/// Options as in zigbee2mqtt: manufacturerCode, disableDefaultResponse, disableResponse,
/// disableRecovery, timeout, srcEndpoint, direction, writeUndiv, sendPolicy. What is named goes
/// through the cluster tables, the device's own clusters first; numbers do for names everywhere.
namespace waggle::engine {

class GenericKeys {
  public:
    explicit GenericKeys(Network& network) : network_(network) {}

    static bool knows(std::string_view key) noexcept;

    /// The state of `state_property` in the outcome belongs to `target`.
    [[nodiscard]] Awaitable<plugin::CommandOutcome> set(KeyTarget target, std::string key,
                                                        boost::json::value value);

  private:
    struct Context;
    struct Prepared;
    Context context_of(const KeyTarget& target) const;
    Awaitable<Result<zcl::Frame>> perform(KeyTarget target, Prepared prepared, Bytes& keep);

    Network& network_;
};

}  // namespace waggle::engine
