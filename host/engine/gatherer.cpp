#include "engine/gatherer.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/timer.hpp"

namespace json = boost::json;

namespace waggle::engine {

struct Gatherer::Entry {
    explicit Entry(const boost::asio::any_io_executor& executor) : timer(executor) {}

    Timer timer;
    unsigned generation = 0;  ///< of the timer: an expiry that was overtaken does nothing
    bool waiting = false;
    Kind kind = Kind::debounced;
    json::object pending;
    Clock::time_point last_published{};  ///< throttle; the epoch: never
};

namespace {

bool conflicts(const json::object& pending, const json::object& update,
               std::span<const std::string> ignored_keys) {
    return std::any_of(ignored_keys.begin(), ignored_keys.end(), [&](const std::string& key) {
        const auto* before = pending.if_contains(key);
        const auto* now = update.if_contains(key);
        return before && now && *before != *now;
    });
}

}  // namespace

Gatherer::Gatherer(boost::asio::any_io_executor executor, Publish publish)
    : executor_(std::move(executor)),
      publish_(std::move(publish)),
      alive_(std::make_shared<Gatherer*>(this)) {
}

Gatherer::~Gatherer() = default;

Gatherer::Entry& Gatherer::entry(Ieee device) {
    auto& slot = entries_[device];
    if (!slot)
        slot = std::make_unique<Entry>(executor_);
    return *slot;
}

void Gatherer::arm(Ieee device, Entry& entry, Clock::duration after, Kind kind) {
    entry.waiting = true;
    entry.kind = kind;
    const unsigned generation = ++entry.generation;
    entry.timer.expires_after(after);
    std::weak_ptr<Gatherer*> weak = alive_;
    entry.timer.async_wait([weak, device, generation, kind](boost::system::error_code error) {
        const auto self = weak.lock();
        if (error || !self)
            return;
        const auto found = (*self)->entries_.find(device);
        if (found != (*self)->entries_.end() && found->second->generation == generation)
            (*self)->expired(device, kind);
    });
}

void Gatherer::expired(Ieee device, Kind kind) {
    Entry& waiting = entry(device);
    waiting.waiting = false;
    ++waiting.generation;
    waiting.last_published = Clock::now();
    const json::object update = std::move(waiting.pending);
    waiting.pending = json::object();
    publish_(device, update, kind);
}

const json::object& Gatherer::debounce(Ieee device, const json::object& update,
                                       Clock::duration window,
                                       std::span<const std::string> ignored_keys) {
    if (Entry& before = entry(device);
        before.waiting && conflicts(before.pending, update, ignored_keys))
        expired(device, Kind::debounced);
    Entry& waiting = entry(device);
    for (const auto& member : update)
        waiting.pending.insert_or_assign(member.key(), member.value());
    arm(device, waiting, window, Kind::debounced);
    return waiting.pending;
}

void Gatherer::throttle(Ieee device, const json::object& update, Clock::duration window) {
    Entry& waiting = entry(device);
    waiting.pending = update;
    const auto next = waiting.last_published + window;
    if (waiting.last_published == Clock::time_point{} || next <= Clock::now())
        expired(device, Kind::throttled);
    else
        arm(device, waiting, next - Clock::now(), Kind::throttled);
}

void Gatherer::published(Ieee device, const json::object& update) {
    const auto found = entries_.find(device);
    if (found == entries_.end() || !found->second->waiting ||
        found->second->kind != Kind::debounced)
        return;
    for (const auto& member : update)
        found->second->pending.erase(member.key());
}

void Gatherer::flush() {
    std::vector<std::pair<Ieee, Kind>> waiting;
    for (const auto& [device, entry] : entries_)
        if (entry->waiting)
            waiting.emplace_back(device, entry->kind);
    for (const auto& [device, kind] : waiting)
        expired(device, kind);
}

void Gatherer::forget(Ieee device) {
    entries_.erase(device);
}

}  // namespace waggle::engine
