/// What goes between networks: the co-processor on a channel of its choice, and the devices that listen
/// there and answer touchlink commands [ZCL8 13.2].
///
/// A device listens on its own network's channel if it is on this one, otherwise on the channel its
/// description names. It acts only on commands of a scan it has heard in the last eight seconds.
#pragma once

#include <map>

#include "network.hpp"

namespace waggle::sim {

class Ncp;

class InterPan {
  public:
    explicit InterPan(Ncp& ncp) : ncp_(ncp) {}

    /// 11 to 26; false for others.
    bool set_channel(std::uint8_t channel);
    void leave() { channel_.reset(); }
    /// Answers are handed to this endpoint of the host's.
    void register_endpoint(std::uint8_t endpoint) { endpoint_ = endpoint; }
    [[nodiscard]] std::optional<std::uint8_t> channel() const { return channel_; }
    void reset();

    /// A frame of the host's; `to` is nothing for all that listen.
    void send(std::optional<std::uint64_t> to, const ApsFrame& frame);

  private:
    struct Transaction {
        std::uint32_t id = 0;
        Scheduler::Clock::time_point until{};
    };

    [[nodiscard]] bool hears(const Device& device) const;
    void receive(Device& device, const ApsFrame& frame);
    [[nodiscard]] bool knows(const Device& device, std::uint32_t transaction) const;
    void answer_scan(const Device& device, std::uint32_t transaction);
    void indicate(const Device& device, View zcl);

    Ncp& ncp_;
    std::optional<std::uint8_t> channel_, endpoint_;
    std::map<const Device*, Transaction> heard_;
};

}  // namespace waggle::sim
