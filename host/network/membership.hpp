#pragma once

#include <set>
#include <vector>

#include "network/interview.hpp"
#include "network/request_queue.hpp"

/// Devices appearing, moving and leaving [zigbee-flows 1].
namespace waggle::network {

class Membership {
  public:
    /// What became known about a sender: handed its message again.
    using Redeliver = std::function<void(Device&, const ApsIndication&)>;

    Membership(Core& core, RequestQueue& queue, Interviewer& interviewer)
        : core_(&core), queue_(&queue), interviewer_(&interviewer) {}

    void joined(NwkAddress address, Ieee ieee);
    void left(NwkAddress address, std::optional<Ieee> ieee);
    void zdo_message(NwkAddress source, std::uint16_t cluster, ByteView payload);

    /// A message from an address that no device has: asks whose it is, once per address unless it
    /// turned out well. At most 16 such questions at a time; other messages are dropped.
    void identify(const ApsIndication& indication, Redeliver redeliver);

    /// A sign of life: remembers when, tells listeners, sends what waits.
    void seen(Device& device);
    Device& create(DeviceType type, NwkAddress address, Ieee ieee, InterviewState state);

    /// Mgmt_Leave_req, then forget(). With `force` only the latter, whatever the network thinks.
    [[nodiscard]] Awaitable<Result<void>> remove(Ieee ieee, bool force);
    void forget(Device& device);
    /// With everything that listeners are told of it.
    [[nodiscard]] Awaitable<Result<void>> interview(Ieee ieee, bool force);

  private:
    bool is_welcome(Ieee ieee) const;
    void announced(ByteView payload);
    void address_response(ByteView payload);
    void moved(Device& device, NwkAddress address);
    Device& accept(NwkAddress address, Ieee ieee);
    Awaitable<void> turn_away(NwkAddress address, Ieee ieee);
    Awaitable<Result<void>> ask_to_leave(NwkAddress address, Ieee ieee);
    Awaitable<Device*> owner_of(NwkAddress address);
    Awaitable<void> interview_joined(Ieee ieee);

    Core* core_;
    RequestQueue* queue_;
    Interviewer* interviewer_;
    std::set<NwkAddress> unknown_;
    std::vector<Ieee> removing_;  ///< remove() runs: their goodbye is its result
    std::size_t questions_ = 0;
};

}  // namespace waggle::network
