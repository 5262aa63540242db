#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>

#include "engine/outbox.hpp"
#include "mqtt/client.hpp"

/// The engine's outbox on the MQTT client: puts the base topic in front, tells the client which
/// messages are states (only the newest counts) and which are events, and takes the base topic off
/// what comes in.
///
/// While it captures, nothing is sent: what would be published on one topic is kept instead. That
/// is how the retained state of an entity is made again for the broker, by the same pipeline that
/// makes every publication.
namespace waggle::bridge {

class MqttOutbox final : public Outbox {
  public:
    /// Topics here stand below the base topic.
    struct Handlers {
        std::function<void(std::string_view topic, std::string_view payload, bool retained)>
            message;
        std::function<std::optional<mqtt::Regenerated>(std::string_view topic)> regenerate;
    };

    /// What concerns topics outside of the base topic, which stand here in full.
    struct Elsewhere {
        /// Every message that comes in; true: it is for nobody else.
        std::function<bool(std::string_view topic, std::string_view payload, bool retained)>
            message;
        /// A message that the client had to give up; true: the topic is yours.
        std::function<bool(std::string_view topic)> lost;
        std::function<void()> connected;
    };

    /// nullptr and a sentence in `problem` when the options make no client.
    static std::unique_ptr<MqttOutbox> create(const boost::asio::any_io_executor& executor,
                                              mqtt::Options options, std::string& problem);

    void set_handlers(Handlers handlers) { handlers_ = std::move(handlers); }
    void set_elsewhere(Elsewhere handlers) { elsewhere_ = std::move(handlers); }
    mqtt::Client& client() noexcept { return *client_; }

    void publish(std::string_view topic, std::string_view payload,
                 const PublishOptions& options) override;

    /// On a topic that stands here in full.
    void publish_elsewhere(const std::string& topic, std::string_view payload,
                           const mqtt::PublishOptions& options);

    /// Runs `action`, and returns the last thing it published on `topic`; all else it published is
    /// thrown away.
    std::optional<mqtt::Regenerated> capture(std::string_view topic,
                                             const std::function<void()>& action);

  private:
    explicit MqttOutbox(std::string base) : prefix_(std::move(base) + "/") {}
    void receive(const mqtt::InboundMessage& message);
    std::optional<mqtt::Regenerated> regenerate(std::string_view topic);

    struct Capture {
        std::string_view topic;
        std::optional<mqtt::Regenerated> found;
    };

    std::string prefix_;
    std::string topic_;  ///< reused, so that a publication allocates nothing here
    Handlers handlers_;
    Elsewhere elsewhere_;
    Capture* capture_ = nullptr;
    std::unique_ptr<mqtt::Client> client_;
};

}  // namespace waggle::bridge
