#include <algorithm>
#include <charconv>

#include <boost/json/object.hpp>
#include <fmt/format.h>

#include "base/log.hpp"
#include "bridge/requests/requests.hpp"

namespace json = boost::json;

namespace waggle::bridge {
namespace {

constexpr auto ns = "bridge";

bool is_group_id(const std::string& text) {
    unsigned id = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    return error == std::errc() && end == text.data() + text.size() && id >= 1 && id <= 0xFFFF;
}

/// One member of a group as a request names it; `endpoint` is what the answer repeats.
struct Member {
    Ieee device;
    EndpointId endpoint = 0;
    std::string device_name;
    json::object data;
};

Field<Member> member_of(Context& context, const Request& request) {
    const auto* device = request.find("device");
    const auto id = device ? name_text(*device) : std::nullopt;
    if (!id)
        return invalid_payload();
    const auto entity = device_named(context, *id);
    if (!entity)
        return entity.error();

    const auto* wanted = request.find("endpoint");
    const auto endpoint_name = wanted ? name_text(*wanted).value_or("") : "default";
    Member member;
    member.device = entity->ieee();
    member.device_name = context.engine.entities().name(*entity);
    auto* found = context.network.find(member.device);
    const auto* endpoint = found ? context.engine.find_endpoint(*found, endpoint_name) : nullptr;
    if (!endpoint)
        return failure("Device '{}' does not have endpoint '{}'", member.device_name,
                       endpoint_name);
    member.endpoint = endpoint->id;
    member.data["device"] = *device;
    member.data["endpoint"] = wanted ? *wanted : json::value("default");
    return member;
}

Field<engine::EntityId> group_of(Context& context, const Request& request) {
    const auto* group = request.find("group");
    const auto id = group ? name_text(*group) : std::nullopt;
    if (!id)
        return invalid_payload();
    return group_named(context, *id);
}

void tell_of_change(Context& context, const Request& request, GroupId group, const Member& member,
                    bool added) {
    engine::GroupChange change(group, member.device, member.endpoint, added);
    change.skip_disable_reporting = request.flag("skip_disable_reporting");
    context.engine.group_members_changed(change);
}

std::vector<GroupId> groups_of(Context& context, GroupMember member) {
    std::vector<GroupId> groups;
    context.network.for_each_group([&](Group& group) {
        const auto& members = group.members;
        if (std::find(members.begin(), members.end(), member) != members.end())
            groups.push_back(group.id);
    });
    return groups;
}

Awaitable<Reply> change_member(Context& context, const Request& request, bool add) {
    const auto group = group_of(context, request);
    if (!group)
        co_return group.error();
    auto member = member_of(context, request);
    if (!member)
        co_return member.error();

    log::info(ns, "{} endpoint '{}' of device '{}' {} group '{}'", add ? "Adding" : "Removing",
              member->endpoint, member->device_name, add ? "to" : "from",
              context.engine.entities().name(*group));
    auto& network = context.network;
    auto work = add ? network.add_to_group(member->device, member->endpoint, group->group())
                    : network.remove_from_group(member->device, member->endpoint, group->group());
    const auto done = co_await std::move(work);
    if (!done)
        co_return failure("Failed to {} group ({})", add ? "add to" : "remove from",
                          done.error().message());
    context.announcer.changed(Document::groups);
    tell_of_change(context, request, group->group(), *member, add);
    member->data["group"] = *request.find("group");
    co_return json::value(std::move(member->data));
}

}  // namespace

/// {"friendly_name", "id"?} or the name -> {"friendly_name", "id"}
Awaitable<Reply> group_add(Context& context, const Request& request) {
    const auto name = request.id("friendly_name");
    if (!name)
        co_return name.error();
    std::optional<std::string> wanted;
    if (const auto* id = request.find("id")) {
        wanted = name_text(*id);
        if (!wanted || !is_group_id(*wanted))
            co_return invalid_payload("'id' must be a whole number from 1 to 65535");
    }
    const auto key = context.configuration.add_group(*name, wanted);
    if (!key)
        co_return key.error();
    const auto id = static_cast<GroupId>(std::stoul(*key));
    context.network.create_group(id);
    context.announcer.changed(Document::groups);
    context.announcer.changed(Document::info);
    json::object data;
    data["friendly_name"] = *name;
    data["id"] = id;
    co_return json::value(std::move(data));
}

/// {"id", "force"?} or the id -> {"id", "force"}. The members are asked to leave first; with
/// `force` the group is forgotten whatever they answer.
Awaitable<Reply> group_remove(Context& context, const Request& request) {
    const auto id = request.id();
    if (!id)
        co_return id.error();
    const auto entity = group_named(context, *id);
    if (!entity)
        co_return entity.error();
    const bool force = request.flag("force");
    const std::string name = context.engine.entities().name(*entity);
    const std::string how = request.is_object() ? fmt::format(" (force: {})", force) : "";
    log::info(ns, "Removing group '{}'{}", name, how);

    std::vector<GroupMember> members;
    if (const auto* group = context.network.find_group(entity->group()); group && !force)
        members = group->members;
    for (const auto& member : members) {
        const auto left = co_await context.network.remove_from_group(member.ieee, member.endpoint,
                                                                     entity->group());
        if (!left)
            co_return failure("Failed to remove group '{}'{} ({})", name, how,
                              left.error().message());
    }
    const auto removed = context.network.remove_group(entity->group());
    if (!removed && removed.error() != Errc::not_found)
        co_return failure("Failed to remove group '{}'{} ({})", name, how,
                          removed.error().message());
    clear_retained(context, *entity, name);
    context.engine.removed(*entity, name);
    const auto forgotten = context.configuration.remove_group(entity->key());
    context.announcer.changed(Document::groups);
    context.announcer.changed(Document::info);
    if (!forgotten)
        co_return forgotten.error();
    log::info(ns, "Successfully removed group '{}'{}", name, how);
    json::object data;
    data["id"] = request.is_object() ? *request.find("id") : request.payload();
    data["force"] = force;
    co_return json::value(std::move(data));
}

/// {"device", "group", "endpoint"?} -> the same
Awaitable<Reply> group_members_add(Context& context, const Request& request) {
    return change_member(context, request, true);
}

Awaitable<Reply> group_members_remove(Context& context, const Request& request) {
    return change_member(context, request, false);
}

/// {"device", "endpoint"?} -> the same
Awaitable<Reply> group_members_remove_all(Context& context, const Request& request) {
    auto member = member_of(context, request);
    if (!member)
        co_return member.error();
    log::info(ns, "Removing endpoint '{}' of device '{}' from all groups", member->endpoint,
              member->device_name);
    const auto groups = groups_of(context, {member->device, member->endpoint});
    const auto done =
        co_await context.network.remove_from_all_groups(member->device, member->endpoint);
    if (!done)
        co_return failure("Failed to remove_all from group ({})", done.error().message());
    context.announcer.changed(Document::groups);
    for (const auto group : groups)
        tell_of_change(context, request, group, *member, false);
    co_return json::value(std::move(member->data));
}

}  // namespace waggle::bridge
