#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/json/fwd.hpp>

#include "base/async.hpp"
#include "engine/entities.hpp"
#include "engine/outbox.hpp"
#include "network/network.hpp"

/// The two ways through the house [architecture.md]: what the radio says becomes state and
/// publications, what MQTT commands becomes requests to the radio. Owns the state of every entity,
/// the matched definitions, configure and the plugins' lifecycle events. Loop thread only.
///
/// The inbound way is one synchronous call from network::Events::message to Outbox::publish: no
/// coroutine and no queue per message, so that cost per message is flat and order is the radio's.
namespace waggle {

namespace plugin {
class PluginHost;
class Definition;
class Services;
}  // namespace plugin

namespace engine {

class Binder;

/// Why a state is published; listeners decide by it (groups, debounce, Home Assistant).
enum class Reason : std::uint8_t {
    device_message,  ///< a device spoke
    command,         ///< optimistic result of a set
    cached,          ///< start-up, rename, reconnect: nothing new
    last_seen,       ///< only the time changed
    debounced,       ///< device messages, gathered
    throttled,
    group,   ///< a member changed the group, or the group its members
    plugin,  ///< a plugin published outside a message (timer, completion)
    other,
};

/// One endpoint entered or left a group on a user's word.
struct GroupChange {
    GroupChange(GroupId the_group, Ieee the_device, EndpointId the_endpoint, bool is_added)
        : group(the_group), device(the_device), endpoint(the_endpoint), added(is_added) {}

    GroupId group;
    Ieee device;
    EndpointId endpoint;
    bool added;
    /// What the member reports to the coordinator stays configured, though the group is not bound
    /// to it any more.
    bool skip_disable_reporting = false;
};

/// What floors above hear from the engine. Called on the loop; references live until return.
class Events {
  public:
    virtual ~Events() = default;
    /// The device was matched (again): its definition, exposes or options may differ now.
    virtual void definition_changed(Device&) {}
    /// configure ended well; bridge/devices shows it.
    virtual void configured(Device&) {}
    /// The cache entry went from `from` to `to` (`to` still holds what is never cached).
    virtual void state_changed(EntityId, const boost::json::object& /*from*/,
                               const boost::json::object& /*to*/,
                               const boost::json::object& /*update*/, Reason) {}
    /// May add to or change `message` before the filters and the publication.
    virtual void adjust_message(EntityId, boost::json::object& /*message*/) {}
    /// After the publication, in every output mode; `json` is the message as stable JSON text.
    virtual void state_published(EntityId, const boost::json::object& /*message*/,
                                 std::string_view /*json*/, const boost::json::object& /*update*/,
                                 Reason) {}
    /// A scene_… key was set; devices and groups are to be published again.
    virtual void scenes_changed(EntityId) {}

    // What a user changed; each is called when the configuration and the broker's copy of the old
    // name have been changed.
    virtual void entity_renamed(EntityId, std::string_view /*from*/,
                                bool /*homeassistant_rename*/) {}
    virtual void entity_removed(EntityId, std::string_view /*name*/) {}
    virtual void options_changed(EntityId) {}
    virtual void group_members_changed(const GroupChange&) {}
    /// `changes` as in bridge/request/options: what was laid over the configuration.
    virtual void settings_changed(const boost::json::object& /*changes*/) {}
};

}  // namespace engine

struct EngineOptions {
    std::string state_path;  ///< …/state.json
};

class Engine final : public network::Events {
  public:
    ///     Engine engine(executor, network, configuration, outbox, options);
    ///     plugin::PluginHost plugins(executor, …, engine.services(), radio, …);
    ///     engine.attach(plugins);
    Engine(boost::asio::any_io_executor executor, Network& network,
           store::ConfigurationStore& configuration, Outbox& outbox, EngineOptions options);
    ~Engine() override;

    plugin::Services& services() noexcept;
    /// Once, before load(). The plugin host must live until stop() has returned.
    void attach(plugin::PluginHost& plugins);
    /// Listeners are called in the order of adding and must live until stop() has returned.
    void listen(engine::Events& events);

