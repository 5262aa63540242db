#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>

#include "base/timer.hpp"
#include "bridge/homeassistant/broker.hpp"
#include "bridge/homeassistant/discovery.hpp"
#include "engine/engine.hpp"
#include "engine/outbox.hpp"
#include "network/network.hpp"
#include "store/configuration.hpp"

/// Home Assistant's MQTT discovery [homeassistant-discovery]: hears what happens, and has
/// discovery (discovery.hpp) say it; sees to it that states have what Home Assistant's templates
/// read; publishes actions as triggers; says everything again when Home Assistant starts.
///
/// `homeassistant.*` counts at once when bridge/request/options changes it.
namespace waggle::bridge::homeassistant {

/// Why discovery cannot be with this configuration; nullopt: it can.
[[nodiscard]] std::optional<std::string> refusal(const store::Settings& settings);

class HomeAssistant final : public network::Events, public engine::Events {
  public:
    struct Parts {
        Network& network;
        Engine& engine;
        store::ConfigurationStore& configuration;
        Outbox& outbox;                       ///< topics below the base topic
        Broker& broker;                       ///< all others
        std::function<void()> said_all = {};  ///< the flood of a start is over
    };

    /// Add it to the listeners of network and engine after the engine.
    HomeAssistant(const boost::asio::any_io_executor& executor, Parts parts);
    ~HomeAssistant() override;

    /// The network is up for the first time.
    void network_up();
    void stop();

    // What the MQTT client tells
    /// A message on any topic; true: it concerns nobody else.
    bool receive(std::string_view topic, std::string_view payload, bool retained);
    bool lost(std::string_view topic);
    void connected();

    // network::Events
    void device_joined(Device& device) override { seen(device); }
    void device_interview(Device& device, network::InterviewStep) override { seen(device); }
    void device_announced(Device& device) override { seen(device); }
    void message(const ZclMessage& message) override { seen(message.device); }

    // engine::Events
    void definition_changed(Device& device) override;
    void adjust_message(engine::EntityId entity, boost::json::object& message) override;
    void state_published(engine::EntityId entity, const boost::json::object& message,
                         std::string_view json, const boost::json::object& update,
                         engine::Reason reason) override;
    void scenes_changed(engine::EntityId entity) override;
    void entity_renamed(engine::EntityId entity, std::string_view from,
                        bool homeassistant_rename) override;
    void entity_removed(engine::EntityId entity, std::string_view name) override;
    void options_changed(engine::EntityId entity) override;
    void group_members_changed(const engine::GroupChange& change) override;
    void settings_changed(const boost::json::object& changes) override;

  private:
    void begin();
    void end();
    void seen(Device& device);
    void publish_action(engine::EntityId device, const boost::json::value& action);
    void home_assistant_started();
    void say_everything();
    void publish_next_states();

    boost::asio::any_io_executor executor_;
    Parts parts_;
    bool is_network_up_ = false;
    std::unique_ptr<Discovery> discovery_;  ///< only while it is enabled
    std::string status_topic_;
    std::deque<engine::EntityId> to_publish_;
    Timer status_timer_;
};

}  // namespace waggle::bridge::homeassistant
