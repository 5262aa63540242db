#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// What discovery needs of MQTT. Topics are complete.
namespace waggle::bridge::homeassistant {

class Broker {
  public:
    virtual ~Broker() = default;

    /// Retained, quality of service 1; an empty payload clears. Lost when there is no connection.
    virtual void publish(const std::string& topic, std::string_view payload) = 0;
    virtual void subscribe(const std::string& filter) = 0;
    virtual void unsubscribe(const std::string& filter) = 0;
    /// Messages that the broker has not taken yet.
    virtual std::size_t waiting() const = 0;
    /// bridge/state, once more.
    virtual void repeat_state() = 0;
};

}  // namespace waggle::bridge::homeassistant
