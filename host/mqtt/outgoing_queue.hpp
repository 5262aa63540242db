#pragma once

#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

#include "mqtt/client.hpp"

/// Messages that the socket does not take yet: first in, first out, up to a number of messages and
/// bytes. At the bound
///  - a retained or state message takes the place of the newest one waiting on its topic;
///  - otherwise the oldest message leaves. If it was the newest of a retained or state topic, the
///    topic is remembered, so that its present value can be published once there is room.
namespace waggle::mqtt {

class OutgoingQueue {
  public:
    struct Message {
        std::string topic, payload;
        PublishOptions options;
    };
    struct Loss {
        std::size_t dropped = 0;   ///< messages that nobody will see
        std::size_t replaced = 0;  ///< values that a newer one of the topic overtakes
    };

    OutgoingQueue(std::size_t most_messages, std::size_t most_bytes)
        : most_messages_(most_messages), most_bytes_(most_bytes) {}

    Loss push(std::string_view topic, std::string_view payload, const PublishOptions& options);

    bool empty() const noexcept { return messages_.empty(); }
    std::size_t size() const noexcept { return messages_.size(); }
    std::size_t bytes() const noexcept { return bytes_; }
    const Message& front() const { return messages_.front(); }
    void pop();

    /// Gives up everything, and says which topics have to be published anew.
    template <class TakeTopic>
    Loss clear(TakeTopic take_topic) {
        Loss loss;
        while (!messages_.empty())
            evict(loss, take_topic);
        return loss;
    }

    /// Topics whose newest value left the queue unsent; the caller takes them.
    std::list<std::string>& lost_topics() noexcept { return lost_topics_; }

  private:
    using Messages = std::list<Message>;

    static bool only_newest_counts(const PublishOptions& options) {
        return options.retain || options.kind == Kind::state;
    }
    static std::size_t weight(const Message& message) {
        return message.topic.size() + message.payload.size() + sizeof(Message) + 64;
    }
    bool is_newest(Messages::const_iterator message) const {
        const auto found = newest_.find(message->topic);
        return found != newest_.end() && found->second == message;
    }

    template <class TakeTopic>
    void evict(Loss& loss, TakeTopic& take_topic) {
        const auto& oldest = messages_.front();
        if (!only_newest_counts(oldest.options))
            ++loss.dropped;
        else if (is_newest(messages_.begin()))
            take_topic(oldest.topic, oldest.options);
        else
            ++loss.replaced;
        pop();
    }

    Messages messages_;
    std::unordered_map<std::string_view, Messages::iterator> newest_;  ///< keys live in messages_
    std::list<std::string> lost_topics_;
    std::size_t bytes_ = 0;
    std::size_t most_messages_, most_bytes_;
};

}  // namespace waggle::mqtt
