#pragma once

#include "network/core.hpp"

/// Sends one message and waits for what becomes of it: one request at a time to each device, the
/// response matched, one repair of the route and one repeat when a device that does not sleep stays
/// silent [zigbee-flows 12.8]. Whether a request waits for a sleeping device is RequestQueue's
/// business.
namespace waggle::network {

class Messenger {
  public:
    explicit Messenger(Core& core) : core_(&core) {}

    [[nodiscard]] Awaitable<Result<ZclReply>> deliver(ZclRequest request);

    /// Groupcasts and broadcasts; nobody answers those.
    [[nodiscard]] Awaitable<Result<void>> cast(ApsRequest::Mode mode, std::uint16_t address,
                                               EndpointId source, EndpointId destination,
                                               ProfileId profile, zcl::Frame frame);
    /// Bytes that are a ZCL frame already.
    [[nodiscard]] Awaitable<Result<void>> send(ApsRequest message);

    /// A ZDO request to a device, in its turn. -> the response's payload, status first
    [[nodiscard]] Awaitable<Result<Bytes>> zdo(Ieee device, zdo::Cluster cluster, Bytes payload);
    /// The same, for requests whose payload begins with the device's own network address, or holds
    /// it: `make` is given the address it has when its turn comes.
    [[nodiscard]] Awaitable<Result<Bytes>> zdo(Ieee device, zdo::Cluster cluster,
                                               std::function<Bytes(NwkAddress)> make);

  private:
    struct Outgoing;
    Awaitable<Result<ZclReply>> exchange(ZclRequest request);
    Awaitable<Result<ZclReply>> attempt(const Outgoing& outgoing);

    Core* core_;
};

}  // namespace waggle::network
