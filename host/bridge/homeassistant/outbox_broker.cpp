#include "bridge/homeassistant/outbox_broker.hpp"

namespace waggle::bridge::homeassistant {

void OutboxBroker::publish(const std::string& topic, std::string_view payload) {
    mqtt::PublishOptions options;
    options.qos = 1;
    options.retain = true;
    options.kind = mqtt::Kind::state;
    options.receive_own = true;
    options.in_ledger = false;
    outbox_.publish_elsewhere(topic, payload, options);
}

}  // namespace waggle::bridge::homeassistant
