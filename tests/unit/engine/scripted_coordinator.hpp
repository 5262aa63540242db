#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "coordinator/coordinator.hpp"
#include "network/network.hpp"

/// A radio whose devices answer as the test says. What was sent is kept; an answer comes in a later
/// turn of the loop, as a real one would.
namespace waggle::test {

struct ScriptedRadio {
    boost::asio::any_io_executor executor;
    Coordinator::Listener* listener = nullptr;
    std::vector<ApsRequest> sent;
    bool stays_away = false;  ///< opening the link fails
    /// What a device answers to a ZCL frame; nothing: silence.
    std::function<std::optional<Bytes>(const ApsRequest&)> answer;

    /// ZDO requests: "address/cluster payload" in hexadecimal.
    std::vector<std::string> zdo_sent;
    /// What is answered to them; nothing: success without more.
    std::function<Bytes(NwkAddress, zdo::Cluster)> zdo;

    /// A frame arrives now.
    void deliver(NwkAddress from, EndpointId endpoint, ClusterId cluster, const Bytes& frame,
                 std::uint8_t link_quality = 100);
    /// Makes the coordinator, on which the pointer `listener` is set.
    CoordinatorFactory factory();
};

}  // namespace waggle::test
