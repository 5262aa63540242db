#include "bridge/bridge.hpp"

#include <algorithm>
#include <string>

#include <boost/json/value.hpp>
#include <fmt/format.h>

#include "base/log.hpp"
#include "bridge/documents.hpp"
#include "bridge/json_writer.hpp"

namespace waggle::bridge {
namespace {

constexpr auto ns = "bridge";
constexpr std::string_view request_prefix = "bridge/request/";
constexpr std::size_t largest_payload = 256 * 1024;
/// These may carry an image of four megabytes, two letters an octet.
constexpr std::string_view image_prefix = "device/ota_update/";
constexpr std::size_t largest_image_payload = 8 * 1024 * 1024 + 4096;
constexpr auto gather_time = std::chrono::milliseconds(30);
constexpr auto plugins_interval = std::chrono::minutes(10);
constexpr std::array<std::string_view, 5> document_topics = {
    "bridge/info", "bridge/devices", "bridge/groups", "bridge/definitions", "bridge/plugins"};

constexpr std::array<std::string_view, 2> external_topics = {"bridge/converters",
                                                             "bridge/extensions"};
constexpr std::string_view empty_list = "[]";

constexpr PublishOptions retained_options() {
    PublishOptions options;
    options.retain = true;
    return options;
}

std::size_t index_of(Document document) {
    return static_cast<std::size_t>(document);
}

std::string_view step_name(network::InterviewStep step) {
    switch (step) {
        case network::InterviewStep::started: return "started";
        case network::InterviewStep::successful: return "successful";
        case network::InterviewStep::failed: return "failed";
    }
    return "failed";
}

}  // namespace

Bridge::Bridge(const boost::asio::any_io_executor& executor, Parts parts,
               std::function<void()> restart)
    : outbox_(parts.outbox),
      context_(parts.network, parts.engine, parts.plugins, parts.configuration, parts.outbox, *this,
               parts.updater),
      dispatcher_(
          executor, routes(),
          [this](const Route& route, const Request& request) { return run(route, request); },
          [this](const std::string& name, const std::string& payload) {
              flush();
              outbox_.publish("bridge/response/" + name, payload, {});
          }),
      log_feed_(executor, parts.outbox),
      gather_(executor),
      plugins_timer_(executor) {
    context_.restart = std::move(restart);
    MqttOutbox::Handlers handlers;
    handlers.message = [this](std::string_view topic, std::string_view payload, bool retained) {
        receive(topic, payload, retained);
    };
    handlers.regenerate = [this](std::string_view topic) { return regenerate(topic); };
    outbox_.set_handlers(std::move(handlers));
}

Bridge::~Bridge() {
    outbox_.set_handlers({});
}

void Bridge::start() {
    log_feed_.start(context_.configuration.settings().advanced.log_debug_to_mqtt_frontend);
}

void Bridge::network_up() {
    ready_ = true;
    dirty_.fill(true);
    flush();
    if (has_external_topics())
        for (const auto topic : external_topics)
            outbox_.publish(topic, empty_list, retained_options());
    show_plugins_periodically();
}

/// Programs that zigbee2mqtt would run. There are none here, which clients that list them learn in the
/// same way.
bool Bridge::has_external_topics() const {
    return context_.configuration.settings().advanced.enable_external_js;
}

Awaitable<void> Bridge::stop() {
    stopping_ = true;
    gather_.cancel();
    plugins_timer_.cancel();
    co_await dispatcher_.stop();
    log_feed_.stop();
}

// What comes in

void Bridge::receive(std::string_view topic, std::string_view payload, bool retained) {
    if (stopping_)
        return;
    if (topic.starts_with(request_prefix))
        return request(topic.substr(request_prefix.size()), payload, retained);
    if (topic.starts_with("bridge/"))
        return;  // our own, which the broker retains and shows after a start
    if (payload.size() > largest_payload) {
        log::error(ns, "A message of {} bytes on '{}' was refused; at most {} are taken",
                   payload.size(), topic, largest_payload);
        return;
    }
    context_.engine.handle_command(topic, payload);
}

void Bridge::request(std::string_view name, std::string_view payload, bool retained) {
    // The text of the refusal is answered through the one way all answers take.
    const auto most = name.starts_with(image_prefix) ? largest_image_payload : largest_payload;
    if (payload.size() > most)
        return dispatcher_.refuse(name, fmt::format("Payload of {} bytes refused; at most {} are "
                                                    "taken",
                                                    payload.size(), most));
    // The broker delivers a retained message at every start: that would be a loop.
    if (retained && name.size() == 7 && (name[0] | 0x20) == 'r' && name.substr(1) == "estart")
        return dispatcher_.refuse(name, "A retained message must not ask for a restart; clear it");
    dispatcher_.handle(name, payload);
}

/// What a response confirms is on the disk before it goes out.
Awaitable<Reply> Bridge::run(const Route& route, const Request& request) {
    auto reply = co_await route.run(context_, request);
    co_await context_.network.saved();
    co_return reply;
}

std::optional<engine::EntityId> Bridge::entity_of_topic(std::string_view topic) {
    // NAME, or NAME/ATTRIBUTE in the output modes that have it
    if (auto entity = context_.engine.entities().resolve(topic))
        return entity;
    const auto slash = topic.rfind('/');
    return slash == std::string_view::npos
               ? std::nullopt
               : context_.engine.entities().resolve(topic.substr(0, slash));
}

std::optional<mqtt::Regenerated> Bridge::regenerate(std::string_view topic) {
    for (const auto& source : sources_)
        if (auto again = source(topic))
            return again;
    for (std::size_t i = 0; i < document_topics.size(); ++i) {
        if (topic != document_topics[i])
            continue;
        if (!ready_)
            return std::nullopt;
        mqtt::Regenerated again;
        write(static_cast<Document>(i), again.payload);
        again.options.retain = true;
        again.options.kind = mqtt::Kind::state;
        return again;
    }
    if (has_external_topics() && std::ranges::count(external_topics, topic) != 0) {
        mqtt::Regenerated again;
        again.payload = empty_list;
        again.options.retain = true;
        again.options.kind = mqtt::Kind::state;
        return again;
    }
    if (topic.starts_with("bridge/"))
        return std::nullopt;
    const auto entity = entity_of_topic(topic);
    if (!entity)
        return std::nullopt;
    return outbox_.capture(topic, [&] { context_.engine.publish_cached(*entity); });
}

// Documents

void Bridge::changed(Document document) {
    dirty_[index_of(document)] = true;
    if (!ready_ || stopping_ || std::exchange(gathering_, true))
        return;
    gather_.expires_after(gather_time);
    gather_.async_wait([this](const boost::system::error_code& error) {
        if (!error)
            flush();
    });
}

void Bridge::flush() {
    gathering_ = false;
    if (!ready_ || stopping_)
        return;
    gather_.cancel();
    for (std::size_t i = 0; i < documents; ++i)
        if (std::exchange(dirty_[i], false))
            publish(static_cast<Document>(i));
}

void Bridge::write(Document document, std::string& out) {
    const InfoState info{context_.restart_required, outbox_.client().server(),
                         outbox_.client().protocol_version()};
    switch (document) {
        case Document::info: return write_info(out, context_, info);
        case Document::devices: return write_devices(out, context_);
        case Document::groups: return write_groups(out, context_);
        case Document::definitions: return write_definitions(out, context_);
        case Document::plugins: return write_plugins(out, context_);
    }
}

void Bridge::publish(Document document) {
    const auto index = index_of(document);
    std::string text;
    text.reserve(sizes_[index] + sizes_[index] / 8);
    write(document, text);
    sizes_[index] = text.size();
    const auto hash = std::hash<std::string_view>{}(text);
    if (std::exchange(hashes_[index], hash) != hash)
        outbox_.publish(document_topics[index], text, retained_options());
}

void Bridge::show_plugins_periodically() {
    plugins_timer_.expires_after(plugins_interval);
    plugins_timer_.async_wait([this](const boost::system::error_code& error) {
        if (error)
            return;
        changed(Document::plugins);
        show_plugins_periodically();
    });
}

// Events

std::string Bridge::event_data(Ieee ieee, std::string_view status) {
    std::string out;
    JsonWriter writer(out);
    writer.begin_object();
    auto* device = status == "successful" ? context_.network.find(ieee) : nullptr;
    if (device) {
        if (const auto definition = context_.engine.definition_json(*device); !definition.is_null())
            writer.key("definition").value(definition);
    }
    writer.key("friendly_name").text(context_.engine.entities().name(engine::EntityId::of(ieee)));
    writer.key("ieee_address").text(ieee.to_string());
    if (!status.empty())
        writer.key("status").text(status);
    if (device)
        writer.key("supported").boolean(context_.engine.is_supported(ieee));
    writer.end_object();
    return out;
}

void Bridge::publish_event(std::string_view type, std::string data) {
    if (!ready_)
        return;
    flush();
    std::string out;
    JsonWriter(out).begin_object().key("data").raw(data).key("type").text(type).end_object();
    outbox_.publish("bridge/event", out, {});
}

void Bridge::device_joined(Device& device) {
    context_.last_joined = device.ieee;
    changed(Document::devices);
    publish_event("device_joined", event_data(device.ieee));
}

void Bridge::device_interview(Device& device, network::InterviewStep step) {
    changed(Document::devices);
    publish_event("device_interview", event_data(device.ieee, step_name(step)));
}

void Bridge::device_announced(Device& device) {
    changed(Document::devices);
    publish_event("device_announce", event_data(device.ieee));
}

void Bridge::device_address_changed(Device&) {
    changed(Document::devices);
}

void Bridge::device_left(Ieee ieee, NwkAddress address) {
    device_removed(ieee, address);
    publish_event("device_leave", event_data(ieee));
}

void Bridge::device_removed(Ieee, NwkAddress) {
    changed(Document::groups);
    changed(Document::devices);
    changed(Document::definitions);
}

void Bridge::device_changed(Device&) {
    changed(Document::devices);
}

void Bridge::groups_changed() {
    changed(Document::groups);
}

void Bridge::permit_join_changed(bool) {
    changed(Document::info);
}

void Bridge::link_lost(std::string_view) {
    changed(Document::info);
}

void Bridge::link_restored() {
    changed(Document::info);
}

void Bridge::definition_changed(Device&) {
    changed(Document::devices);
    changed(Document::plugins);
}

void Bridge::configured(Device&) {
    changed(Document::devices);
    changed(Document::info);
    changed(Document::definitions);
}

void Bridge::scenes_changed(engine::EntityId) {
    changed(Document::devices);
    changed(Document::groups);
}

}  // namespace waggle::bridge
