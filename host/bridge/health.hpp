#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "base/timer.hpp"
#include "bridge/host_load.hpp"
#include "engine/outbox.hpp"
#include "mqtt/client.hpp"
#include "network/network.hpp"
#include "store/configuration.hpp"

/// bridge/health: how machine, process, broker and devices do, retained, every `health.interval`
/// minutes [mqtt-api 2.3]. With `health.reset_on_check` each counts from the last one on.
namespace waggle::bridge {

class Health final : public network::Events {
  public:
    struct Sources {
        std::function<mqtt::Statistics()> mqtt;
        std::function<void()> reset_mqtt;
        std::function<HostLoad()> host = read_host_load;
    };

    /// Add it to the network's listeners.
    Health(const boost::asio::any_io_executor& executor, store::ConfigurationStore& configuration,
           Outbox& outbox, Sources sources);

    void start();
    void stop() { timer_.cancel(); }

    /// What the broker should hold at a topic below the base topic; nothing: it is another's, or
    /// nothing was published yet.
    std::optional<mqtt::Regenerated> regenerate(std::string_view topic) const;

    // network::Events
    void device_seen(Device& device) override;
    void device_address_changed(Device& device) override;
    void device_left(Ieee ieee, NwkAddress address) override;

  private:
    /// Of one device, since the start or the last reset.
    struct Counts {
        std::int64_t first_message = 0;  ///< ms since 1970
        std::uint32_t messages = 0, leaves = 0, address_changes = 0;
    };
    Counts& counts_of(Ieee device);
    void wait_for(Clock::time_point next);
    void check();
    std::string write() const;

    store::ConfigurationStore& configuration_;
    Outbox& outbox_;
    Sources sources_;
    Timer timer_;
    Clock::time_point begun_ = Clock::now();
    bool published_ = false;
    std::vector<std::pair<Ieee, Counts>> devices_;  ///< in the order of their first sign of life
};

}  // namespace waggle::bridge
