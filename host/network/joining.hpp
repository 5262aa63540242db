#pragma once

#include "network/green_power.hpp"

/// Opening the network to new devices, for a while [zigbee-flows 1.3].
namespace waggle::network {

class Joining {
  public:
    Joining(Core& core, GreenPower& green_power)
        : core_(&core), green_power_(&green_power), timer_(core.executor) {}

    /// 0 closes. Errc::invalid_value above 254 s; Errc::not_found: no such router.
    [[nodiscard]] Awaitable<Result<void>> permit(std::chrono::seconds time,
                                                 std::optional<Ieee> via);
    bool is_open() const noexcept { return open_until_.has_value(); }
    std::optional<std::int64_t> open_until() const noexcept { return open_until_; }

    /// Closes the network by itself when the time is over; ends when it is cancelled.
    Awaitable<void> run();
    /// The link is gone, and with it the coordinator's own permission.
    void forget();

  private:
    Awaitable<Result<void>> open(std::uint8_t seconds, std::optional<NwkAddress> via);
    Awaitable<Result<void>> close();

    Core* core_;
    GreenPower* green_power_;
    Timer timer_;
    std::optional<std::int64_t> open_until_;  ///< wall time, to be shown
    Clock::time_point deadline_{};
};

}  // namespace waggle::network
