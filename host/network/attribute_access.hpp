#pragma once

#include "network/messenger.hpp"

/// Reads and writes that the network does for itself: at once, past any queue, and a record that
/// failed is an error.
namespace waggle::network {

/// The value that a read response holds, or nullptr.
const zcl::Value* value_in(const ZclReply& reply, std::uint16_t attribute) noexcept;

/// success, or the first status that is not.
zcl::Status first_failure(const ZclReply& reply) noexcept;

[[nodiscard]] Awaitable<Result<ZclReply>> read_now(Messenger& messenger, Ieee device,
                                                   EndpointId endpoint, ClusterId cluster,
                                                   std::vector<std::uint16_t> attributes);
[[nodiscard]] Awaitable<Result<void>> write_now(Messenger& messenger, Ieee device,
                                                EndpointId endpoint, ClusterId cluster,
                                                zcl::Records records);

/// A cluster command by its names in the tables; Errc::unsupported when they do not have it.
[[nodiscard]] Result<zcl::Frame> named_command(std::string_view cluster, std::string_view command,
                                               zcl::Parameters parameters);

}  // namespace waggle::network
