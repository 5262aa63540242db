#pragma once

#include "network/green_power_frames.hpp"
#include "network/membership.hpp"

/// Green Power devices [zigbee-flows 9]: switches without a battery that a proxy speaks for. They
/// have no IEEE address (their source id takes its place), are never interviewed, and are taken in
/// while joining is open.
namespace waggle::network {

class GreenPower {
  public:
    using Deliver = Membership::Redeliver;

    GreenPower(Core& core, Messenger& messenger, Membership& membership)
        : core_(&core), messenger_(&messenger), membership_(&membership) {}

    /// False: the frame is no Green Power device's, but the sender's own.
    bool message(const ApsIndication& indication, Deliver deliver);

    /// Tells the proxies, or one router, that new devices may come (0 s: no more).
    [[nodiscard]] Awaitable<Result<void>> permit_join(std::uint8_t seconds,
                                                      std::optional<NwkAddress> via);
    /// Tells the proxies to forget it.
    [[nodiscard]] Awaitable<Result<void>> remove(Ieee device);

  private:
    struct Heard;
    void spawn(std::shared_ptr<Heard> heard);
    Awaitable<void> handle(std::shared_ptr<Heard> heard);
    Awaitable<Result<void>> commission(const Heard& heard);
    Awaitable<Result<void>> send_pairing(const gp::Pairing& pairing, NwkAddress proxy);
    Awaitable<Result<void>> broadcast(Bytes frame);
    std::uint8_t sequence() { return core_->transactions.next_sequence(Ieee()); }

    Core* core_;
    Messenger* messenger_;
    Membership* membership_;
    std::size_t running_ = 0;
};

}  // namespace waggle::network
