#include "bridge/homeassistant/announced.hpp"

#include <algorithm>

#include "store/json_text.hpp"

namespace waggle::bridge::homeassistant {

const std::string* Names::keep(std::string_view text) {
    const auto found = texts_.find(text);
    return &*(found != texts_.end() ? found : texts_.emplace(text).first);
}

std::uint64_t Announced::hash_of(std::string_view payload) noexcept {
    return std::hash<std::string_view>{}(payload);
}

Announced::Message* Announced::find(std::string_view component, std::string_view object_id) {
    const auto found = std::find_if(messages_.begin(), messages_.end(), [&](const Message& one) {
        return *one.object_id == object_id && *one.component == component;
    });
    return found == messages_.end() ? nullptr : &*found;
}

void Announced::update(const ConfigMessages& now, Names& names, const Send& send) {
    std::vector<Message> next;
    next.reserve(now.messages.size());
    for (const auto& message : now.messages) {
        const auto hash = hash_of(message.payload);
        const auto* before = find(message.component, message.object_id);
        const bool is_there = before && before->sent && before->hash == hash;
        next.push_back({names.keep(message.component), names.keep(message.object_id), hash,
                        is_there || static_cast<bool>(send)});
        if (!is_there && send)
            send(message.component, message.object_id, message.payload);
    }
    const auto before = std::exchange(messages_, std::move(next));
    for (const auto& gone : before)
        if (send && !find(*gone.component, *gone.object_id))
            send(*gone.component, *gone.object_id, "");
    for (const auto& property : now.properties) {
        const auto* name = names.keep(property);
        if (std::find(properties_.begin(), properties_.end(), name) == properties_.end())
            properties_.push_back(name);
    }
    std::sort(properties_.begin(), properties_.end(),
              [](const auto* a, const auto* b) { return store::utf16_less(*a, *b); });
}

bool Announced::seen(std::string_view component, std::string_view object_id, std::uint64_t hash) {
    auto* message = find(component, object_id);
    if (!message)
        return false;
    message->sent = message->hash == hash;
    return true;
}

void Announced::doubt() {
    for (auto& message : messages_)
        message.sent = false;
}

void Announced::lost(std::string_view component, std::string_view object_id) {
    if (auto* message = find(component, object_id))
        message->sent = false;
}

void Announced::clear(const Send& send, std::string_view component) {
    const auto is_meant = [component](const Message& message) {
        return component.empty() || *message.component == component;
    };
    for (const auto& message : messages_)
        if (is_meant(message))
            send(*message.component, *message.object_id, "");
    std::erase_if(messages_, is_meant);
}

Triggers::Trigger* Triggers::find(std::string_view action) {
    const auto found = std::find_if(all_.begin(), all_.end(),
                                    [action](const Trigger& one) { return one.action == action; });
    return found == all_.end() ? nullptr : &*found;
}

bool Triggers::needs(std::string_view action) {
    auto* trigger = find(action);
    if (!trigger) {
        all_.push_back({std::string(action), State::sent});
        return true;
    }
    return std::exchange(trigger->state, State::sent) != State::sent;
}

void Triggers::seen(std::string_view action, State state) {
    if (auto* trigger = find(action))
        trigger->state = state;
    else
        all_.push_back({std::string(action), state});
}

void Triggers::doubt() {
    for (auto& trigger : all_)
        if (trigger.state == State::sent)
            trigger.state = State::doubtful;
}

}  // namespace waggle::bridge::homeassistant
