#include "bridge/mqtt_outbox.hpp"

#include <algorithm>

#include "base/log.hpp"

namespace waggle::bridge {
namespace {

mqtt::PublishOptions to_client(const PublishOptions& options) {
    mqtt::PublishOptions out;
    out.qos = options.qos;
    out.retain = options.retain;
    out.kind = options.retain || options.entity_state ? mqtt::Kind::state : mqtt::Kind::event;
    out.expiry_seconds = options.expiry.value_or(0);
    return out;
}

bool equal_without_case(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return std::ranges::equal(a, b, {}, lower, lower);
}

/// Answers that hold an install code, or the whole data folder, are for who asked and not for a log.
/// They are named as the caller wrote the request.
bool is_secret(std::string_view topic) {
    return equal_without_case(topic, "bridge/response/install_code/add") ||
           equal_without_case(topic, "bridge/response/backup");
}

}  // namespace

std::unique_ptr<MqttOutbox> MqttOutbox::create(const boost::asio::any_io_executor& executor,
                                               mqtt::Options options, std::string& problem) {
    std::unique_ptr<MqttOutbox> outbox(new MqttOutbox(options.base_topic));
    auto* self = outbox.get();  // the client is a member: it ends before the outbox does
    mqtt::Events events;
    events.message = [self](const mqtt::InboundMessage& message) { self->receive(message); };
    events.regenerate = [self](std::string_view topic) { return self->regenerate(topic); };
    events.disconnected = [](const std::string& reason) {
        log::warning("mqtt", "Not connected to the MQTT server: {}", reason);
    };
    events.connected = [self] {
        if (self->elsewhere_.connected)
            self->elsewhere_.connected();
    };
    auto client = mqtt::Client::create(executor, std::move(options), std::move(events), problem);
    if (!client)
        return nullptr;
    outbox->client_ = std::move(*client);
    return outbox;
}

void MqttOutbox::publish(std::string_view topic, std::string_view payload,
                         const PublishOptions& options) {
    if (capture_) {
        if (topic == capture_->topic)
            capture_->found = mqtt::Regenerated{std::string(payload), to_client(options)};
        return;
    }
    topic_ = prefix_;
    topic_ += topic;
    client_->publish(topic_, payload, to_client(options));
    if (!log::enabled(log::Level::debug, "mqtt"))
        return;
    if (is_secret(topic))
        log::debug("mqtt", "Publish: topic '{}', {} bytes not shown", topic_, payload.size());
    else
        log::debug("mqtt", "Publish: topic '{}', payload '{}'", topic_, payload);
}

void MqttOutbox::publish_elsewhere(const std::string& topic, std::string_view payload,
                                   const mqtt::PublishOptions& options) {
    if (capture_)
        return;
    client_->publish(topic, payload, options);
    if (log::enabled(log::Level::debug, "mqtt"))
        log::debug("mqtt", "Publish: topic '{}', payload '{}'", topic, payload);
}

std::optional<mqtt::Regenerated> MqttOutbox::capture(std::string_view topic,
                                                     const std::function<void()>& action) {
    Capture capture{topic, std::nullopt};
    capture_ = &capture;
    action();
    capture_ = nullptr;
    return std::move(capture.found);
}

void MqttOutbox::receive(const mqtt::InboundMessage& message) {
    if (elsewhere_.message && elsewhere_.message(message.topic, message.payload, message.retained))
        return;
    if (handlers_.message && message.topic.starts_with(prefix_))
        handlers_.message(message.topic.substr(prefix_.size()), message.payload, message.retained);
}

std::optional<mqtt::Regenerated> MqttOutbox::regenerate(std::string_view topic) {
    if (elsewhere_.lost && elsewhere_.lost(topic))
        return std::nullopt;
    if (!handlers_.regenerate || !topic.starts_with(prefix_))
        return std::nullopt;
    return handlers_.regenerate(topic.substr(prefix_.size()));
}

}  // namespace waggle::bridge
