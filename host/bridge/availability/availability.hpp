#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "base/async.hpp"
#include "base/task_group.hpp"
#include "bridge/availability/rules.hpp"
#include "engine/engine.hpp"
#include "engine/state_cache.hpp"
#include "mqtt/client.hpp"

/// NAME/availability: whether a device or group can be reached, retained, published when it changes
/// [mqtt-api 7].
///
///     device  online as long as its last sign of life is younger than its timeout. When that is
///             over, a passive one is offline; an active one is read genBasic.zclVersion, one
///             device at a time, and has ended offline when it does not answer.
///     group   online as long as one of its members is.
///
/// What every message of a device costs is a look at the clock: one timer stands for all devices,
/// and a deadline that was moved is noticed when the timer runs out.
///
/// While the radio cannot be reached nobody is judged: bridge/state says offline then.
namespace waggle::bridge {

class Availability final : public network::Events, public engine::Events {
  public:
    struct Parts {
        Network& network;
        Engine& engine;
        store::ConfigurationStore& configuration;
        Outbox& outbox;
    };
    /// From 0 up to, not including, 1.
    using Random = std::function<double()>;

    /// Add it to the listeners of the network before the bridge, to those of the engine after it.
    Availability(const boost::asio::any_io_executor& executor, Parts parts, Random random = {});
    ~Availability() override;

    /// The network is up, and the documents are published.
    void start();
    [[nodiscard]] Awaitable<void> stop();

    /// What the broker should hold at a topic below the base topic; nothing: it is none of these.
    std::optional<mqtt::Regenerated> regenerate(std::string_view topic);

    // network::Events
    void device_joined(Device& device) override { device_seen(device); }
    void device_seen(Device& device) override;
    void device_left(Ieee ieee, NwkAddress address) override;
    void link_restored() override;

    // engine::Events
    void entity_renamed(engine::EntityId entity, std::string_view from,
                        bool homeassistant_rename) override;
    void entity_removed(engine::EntityId entity, std::string_view name) override;
    void group_members_changed(const engine::GroupChange& change) override;

  private:
    static constexpr auto never = Clock::time_point::max();

    struct Entry {
        std::optional<bool> published;
        Clock::time_point due = never;  ///< of a device: when it is in doubt
        float backoff = 1;              ///< factor of the time until the next ping
        bool paused = false;            ///< not pinged before its next sign of life
    };

    bool is_enabled(engine::EntityId entity) const;
    AvailabilityRules rules_of(const Device& device) const;
    bool is_available(engine::EntityId entity) const;
    bool is_available(const Device& device) const;
    bool is_available(const Group& group) const;

    void publish(engine::EntityId entity, bool force);
    void publish_of_device(const Device& device, bool force, bool tell_groups);
    void publish_groups_of(Ieee device, bool force);
    void publish_later(engine::EntityId entity, bool force);
    void publish_due();
    void send(engine::EntityId entity, bool available);

    void reset_timer(const Device& device, bool reset_backoff);
    void arm(Clock::time_point due);
    void expired();
    void doubt(Ieee device);

    void enqueue(Ieee device);
    Awaitable<void> ping_one_by_one();
    Awaitable<void> check(Ieee ieee);
    Awaitable<bool> answers(Ieee ieee, bool was_available);
    void slow_down(const Device& device, bool was_available);

    Network& network_;
    Engine& engine_;
    store::ConfigurationStore& configuration_;
    Outbox& outbox_;
    Random random_;
    std::unordered_map<engine::EntityId, Entry, engine::EntityIdHash> entries_;
    std::deque<Ieee> queue_;  ///< to be pinged, each device once; the first is under way
    bool pinging_ = false;
    bool running_ = false;
    std::vector<std::pair<engine::EntityId, bool>> later_;  ///< by force
    Clock::time_point armed_ = never;
    Timer timer_, later_timer_;
    TaskGroup tasks_;
};

}  // namespace waggle::bridge
