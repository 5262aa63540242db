#pragma once

#include <list>
#include <map>
#include <memory>
#include <utility>

#include "network/messenger.hpp"

/// Requests to devices that sleep [zigbee-flows 5]. A device whose pending_request_timeout is 0
/// gets every request at once and the failure is the caller's; for the others a request that could
/// not be delivered waits for the next sign of life, at most for that time, and newer requests may
/// take its place.
///
/// Bound: 50 requests an endpoint; one more is refused with Errc::busy.
namespace waggle::network {

class RequestQueue {
  public:
    static constexpr std::size_t limit = 50;

    RequestQueue(Core& core, Messenger& messenger) : core_(&core), messenger_(&messenger) {}

    [[nodiscard]] Awaitable<Result<ZclReply>> submit(ZclRequest request);

    /// A sign of life: sends what waits, except `bulk`.
    void device_awake(const Device& device);
    /// The device listens for a while (poll control): sends everything, and returns when done.
    [[nodiscard]] Awaitable<void> flush_all(Ieee device);

    bool has_pending(Ieee device) const noexcept;
    void fail(Ieee device, Errc why);
    void fail_all(Errc why);

  private:
    struct Pending;
    using Entry = std::shared_ptr<Pending>;
    struct Queue {
        std::list<Entry> entries;
        bool sending = false;
    };
    using Key = std::pair<Ieee, EndpointId>;

    Awaitable<Result<ZclReply>> wait_for(Entry entry, Key key, Clock::duration limit);
    Awaitable<void> flush(Key key, bool fast_poll);
    void supersede(Queue& queue, Pending& newer);
    void remove(const Key& key, const Entry& entry);
    std::vector<Key> keys_of(Ieee device) const;

    Core* core_;
    Messenger* messenger_;
    std::map<Key, Queue> queues_;
};

/// The table of [zigbee-flows 5.2] by ZCL command id.
SendPolicy default_policy(std::uint8_t command) noexcept;

}  // namespace waggle::network
