#include "ota/update_states.hpp"

#include <cmath>
#include <string>
#include <utility>

#include <boost/json/object.hpp>

namespace json = boost::json;

namespace waggle::ota {
namespace {

using engine::EntityId;

constexpr std::string_view property = "update";
constexpr std::string_view kept[] = {"installed_version", "latest_version", "latest_source",
                                     "latest_release_notes"};

json::value text_or_null(const std::string& text) {
    return text.empty() ? json::value(nullptr) : json::value(text);
}

json::object of_versions(std::string_view state, std::uint32_t installed, std::uint32_t latest) {
    json::object update;
    update["state"] = state;
    update["installed_version"] = installed;
    update["latest_version"] = latest;
    update["latest_source"] = nullptr;
    update["latest_release_notes"] = nullptr;
    return update;
}

}  // namespace

void UpdateStates::send(Ieee ieee, json::object update) {
    if (!network_.find(ieee))
        return;
    json::object state;
    state[property] = std::move(update);
    engine_.publish_state(EntityId::of(ieee), state);
}

/// Repeats what the state has: with advanced.cache_state off it would not be in the message else.
json::object UpdateStates::known(Ieee ieee, std::string_view state) const {
    json::object update;
    update["state"] = state;
    const auto* before = engine_.state(EntityId::of(ieee)).if_contains(property);
    if (before && before->is_object())
        for (const auto key : kept)
            if (const auto* value = before->get_object().if_contains(key))
                update[key] = *value;
    return update;
}

void UpdateStates::publish(Ieee ieee, std::string_view state) {
    send(ieee, known(ieee, state));
}

void UpdateStates::publish_progress(Ieee ieee, Progress progress) {
    auto update = known(ieee, "updating");
    update["progress"] = progress.percent;
    update["remaining"] = static_cast<std::int64_t>(std::floor(progress.remaining + 0.5));
    send(ieee, std::move(update));
}

void UpdateStates::publish_waiting(Ieee ieee) {
    auto update = known(ieee, "updating");
    update["progress"] = 0;
    send(ieee, std::move(update));
}

void UpdateStates::publish_found(Ieee ieee, std::uint32_t version, const Found& found) {
    auto update = of_versions(found.available ? "available" : "idle", version, version);
    if (found.best) {
        update["latest_version"] = found.best->file_version;
        update["latest_source"] = text_or_null(found.best->url);
        update["latest_release_notes"] = text_or_null(found.best->release_notes);
    }
    send(ieee, std::move(update));
}

void UpdateStates::publish_installed(Ieee ieee, std::uint32_t version) {
    send(ieee, of_versions("idle", version, version));
}

void UpdateStates::publish_surprise(Ieee ieee, std::uint32_t version) {
    auto update = known(ieee, "available");
    update["installed_version"] = version;
    send(ieee, std::move(update));
}

void UpdateStates::forget_progress(Ieee ieee) {
    engine_.erase_from_state(EntityId::of(ieee), property, {"progress", "remaining"});
}

}  // namespace waggle::ota
