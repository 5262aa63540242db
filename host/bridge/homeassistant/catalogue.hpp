#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "bridge/homeassistant/payload.hpp"
#include "engine/engine.hpp"
#include "network/network.hpp"
#include "store/configuration.hpp"

/// Every discovery message, made anew when it is asked for: nothing is kept but what the network,
/// the definitions and the configuration hold anyway.
namespace waggle::bridge::homeassistant {

/// One message, below the discovery topic.
struct ConfigMessage {
    std::string component, object_id;
    std::string payload;  ///< JSON with sorted keys
};

/// All of one entity of the host (a device, a group, the bridge).
struct ConfigMessages {
    std::vector<ConfigMessage> messages;
    std::vector<std::string> properties;  ///< that its states have to have
};

class Catalogue {
  public:
    /// The coordinator must have been started once.
    Catalogue(Network& network, Engine& engine, store::ConfigurationStore& configuration);

    /// The bridge is addressed by the coordinator's address.
    engine::EntityId bridge() const noexcept { return bridge_; }
    bool is_bridge(engine::EntityId entity) const noexcept { return entity == bridge_; }

    /// nullopt: Home Assistant is not to hear of it (yet).
    std::optional<ConfigMessages> messages_of(engine::EntityId entity);

    /// Second level of its topics.
    std::string node(engine::EntityId entity) const;
    /// The entity of a second level, if the host has it; those of another host may look alike.
    std::optional<engine::EntityId> entity_of_node(std::string_view node) const;
    bool exists(engine::EntityId entity) const;
    /// A device without a definition has no entities.
    bool is_defined(engine::EntityId entity) const;
    /// The user wants nothing of it in Home Assistant.
    bool is_excluded(engine::EntityId entity) const;
    std::string name(engine::EntityId entity) const;

    /// The message that announces an action of a device as a trigger.
    std::string trigger_payload(engine::EntityId device, std::string_view action);
    /// Whether the user wants triggers of the device.
    bool wants_triggers(engine::EntityId device) const;

  private:
    const boost::json::value* wishes(engine::EntityId entity) const;
    const boost::json::object* overrides(engine::EntityId entity) const;
    Site site() const;
    Subject subject_of(engine::EntityId entity, const boost::json::value& definition) const;
    boost::json::object device_block(const Device& device, const boost::json::value& definition,
                                     const std::string& name) const;
    boost::json::object group_block(engine::EntityId group, const std::string& name) const;
    boost::json::object bridge_block() const;
    std::string page(std::string_view path) const;

    ExposeScope scope() const;
    std::vector<EntityConfig> device_configs(const Device& device,
                                             const boost::json::value& definition) const;
    std::vector<EntityConfig> group_configs(const Group& group) const;
    /// Unique ids of the members' entities of one component, by member.
    std::vector<std::string> member_ids(const Group& group, std::string_view component) const;
    std::string member_id(const GroupMember& member, std::string_view component) const;
    bool is_shown(const Device& device) const;

    Network& network_;
    Engine& engine_;
    store::ConfigurationStore& configuration_;
    engine::EntityId bridge_;
};

}  // namespace waggle::bridge::homeassistant
