#include "engine/group_states.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/state_object.hpp"
#include "plugin/definition.hpp"
#include "store/json_text.hpp"

namespace json = boost::json;

namespace waggle::engine {
namespace {

constexpr LightFeatures has_brightness = 1, has_color_temp = 2, has_color_xy = 4, has_color_hs = 8;

constexpr std::array<std::pair<std::string_view, LightFeatures>, 4> feature_names{
    {{"brightness", has_brightness},
     {"color_temp", has_color_temp},
     {"color_xy", has_color_xy},
     {"color_hs", has_color_hs}}};

constexpr std::array<std::string_view, 5> properties = {"state", "brightness", "color_temp",
                                                        "color", "color_mode"};

bool is_property(std::string_view key) noexcept {
    return std::find(properties.begin(), properties.end(), key) != properties.end();
}

bool is_text(const json::value* value, std::string_view text) noexcept {
    const auto* string = value ? value->if_string() : nullptr;
    return string && std::string_view(*string) == text;
}

/// `key` without "_<name>" when it ends in the name of an endpoint, which is put in `endpoint`.
std::string_view without_endpoint(std::string_view key, const plugin::Definition& definition,
                                  std::string_view& endpoint) {
    for (const auto& entry : definition.endpoint_names()) {
        const auto name = plugin::view(entry.name);
        if (name == "default" || !key.ends_with(name))
            continue;
        const auto rest = key.substr(0, key.size() - name.size());
        if (!rest.ends_with('_'))
            continue;
        endpoint = name;
        return rest.substr(0, rest.size() - 1);
    }
    return key;
}

std::size_t hash_of(const json::object& payload) {
    std::string text;
    store::append_sorted_json(text, payload);
    return std::hash<std::string>{}(text);
}

bool has(const Group& group, const GroupMember& member) {
    return std::find(group.members.begin(), group.members.end(), member) != group.members.end();
}

bool has_device(const Group& group, Ieee device) {
    return std::any_of(group.members.begin(), group.members.end(),
                       [&](const GroupMember& member) { return member.ieee == device; });
}

}  // namespace

LightFeatures light_features(const wg_table& exposes) {
    LightFeatures features = 0;
    for (const auto& expose : plugin::Table<wg_expose>(exposes)) {
        if (expose.type != WG_EXPOSE_LIGHT)
            continue;
        for (const auto& feature : plugin::Table<wg_expose>(expose.features))
            for (const auto& [name, bit] : feature_names)
                if (plugin::view(feature.name) == name)
                    features = static_cast<LightFeatures>(features | bit);
    }
    return features;
}

bool supports_property(LightFeatures features, std::string_view key, const json::value& value) {
    const auto any = [features](unsigned bits) { return (features & bits) != 0; };
    if (key == "state")
        return true;
    if (key == "brightness")
        return any(has_brightness);
    if (key == "color_temp")
        return any(has_color_temp);
    if (key == "color")
        return any(has_color_xy | has_color_hs);
    if (key != "color_mode")
        return false;
    return (is_text(&value, "xy") && any(has_color_xy)) ||
           (is_text(&value, "hs") && any(has_color_hs)) ||
           (is_text(&value, "color_temp") && any(has_color_temp));
}

GroupStates::Rest GroupStates::begin(EntityId entity, const json::object& update, Reason reason) {
    if (reason == Reason::group || reason == Reason::cached || update.empty())
        return {};
    return entity.is_device() ? begin_device(entity, update) : begin_group(entity, update);
}

GroupStates::Rest GroupStates::begin_device(EntityId entity, const json::object& update) {
    Rest rest;
    core_.network.for_each_group([&](Group& group) {
        if (has_device(group, entity.ieee()))
            rest.groups.push_back(group.id);
    });
    auto* device = rest.groups.empty() ? nullptr : core_.network.find(entity.ieee());
    if (!device)
        return {};

    rest.origin = entity;
    const auto* definition = devices_.definition(device->ieee);
    std::string_view endpoint_name;
    for (const auto& member : update) {
        std::string_view key = member.key();
        if (definition)
            key = without_endpoint(key, *definition, endpoint_name);
        if (is_property(key))
            rest.payload.insert_or_assign(key, member.value());
    }
    const auto* endpoint =
        rest.payload.empty() ? nullptr : devices_.endpoint(*device, endpoint_name);
    if (!endpoint)
        return {};
    std::erase_if(rest.groups, [&](GroupId id) {
        const auto* group = core_.network.find_group(id);
        return !has(*group, GroupMember{device->ieee, endpoint->id}) || !is_optimistic(id);
    });
    follow_next_group(rest);
    return rest;
}

GroupStates::Rest GroupStates::begin_group(EntityId entity, const json::object& update) {
    Rest rest;
    for (const auto& member : update)
        if (is_property(member.key()))
            rest.payload.insert_or_assign(member.key(), member.value());
    const auto* group = core_.network.find_group(entity.group());
    if (rest.payload.empty() || !group)
        return {};
    last_.erase(entity.group());
    rest.origin = entity;
    for (const auto& member : group->members)
        if (devices_.definition(member.ieee) &&
            !core_.entities.options(EntityId::of(member.ieee)).disabled)
            rest.members.push_back(member);
    follow_next_member(rest);
    return rest;
}

void GroupStates::finish(Rest rest) {
    if (rest.members.empty()) {
        while (follow_next_group(rest)) {
        }
        return;
    }
    std::vector<GroupId> sharing;
    do {
        share(rest.members[rest.next - 1], rest, sharing);
    } while (follow_next_member(rest));
    for (const auto group : sharing)
        publish_(EntityId::of(group), rest.payload);
}

bool GroupStates::follow_next_group(Rest& rest) {
    while (rest.next < rest.groups.size()) {
        const auto id = rest.groups[rest.next++];
        const auto* group = core_.network.find_group(id);
        const auto hash = hash_of(rest.payload);
        const auto last = last_.find(id);
        if (!group || (last != last_.end() && last->second == hash) ||
            !may_publish(*group, rest.payload))
            continue;
        last_[id] = hash;
        publish_(EntityId::of(id), rest.payload);
        return true;
    }
    return false;
}

bool GroupStates::follow_next_member(Rest& rest) {
    if (rest.next >= rest.members.size())
        return false;
    const auto member = rest.members[rest.next++];
    publish_(EntityId::of(member.ieee), of_member(member, rest.payload));
    return true;
}

/// Other groups that have this member, too, and may now publish.
void GroupStates::share(const GroupMember& member, const Rest& rest,
                        std::vector<GroupId>& sharing) const {
    core_.network.for_each_group([&](Group& group) {
        if (group.id != rest.origin.group() && has(group, member) && is_optimistic(group.id) &&
            std::find(sharing.begin(), sharing.end(), group.id) == sharing.end() &&
            may_publish(group, rest.payload))
            sharing.push_back(group.id);
    });
}

bool GroupStates::is_optimistic(GroupId group) const {
    return core_.entities.options(EntityId::of(group)).optimistic;
}

bool GroupStates::may_publish(const Group& group, const json::object& payload) const {
    const auto* state = payload.if_contains("state");
    if (!is_text(state, "OFF") && !is_text(state, "CLOSE"))
        return true;
    const auto& options = core_.entities.options(EntityId::of(group.id)).all;
    return is_text(options.if_contains("off_state"), "last_member_state") ||
           !is_any_member_on(group);
}

bool GroupStates::is_any_member_on(const Group& group) const {
    const auto is_on = [](const json::value* state) {
        return is_text(state, "ON") || is_text(state, "OPEN");
    };
    return std::any_of(group.members.begin(), group.members.end(), [&](const GroupMember& member) {
        const auto& state = core_.cache.get(EntityId::of(member.ieee));
        const auto* definition = devices_.definition(member.ieee);
        const auto suffix = definition ? definition->suffix(member.endpoint) : std::string_view();
        if (!suffix.empty())
            if (const auto* own = state.if_contains("state_" + std::string(suffix)))
                return is_on(own);
        return is_on(state.if_contains("state"));
    });
}

/// What the member's light has of the group's values, under the names that the member's own
/// messages use.
json::object GroupStates::of_member(const GroupMember& member, const json::object& payload) const {
    const auto features = devices_.record(member.ieee).light_features;
    const auto name = devices_.endpoint_name(member.ieee, member.endpoint);
    json::object own;
    for (const auto& entry : payload) {
        if (!supports_property(features, entry.key(), entry.value()))
            continue;
        std::string key(entry.key());
        if (!name.empty())
            key.append("_").append(name);
        own.emplace(key, entry.value());
    }
    return own;
}

}  // namespace waggle::engine
