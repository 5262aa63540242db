#pragma once

#include "network/messenger.hpp"

/// A ZCL frame to any address, as somebody who knows what he does wants it sent: past the queues, with
/// the sequence number, profile and endpoints he says, and with whatever is answered for a result.
namespace waggle::network {

/// Has a constructor: it is moved into coroutines.
struct RawRequest {
    RawRequest(ApsRequest where, zcl::Frame what) : to(std::move(where)), frame(std::move(what)) {}

    ApsRequest to;  ///< its payload is made of `frame`
    zcl::Frame frame;
    std::optional<std::uint8_t> sequence;  ///< none: the next
    bool disable_response = false;         ///< does not wait for the command's own response
    std::chrono::milliseconds timeout{10000};
};

/// The answer to a unicast, whatever its status; an empty one where none is waited for.
[[nodiscard]] Awaitable<Result<ZclReply>> send_raw(Core& core, Messenger& messenger,
                                                   RawRequest request);

}  // namespace waggle::network
