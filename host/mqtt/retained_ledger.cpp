#include "mqtt/retained_ledger.hpp"

#include <functional>

namespace waggle::mqtt {
namespace {

std::uint64_t hash_of(std::string_view payload) {
    return payload.empty() ? 0 : std::hash<std::string_view>{}(payload) | 1;
}

}  // namespace

void RetainedLedger::open(Entry& entry) noexcept {
    if (!entry.open)
        ++open_;
    entry.open = true;
}

void RetainedLedger::close(Entry& entry) noexcept {
    if (entry.open)
        --open_;
    entry.open = false;
}

void RetainedLedger::set(std::string_view topic, std::string_view payload, bool delivered) {
    auto found = topics_.find(topic);
    if (payload.empty() && delivered) {
        if (found == topics_.end())
            return;
        close(found->second);
        topics_.erase(found);
        return;
    }
    if (found == topics_.end())
        found = topics_.emplace(std::string(topic), Entry{}).first;
    found->second.hash = hash_of(payload);
    if (delivered)
        close(found->second);  // whatever the broker sends now is older
    else
        open(found->second);
}

void RetainedLedger::begin() {
    for (auto& [topic, entry] : topics_)
        open(entry);
}

void RetainedLedger::seen(std::string_view topic, std::string_view payload) {
    const auto found = topics_.find(topic);
    if (found != topics_.end() && found->second.open && found->second.hash != 0 &&
        found->second.hash == hash_of(payload))
        close(found->second);
}

RetainedLedger::Work RetainedLedger::finish() {
    Work work;
    for (auto it = topics_.begin(); it != topics_.end();) {
        auto& [topic, entry] = *it;
        const bool is_cleared = entry.hash == 0;
        if (entry.open)
            (is_cleared ? work.clear : work.publish).push_back(topic);
        close(entry);
        it = is_cleared ? topics_.erase(it) : std::next(it);
    }
    return work;
}

void RetainedLedger::undelivered(std::string_view topic) {
    if (const auto found = topics_.find(topic); found != topics_.end())
        open(found->second);
}

}  // namespace waggle::mqtt
