#include <functional>

#include "base/log.hpp"
#include "mqtt/client_impl.hpp"

namespace waggle::mqtt {
namespace {

/// After the broker's answer to the barrier: brokers that send retained messages from another
/// thread than their acknowledgements get this long.
constexpr auto grace = std::chrono::milliseconds(200);
/// A broker that never answers the barrier.
constexpr auto longest_sync = std::chrono::seconds(10);

}  // namespace

void Client::Impl::subscribe_to(const std::vector<std::string>& filters) {
    std::vector<char*> texts;
    for (const auto& filter : filters)
        texts.push_back(const_cast<char*>(filter.c_str()));
    if (texts.empty())
        return;
    const int rc = mosquitto_subscribe_multiple(library, nullptr, static_cast<int>(texts.size()),
                                                texts.data(), 0, 0, nullptr);
    if (rc != MOSQ_ERR_SUCCESS)
        log::error("mqtt", "cannot subscribe to '{}': {}", filters.front(), mosquitto_strerror(rc));
    wait_writable();
}

void Client::Impl::subscribe_all() {
    auto filters = options.more_subscriptions;
    filters.insert(filters.begin(), options.base_topic + "/+/+/#");
    filters.insert(filters.end(), subscriptions.begin(), subscriptions.end());
    subscribe_to(filters);
}

/// Lets the broker show what it retains: topics of two and more levels below the base come with the
/// subscription anyway, those of one level and those elsewhere by filters that are given up again
/// at once. The broker answers in order, so its UNSUBACK ends the list.
void Client::Impl::begin_sync() {
    ledger.begin();
    if (!ledger.has_open()) {
        finish_sync();
        return;
    }
    std::vector<std::string> filters = {options.base_topic + "/+"};
    for (const auto& prefix : options.retained_elsewhere)
        filters.push_back(prefix + "/#");
    subscribe_to(filters);
    int id = 0;
    for (const auto& filter : filters)
        if (mosquitto_unsubscribe(library, &id, filter.c_str()) == MOSQ_ERR_SUCCESS)
            barrier = id;
    wait_writable();
    sync_timer.expires_after(longest_sync);
    sync_timer.async_wait([weak = weak_from_this(), mine = generation](const auto& error) {
        const auto self = weak.lock();
        if (self && !error && self->generation == mine)
            self->finish_sync();
    });
}

void Client::Impl::barrier_passed(int message_id) {
    if (barrier != message_id)
        return;
    barrier.reset();
    sync_timer.expires_after(grace);
    sync_timer.async_wait([weak = weak_from_this(), mine = generation](const auto& error) {
        const auto self = weak.lock();
        if (self && !error && self->generation == mine)
            self->finish_sync();
    });
}

void Client::Impl::finish_sync() {
    barrier.reset();
    const auto work = ledger.finish();
    for (const auto& topic : work.clear)
        publish(topic, "", PublishOptions{.retain = true});
    for (const auto& topic : work.publish)
        republish(topic, false);
    const auto stale = std::move(stale_topics);
    stale_topics.clear();
    for (const auto& topic : stale)
        republish(topic, false);
    if (!work.publish.empty() || !work.clear.empty() || !stale.empty())
        log::info("mqtt",
                  "the broker had missed {} messages: {} retained ones published, {} cleared, "
                  "{} states published",
                  work.publish.size() + work.clear.size() + stale.size(), work.publish.size(),
                  work.clear.size(), stale.size());
    if (events.equalised)
        events.equalised();
}

/// Within mosquitto_loop_read(), which is C: nothing may be thrown through it.
void Client::Impl::on_message(const mosquitto_message& message) {
    const std::string_view topic(message.topic);
    const std::string_view payload(static_cast<const char*>(message.payload),
                                   static_cast<std::size_t>(message.payloadlen));
    if (message.retain)
        ledger.seen(topic, payload);
    if (own_topics.contains(std::hash<std::string_view>{}(topic)))
        return;
    ++statistics.received;
    if (!events.message)
        return;
    try {
        events.message({topic, payload, message.retain});
    } catch (const std::exception& error) {
        log::error("mqtt", "the message on '{}' could not be handled: {}", topic, error.what());
    }
}

}  // namespace waggle::mqtt
