#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "bridge/context.hpp"
#include "bridge/dispatcher.hpp"
#include "bridge/log_feed.hpp"
#include "bridge/mqtt_outbox.hpp"

/// zigbee2mqtt's MQTT API around the engine: what stands below BASE/bridge/. Publishes the retained
/// documents when what they show has changed, the events as they happen, the log; takes requests
/// and hands commands to the engine.
///
/// A document is gathered: it is built at most once in 30 ms, and not sent when its text is the one
/// that was sent last. Only its hash is kept, the text is built again when the broker lost it. What
/// has changed is published before an event or a response, so that whoever acts on those finds the
/// documents up to date.
namespace waggle::bridge {

class Bridge final : public network::Events, public engine::Events, private Announcer {
  public:
    struct Parts {
        Network& network;
        Engine& engine;
        plugin::PluginHost& plugins;
        store::ConfigurationStore& configuration;
        MqttOutbox& outbox;
        ota::Updater& updater;
    };

    /// Takes the outbox' handlers. Add it to the listeners of network and engine after the engine.
    Bridge(const boost::asio::any_io_executor& executor, Parts parts,
           std::function<void()> restart);
    ~Bridge() override;

    /// Asked, before the bridge itself, what the broker should hold at a topic below the base topic:
    /// for the retained messages of the parts around it. They must outlive the bridge.
    using Source = std::function<std::optional<mqtt::Regenerated>(std::string_view topic)>;
    void add_source(Source source) { sources_.push_back(std::move(source)); }

    /// The log feed begins, requests are taken; documents wait for network_up().
    void start();
    /// The network is up for the first time: documents are published.
    void network_up();
    /// No more requests, a response to each under way, the last log lines.
    [[nodiscard]] Awaitable<void> stop();

    // network::Events
    void device_joined(Device& device) override;
    void device_interview(Device& device, network::InterviewStep step) override;
    void device_announced(Device& device) override;
    void device_address_changed(Device& device) override;
    void device_left(Ieee ieee, NwkAddress address) override;
    void device_removed(Ieee ieee, NwkAddress address) override;
    void device_changed(Device& device) override;
    void groups_changed() override;
    void permit_join_changed(bool open) override;
    void link_lost(std::string_view reason) override;
    void link_restored() override;

    // engine::Events
    void definition_changed(Device& device) override;
    void configured(Device& device) override;
    void scenes_changed(engine::EntityId entity) override;

  private:
    void changed(Document document) override;
    void publish_changes() override { flush(); }

    void receive(std::string_view topic, std::string_view payload, bool retained);
    void request(std::string_view name, std::string_view payload, bool retained);
    Awaitable<Reply> run(const Route& route, const Request& request);
    std::optional<mqtt::Regenerated> regenerate(std::string_view topic);
    std::optional<engine::EntityId> entity_of_topic(std::string_view topic);

    void write(Document document, std::string& out);
    void publish(Document document);
    void flush();
    void publish_event(std::string_view type, std::string data);
    std::string event_data(Ieee ieee, std::string_view status = {});
    void show_plugins_periodically();
    bool has_external_topics() const;

    MqttOutbox& outbox_;
    Context context_;
    Dispatcher dispatcher_;
    LogFeed log_feed_;
    std::vector<Source> sources_;
    Timer gather_, plugins_timer_;
    bool ready_ = false;
    bool stopping_ = false;
    bool gathering_ = false;
    static constexpr std::size_t documents = 5;
    std::array<bool, documents> dirty_{};
    std::array<std::uint64_t, documents> hashes_{};
    std::array<std::size_t, documents> sizes_{};
};

}  // namespace waggle::bridge
