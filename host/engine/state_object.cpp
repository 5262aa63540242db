#include "engine/state_object.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "store/json_text.hpp"

namespace json = boost::json;

namespace waggle::engine {
namespace {

/// A copy of `source` with `key` inserted in order, in the storage of `source`.
json::object with_inserted(json::object& source, std::string_view key, json::value value) {
    json::object result(source.storage());
    result.reserve(source.size() + 1);
    bool inserted = false;
    for (auto& member : source) {
        if (!inserted && store::utf16_less(key, member.key())) {
            result.emplace(key, std::move(value));
            inserted = true;
        }
        result.emplace(member.key(), std::move(member.value()));
    }
    if (!inserted)
        result.emplace(key, std::move(value));
    return result;
}

void sort_value(json::value& value) {
    if (auto* object = value.if_object())
        sort_keys(*object);
    else if (auto* array = value.if_array())
        for (auto& element : *array)
            sort_value(element);
}

}  // namespace

bool set_sorted(json::object& state, std::string_view key, const json::value& value) {
    if (auto* present = state.if_contains(key)) {
        if (*present == value)
            return false;
        *present = value;
        sort_value(*present);
        return true;
    }
    json::value copy(value, state.storage());
    sort_value(copy);
    if (state.empty() || store::utf16_less((state.end() - 1)->key(), key)) {
        state.emplace(key, std::move(copy));
        return true;
    }
    state = with_inserted(state, key, std::move(copy));
    return true;
}

bool merge_sorted(json::object& state, const json::object& update) {
    bool changed = false;
    for (const auto& member : update) {
        auto* present = state.if_contains(member.key());
        if (present && present->is_object() && member.value().is_object())
            changed |= merge_sorted(present->get_object(), member.value().get_object());
        else
            changed |= set_sorted(state, member.key(), member.value());
    }
    return changed;
}

void sort_keys(json::object& state) {
    for (auto& member : state)
        sort_value(member.value());
    const auto less = [](const json::key_value_pair& x, const json::key_value_pair& y) {
        return store::utf16_less(x.key(), y.key());
    };
    if (std::is_sorted(state.begin(), state.end(), less))
        return;
    std::vector<json::key_value_pair*> order;
    order.reserve(state.size());
    for (auto& member : state)
        order.push_back(&member);
    std::sort(order.begin(), order.end(),
              [&less](const auto* x, const auto* y) { return less(*x, *y); });
    json::object result(state.storage());
    result.reserve(state.size());
    for (auto* member : order)
        result.emplace(member->key(), std::move(member->value()));
    state = std::move(result);
}

bool is_never_cached(std::string_view key) noexcept {
    using namespace std::string_view_literals;
    static constexpr std::array names = {
        "action"sv,
        "button"sv,
        "button_left"sv,
        "button_right"sv,
        "click"sv,
        "elapsed"sv,
        "forgotten"sv,
        "from_side"sv,
        "group_capacity"sv,
        "group_list"sv,
        "illuminance_lux"sv,
        "keyerror"sv,
        "no_occupancy_since"sv,
        "step_mode"sv,
        "step_size"sv,
        "to_side"sv,
        "transition_time"sv,
    };
    return key.starts_with("action_") || std::find(names.begin(), names.end(), key) != names.end();
}

}  // namespace waggle::engine
