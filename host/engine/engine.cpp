#include "engine/engine.hpp"

#include <chrono>
#include <utility>

#include <boost/json/value.hpp>

#include "base/log.hpp"
#include "base/task_group.hpp"
#include "engine/binder.hpp"
#include "engine/commander.hpp"
#include "engine/configurer.hpp"
#include "engine/core.hpp"
#include "engine/devices.hpp"
#include "engine/group_states.hpp"
#include "engine/inbound.hpp"
#include "engine/plugin_services.hpp"
#include "engine/poller.hpp"
#include "engine/publisher.hpp"
#include "engine/refresher.hpp"

namespace json = boost::json;

namespace waggle {

using engine::EntityId;
using engine::Reason;

namespace {

using namespace std::chrono_literals;
constexpr std::string_view ns = "engine";
constexpr auto save_interval = 5min;

}  // namespace

struct Engine::Impl {
    Impl(boost::asio::any_io_executor executor, Network& network,
         store::ConfigurationStore& configuration, Outbox& outbox, EngineOptions options)
        : core(std::move(executor), network, configuration, outbox, std::move(options.state_path)),
          tasks(core.executor),
          devices(core),
          publisher(
              core, [this](Ieee device) { return model_of(device); },
              [this](EntityId entity, const json::object& update, Reason reason) {
                  inbound.published(entity, update, reason);
              }),
          group_states(core, devices,
                       [this](EntityId entity, const json::object& update) {
                           publisher.publish(entity, update, Reason::group);
                       }),
          inbound(core, devices, publisher),
          configurer(core, devices, tasks),
          binder(core, configurer, tasks),
          poller(core, devices, tasks),
          commander(core, devices, publisher, tasks),
          refresher(core, devices, commander, tasks),
          services(core, devices, publisher, inbound) {
        publisher.attach(group_states);
    }

    std::string_view model_of(Ieee device) const {
        const auto* definition = devices.definition(device);
        return definition ? definition->model() : std::string_view();
    }
    const std::string& name(const Device& device) {
        return core.entities.name(EntityId::of(device.ieee));
    }
    void save() {
        if (core.settings().advanced.cache_state_persistent)
            core.cache.save();
    }
    Awaitable<void> save_regularly();
    void take_over_devices();
    void log_identity(Device& device);
    void interview_ended(Device& device, bool successful);
    void forget_gone();
    Awaitable<void> restore_reporting(Ieee ieee);
    Awaitable<void> learn_of_unknown_devices();
    Awaitable<void> learn_before_matching(Ieee ieee);

