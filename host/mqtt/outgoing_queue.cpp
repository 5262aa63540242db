#include "mqtt/outgoing_queue.hpp"

namespace waggle::mqtt {

OutgoingQueue::Loss OutgoingQueue::push(std::string_view topic, std::string_view payload,
                                        const PublishOptions& options) {
    Loss loss;
    const auto added = topic.size() + payload.size() + sizeof(Message) + 64;
    const auto is_full = [&] {
        return messages_.size() >= most_messages_ || bytes_ + added > most_bytes_;
    };
    const bool newest_only = only_newest_counts(options);
    if (newest_only && is_full()) {
        if (const auto found = newest_.find(topic); found != newest_.end()) {
            auto& waiting = *found->second;
            bytes_ += payload.size();
            bytes_ -= waiting.payload.size();
            waiting.payload = payload;
            waiting.options = options;
            ++loss.replaced;
            return loss;
        }
    }
    auto remember = [this](const std::string& lost, const PublishOptions&) {
        lost_topics_.push_back(lost);
    };
    while (!messages_.empty() && is_full())
        evict(loss, remember);
    messages_.push_back({std::string(topic), std::string(payload), options});
    bytes_ += added;
    if (newest_only) {
        // The key has to be the text of the message that stays longest: the newest one.
        newest_.erase(topic);
        newest_.emplace(messages_.back().topic, std::prev(messages_.end()));
    }
    return loss;
}

void OutgoingQueue::pop() {
    bytes_ -= weight(messages_.front());
    if (is_newest(messages_.begin()))
        newest_.erase(messages_.front().topic);
    messages_.pop_front();
}

}  // namespace waggle::mqtt
