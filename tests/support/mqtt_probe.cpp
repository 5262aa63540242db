#include "support/mqtt_probe.hpp"

#include <mosquitto.h>
#include <stdexcept>

#include <boost/json/parse.hpp>

namespace waggle::test {

boost::json::value Seen::json() const {
    boost::system::error_code error;
    auto value = boost::json::parse(payload, error);
    return error ? boost::json::value() : value;
}

MqttProbe::MqttProbe(unsigned short port, std::string filter) : filter_(std::move(filter)) {
    mosquitto_lib_init();
    client_ = mosquitto_new(nullptr, true, this);
    mosquitto_message_callback_set(client_, &MqttProbe::on_message);
    mosquitto_connect_callback_set(client_, &MqttProbe::on_connect);
    mosquitto_subscribe_callback_set(client_, &MqttProbe::on_subscribe);
    mosquitto_reconnect_delay_set(client_, 1, 1, false);
    if (mosquitto_connect(client_, "127.0.0.1", port, 60) != MOSQ_ERR_SUCCESS)
        give_up("the probe cannot reach the broker");
    mosquitto_loop_start(client_);
    std::unique_lock lock(mutex_);
    const bool subscribed =
        arrived_.wait_for(lock, std::chrono::seconds(5), [this] { return subscribed_; });
    lock.unlock();  // a callback may be waiting for it
    if (!subscribed)
        give_up("the probe could not subscribe");
}

void MqttProbe::give_up(const char* why) {
    mosquitto_loop_stop(client_, true);
    mosquitto_destroy(client_);
    throw std::runtime_error(why);
}

MqttProbe::~MqttProbe() {
    mosquitto_disconnect(client_);
    mosquitto_loop_stop(client_, true);
    mosquitto_destroy(client_);
}

void MqttProbe::publish(const std::string& topic, const std::string& payload, bool retain) {
    const int result =
        mosquitto_publish(client_, nullptr, topic.c_str(), static_cast<int>(payload.size()),
                          payload.data(), 1, retain);
    if (result != MOSQ_ERR_SUCCESS)
        throw std::runtime_error(mosquitto_strerror(result));
}

std::size_t MqttProbe::mark() const {
    const std::scoped_lock lock(mutex_);
    return seen_.size();
}

std::optional<Seen> MqttProbe::wait(const std::string& topic, const Predicate& fits,
                                    std::chrono::milliseconds limit, std::size_t from) const {
    const auto end = std::chrono::steady_clock::now() + limit;
    std::unique_lock lock(mutex_);
    for (std::size_t i = from;;) {
        for (; i < seen_.size(); ++i)
            if (seen_[i].topic == topic && (!fits || fits(seen_[i])))
                return seen_[i];
        if (arrived_.wait_until(lock, end) == std::cv_status::timeout && i >= seen_.size())
            return std::nullopt;
    }
}

std::vector<Seen> MqttProbe::all(std::size_t from) const {
    const std::scoped_lock lock(mutex_);
    return {seen_.begin() + static_cast<std::ptrdiff_t>(std::min(from, seen_.size())), seen_.end()};
}

std::vector<Seen> MqttProbe::on(const std::string& topic, std::size_t from) const {
    std::vector<Seen> out;
    for (auto& message : all(from))
        if (message.topic == topic)
            out.push_back(std::move(message));
    return out;
}

void MqttProbe::settle(std::chrono::milliseconds quiet) const {
    std::unique_lock lock(mutex_);
    for (auto count = seen_.size();; count = seen_.size()) {
        arrived_.wait_for(lock, quiet, [&] { return seen_.size() != count; });
        if (seen_.size() == count)
            return;
    }
}

void MqttProbe::on_message(mosquitto*, void* self, const mosquitto_message* message) {
    auto& probe = *static_cast<MqttProbe*>(self);
    const std::scoped_lock lock(probe.mutex_);
    probe.seen_.push_back({message->topic,
                           std::string(static_cast<const char*>(message->payload),
                                       static_cast<std::size_t>(message->payloadlen)),
                           message->retain, message->qos, std::chrono::steady_clock::now()});
    probe.arrived_.notify_all();
}

void MqttProbe::on_connect(mosquitto* client, void* self, int code) {
    if (code == 0)
        mosquitto_subscribe(client, nullptr, static_cast<MqttProbe*>(self)->filter_.c_str(), 2);
}

void MqttProbe::on_subscribe(mosquitto*, void* self, int, int, const int*) {
    auto& probe = *static_cast<MqttProbe*>(self);
    const std::scoped_lock lock(probe.mutex_);
    probe.subscribed_ = true;
    probe.arrived_.notify_all();
}

}  // namespace waggle::test
