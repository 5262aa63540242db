#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "bridge/homeassistant/expose.hpp"

/// What Home Assistant is to have of a device, group or the bridge: one config for each entity.
/// Topics in it are flags still (`true`) or the last part of a topic; payload.hpp completes them.
namespace waggle::bridge::homeassistant {

struct EntityConfig {
    EntityConfig() = default;
    EntityConfig(std::string the_component, std::string the_object_id)
        : component(std::move(the_component)), object_id(std::move(the_object_id)) {}

    std::string component;  ///< "light", "sensor", …
    std::string object_id;  ///< unique among those of a component
    boost::json::object payload;
    /// Properties that every message of the entity has to have, as templates read them: null where
    /// nothing is known.
    std::vector<std::string> properties;
    bool of_expose = false;  ///< stands for an endpoint: may be a member of a group's entity
    std::string endpoint;    ///< name of that endpoint; empty: the default one
};

/// What the exposes are of, and what else decides what becomes of them.
struct ExposeScope {
    bool is_group = false;
    std::vector<Expose> all;  ///< of the device, or of all members
    std::string_view model;   ///< of the device's definition
    bool event_entities = false;
    bool action_sensor = false;
};

/// Entities of one expose; of a group: of the exposes of one kind of all members. What cannot be an
/// entity (a light without a state) is left out with a line in the log.
void add_entities(const std::vector<Expose>& exposes, const ExposeScope& scope,
                  std::vector<EntityConfig>& out);

/// Entities of a device's exposes.
std::vector<EntityConfig> device_entities(const boost::json::array& exposes, ExposeScope scope);
/// Entities of a group; `members`: the exposes of each member, endpoint by endpoint.
std::vector<EntityConfig> group_entities(const std::vector<const boost::json::array*>& members,
                                         ExposeScope scope);

// Each kind in its file; `exposes` holds at least one. They leave out the rules that all share.
void add_light(const std::vector<Expose>& exposes, const ExposeScope& scope,
               std::vector<EntityConfig>& out);
void add_switch(const Expose& expose, const ExposeScope& scope, std::vector<EntityConfig>& out);
void add_lock(const Expose& expose, const ExposeScope& scope, std::vector<EntityConfig>& out);
void add_cover(const std::vector<Expose>& exposes, const ExposeScope& scope,
               std::vector<EntityConfig>& out);
void add_climate(const Expose& expose, const ExposeScope& scope, std::vector<EntityConfig>& out);
void add_fan(const Expose& expose, const ExposeScope& scope, std::vector<EntityConfig>& out);
void add_binary(const Expose& expose, std::vector<EntityConfig>& out);
void add_numeric(const Expose& expose, std::vector<EntityConfig>& out);
void add_enum(const Expose& expose, const ExposeScope& scope, std::vector<EntityConfig>& out);
/// Text, list and composite.
void add_text(const Expose& expose, std::vector<EntityConfig>& out);

// What several of them need

/// {{ value_json["property"] }}
std::string value_template(std::string_view property);
/// A key only where there is a text.
void put(boost::json::object& payload, std::string_view key, std::string_view text);
/// A copy of the expose's own value under another key, where it has one that is not null.
void copy_if_set(boost::json::object& payload, std::string_view key, const Expose& expose,
                 std::string_view from);
/// "light" or "light_left": an entity that is the device itself, named by its endpoint or not at all.
EntityConfig primary_entity(std::string_view component, const Expose& expose,
                            const ExposeScope& scope);
/// The endpoint, unless a group is meant.
std::string_view endpoint_in(const Expose& expose, const ExposeScope& scope) noexcept;
/// The property as the entity's messages have it: a group's have no endpoint.
std::string property_in(const Expose& feature, const ExposeScope& scope);
/// Says once a line that the expose makes no entity.
void refuse(const Expose& expose, std::string_view reason);

}  // namespace waggle::bridge::homeassistant
