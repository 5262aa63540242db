#pragma once

#include "bridge/homeassistant/broker.hpp"
#include "bridge/mqtt_outbox.hpp"

namespace waggle::bridge::homeassistant {

/// Discovery's messages on the host's MQTT client. Not in the client's ledger: discovery finds out
/// by itself what the broker holds, and 2000 topics would be kept twice.
class OutboxBroker final : public Broker {
  public:
    explicit OutboxBroker(MqttOutbox& outbox) : outbox_(outbox) {}

    void publish(const std::string& topic, std::string_view payload) override;
    void subscribe(const std::string& filter) override { outbox_.client().subscribe(filter); }
    void unsubscribe(const std::string& filter) override { outbox_.client().unsubscribe(filter); }
    std::size_t waiting() const override { return outbox_.client().statistics().queued; }
    void repeat_state() override { outbox_.client().repeat_state(); }

  private:
    MqttOutbox& outbox_;
};

}  // namespace waggle::bridge::homeassistant