    engine::Core core;
    TaskGroup tasks;
    engine::Devices devices;
    engine::Publisher publisher;
    engine::GroupStates group_states;
    engine::Inbound inbound;
    engine::Configurer configurer;
    engine::Binder binder;
    engine::Poller poller;
    engine::Commander commander;
    engine::Refresher refresher;
    engine::PluginServices services;
};

Awaitable<void> Engine::Impl::save_regularly() {
    for (;;) {
        const auto slept = co_await sleep_for(save_interval);  // in a condition GCC 12 breaks it
        if (!slept)
            co_return;
        save();
    }
}

/// Every device of the network is in the configuration and matched, and its plugin knows.
void Engine::Impl::take_over_devices() {
    std::vector<Ieee> all;
    core.network.for_each_device([&all](Device& device) {
        if (device.type != DeviceType::coordinator)
            all.push_back(device.ieee);
    });
    std::vector<GroupId> groups;
    core.network.for_each_group([&groups](Group& group) { groups.push_back(group.id); });
    for (const auto group : groups)
        core.entities.ensure_configured(EntityId::of(group));
    core.entities.ensure_configured(all);
    for (const auto ieee : all) {
        if (auto* device = core.network.find(ieee)) {
            devices.bound(*device);
            log_identity(*device);
            devices.event(*device, WG_EVENT_STARTED);
        }
    }
    log::info(ns, "Currently {} devices are joined", all.size());
}

void Engine::Impl::log_identity(Device& device) {
    const auto* definition = devices.definition(device.ieee);
    if (definition && !definition->is_generated())
        log::info(ns, "{} ({}): {} - {} {} ({})", name(device), device.ieee.to_string(),
                  definition->model(), definition->vendor(), definition->description(),
                  to_string(device.type));
    else
        log::info(ns, "{} ({}): Not supported ({})", name(device), device.ieee.to_string(),
                  to_string(device.type));
}

void Engine::Impl::interview_ended(Device& device, bool successful) {
    devices.match(device);
    if (!successful) {
        log::error(ns, "Failed to interview '{}', device has not successfully been paired",
                   name(device));
        return;
    }
    log::info(ns, "Successfully interviewed '{}', device has successfully been paired",
              name(device));
    const auto* definition = devices.definition(device.ieee);
    if (definition && !definition->is_generated())
        log::info(ns, "Device '{}' is supported, identified as: {} {} ({})", name(device),
                  definition->vendor(), definition->description(), definition->model());
    else
        log::warning(
            ns,
            "Device '{}' with Zigbee model '{}' and manufacturer name '{}' is not supported: "
            "no plugin serves it{}",
            name(device), device.model_id.value_or(""), device.manufacturer_name.value_or(""),
            definition ? ", so it gets what its clusters offer" : "");
    devices.event(device, WG_EVENT_INTERVIEWED);
}

/// What devices without a definition of their own were not asked yet, or did not answer: a definition
/// made of more fits better.
Awaitable<void> Engine::Impl::learn_of_unknown_devices() {
    std::vector<Ieee> unknown;
    core.network.for_each_device([&](Device& device) {
        const auto* definition = devices.definition(device.ieee);
        if (definition && definition->is_generated())
            unknown.push_back(device.ieee);
    });
    for (const auto ieee : unknown) {
        const bool learnt = co_await core.plugins->learn(ieee);
        auto* device = learnt ? core.network.find(ieee) : nullptr;
        if (!device)
            continue;
        devices.match(*device);
        devices.event(*device, WG_EVENT_STARTED);
    }
}

Awaitable<void> Engine::Impl::learn_before_matching(Ieee ieee) {
    co_await core.plugins->learn(ieee);
}

/// Some devices lose with their power what they were asked to report; what they are bound to stays.
Awaitable<void> Engine::Impl::restore_reporting(Ieee ieee) {
    const auto* device = core.network.find(ieee);
    if (!device)
        co_return;
    const auto endpoints = device->endpoints;  // the device may go meanwhile
    for (const auto& [id, endpoint] : endpoints)
        for (const auto& reporting : endpoint.reportings) {
            std::vector<ConfiguredReporting> items{reporting};
            const auto done = co_await core.network.configure_reporting(ieee, id, std::move(items));
            if (!done)
                log::debug(ns, "'{}' was not asked again to report: {}",
                           core.entities.name(EntityId::of(ieee)), done.error().message());
        }
}

/// States of devices that are gone; groups stay as long as the configuration has them.
void Engine::Impl::forget_gone() {
    core.cache.erase_if([this](EntityId entity) {
        return entity.is_device() && !core.network.find(entity.ieee());
    });
}

Engine::Engine(boost::asio::any_io_executor executor, Network& network,
               store::ConfigurationStore& configuration, Outbox& outbox, EngineOptions options)
    : impl_(std::make_unique<Impl>(std::move(executor), network, configuration, outbox,
                                   std::move(options))) {
}

Engine::~Engine() = default;

plugin::Services& Engine::services() noexcept {
    return impl_->services;
}

void Engine::attach(plugin::PluginHost& plugins) {
    impl_->core.plugins = &plugins;
    impl_->core.network.set_interviewed_hook(
        [impl = impl_.get()](Ieee device) { return impl->learn_before_matching(device); });
    impl_->core.network.set_failed_interview_hook(
        [&plugins](const Device& device) { return plugins.interview_may_fail(device); });
}

void Engine::listen(engine::Events& events) {
    impl_->core.listeners.push_back(&events);
}

void Engine::load() {
    impl_->core.cache.load();
    impl_->core.network.listen(*this);
}

void Engine::start() {
    impl_->take_over_devices();
    impl_->configurer.start();
    if (impl_->core.plugins)
        impl_->tasks.spawn("learn of unknown devices",
                           [this] { return impl_->learn_of_unknown_devices(); });
    impl_->tasks.spawn("save state", [this] { return impl_->save_regularly(); });
}

void Engine::publish_cached_on_start() {
    const auto& advanced = impl_->core.settings().advanced;
    if (!advanced.cache_state_send_on_startup || !advanced.cache_state)
        return;
    std::vector<EntityId> all;
    impl_->core.network.for_each_device(
        [&all](Device& device) { all.push_back(EntityId::of(device.ieee)); });
    impl_->core.network.for_each_group(
        [&all](Group& group) { all.push_back(EntityId::of(group.id)); });
    for (const auto entity : all)
        publish_cached(entity);
}

Awaitable<void> Engine::stop() {
    co_await impl_->tasks.stop();
    impl_->inbound.flush();
    if (impl_->core.plugins)
        co_await impl_->core.plugins->stop();
    impl_->forget_gone();
    impl_->save();
}

// Commands and state

bool Engine::handle_command(std::string_view topic, std::string_view payload) {
    return impl_->commander.handle(topic, payload);
}

engine::Entities& Engine::entities() noexcept {
    return impl_->core.entities;
}

const json::object& Engine::state(EntityId entity) const {
    return impl_->core.cache.get(entity);
}

bool Engine::has_state(EntityId entity) const {
    return impl_->core.cache.has(entity);
}

void Engine::publish_state(EntityId entity, const json::object& update, Reason reason) {
    impl_->publisher.publish(entity, update, reason);
}

void Engine::merge_state(EntityId entity, const json::object& update, Reason reason) {
    impl_->publisher.merge(entity, update, reason);
}

void Engine::publish_cached(EntityId entity) {
    if (!has_state(entity))
        return;
    const json::object cached = state(entity);
    impl_->publisher.publish(entity, cached, Reason::cached);
}

void Engine::erase_state(EntityId entity) {
    impl_->core.cache.erase(entity);
}

void Engine::erase_from_state(EntityId entity, std::string_view key,
                              std::initializer_list<std::string_view> members) {
    impl_->core.cache.erase_members(entity, key, members);
}

// Definitions

const plugin::Definition* Engine::definition_of(Ieee device) const {
    return impl_->devices.definition(device);
}

bool Engine::is_supported(Ieee device) const {
    const auto* definition = definition_of(device);
    return definition && !definition->is_generated();
}

json::value Engine::definition_json(const Device& device) const {
    if (!definition_of(device.ieee))
        return nullptr;
    const auto& options = impl_->core.entities.options(EntityId::of(device.ieee)).all;
    return impl_->core.plugins->definition_json(
        device, store::text_option(options, "icon").value_or(std::string_view()));
}

std::vector<std::string> Engine::endpoint_names(Ieee device) const {
    return impl_->devices.endpoint_names(device);
}

std::string_view Engine::endpoint_name(Ieee device, EndpointId endpoint) const {
    return impl_->devices.endpoint_name(device, endpoint);
}

Endpoint* Engine::find_endpoint(Device& device, std::string_view name_or_number) const {
    return impl_->devices.endpoint(device, name_or_number);
}

void Engine::definitions_changed() {
    std::vector<Ieee> all;
    impl_->core.network.for_each_device([&all](Device& device) { all.push_back(device.ieee); });
    for (const auto ieee : all) {
        auto* device = impl_->core.network.find(ieee);
        if (!device)
            continue;
        impl_->devices.match(*device);
        impl_->devices.event(*device, WG_EVENT_STARTED);
    }
}

void Engine::refresh(Ieee device) {
    if (const auto* found = impl_->core.network.find(device))
        impl_->refresher.announced(*found);
}

// Configure

bool Engine::can_configure(Ieee device) const {
    return impl_->configurer.can_configure(device);
}

void Engine::reconfigure(Ieee device) {
    if (auto* found = impl_->core.network.find(device))
        impl_->configurer.reconfigure(*found);
}

Awaitable<Result<void>> Engine::configure(Ieee device, bool force, std::string& problem) {
    return impl_->configurer.configure(device, force, problem);
}

engine::Binder& Engine::binder() noexcept {
    return impl_->binder;
}

// What the bridge tells

void Engine::options_changed(EntityId entity) {
    auto* device = entity.is_device() ? impl_->core.network.find(entity.ieee()) : nullptr;
    if (auto* bound = device ? impl_->devices.bound(*device) : nullptr)
        bound->options_changed();
    for (auto* listener : impl_->core.listeners)
        listener->options_changed(entity);
}

void Engine::renamed(EntityId entity, std::string_view from, bool homeassistant_rename) {
    for (auto* listener : impl_->core.listeners)
        listener->entity_renamed(entity, from, homeassistant_rename);
    impl_->publisher.publish(entity, json::object(), Reason::cached);
}

void Engine::group_members_changed(const engine::GroupChange& change) {
    for (auto* listener : impl_->core.listeners)
        listener->group_members_changed(change);
    impl_->binder.group_members_changed(change);
}

void Engine::settings_changed(const json::object& changes) {
    for (auto* listener : impl_->core.listeners)
        listener->settings_changed(changes);
}

void Engine::removed(EntityId entity, std::string_view name) {
    if (entity.is_device()) {
        impl_->inbound.forget(entity.ieee());
        if (impl_->core.plugins)
            impl_->core.plugins->unbind(entity.ieee());
        impl_->devices.forget(entity.ieee());
    }
    if (entity.is_group())
        impl_->group_states.forget(entity.group());
    erase_state(entity);
    for (auto* listener : impl_->core.listeners)
        listener->entity_removed(entity, name);
}

// What the network tells

void Engine::device_joined(Device& device) {
    impl_->core.entities.ensure_configured(EntityId::of(device.ieee));
    log::info(ns, "Device '{}' joined", impl_->name(device));
    impl_->devices.event(device, WG_EVENT_JOINED);
    impl_->configurer.joined(device);
    impl_->inbound.publish_last_seen(device);
}

void Engine::device_interview(Device& device, network::InterviewStep step) {
    impl_->core.entities.ensure_configured(EntityId::of(device.ieee));
    if (step == network::InterviewStep::started)
        log::info(ns, "Starting interview of '{}'", impl_->name(device));
    else
        impl_->interview_ended(device, step == network::InterviewStep::successful);
    impl_->configurer.seen(device);
}

void Engine::device_announced(Device& device) {
    log::debug(ns, "Device '{}' announced itself", impl_->name(device));
    const auto* definition = impl_->devices.definition(device.ieee);
    if (definition && definition->data().flags & WG_DEFINITION_FORGETS_REPORTING)
        impl_->tasks.spawn("restore reporting", [impl = impl_.get(), ieee = device.ieee] {
            return impl->restore_reporting(ieee);
        });
    impl_->devices.event(device, WG_EVENT_ANNOUNCED);
    impl_->refresher.announced(device);
    impl_->inbound.publish_last_seen(device);
}

void Engine::device_address_changed(Device& device) {
    log::debug(ns, "Device '{}' changed network address", impl_->name(device));
    impl_->devices.event(device, WG_EVENT_ADDRESS_CHANGED);
}

void Engine::device_located(Device& device) {
    impl_->inbound.publish_last_seen(device);
}

void Engine::device_left(Ieee ieee, NwkAddress address) {
    log::warning(ns, "Device '{}' left the network", impl_->core.entities.name(EntityId::of(ieee)));
    device_removed(ieee, address);
}

void Engine::device_removed(Ieee ieee, NwkAddress) {
    impl_->inbound.forget(ieee);
    if (impl_->core.plugins)
        impl_->core.plugins->unbind(ieee);
    impl_->devices.forget(ieee);
}

void Engine::device_seen(Device& device) {
    impl_->configurer.seen(device);
}

void Engine::message(const ZclMessage& message) {
    impl_->inbound.message(message);
    impl_->poller.heard(message);
}

}  // namespace waggle
