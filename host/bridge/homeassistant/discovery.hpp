#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "base/timer.hpp"
#include "bridge/homeassistant/announced.hpp"
#include "bridge/homeassistant/broker.hpp"
#include "bridge/homeassistant/catalogue.hpp"
#include "engine/state_cache.hpp"

/// Makes the broker hold what Home Assistant has to discover, and nothing that it has not to.
///
///     start -> preparing -> listening (5 s) -> settled
///                              ^                  |
///                              +--- reconnect ----+
///
/// Preparing works out what there is to be said, a few entities a turn. Listening takes in what the
/// broker retains: what is right is not sent again, what is this host's and should not be there is
/// cleared. Then the rest is sent, paced: Home Assistant handles some 250 such messages a second,
/// and thousands at once have brought it down. After that each change is sent as it comes.
namespace waggle::bridge::homeassistant {

class Discovery {
  public:
    /// @param topic  homeassistant.discovery_topic
    Discovery(const boost::asio::any_io_executor& executor, Catalogue catalogue, Broker& broker,
              Network& network, std::string topic, std::string base_topic);
    ~Discovery();

    /// `said_all` is called when the broker has been given all that was missing, after each listening.
    void start(std::function<void()> said_all);
    /// The connection is a new one: nothing is known of what the broker retains.
    void connected();

    /// What there is to say of the entity now, as far as it was not said yet.
    void discover(engine::EntityId entity);
    /// The same, but after what waits already if that is much: many devices may change at once.
    void discover_soon(engine::EntityId entity);
    /// The same unless it was said once already; for every message of a device.
    void discover_new(engine::EntityId entity) {
        const auto found = records_.find(entity);
        if (found == records_.end() || !found->second.is_discovered)
            discover(entity);
    }
    /// In two seconds: Home Assistant has to forget first what was cleared, or it would give the new
    /// entity an id with a number.
    void discover_later(engine::EntityId entity, bool triggers_too);
    /// Clears its messages, but not its triggers.
    void clear(engine::EntityId entity);
    void clear_scenes(engine::EntityId entity);
    /// It is gone for good.
    void forget(engine::EntityId entity);

    /// Announces the trigger of an action that has come, unless it is known.
    void announce_trigger(engine::EntityId device, std::string_view action);
    /// The topic of the triggers has changed.
    void announce_triggers(engine::EntityId device);

    /// False: no topic of discovery.
    bool receive(std::string_view topic, std::string_view payload, bool retained);
    bool lost(std::string_view topic);

    /// nullptr: nothing was said of it.
    const Announced* announced(engine::EntityId entity);
    Catalogue& catalogue() noexcept { return catalogue_; }

  private:
    enum class Phase : std::uint8_t { idle, preparing, listening, settled };
    struct Record {
        Announced announced;
        Triggers triggers;
        bool is_discovered = false;
    };
    struct Later {
        engine::EntityId entity;
        Clock::time_point at;
        bool triggers_too;
    };

    void queue_all();
    void queue(engine::EntityId entity);
    void work_soon(Clock::duration after);
    void work();
    void prepare(engine::EntityId entity);
    void listen();
    void send_rest();
    void do_later();
    void wait_for_later();

    Announced::Send sender(engine::EntityId entity);
    void send(const std::string& node, std::string_view component, std::string_view object_id,
              std::string_view payload);
    void send_trigger(engine::EntityId device, std::string_view action);
    bool is_ours(const boost::json::value& message, bool is_trigger) const;
    void take_in(std::string_view topic, std::string_view payload);
    void take_in_trigger(engine::EntityId entity, const boost::json::value& message,
                         std::string_view object_id);

    Catalogue catalogue_;
    Broker& broker_;
    Network& network_;
    std::string prefix_, filter_;  ///< "homeassistant/", "homeassistant/#"
    std::string base_;             ///< "zigbee2mqtt/"
    Phase phase_ = Phase::idle;
    std::function<void()> said_all_;
    bool is_round_ = false;  ///< of all entities
    Names names_;
    std::unordered_map<engine::EntityId, Record, engine::EntityIdHash> records_;
    std::deque<engine::EntityId> work_;
    std::vector<Later> later_;  ///< at most one an entity
    std::size_t sent_ = 0;      ///< since work was last looked at
    Timer work_timer_, listen_timer_, later_timer_;
};

}  // namespace waggle::bridge::homeassistant
