#pragma once

#include <memory>
#include <mosquitto.h>
#include <mqtt_protocol.h>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include <boost/asio/posix/stream_descriptor.hpp>

#include "mqtt/client.hpp"
#include "mqtt/host_lookup.hpp"
#include "mqtt/outgoing_queue.hpp"
#include "mqtt/retained_ledger.hpp"
#include "mqtt/server_url.hpp"
#include "mqtt/tls_context.hpp"

/// The inside of the client. One libmosquitto instance serves its whole life, so that QoS 1 and 2
/// messages survive a reconnect. The flow:
///
///     start -> look_up -> attempt (each address) -> socket_ready ... on_connack -> connected
///       ^                    |                                                       |
///       +---- retry_later <--+--------------------- lost <---------------------------+
///
/// Asio watches a duplicate of libmosquitto's descriptor: the library closes its own whenever it
/// likes, and a number closed behind Asio's back could already mean another file.
namespace waggle::mqtt {

struct Client::Impl : std::enable_shared_from_this<Client::Impl> {
    enum class Phase : std::uint8_t { idle, connecting, connected, waiting, stopped };

    Impl(boost::asio::any_io_executor executor_in, Options options_in, Events events_in);
    ~Impl();
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    bool prepare(std::string& problem);

    // Connecting (client_connection.cpp)
    void look_up();
    void attempt();
    void fail_attempt(std::string reason);
    void lost(std::string reason);
    void retry_later();
    bool watch_socket();
    void unwatch_socket();
    void wait_readable();
    void wait_writable();
    void on_readable();
    void on_writable();
    bool still_connecting_well();
    void on_connack(int reason_code);
    void welcome();
    void every_second();
    void disconnect();
    void read_until_closed();
    std::string broken_reason(int rc) const;

    // Publishing (client.cpp)
    void publish(std::string_view topic, std::string_view payload, PublishOptions options);
    void publish_offline(std::string_view topic, const PublishOptions& options);
    bool send(const std::string& topic, std::string_view payload, const PublishOptions& options);
    void publish_state_topic(std::uint8_t qos);
    bool is_blocked() const;
    void pump();
    void publish_lost_topics();
    void count_loss(const OutgoingQueue::Loss& loss);
    void republish(const std::string& topic, bool clear_when_gone);

    // Subscriptions and what the broker retains (client_sync.cpp)
    void subscribe_all();
    void subscribe_to(const std::vector<std::string>& filters);
    void begin_sync();
    void barrier_passed(int message_id);
    void finish_sync();
    void on_message(const mosquitto_message& message);

    static Impl& of(void* user) { return *static_cast<Impl*>(user); }

    boost::asio::any_io_executor executor;
    Options options;
    Events events;
    ServerUrl url;
    std::string server_text;
    std::unique_ptr<TlsContext> tls;
    mosquitto* library = nullptr;

    Phase phase = Phase::idle;
    bool is_online = true;  ///< what the state topic says
    bool state_is_known = options.online_at_once;
    bool must_welcome = false;  ///< the broker has accepted us, and nothing was published yet
    std::string state_topic;

    std::unique_ptr<HostLookup> lookup;
    std::vector<std::string> addresses;  ///< still to be tried
    std::string last_problem;            ///< of libmosquitto or OpenSSL, during an attempt
    std::string told_problem;            ///< last reason in the log
    Clock::time_point told_at{};
    Clock::time_point connected_at{};
    std::chrono::milliseconds retry_delay{0};
    boost::asio::posix::stream_descriptor socket;
    bool is_watching_read = false, is_watching_write = false, tcp_is_up = false;
    std::uint64_t generation = 0;  ///< of the socket; handlers of an older one do nothing
    Timer timer;                   ///< deadline of an attempt, pause before a retry
    Timer second_timer;            ///< keep alive

    OutgoingQueue queue;
    std::unordered_set<int> unacknowledged;        ///< message ids of QoS 1 and 2
    std::unordered_set<std::uint64_t> own_topics;  ///< hashes; messages on them are our echo
    std::unordered_set<std::string> stale_topics;  ///< states that changed while not connected
    std::string topic_buffer;
    bool loss_was_told = false;
    std::optional<OneShot<bool>> drained;  ///< stop() waits: nothing left to send, then closed

    RetainedLedger ledger;
    std::vector<std::string> subscriptions;
    std::optional<int> barrier;  ///< message id of the UNSUBSCRIBE that ends the broker's list
    Timer sync_timer;

    Statistics statistics;
};

}  // namespace waggle::mqtt
