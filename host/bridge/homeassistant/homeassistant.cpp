#include "bridge/homeassistant/homeassistant.hpp"

#include <algorithm>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include "base/log.hpp"
#include "bridge/homeassistant/state_messages.hpp"
#include "plugin/definition.hpp"
#include "store/json_text.hpp"

namespace json = boost::json;

namespace waggle::bridge::homeassistant {
namespace {

using engine::EntityId;
using engine::Reason;
using namespace std::chrono_literals;

constexpr std::string_view ns = "homeassistant";
/// Home Assistant has set up its entities by then.
constexpr auto after_birth = 30s;
constexpr auto between_states = 20ms;
constexpr int states_in_a_turn = 10;

bool is_online(std::string_view payload) {
    constexpr std::string_view online = "online";
    return std::equal(payload.begin(), payload.end(), online.begin(), online.end(),
                      [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 0x20 : a) == b; });
}

/// The action of a message, nullptr: it has none, or the empty one.
const json::value* action_in(const json::object& message) {
    return Expose(message).truthy("action");
}

}  // namespace

std::optional<std::string> refusal(const store::Settings& settings) {
    if (!settings.homeassistant.enabled)
        return std::nullopt;
    if (settings.advanced.output == store::Output::attribute)
        return "Home Assistant integration requires 'output: json' under 'advanced'";
    if (settings.homeassistant.discovery_topic == settings.mqtt.base_topic)
        return fmt::format("'homeassistant.discovery_topic' must not be 'mqtt.base_topic' ('{}')",
                           settings.mqtt.base_topic);
    return std::nullopt;
}

HomeAssistant::HomeAssistant(const boost::asio::any_io_executor& executor, Parts parts)
    : executor_(executor), parts_(std::move(parts)), status_timer_(executor) {
}

HomeAssistant::~HomeAssistant() = default;

// Its life

void HomeAssistant::network_up() {
    is_network_up_ = true;
    begin();
}

void HomeAssistant::begin() {
    const auto& settings = parts_.configuration.settings();
    if (!is_network_up_ || !settings.homeassistant.enabled)
        return;
    if (const auto problem = refusal(settings)) {
        log::error(ns, "{}", *problem);
        return;
    }
    if (!settings.advanced.cache_state)
        log::warning(ns, "Home Assistant needs `advanced.cache_state: true` to show states well");
    discovery_ = std::make_unique<Discovery>(
        executor_, Catalogue(parts_.network, parts_.engine, parts_.configuration), parts_.broker,
        parts_.network, settings.homeassistant.discovery_topic, settings.mqtt.base_topic);
    status_topic_ = settings.homeassistant.status_topic;
    parts_.broker.subscribe(status_topic_);
    discovery_->start(parts_.said_all);
}

void HomeAssistant::end() {
    status_timer_.cancel();
    to_publish_.clear();
    if (!discovery_)
        return;
    parts_.broker.unsubscribe(status_topic_);
    discovery_.reset();
}

void HomeAssistant::stop() {
    is_network_up_ = false;
    end();
}

void HomeAssistant::settings_changed(const json::object& changes) {
    const auto* section = changes.if_contains("homeassistant");
    if (!section || !section->is_object())
        return;
    end();
    begin();
}

// What comes in

bool HomeAssistant::receive(std::string_view topic, std::string_view payload, bool retained) {
    if (!discovery_)
        return false;
    if (topic == status_topic_) {
        if (is_online(payload))
            home_assistant_started();
        return true;
    }
    return discovery_->receive(topic, payload, retained);
}

bool HomeAssistant::lost(std::string_view topic) {
    return discovery_ && discovery_->lost(topic);
}

void HomeAssistant::connected() {
    if (discovery_)
        discovery_->connected();
}

void HomeAssistant::home_assistant_started() {
    status_timer_.expires_after(after_birth);
    status_timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error)
            say_everything();
    });
}