    /// Reads state.json and adds the engine to the network's listeners. Before Network::start().
    void load();
    /// The network is up: matches every device, tells plugins "started", begins configuring routers
    /// one by one, saves the state every five minutes.
    void start();
    /// Publishes every cached state once, when the configuration wants that on start-up.
    void publish_cached_on_start();
    /// Cancels commands and configures, publishes what debounce holds back, stops the plugin host,
    /// removes states of devices that are gone, saves. Bounded by half a second.
    [[nodiscard]] Awaitable<void> stop();

    // Commands
    /// A message below the base topic. False: its topic is no command of an entity (then nothing
    /// was done). What goes wrong is logged; there is no answer on MQTT. The keys of one command
    /// are carried out one after the other, commands start in their order and run beside each other
    /// (a sleeping device's queue decides what supersedes what). 64 may be under way for an entity;
    /// one more is refused with a log line.
    bool handle_command(std::string_view topic, std::string_view payload);

    // State
    engine::Entities& entities() noexcept;
    /// The cache entry; an empty object when there is none. Valid until the next change.
    const boost::json::object& state(engine::EntityId entity) const;
    bool has_state(engine::EntityId entity) const;
    /// Merges `update` into the state and publishes; the way for everybody above the engine.
    void publish_state(engine::EntityId entity, const boost::json::object& update,
                       engine::Reason reason = engine::Reason::other);
    /// Merges without publishing.
    void merge_state(engine::EntityId entity, const boost::json::object& update,
                     engine::Reason reason = engine::Reason::other);
    /// Publishes what is cached, if anything is.
    void publish_cached(engine::EntityId entity);
    void erase_state(engine::EntityId entity);
    /// Takes members out of the object `key` of the cached state, unheard: states are merged, so that
    /// what is over would stay for ever.
    void erase_from_state(engine::EntityId entity, std::string_view key,
                          std::initializer_list<std::string_view> members);

    // Definitions
    /// nullptr: unknown model or interview not done.
    const plugin::Definition* definition_of(Ieee device) const;
    /// By a definition that a plugin brings for it, not one that was made of what it says.
    bool is_supported(Ieee device) const;
    /// `definition` of bridge/devices [exposes.md 1], linkquality appended; null when there is
    /// none.
    boost::json::value definition_json(const Device& device) const;
    /// Names of the definition's endpoints except "default"; "" for an endpoint without a name.
    std::vector<std::string> endpoint_names(Ieee device) const;
    std::string_view endpoint_name(Ieee device, EndpointId endpoint) const;
    /// "" and "default" are the default endpoint; a name of the definition; or a number.
    Endpoint* find_endpoint(Device& device, std::string_view name_or_number) const;
    /// Plugins came, went or were replaced: every device is matched again.
    void definitions_changed();

    /// The device may have changed unheard (it was away): its state is read, two seconds after the
    /// last call for it.
    void refresh(Ieee device);

    // Configure [zigbee-flows 3.1]
    bool can_configure(Ieee device) const;
    /// Something undid what configure did: routers are configured at once, others at their next
    /// message.
    void reconfigure(Ieee device);
    /// With `force`: whatever the options, the version and the attempts say. Errc::unavailable when
    /// the definition has no configure step; `problem` is a sentence for users.
    [[nodiscard]] Awaitable<Result<void>> configure(Ieee device, bool force, std::string& problem);

    // Binding
    engine::Binder& binder() noexcept;

    // To be told by the bridge
    void options_changed(engine::EntityId entity);
    /// After the configuration was changed and the old topics were cleared: tells the listeners and
    /// publishes the state under the new name.
    void renamed(engine::EntityId entity, std::string_view from, bool homeassistant_rename);
    /// The entity was removed on a user's word: state, definition, timers go. `name` is what it was
    /// called.
    void removed(engine::EntityId entity, std::string_view name);
    void group_members_changed(const engine::GroupChange& change);
    void settings_changed(const boost::json::object& changes);

    // network::Events
    void device_joined(Device& device) override;
    void device_interview(Device& device, network::InterviewStep step) override;
    void device_announced(Device& device) override;
    void device_address_changed(Device& device) override;
    void device_located(Device& device) override;
    void device_left(Ieee ieee, NwkAddress address) override;
    void device_removed(Ieee ieee, NwkAddress address) override;
    void device_seen(Device& device) override;
    void message(const ZclMessage& message) override;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace waggle
