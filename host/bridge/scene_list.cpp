#include "bridge/scene_list.hpp"

#include <cstdlib>

#include <boost/json/parse.hpp>

#include "network/network.hpp"

namespace json = boost::json;

namespace waggle::bridge {
namespace {

/// Adds the scenes of one endpoint's meta: {"scenes": {"<scene>_<group>": {"name", …}}}.
void collect_scenes(const std::string& meta_json, GroupId group, SceneList& out) {
    if (meta_json.find("\"scenes\"") == std::string::npos)
        return;
    boost::system::error_code error;
    const auto meta = json::parse(meta_json, error);
    const auto* scenes =
        error || !meta.is_object() ? nullptr : meta.get_object().if_contains("scenes");
    if (!scenes || !scenes->is_object())
        return;
    for (const auto& [key, data] : scenes->get_object()) {
        const std::string text(key);
        const auto split = text.find('_');
        if (split == std::string::npos || std::atol(text.c_str() + split + 1) != group)
            continue;
        const auto id = std::atol(text.c_str());
        const auto* name = data.is_object() ? data.get_object().if_contains("name") : nullptr;
        const bool is_named =
            name && !name->is_null() && *name != "" && *name != 0 && *name != false;
        out[id] = is_named ? *name : json::value("Scene " + std::to_string(id));
    }
}

}  // namespace

SceneList scenes_of(const Endpoint& endpoint) {
    SceneList out;
    collect_scenes(endpoint.meta_json, 0, out);
    return out;
}

SceneList scenes_of(const Group& group, Network& network) {
    SceneList out;
    for (const auto& member : group.members) {
        auto* device = network.find(member.ieee);
        if (const auto* endpoint = device ? device->endpoint(member.endpoint) : nullptr)
            collect_scenes(endpoint->meta_json, group.id, out);
    }
    return out;
}

}  // namespace waggle::bridge
