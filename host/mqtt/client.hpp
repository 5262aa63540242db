#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "base/async.hpp"

/// MQTT on the loop: libmosquitto without its thread, its socket watched by Asio. Only looking up
/// a host name happens elsewhere, on a thread that the loop never waits for.
///
/// Subscribed is base_topic/+/+/#, which is every topic with at least two levels below the base:
/// all commands and requests, but not the host's own states, which base_topic/# would send back to
/// it.
///
/// Connected: publish() hands the message to libmosquitto at once. When the socket takes no more,
/// messages wait in a queue of bounded size; at the bound a state or retained message replaces the
/// queued one of its topic, and otherwise the oldest one that may be lost goes, with one log line.
///
/// Not connected: nothing is queued. A retained topic is remembered as a hash (RetainedLedger), a
/// state topic as "changed"; other messages are dropped and counted.
///
/// After every connect: the `online` message first, then the subscriptions, then the broker's
/// retained state is made equal to the host's. The broker sends its retained messages on
/// subscribing; those whose payload has the ledger's hash are right, all others are published again
/// with text that `regenerate` supplies, topics cleared meanwhile are cleared, and state topics
/// that changed meanwhile are published with their present value. zigbee2mqtt repeats its memory
/// once, two seconds after its first connect, and loses what happened while it was away.
namespace waggle::mqtt {

struct Options {
    std::string
        server;  ///< mqtt://, tcp://, mqtts://, ssl://, tls:// host[:port], user:password@ allowed
    std::string user, password;
    std::string client_id;             ///< empty = waggle_ and random digits
    std::string ca, certificate, key;  ///< paths
    bool reject_unauthorized = true;
    std::string server_name;  ///< for the certificate's name and SNI instead of the host
    std::chrono::seconds keepalive{60};
    int version = 4;                              ///< 3, 4 or 5
    std::uint32_t maximum_packet_size = 1048576;  ///< told to a version 5 broker
    bool force_disable_retain = false;

    std::string base_topic = "zigbee2mqtt";
    std::string state_topic = "bridge/state";  ///< below base_topic; will, online and offline
    /// False: nothing is said about the state before the first set_online().
    bool online_at_once = true;
    std::string online_payload = R"({"state":"online"})";
    std::string offline_payload = R"({"state":"offline"})";
    /// Full filters besides those of base_topic, for instance homeassistant/status.
    std::vector<std::string> more_subscriptions;
    /// Topics outside base_topic below which the host retains messages, for instance homeassistant.
    std::vector<std::string> retained_elsewhere;

    std::size_t queue_bytes = 4u << 20;
    std::size_t queue_messages = 10000;
    std::chrono::milliseconds first_retry{1000}, last_retry{30000};
};

/// What kind of loss a message bears.
enum class Kind : std::uint8_t {
    event,  ///< each one counts: answers, actions, log lines
    state,  ///< only the newest of its topic counts, and `regenerate` can supply it
};

struct PublishOptions {
    std::uint8_t qos = 0;
    bool retain = false;
    Kind kind = Kind::event;
    std::uint32_t expiry_seconds = 0;  ///< message expiry of version 5; 0 = none
    bool receive_own = false;          ///< do not ignore inbound messages on this topic
    /// False: not in the ledger of what the broker has to retain; who publishes sees to it.
    bool in_ledger = true;
};

/// Topic and payload are views that hold during the call only.
struct InboundMessage {
    std::string_view topic;
    std::string_view payload;
    bool retained = false;
};

/// What the host answers with when a topic has to be published again.
struct Regenerated {
    std::string payload;  ///< empty clears a retained topic
    PublishOptions options;
};

struct Events {
    std::function<void(const InboundMessage&)> message;
    /// Online was published and the subscriptions were sent.
    std::function<void()> connected;
    std::function<void(const std::string& reason)> disconnected;
    /// The broker's retained state equals the host's again.
    std::function<void()> equalised;
    /// The present payload of a full topic that was published as retained or as state; nothing when
    /// the host no longer has it: a retained topic is then left as it is.
    std::function<std::optional<Regenerated>(std::string_view topic)> regenerate;
    /// Every publish() call, sent or not; for the frontend and for statistics. May be empty.
    std::function<void(std::string_view topic, std::string_view payload, const PublishOptions&)>
        published;
};

struct Statistics {
    bool connected = false;
    std::size_t queued = 0;       ///< messages in our queue and unacknowledged ones
    std::uint64_t published = 0;  ///< handed to the broker
    std::uint64_t received = 0;   ///< passed to Events::message
    std::uint64_t dropped = 0;    ///< not connected, or the queue was full
    std::uint64_t replaced = 0;   ///< older state given up for newer at the queue's bound
    std::uint64_t reconnects = 0;
};

/// Loop thread only.
class Client {
  public:
    /// A failure is a sentence: bad URL, websockets, unreadable certificate.
    static Result<std::unique_ptr<Client>> create(boost::asio::any_io_executor executor,
                                                  Options options, Events events,
                                                  std::string& problem);
    ~Client();

    void start();  ///< begins to connect, and keeps trying until stop()

    /// Which of online_payload and offline_payload the state topic holds from now on: published at
    /// once when connected, and first after every connect. Online until this is called. The host
    /// says offline while it can be reached but its radio cannot.
    void set_online(bool online);
    /// Says once more what the state topic holds, for those who came later.
    void repeat_state();

    /// `topic` is complete, base topic included. A topic with + or # is refused with an error line.
    /// An empty retained payload clears the topic.
    void publish(std::string_view topic, std::string_view payload,
                 const PublishOptions& options = {});

    /// Further filters, kept over reconnects.
    void subscribe(const std::string& filter);
    void unsubscribe(const std::string& filter);

    bool is_connected() const noexcept;
    Statistics statistics() const noexcept;
    void reset_counters() noexcept;
    int protocol_version() const noexcept;
    const std::string& server() const noexcept;  ///< "mqtt://host:port", as bridge/info shows it

    /// Publishes offline (retained, qos 0), sends what is queued, disconnects; gives up after
    /// `limit` whatever the broker does.
    [[nodiscard]] Awaitable<void> stop(std::chrono::milliseconds limit);

  private:
    struct Impl;
    explicit Client(std::shared_ptr<Impl> impl);
    std::shared_ptr<Impl> impl_;
};

}  // namespace waggle::mqtt
