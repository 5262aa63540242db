#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

/// Where the engine puts what it publishes. Implemented above (the bridge puts the base topic in
/// front and hands it to the MQTT client), and by tests that want to look.
namespace waggle {

struct PublishOptions {
    bool retain = false;
    std::uint8_t qos = 0;
    std::optional<std::uint32_t> expiry;  ///< seconds, MQTT 5 message expiry (`retention`)
    bool entity_state = false;            ///< state of a device or group: websocket clients get it
                                          ///< from engine::Events::state_published instead
};

class Outbox {
  public:
    virtual ~Outbox() = default;

    /// `topic` stands below the base topic ("hall", "hall/state", "bridge/info"). Both views live
    /// until the call returns. Never fails: what cannot be sent is the client's business to count
    /// and log. An empty retained payload clears the topic.
    virtual void publish(std::string_view topic, std::string_view payload,
                         const PublishOptions& options) = 0;
};

}  // namespace waggle
