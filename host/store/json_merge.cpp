#include "store/json_merge.hpp"

namespace waggle::store {

namespace json = boost::json;

void deep_merge(json::object& target, const json::object& changes) {
    for (const auto& change : changes) {
        auto* there = target.if_contains(change.key());
        const auto* inner = change.value().if_object();
        if (there != nullptr && there->is_object() && inner != nullptr)
            deep_merge(there->get_object(), *inner);
        else
            target[change.key()] = change.value();
    }
}

void merge_changes(json::object& target, const json::object& changes) {
    for (const auto& change : changes) {
        const bool keeps_null = change.key() == "homeassistant";
        const auto* inner = change.value().if_object();
        if (change.value().is_null() && !keeps_null) {
            target.stable_erase(change.key());
        } else if (inner == nullptr) {
            target[change.key()] = change.value();
        } else {
            auto& there = target[change.key()];
            auto& object = there.is_object() ? there.get_object() : there.emplace_object();
            if (keeps_null)
                deep_merge(object, *inner);
            else
                merge_changes(object, *inner);
        }
    }
}

const json::value* value_at(const json::object& object, const KeyPath& path) {
    const json::object* at = &object;
    for (std::size_t i = 0; i < path.size(); ++i) {
        const auto* value = at == nullptr ? nullptr : at->if_contains(path[i]);
        if (value == nullptr || i + 1 == path.size())
            return value;
        at = value->if_object();
    }
    return nullptr;
}

void set_at(json::object& object, const KeyPath& path, json::value value) {
    json::object* at = &object;
    for (std::size_t i = 0; i + 1 < path.size(); ++i) {
        auto& inner = (*at)[path[i]];
        at = inner.is_object() ? &inner.get_object() : &inner.emplace_object();
    }
    (*at)[path.back()] = std::move(value);
}

bool erase_at(json::object& object, const KeyPath& path) {
    json::object* at = &object;
    for (std::size_t i = 0; i + 1 < path.size(); ++i) {
        auto* inner = at->if_contains(path[i]);
        if (inner == nullptr || !inner->is_object())
            return false;
        at = &inner->get_object();
    }
    return at->stable_erase(path.back()) > 0;
}

void carry_changes(json::object& target, const json::object& before, const json::object& after) {
    for (const auto& entry : before)
        if (!after.contains(entry.key()))
            target.stable_erase(entry.key());
    for (const auto& entry : after) {
        const auto* old = before.if_contains(entry.key());
        if (old != nullptr && *old == entry.value())
            continue;
        auto* there = target.if_contains(entry.key());
        const bool all_maps = old != nullptr && old->is_object() && there != nullptr &&
                              there->is_object() && entry.value().is_object();
        if (all_maps)
            carry_changes(there->get_object(), old->get_object(), entry.value().get_object());
        else
            target[entry.key()] = entry.value();
    }
}

}  // namespace waggle::store
