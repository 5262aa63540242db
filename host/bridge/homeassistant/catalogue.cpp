#include "bridge/homeassistant/catalogue.hpp"

#include <algorithm>

#include <boost/json/array.hpp>
#include <fmt/format.h>

#include "bridge/availability/rules.hpp"
#include "bridge/contract.hpp"
#include "bridge/homeassistant/bridge_entities.hpp"
#include "bridge/homeassistant/names.hpp"
#include "bridge/scene_list.hpp"
#include "plugin/definition.hpp"
#include "store/json_text.hpp"

namespace json = boost::json;

namespace waggle::bridge::homeassistant {
namespace {

using engine::EntityId;

const json::array no_exposes;

const json::array& exposes_in(const json::value& definition) {
    const auto* object = definition.if_object();
    const auto* found = object ? object->if_contains("exposes") : nullptr;
    return found && found->is_array() ? found->get_array() : no_exposes;
}

void add_scenes(const SceneList& scenes, std::vector<EntityConfig>& out) {
    for (const auto& [id, name] : scenes)
        out.push_back(scene_entity(id, text_of(name)));
}

void remember_properties(const EntityConfig& config, ConfigMessages& out) {
    for (const auto& property : config.properties)
        if (std::find(out.properties.begin(), out.properties.end(), property) ==
            out.properties.end())
            out.properties.push_back(property);
}

}  // namespace

Catalogue::Catalogue(Network& network, Engine& engine, store::ConfigurationStore& configuration)
    : network_(network),
      engine_(engine),
      configuration_(configuration),
      bridge_(EntityId::of(network.coordinator()->ieee())) {
}

// Who there is

std::string Catalogue::node(EntityId entity) const {
    if (entity.is_device() && !is_bridge(entity))
        return entity.key();
    return encoded_base_topic(configuration_.settings().mqtt.base_topic) + "_" + entity.key();
}

std::optional<EntityId> Catalogue::entity_of_node(std::string_view node) const {
    const auto split = node.find('_');
    auto key = split == node.npos ? node : node.substr(split + 1);
    key = key.substr(0, key.find('_'));
    const auto entity = EntityId::parse_key(key);
    return entity && exists(*entity) ? entity : std::nullopt;
}

bool Catalogue::exists(EntityId entity) const {
    if (is_bridge(entity))
        return true;
    return entity.is_device() ? network_.find(entity.ieee()) != nullptr
                              : network_.find_group(entity.group()) != nullptr;
}

bool Catalogue::is_defined(EntityId entity) const {
    return is_bridge(entity) || entity.is_group() || engine_.definition_of(entity.ieee());
}

const json::value* Catalogue::wishes(EntityId entity) const {
    if (is_bridge(entity))
        return nullptr;
    return engine_.entities().options(entity).all.if_contains("homeassistant");
}

const json::object* Catalogue::overrides(EntityId entity) const {
    const auto* found = wishes(entity);
    return found ? found->if_object() : nullptr;
}

bool Catalogue::is_excluded(EntityId entity) const {
    const auto* found = wishes(entity);
    return found && (found->is_null() || *found == false);
}

std::string Catalogue::name(EntityId entity) const {
    return is_bridge(entity) ? "bridge" : engine_.entities().name(entity);
}

bool Catalogue::is_shown(const Device& device) const {
    const auto entity = EntityId::of(device.ieee);
    const bool interviewed = device.interview == InterviewState::successful ||
                             device.interview == InterviewState::failed;
    return interviewed && is_defined(entity) && !is_excluded(entity);
}

// What is said of it

Site Catalogue::site() const {
    Site site;
    site.base_topic = configuration_.settings().mqtt.base_topic;
    site.origin["name"] = "Zigbee2MQTT";
    site.origin["sw"] = contract_version;
    site.origin["url"] = "https://www.zigbee2mqtt.io";
    return site;
}

/// Where the frontend shows it; "" without a frontend that has an address.
std::string Catalogue::page(std::string_view path) const {
    const auto& frontend = configuration_.settings().frontend;
    return frontend.url.empty() ? "" : frontend.url + "/#/" + std::string(path);
}

json::object Catalogue::device_block(const Device& device, const json::value& definition,
                                     const std::string& name) const {
    const auto ieee = device.ieee.to_string();
    json::object block;
    block["identifiers"] = json::array({"zigbee2mqtt_" + ieee});
    block["name"] = name;
    if (const auto* facts = definition.if_object()) {
        block["model"] = facts->at("description");
        block["model_id"] = facts->at("model");
        block["manufacturer"] = facts->at("vendor");
    }
    if (device.software_build_id)
        block["sw_version"] = *device.software_build_id;
    if (device.hardware_version)
        block["hw_version"] = *device.hardware_version;
    block["via_device"] = "zigbee2mqtt_bridge_" + bridge_.key();
    return block;
}

json::object Catalogue::group_block(EntityId group, const std::string& name) const {
    json::object block;
    block["identifiers"] = json::array({"zigbee2mqtt_" + node(group)});
    block["name"] = name;
    block["model"] = "Group";
    block["manufacturer"] = "Zigbee2MQTT";
    block["sw_version"] = fmt::format("Zigbee2MQTT {}", contract_version);
    block["via_device"] = "zigbee2mqtt_bridge_" + bridge_.key();
    return block;
}

json::object Catalogue::bridge_block() const {
    const auto& version = network_.coordinator()->version();
    const auto revision = std::find_if(version.meta.begin(), version.meta.end(),
                                       [](const auto& item) { return item.first == "revision"; });
    json::object block;
    block["identifiers"] = json::array({"zigbee2mqtt_bridge_" + bridge_.key()});
    block["name"] = "Zigbee2MQTT Bridge";
    block["model"] = "Bridge";
    block["manufacturer"] = "Zigbee2MQTT";
    block["hw_version"] =
        fmt::format("{} {}", version.type,
                    revision == version.meta.end() ? "" : fmt::to_string(revision->second));
    block["sw_version"] = contract_version;
    return block;
}

Subject Catalogue::subject_of(EntityId entity, const json::value& definition) const {
    const auto& settings = configuration_.settings();
    const bool is_bridge_itself = is_bridge(entity);
    Subject subject;
    subject.kind = is_bridge_itself    ? Subject::Kind::bridge
                   : entity.is_group() ? Subject::Kind::group
                                       : Subject::Kind::device;
    subject.node = node(entity);
    subject.unique_id = (is_bridge_itself ? "bridge_" : "") + entity.key();
    subject.name = name(entity);
    subject.overrides = overrides(entity);
    auto shown_name = subject.name;
    if (subject.overrides)
        if (const auto wanted = store::text_option(*subject.overrides, "name"))
            shown_name = std::string(*wanted);

    // The frontend that serves several hosts wants to know which; this one is its first.
    const std::string host = settings.frontend.package == "zigbee2mqtt-windfront" ? "0/" : "";
    std::string where;
    if (is_bridge_itself) {
        subject.device = bridge_block();
        where = page("settings");
    } else if (entity.is_group()) {
        subject.device = group_block(entity, shown_name);
        where = page("group/" + host + entity.key());
    } else {
        subject.device = device_block(*network_.find(entity.ieee()), definition, shown_name);
        where = page("device/" + host + entity.key() + "/info");
    }
    put(subject.device, "configuration_url", where);
    if (!is_bridge_itself) {
        subject.has_availability =
            availability_enabled(entity, engine_.entities(), network_, settings);
        subject.disabled = engine_.entities().options(entity).disabled;
    }
    return subject;
}

// Its entities

ExposeScope Catalogue::scope() const {
    const auto& settings = configuration_.settings().homeassistant;
    ExposeScope scope;
    scope.event_entities = settings.experimental_event_entities;
    scope.action_sensor = settings.legacy_action_sensor;
    return scope;
}

std::vector<EntityConfig> Catalogue::device_configs(const Device& device,
                                                    const json::value& definition) const {
    const auto& settings = configuration_.settings();
    const auto* facts = engine_.definition_of(device.ieee);
    auto what = scope();
    what.model = facts->model();
    auto configs = device_entities(exposes_in(definition), std::move(what));
    if (settings.advanced.last_seen != store::LastSeen::disable)
        configs.push_back(last_seen_entity(settings.advanced.last_seen != store::LastSeen::epoch));
    if (facts->supports_ota())
        configs.push_back(update_entity(settings.mqtt.base_topic, device.ieee.to_string()));
    for (const auto& [id, endpoint] : device.endpoints)
        add_scenes(scenes_of(endpoint), configs);
    apply_choices(overrides(EntityId::of(device.ieee)), configs);
    return configs;
}

std::vector<EntityConfig> Catalogue::group_configs(const Group& group) const {
    std::vector<json::value> definitions;
    for (const auto& member : group.members)
        if (const auto* device = network_.find(member.ieee))
            definitions.push_back(engine_.definition_json(*device));
    std::vector<const json::array*> members;
    for (const auto& definition : definitions)
        members.push_back(&exposes_in(definition));
    auto configs = group_entities(members, scope());
    add_scenes(scenes_of(group, network_), configs);
    apply_choices(overrides(EntityId::of(group.id)), configs);
    return configs;
}

std::string Catalogue::member_id(const GroupMember& member, std::string_view component) const {
    auto* device = network_.find(member.ieee);
    if (!device || !is_shown(*device))
        return "";
    std::string id;
    Subject subject;
    subject.unique_id = member.ieee.to_string();
    // Of several on one endpoint zigbee2mqtt takes the last.
    for (const auto& config : device_configs(*device, engine_.definition_json(*device))) {
        if (!config.of_expose || config.component != component)
            continue;
        const auto* endpoint = engine_.find_endpoint(*device, config.endpoint);
        if (endpoint && endpoint->id == member.endpoint)
            id = unique_id(config, subject, site());
    }
    return id;
}

std::vector<std::string> Catalogue::member_ids(const Group& group,
                                               std::string_view component) const {
    std::vector<std::string> ids;
    for (const auto& member : group.members)
        if (auto id = member_id(member, component); !id.empty())
            ids.push_back(std::move(id));
    return ids;
}

std::optional<ConfigMessages> Catalogue::messages_of(EntityId entity) {
    const auto* device =
        is_bridge(entity) || entity.is_group() ? nullptr : network_.find(entity.ieee());
    const auto* group = entity.is_group() ? network_.find_group(entity.group()) : nullptr;
    if (!is_bridge(entity) && !(device && is_shown(*device)) && !(group && !group->members.empty()))
        return std::nullopt;

    const auto where = site();
    const auto definition = device ? engine_.definition_json(*device) : json::value();
    const auto subject = subject_of(entity, definition);
    const auto configs = device  ? device_configs(*device, definition)
                         : group ? group_configs(*group)
                                 : bridge_entities(where.base_topic);
    ConfigMessages out;
    for (const auto& config : configs) {
        const auto members =
            group ? member_ids(*group, config.component) : std::vector<std::string>();
        const auto payload = complete_payload(config, subject, where, members);
        // Of two with one topic the broker would keep the last.
        std::erase_if(out.messages, [&config](const ConfigMessage& before) {
            return before.object_id == config.object_id && before.component == config.component;
        });
        ConfigMessage message;
        message.component = config.component;
        message.object_id = config.object_id;
        store::append_sorted_json(message.payload, payload);
        out.messages.push_back(std::move(message));
        remember_properties(config, out);
    }
    return out;
}

// Triggers

bool Catalogue::wants_triggers(EntityId device) const {
    const auto* found = wishes(device);
    if (!found)
        return true;
    const auto* object = found->if_object();
    if (!object)
        return !found->is_null();
    const auto* wanted = object->if_contains("device_automation");
    return !wanted || !wanted->is_null();
}

std::string Catalogue::trigger_payload(EntityId entity, std::string_view action) {
    const auto* device = network_.find(entity.ieee());
    const auto definition = device ? engine_.definition_json(*device) : json::value();
    if (!definition.is_object())
        return "";
    const auto where = site();
    const auto subject = subject_of(entity, definition);
    json::object payload;
    payload["automation_type"] = "trigger";
    payload["type"] = "action";
    payload["subtype"] = action;
    payload["payload"] = action;
    payload["topic"] = where.base_topic + "/" + subject.name + "/action";
    payload["device"] = subject.device;
    payload["origin"] = where.origin;
    std::string text;
    store::append_sorted_json(text, payload);
    return text;
}

}  // namespace waggle::bridge::homeassistant
