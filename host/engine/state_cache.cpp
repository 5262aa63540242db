#include "engine/state_cache.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/log.hpp"
#include "engine/state_object.hpp"

namespace json = boost::json;

namespace waggle::engine {
namespace {

constexpr std::string_view ns = "state";

void forget_interrupted_update(json::object& state) {
    auto* update = state.if_contains("update");
    auto* object = update ? update->if_object() : nullptr;
    if (!object)
        return;
    object->stable_erase("progress");
    object->stable_erase("remaining");
    if (auto* phase = object->if_contains("state"); phase && *phase == "updating")
        *phase = "idle";
}

void drop_never_cached(json::object& state) {
    for (auto member = state.begin(); member != state.end();)
        member = is_never_cached(member->key()) ? state.stable_erase(member) : member + 1;
}

}  // namespace

void StateCache::load() {
    entries_.clear();
    for (auto& [key, value] : file_.load()) {
        const auto entity = EntityId::parse_key(key);
        auto* object = value.if_object();
        if (!entity || !object) {
            log::warning(ns, "Entry '{}' of '{}' is no state of a device or group: left out",
                         std::string_view(key), file_.path().string());
            continue;
        }
        drop_never_cached(*object);
        forget_interrupted_update(*object);
        sort_keys(*object);
        entries_.insert_or_assign(*entity, std::move(*object));
    }
    dirty_ = false;
}

bool StateCache::save() {
    if (!dirty_)
        return true;
    std::vector<const std::pair<const EntityId, json::object>*> order;
    order.reserve(entries_.size());
    for (const auto& entry : entries_)
        order.push_back(&entry);
    std::sort(order.begin(), order.end(),
              [](const auto* x, const auto* y) { return x->first < y->first; });
    json::object states;
    states.reserve(order.size());
    for (const auto* entry : order)
        states.emplace(entry->first.key(), entry->second);
    if (const auto saved = file_.save(states); !saved) {
        log::error(ns, "The state could not be saved: {}", saved.error().message);
        return false;
    }
    dirty_ = false;
    return true;
}

const json::object& StateCache::get(EntityId entity) const {
    static const json::object none;
    const auto found = entries_.find(entity);
    return found == entries_.end() ? none : found->second;
}

void StateCache::merge(EntityId entity, const json::object& update, const PatternList& filtered) {
    const auto [entry, is_new] = entries_.try_emplace(entity);
    auto& state = entry->second;
    dirty_ |= is_new;
    if (!filtered.empty()) {  // what was cached before the filter came would go stale
        const auto before = state.size();
        for (auto at = state.begin(); at != state.end();)
            at = filtered.matches(at->key()) ? state.stable_erase(at) : at + 1;
        dirty_ |= state.size() != before;
    }
    for (const auto& member : update) {
        const std::string_view key = member.key();
        if (is_never_cached(key) || filtered.matches(key))
            continue;
        auto* present = state.if_contains(key);
        if (present && present->is_object() && member.value().is_object())
            dirty_ |= merge_sorted(present->get_object(), member.value().get_object());
        else
            dirty_ |= set_sorted(state, key, member.value());
    }
}

void StateCache::erase(EntityId entity) {
    dirty_ |= entries_.erase(entity) > 0;
}

void StateCache::erase_members(EntityId entity, std::string_view key,
                               std::initializer_list<std::string_view> members) {
    const auto found = entries_.find(entity);
    auto* value = found == entries_.end() ? nullptr : found->second.if_contains(key);
    auto* object = value ? value->if_object() : nullptr;
    if (!object)
        return;
    for (const auto member : members)
        if (object->contains(member)) {
            object->stable_erase(member);
            dirty_ = true;
        }
}

void StateCache::erase_if(const std::function<bool(EntityId)>& condition) {
    dirty_ |=
        std::erase_if(entries_, [&](const auto& entry) { return condition(entry.first); }) > 0;
}

}  // namespace waggle::engine