/// That the host is there, first, or Home Assistant would take every state for unavailable.
void HomeAssistant::say_everything() {
    parts_.broker.repeat_state();
    to_publish_.clear();
    parts_.network.for_each_device([this](Device& device) {
        if (device.type != DeviceType::coordinator)
            to_publish_.push_back(EntityId::of(device.ieee));
    });
    parts_.network.for_each_group(
        [this](Group& group) { to_publish_.push_back(EntityId::of(group.id)); });
    publish_next_states();
}

void HomeAssistant::publish_next_states() {
    for (int i = 0; i < states_in_a_turn && !to_publish_.empty(); ++i) {
        const auto entity = to_publish_.front();
        to_publish_.pop_front();
        parts_.engine.publish_cached(entity);
    }
    if (to_publish_.empty())
        return;
    status_timer_.expires_after(between_states);
    status_timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error)
            publish_next_states();
    });
}

// What happens to entities

void HomeAssistant::seen(Device& device) {
    if (discovery_)
        discovery_->discover_new(EntityId::of(device.ieee));
}

void HomeAssistant::definition_changed(Device& device) {
    if (discovery_)
        discovery_->discover_soon(EntityId::of(device.ieee));
}

void HomeAssistant::options_changed(EntityId entity) {
    if (discovery_)
        discovery_->discover(entity);
}

void HomeAssistant::group_members_changed(const engine::GroupChange& change) {
    if (!discovery_)
        return;
    if (change.group != 0)
        return discovery_->discover(EntityId::of(change.group));
    std::vector<EntityId> groups;
    parts_.network.for_each_group(
        [&groups](Group& group) { groups.push_back(EntityId::of(group.id)); });
    for (const auto group : groups)
        discovery_->discover(group);
}

void HomeAssistant::scenes_changed(EntityId entity) {
    if (!discovery_)
        return;
    discovery_->clear_scenes(entity);
    discovery_->discover_later(entity, false);
}

void HomeAssistant::entity_renamed(EntityId entity, std::string_view, bool homeassistant_rename) {
    if (!discovery_)
        return;
    if (homeassistant_rename) {
        discovery_->clear(entity);
        return discovery_->discover_later(entity, true);
    }
    discovery_->discover(entity);
    discovery_->announce_triggers(entity);
}

void HomeAssistant::entity_removed(EntityId entity, std::string_view) {
    if (discovery_)
        discovery_->forget(entity);
}

// States

void HomeAssistant::adjust_message(EntityId entity, json::object& message) {
    if (!discovery_)
        return;
    if (const auto* announced = discovery_->announced(entity))
        add_placeholders(message, announced->properties());
    add_color_names(message);
    const auto* definition =
        entity.is_device() ? parts_.engine.definition_of(entity.ieee()) : nullptr;
    if (definition && definition->supports_ota())
        add_update_versions(message);
}

void HomeAssistant::state_published(EntityId entity, const json::object& message, std::string_view,
                                    const json::object&, Reason) {
    if (!discovery_)
        return;
    const auto* announced = entity.is_device() ? discovery_->announced(entity) : nullptr;
    if (announced) {
        const auto& name = parts_.engine.entities().name(entity);
        for_each_endpoint_part(
            *announced, message, [&](std::string_view endpoint, const json::object& part) {
                std::string text;
                store::append_sorted_json(text, part);
                PublishOptions options;
                options.entity_state = true;
                parts_.outbox.publish(fmt::format("{}/{}", name, endpoint), text, options);
            });
    }
    const auto* action = action_in(message);
    if (!action)
        return;
    if (parts_.configuration.settings().homeassistant.legacy_action_sensor) {
        json::object none;
        none["action"] = "";
        parts_.engine.publish_state(entity, none, Reason::other);
    }
    if (entity.is_device() && parts_.engine.definition_of(entity.ieee()))
        publish_action(entity, *action);
}

/// A device trigger of Home Assistant reads no JSON, so the action has a topic of its own.
void HomeAssistant::publish_action(EntityId device, const json::value& action) {
    const auto value = text_of(action);
    discovery_->announce_trigger(device, value);
    if (parts_.configuration.settings().advanced.output == store::Output::json)
        parts_.outbox.publish(parts_.engine.entities().name(device) + "/action", value, {});
}

}  // namespace waggle::bridge::homeassistant
