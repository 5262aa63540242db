#pragma once

#include "network/green_power.hpp"
#include "network/membership.hpp"
#include "network/protocol_services.hpp"
#include "network/touchlink.hpp"

/// The way of a received message: whose it is, decode it once, learn from it, tell everybody,
/// answer it. Synchronous, and the only thing that runs for each message.
namespace waggle::network {

class Inbound {
  public:
    Inbound(Core& core, Membership& membership, RequestQueue& queue, ProtocolServices& services,
            GreenPower& green_power, Touchlink& touchlink)
        : core_(&core),
          membership_(&membership),
          queue_(&queue),
          services_(&services),
          green_power_(&green_power),
          touchlink_(&touchlink) {}

    void message(const ApsIndication& indication);

  private:
    Device* sender_of(const ApsIndication& indication);
    void deliver(Device& device, const ApsIndication& indication);
    Endpoint& endpoint_of(Device& device, EndpointId id);
    void learn(Device& device, Endpoint& endpoint, const zcl::Frame& frame);
    void identity_changed(Device& device);

    Core* core_;
    Membership* membership_;
    RequestQueue* queue_;
    ProtocolServices* services_;
    GreenPower* green_power_;
    Touchlink* touchlink_;
};

}  // namespace waggle::network
