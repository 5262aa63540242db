#include "engine/scene_store.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "store/json_read.hpp"
#include "store/json_text.hpp"

namespace json = boost::json;

namespace waggle::engine {
namespace {

/// The endpoint's meta; what cannot be read is as good as none.
json::object meta_of(const Endpoint& endpoint) {
    if (endpoint.meta_json.empty())
        return {};
    boost::system::error_code error;
    auto meta = store::read_json(endpoint.meta_json, error);
    return !error && meta.is_object() ? std::move(meta.get_object()) : json::object();
}

json::object* scenes_in(json::object& meta) {
    auto* scenes = meta.if_contains("scenes");
    return scenes ? scenes->if_object() : nullptr;
}

void write(Endpoint& endpoint, const json::object& meta) {
    endpoint.meta_json.clear();
    store::append_json(endpoint.meta_json, meta);
}

}  // namespace

json::object scene_part(const json::object& state) {
    using namespace std::string_view_literals;
    static constexpr std::array kept = {"state"sv, "brightness"sv, "color"sv, "color_temp"sv,
                                        "color_mode"sv};
    json::object part;
    for (const auto& member : state)
        if (std::find(kept.begin(), kept.end(), std::string_view(member.key())) != kept.end())
            part.emplace(member.key(), member.value());
    return part;
}

std::optional<json::object> scene_state(const Endpoint& endpoint, const SceneKey& key) {
    auto meta = meta_of(endpoint);
    auto* scenes = scenes_in(meta);
    auto* entry = scenes ? scenes->if_contains(key.text()) : nullptr;
    auto* object = entry ? entry->if_object() : nullptr;
    auto* state = object ? object->if_contains("state") : nullptr;
    if (!state || !state->is_object())
        return std::nullopt;
    return std::move(state->get_object());
}

void save_scene(Endpoint& endpoint, const SceneKey& key, json::object state,
                const std::optional<json::value>& name) {
    auto meta = meta_of(endpoint);
    auto* scenes = scenes_in(meta);
    if (!scenes) {
        meta.insert_or_assign("scenes", json::object());
        scenes = scenes_in(meta);
    }
    json::object entry;
    if (name)
        entry.emplace("name", *name);
    entry.emplace("state", std::move(state));
    scenes->insert_or_assign(key.text(), std::move(entry));
    write(endpoint, meta);
}

bool erase_scene(Endpoint& endpoint, const SceneKey& key) {
    auto meta = meta_of(endpoint);
    auto* scenes = scenes_in(meta);
    const auto found = scenes ? scenes->find(key.text()) : nullptr;
    if (!scenes || found == scenes->end())
        return false;
    scenes->stable_erase(found);
    write(endpoint, meta);
    return true;
}

bool erase_scenes(Endpoint& endpoint) {
    auto meta = meta_of(endpoint);
    auto* scenes = scenes_in(meta);
    if (!scenes)
        return false;
    scenes->clear();
    write(endpoint, meta);
    return true;
}

}  // namespace waggle::engine
