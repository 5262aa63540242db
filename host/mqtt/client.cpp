#include "mqtt/client.hpp"

#include <algorithm>
#include <functional>
#include <random>

#include <fmt/format.h>

#include "base/log.hpp"
#include "mqtt/client_impl.hpp"

namespace waggle::mqtt {
namespace {

/// Unacknowledged messages that libmosquitto may hold; more wait in our own, bounded queue.
constexpr std::size_t most_unacknowledged = 1000;
/// Messages sent in one turn of the loop, so that others get theirs.
constexpr int batch = 256;

std::uint64_t hash_of(std::string_view topic) {
    return std::hash<std::string_view>{}(topic);
}

std::string random_client_id() {
    std::random_device random;
    return fmt::format("waggle_{:08x}", random());
}

int library_version(int version) {
    return version == 5 ? MQTT_PROTOCOL_V5 : version == 3 ? MQTT_PROTOCOL_V31 : MQTT_PROTOCOL_V311;
}

}  // namespace

Client::Impl::Impl(boost::asio::any_io_executor executor_in, Options options_in, Events events_in)
    : executor(executor_in),
      options(std::move(options_in)),
      events(std::move(events_in)),
      state_topic(options.base_topic + "/" + options.state_topic),
      socket(executor),
      timer(executor),
      second_timer(executor),
      queue(options.queue_messages, options.queue_bytes),
      sync_timer(executor) {
}

Client::Impl::~Impl() {
    if (library != nullptr)
        mosquitto_destroy(library);
}

bool Client::Impl::prepare(std::string& problem) {
    const auto parsed = parse_server_url(options.server, problem);
    if (!parsed)
        return false;
    url = *parsed;
    server_text = url.text();
    if (options.user.empty() && !url.user.empty()) {
        options.user = url.user;
        options.password = url.password;
    }
    if (url.tls) {
        const TlsOptions wanted{options.ca, options.certificate, options.key,
                                options.reject_unauthorized,
                                options.server_name.empty() ? url.host : options.server_name};
        tls = TlsContext::create(wanted, problem);
        if (!tls)
            return false;
    }
    static const int initialised = mosquitto_lib_init();
    const auto id = options.client_id.empty() ? random_client_id() : options.client_id;
    library = initialised == MOSQ_ERR_SUCCESS ? mosquitto_new(id.c_str(), true, this) : nullptr;
    if (library == nullptr) {
        problem = "mqtt.client_id: '" + id + "' is not accepted";
        return false;
    }
    mosquitto_int_option(library, MOSQ_OPT_PROTOCOL_VERSION, library_version(options.version));
    mosquitto_int_option(library, MOSQ_OPT_TCP_NODELAY, 1);
    mosquitto_int_option(library, MOSQ_OPT_SEND_MAXIMUM, 200);
    if (tls) {
        mosquitto_int_option(library, MOSQ_OPT_SSL_CTX_WITH_DEFAULTS, 0);
        mosquitto_void_option(library, MOSQ_OPT_SSL_CTX, tls->native());
    }
    if (!options.user.empty())
        mosquitto_username_pw_set(library, options.user.c_str(),
                                  options.password.empty() ? nullptr : options.password.c_str());
    const auto& will = options.offline_payload;
    const int rc = mosquitto_will_set(library, state_topic.c_str(), static_cast<int>(will.size()),
                                      will.data(), 1, !options.force_disable_retain);
    if (rc != MOSQ_ERR_SUCCESS) {
        problem = "mqtt.base_topic: '" + options.base_topic + "' cannot begin a topic";
        return false;
    }
    if (options.version == 5) {
        // The only call that takes properties of CONNECT connects as well, and waits. Without a
        // host it stores them and says that the host is missing.
        mosquitto_property* properties = nullptr;
        mosquitto_property_add_int32(&properties, MQTT_PROP_MAXIMUM_PACKET_SIZE,
                                     options.maximum_packet_size);
        mosquitto_connect_bind_v5(library, nullptr, 0, 60, nullptr, properties);
        mosquitto_property_free_all(&properties);
    }
    mosquitto_connect_v5_callback_set(
        library, [](mosquitto*, void* user, int code, int, const mosquitto_property*) {
            of(user).on_connack(code);
        });
    mosquitto_message_callback_set(library, [](mosquitto*, void* user, const mosquitto_message* m) {
        of(user).on_message(*m);
    });
    mosquitto_publish_callback_set(library, [](mosquitto*, void* user, int id_sent) {
        of(user).unacknowledged.erase(id_sent);
    });
    mosquitto_unsubscribe_callback_set(
        library, [](mosquitto*, void* user, int id_done) { of(user).barrier_passed(id_done); });
    mosquitto_subscribe_callback_set(
        library, [](mosquitto*, void*, int, int count, const int* granted) {
            if (std::any_of(granted, granted + count, [](int qos) { return qos >= 128; }))
                log::error("mqtt",
                           "the broker refuses a subscription: commands will not arrive; "
                           "check its access rules");
        });
    return true;
}

void Client::Impl::publish(std::string_view topic, std::string_view payload, PublishOptions how) {
    if (topic.empty() ||
        topic.find_first_of(std::string_view("+#\0", 3)) != std::string_view::npos) {
        log::error("mqtt", "topic '{}' holds + or #, which only a subscription may; not published",
                   topic);
        return;
    }
    if (!how.receive_own)
        own_topics.insert(hash_of(topic));
    if (events.published)
        events.published(topic, payload, how);
    if (how.retain && options.force_disable_retain) {
        how.retain = false;
        how.kind = Kind::state;
    }
    const bool is_connected = phase == Phase::connected;
    if (how.retain && how.in_ledger)
        ledger.set(topic, payload, is_connected);
    if (!is_connected) {
        publish_offline(topic, how);
        return;
    }
    topic_buffer.assign(topic);
    if (!queue.empty() || is_blocked())
        count_loss(queue.push(topic, payload, how));
    else
        send(topic_buffer, payload, how);
    if (mosquitto_want_write(library))
        wait_writable();
}

void Client::Impl::publish_offline(std::string_view topic, const PublishOptions& how) {
    if (how.retain)
        return;  // the ledger has it
    if (how.kind == Kind::state)
        stale_topics.emplace(topic);
    else
        ++statistics.dropped;
}

/// @return false when the connection is gone
bool Client::Impl::send(const std::string& topic, std::string_view payload,
                        const PublishOptions& how) {
    mosquitto_property* properties = nullptr;
    if (how.expiry_seconds > 0 && options.version == 5)
        mosquitto_property_add_int32(&properties, MQTT_PROP_MESSAGE_EXPIRY_INTERVAL,
                                     how.expiry_seconds);
    int id = 0;
    const int rc =
        mosquitto_publish_v5(library, &id, topic.c_str(), static_cast<int>(payload.size()),
                             payload.data(), how.qos, how.retain, properties);
    mosquitto_property_free_all(&properties);
    switch (rc) {
        case MOSQ_ERR_SUCCESS:
            ++statistics.published;
            if (how.qos > 0)
                unacknowledged.insert(id);
            return true;
        case MOSQ_ERR_OVERSIZE_PACKET:
        case MOSQ_ERR_PAYLOAD_SIZE:
            log::error("mqtt",
                       "the message on '{}' ({} bytes) is larger than the broker takes; "
                       "not published",
                       topic, payload.size());
            ++statistics.dropped;
            return true;
        case MOSQ_ERR_NO_CONN:
        case MOSQ_ERR_CONN_LOST:
        case MOSQ_ERR_ERRNO:
            if (how.retain)
                ledger.undelivered(topic);
            publish_offline(topic, how);
            wait_readable();  // reading finds the end and its reason
            return false;
        default:
            log::error("mqtt", "the message on '{}' cannot be published: {}", topic,
                       mosquitto_strerror(rc));
            ++statistics.dropped;
            return true;
    }
}

void Client::Impl::publish_state_topic(std::uint8_t qos) {
    PublishOptions how;
    how.qos = qos;
    how.retain = !options.force_disable_retain;
    own_topics.insert(hash_of(state_topic));
    const auto& payload = is_online ? options.online_payload : options.offline_payload;
    if (events.published)
        events.published(state_topic, payload, how);
    if (!queue.empty() || is_blocked())
        count_loss(queue.push(state_topic, payload, how));
    else
        send(state_topic, payload, how);
    if (mosquitto_want_write(library))
        wait_writable();
}

bool Client::Impl::is_blocked() const {
    return mosquitto_want_write(library) || unacknowledged.size() >= most_unacknowledged;
}

/// Sends what waits, as far as the socket takes it.
void Client::Impl::pump() {
    for (int i = 0; i < batch && !queue.empty() && !is_blocked(); ++i) {
        const auto& next = queue.front();
        if (!send(next.topic, next.payload, next.options))
            return;
        queue.pop();
    }
    if (queue.empty() && !is_blocked()) {
        loss_was_told = false;
        publish_lost_topics();
    }
    const bool has_more = !queue.empty() && !is_blocked();  // the rest of a batch
    if (has_more || mosquitto_want_write(library))
        wait_writable();
    else if (queue.empty() && drained && unacknowledged.empty())
        drained->fulfil(true);
}

void Client::Impl::publish_lost_topics() {
    auto lost = std::move(queue.lost_topics());
    queue.lost_topics().clear();
    for (const auto& topic : lost)
        republish(topic, false);
}

void Client::Impl::count_loss(const OutgoingQueue::Loss& loss) {
    statistics.dropped += loss.dropped;
    statistics.replaced += loss.replaced;
    if (loss.dropped == 0 || loss_was_told)
        return;
    loss_was_told = true;
    log::warning("mqtt",
                 "{} takes messages more slowly than they arise: {} wait ({} bytes), the "
                 "oldest are dropped",
                 server_text, queue.size(), queue.bytes());
}

/// Publishes what the host says now of a topic that the broker may have wrong.
void Client::Impl::republish(const std::string& topic, bool clear_when_gone) {
    auto now = events.regenerate ? events.regenerate(topic) : std::nullopt;
    if (now)
        publish(topic, now->payload, now->options);
    else if (clear_when_gone)
        publish(topic, "", PublishOptions{.retain = true});
}

Client::Client(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {
}

Client::~Client() {
    impl_->phase = Impl::Phase::stopped;
    impl_->events = {};
    impl_->lookup.reset();
    impl_->unwatch_socket();
    impl_->timer.cancel();
    impl_->second_timer.cancel();
    impl_->sync_timer.cancel();
}

Result<std::unique_ptr<Client>> Client::create(boost::asio::any_io_executor executor,
                                               Options options, Events events,
                                               std::string& problem) {
    auto impl = std::make_shared<Impl>(executor, std::move(options), std::move(events));
    if (!impl->prepare(problem))
        return Errc::invalid_value;
    return std::unique_ptr<Client>(new Client(std::move(impl)));
}

void Client::start() {
    if (impl_->phase != Impl::Phase::idle)
        return;
    log::info("mqtt", "connecting to {}", impl_->server_text);
    impl_->every_second();
    impl_->look_up();
}

void Client::set_online(bool online) {
    const bool is_first = !std::exchange(impl_->state_is_known, true);
    const bool changes = std::exchange(impl_->is_online, online) != online || is_first;
    if (changes && impl_->phase == Impl::Phase::connected)
        impl_->publish_state_topic(1);
}

void Client::repeat_state() {
    if (impl_->state_is_known && impl_->phase == Impl::Phase::connected)
        impl_->publish_state_topic(1);
}

void Client::publish(std::string_view topic, std::string_view payload,
                     const PublishOptions& options) {
    impl_->publish(topic, payload, options);
}

void Client::subscribe(const std::string& filter) {
    auto& all = impl_->subscriptions;
    if (std::find(all.begin(), all.end(), filter) != all.end())
        return;
    all.push_back(filter);
    if (impl_->phase == Impl::Phase::connected)
        impl_->subscribe_to({filter});
}

void Client::unsubscribe(const std::string& filter) {
    if (std::erase(impl_->subscriptions, filter) == 0 || impl_->phase != Impl::Phase::connected)
        return;
    mosquitto_unsubscribe(impl_->library, nullptr, filter.c_str());
    impl_->wait_writable();
}

bool Client::is_connected() const noexcept {
    return impl_->phase == Impl::Phase::connected;
}

Statistics Client::statistics() const noexcept {
    auto statistics = impl_->statistics;
    statistics.connected = is_connected();
    statistics.queued = impl_->queue.size() + impl_->unacknowledged.size();
    return statistics;
}

void Client::reset_counters() noexcept {
    impl_->statistics.published = impl_->statistics.received = 0;
}

int Client::protocol_version() const noexcept {
    return impl_->options.version;
}

const std::string& Client::server() const noexcept {
    return impl_->server_text;
}

Awaitable<void> Client::stop(std::chrono::milliseconds limit) {
    const auto impl = impl_;
    impl->timer.cancel();
    impl->sync_timer.cancel();
    impl->lookup.reset();
    if (impl->phase == Impl::Phase::connected) {
        const auto deadline = Clock::now() + limit;
        impl->is_online = false;
        impl->drained.emplace(impl->executor);
        impl->publish_state_topic(0);
        impl->pump();
        const auto drained = *impl->drained;
        (void)co_await drained.within(limit);
        if (impl->phase == Impl::Phase::connected && Clock::now() < deadline) {
            impl->disconnect();
            const auto closed = *impl->drained;
            (void)co_await closed.within(deadline - Clock::now());
        }
        impl->drained.reset();
    }
    impl->phase = Impl::Phase::stopped;
    impl->second_timer.cancel();
    impl->unwatch_socket();
}

}  // namespace waggle::mqtt
