#include "engine/scenes.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "base/log.hpp"
#include "engine/zcl_json.hpp"
#include "store/json_text.hpp"
#include "store/settings.hpp"

namespace json = boost::json;

namespace waggle::engine {
namespace {

using namespace std::string_view_literals;
constexpr std::string_view ns = "engine";
constexpr ClusterId color_cluster = 0x0300;
constexpr std::uint16_t mired_minimum = 0x400B, mired_maximum = 0x400C;
constexpr std::uint16_t usual_transition = 0xFFFF;  ///< of recall: the scene's own [ZCL8 3.7.2.4.7]

std::string type_name(const json::value& value) {
    if (value.is_string())
        return "string";
    if (value.is_bool())
        return "boolean";
    return "object";
}

std::string no_number(std::string_view what, const json::value* value) {
    if (!value)
        return fmt::format("{} is not a number, got undefined (undefined)", what);
    return fmt::format("{} is not a number, got {} ({})", what, type_name(*value),
                       store::compact_json(*value));
}

/// The number of a scene in a request; `what` names it in the sentence.
std::optional<std::uint8_t> scene_number(const json::value* value, std::string_view what,
                                         std::string& problem) {
    if (!value || !value->is_number()) {
        problem = no_number(what, value);
        return std::nullopt;
    }
    const auto number = number_of(*value, 0xFF);
    if (!number) {
        problem =
            fmt::format("A scene has a number from 0 to 255, not {}", store::compact_json(*value));
        return std::nullopt;
    }
    return static_cast<std::uint8_t>(*number);
}

const json::value* member(const json::object* object, std::string_view key) {
    return object ? object->if_contains(key) : nullptr;
}

bool given(const json::value* value) noexcept {
    return value && !value->is_null();
}

/// A scene of a group is that group's; a device may name one.
std::optional<GroupId> group_of(const KeyTarget& target, const json::object* request,
                                std::string& problem) {
    if (target.entity.is_group())
        return target.entity.group();
    const auto* id = member(request, "group_id");
    if (!given(id))
        return GroupId{0};
    const auto number = number_of(*id, 0xFFFF);
    if (!number)
        problem = fmt::format("'group_id' cannot be {}", store::compact_json(*id));
    return number ? std::optional(static_cast<GroupId>(*number)) : std::nullopt;
}

/// Scene 0 of no group is the cluster's own, for "on with recall" [ZCL8 3.7.2.2.1.3].
bool is_free(std::uint8_t scene, GroupId group, std::string& problem) {
    if (scene != 0 || group != 0)
        return true;
    problem = "Scene ID 0 cannot be used with group ID 0 (reserved).";
    return false;
}

struct Numbers {
    std::uint8_t scene;
    GroupId group;
    SceneKey key() const { return {std::to_string(scene), group}; }
};

/// What scene_store and scene_add have in common; `id` is where the scene's number stands.
std::optional<Numbers> numbers_of(const KeyTarget& target, const json::value* id,
                                  const json::object* request, std::string& problem) {
    const auto scene = scene_number(id, "'ID'", problem);
    const auto group = scene ? group_of(target, request, problem) : std::nullopt;
    if (!group || !is_free(*scene, *group, problem))
        return std::nullopt;
    return Numbers{*scene, *group};
}

Result<zcl::Frame> frame_of(std::string_view name, const json::object& payload,
                            std::string& problem) {
    const auto* cluster = zcl::find_cluster("genScenes"sv);
    const auto* command = cluster->command(name);
    auto parameters = parameters_of(*command, payload, problem);
    if (!parameters)
        return parameters.error();
    auto frame = zcl::cluster_command(*cluster, *command, std::move(*parameters));
    Bytes bytes;
    if (const auto encoded = zcl::encode(bytes, frame); !encoded) {
        problem = fmt::format("genScenes.{} cannot carry {}", name, store::compact_json(payload));
        return encoded.error();
    }
    return frame;
}

json::object ids(const Numbers& numbers) {
    return {{"groupid", numbers.group}, {"sceneid", numbers.scene}};
}

/// scene_add's transition, in seconds: whole ones, or tenths with the enhanced command.
struct Transition {
    bool is_enhanced = false;
    std::int64_t number = 0;
};
std::optional<Transition> transition_of(const json::object& request, std::string& problem) {
    const auto* value = request.if_contains("transition");
    if (!given(value))
        return Transition{};
    const auto seconds = number_like(*value);
    constexpr double tenths = 10;
    const bool is_whole = seconds && value->is_number() && *seconds == std::floor(*seconds);
    const double number = is_whole ? seconds.value_or(0) : std::floor(seconds.value_or(0) * tenths);
    if (!seconds || number < 0 || number > 0xFFFF) {
        problem = fmt::format("'transition' cannot be {}", store::compact_json(*value));
        return std::nullopt;
    }
    return Transition{!is_whole, static_cast<std::int64_t>(number)};
}

plugin::CommandOutcome failed(std::string problem) {
    plugin::CommandOutcome outcome;
    outcome.message = std::move(problem);
    return outcome;
}

plugin::CommandOutcome succeeded(std::string_view what) {
    log::info(ns, "Successfully {}", what);
    plugin::CommandOutcome outcome;
    outcome.ok = true;
    return outcome;
}

std::string unsuccessful(std::string_view what, const boost::system::error_code& error) {
    return error.category() == zcl::status_category()
               ? fmt::format("{} not successful ('{}')", what, error.message())
               : error.message();
}

/// "1.2.3"; nothing for other forms.
std::optional<std::array<unsigned, 3>> version_of(std::string_view text) {
    std::array<unsigned, 3> version{};
    for (std::size_t i = 0; i < version.size(); ++i) {
        const auto parsed = std::from_chars(text.data(), text.data() + text.size(), version[i]);
        if (parsed.ec != std::errc())
            return std::nullopt;
        text.remove_prefix(static_cast<std::size_t>(parsed.ptr - text.data()));
        if (i + 1 == version.size())
            break;
        if (!text.starts_with('.'))
            return std::nullopt;
        text.remove_prefix(1);
    }
    return text.starts_with('.') ? std::nullopt : std::optional(version);
}

const wg_value* member_of(const wg_value& object, std::string_view name) {
    if (object.kind != WG_OBJECT)
        return nullptr;
    for (std::uint32_t i = 0; i < object.length; ++i)
        if (plugin::view(object.as.members[i].name) == name)
            return &object.as.members[i].value;
    return nullptr;
}

bool has_color(const json::object& state) {
    return state.contains("color") || state.contains("color_temp");
}

MiredRange range_of(const Endpoint& endpoint) {
    const auto value = [&endpoint](std::uint16_t id) -> std::optional<double> {
        const auto* cached = endpoint.attribute(color_cluster, id);
        const auto number = cached ? cached->integer() : std::nullopt;
        return number ? std::optional(static_cast<double>(*number)) : std::nullopt;
    };
    return {value(mired_minimum), value(mired_maximum)};
}

}  // namespace

bool Scenes::knows(std::string_view key) noexcept {
    return key == "scene_recall" || changes(key);
}

bool Scenes::changes(std::string_view key) noexcept {
    static constexpr std::array keys = {"scene_store"sv, "scene_add"sv, "scene_remove"sv,
                                        "scene_remove_all"sv, "scene_rename"sv};
    return std::find(keys.begin(), keys.end(), key) != keys.end();
}

Awaitable<plugin::CommandOutcome> Scenes::set(KeyTarget target, std::string key,
                                              json::value value) {
    if (key == "scene_store")
        co_return co_await store(target, std::move(value));
    if (key == "scene_recall")
        co_return co_await recall(target, std::move(value));
    if (key == "scene_add")
        co_return co_await add(target, std::move(value));
    if (key == "scene_remove")
        co_return co_await remove(target, std::move(value));
    if (key == "scene_remove_all")
        co_return co_await remove_all(target);
    co_return rename(target, value);
}

Awaitable<Result<void>> Scenes::send(KeyTarget target, zcl::Frame frame, bool may_be_absent) {
    if (target.entity.is_group())
        co_return co_await core_.network.groupcast(target.entity.group(), std::move(frame));
    if (target.no_default_response)
        frame.header.disable_default_response = true;
    const bool has_answer = frame.command_definition->response.has_value();
    ZclRequest request(target.entity.ieee(), target.endpoint, std::move(frame));
    request.timeout = target.timeout.value_or(request.timeout);
    const auto reply = co_await core_.network.request(std::move(request));
    if (!reply)
        co_return reply.error();
    if (!has_answer)
        co_return Result<void>{};
    const auto* parameter = reply->frame.parameter("status");
    const auto number = parameter ? parameter->integer() : std::nullopt;
    const auto status = number ? static_cast<zcl::Status>(*number) : zcl::Status::failure;
    // A device that has no such scene says so; some call the field invalid.
    const bool is_absent = status == zcl::Status::not_found || status == zcl::Status::invalid_field;
    if (status == zcl::Status::success || (may_be_absent && is_absent))
        co_return Result<void>{};
    co_return make_error_code(status);
}

void Scenes::for_each_endpoint(const KeyTarget& target, const Visit& visit) {
    const auto visit_one = [&](Ieee ieee, EndpointId id) {
        auto* device = core_.network.find(ieee);
        if (auto* endpoint = device ? device->endpoint(id) : nullptr)
            visit(*device, *endpoint);
    };
    if (target.entity.is_device())
        return visit_one(target.entity.ieee(), target.endpoint);
    const auto* group = core_.network.find_group(target.entity.group());
    const auto members = group ? group->members : std::vector<GroupMember>();
    for (const auto& one : members)
        visit_one(one.ieee, one.endpoint);
}

Awaitable<plugin::CommandOutcome> Scenes::store(KeyTarget target, json::value value) {
    std::string problem;
    const auto* request = value.if_object();
    const auto numbers =
        numbers_of(target, request ? member(request, "ID") : &value, request, problem);
    if (!numbers)
        co_return failed(std::move(problem));
    std::optional<json::value> name;
    if (!request)
        name.emplace(nullptr);
    else if (const auto* wanted = member(request, "name"))
        name.emplace(*wanted);

    // What is stored is the state of now; reports that arrive meanwhile may be of another.
    std::vector<std::pair<Ieee, json::object>> states;
    const auto remember_state = [&](Device& device, Endpoint&) {
        states.emplace_back(device.ieee, scene_part(core_.cache.get(EntityId::of(device.ieee))));
    };
    for_each_endpoint(target, remember_state);

    auto frame = frame_of("store", ids(*numbers), problem);
    if (!frame)
        co_return failed(std::move(problem));
    const auto sent = co_await send(target, std::move(*frame), false);
    if (!sent)
        co_return failed(unsuccessful("Scene store", sent.error()));
    const auto save = [&](Device& device, Endpoint& endpoint) {
        const auto state = std::find_if(states.begin(), states.end(), [&](const auto& known) {
            return known.first == device.ieee;
        });
        if (state == states.end())
            return;  // joined the group meanwhile
        save_scene(endpoint, numbers->key(), state->second, name);
        core_.network.changed(device);
    };
    for_each_endpoint(target, save);
    co_return succeeded("stored scene");
}

Awaitable<plugin::CommandOutcome> Scenes::recall(KeyTarget target, json::value value) {
    std::string problem;
    const auto scene = scene_number(&value, "Value", problem);
    if (!scene)
        co_return failed(std::move(problem));
    const GroupId group = target.entity.is_group() ? target.entity.group() : GroupId{0};
    const Numbers numbers{*scene, group};
    auto payload = ids(numbers);
    payload.emplace("transitionTime", usual_transition);
    auto frame = frame_of("recall", payload, problem);
    if (!frame)
        co_return failed(std::move(problem));
    const auto sent = co_await send(target, std::move(*frame), false);
    if (!sent)
        co_return failed(unsuccessful("Scene recall", sent.error()));
    auto outcome = succeeded(target.entity.is_group() ? "recalled group scene" : "recalled scene");
    recalled(target, numbers.key(), outcome);
    co_return outcome;
}

/// The states of the scene, for whom they are to be published.
void Scenes::recalled(const KeyTarget& target, const SceneKey& key, Outcome& outcome) {
    const auto& options = core_.entities.options(target.entity).all;
    const bool follows = store::bool_option(options, "color_sync").value_or(true);
    const auto& common = core_.cache.get(target.entity);
    const auto range = traits_of(target).range;
    const auto add = [&](Device& device, Endpoint& endpoint) {
        const auto ref = plugin::EntityRef::device(device.ieee);
        std::erase_if(outcome.states, [&](const auto& known) { return known.first == ref; });
        auto state = scene_state(endpoint, key);
        if (!state) {
            log::warning(ns, "Unknown scene was recalled for {}, can't restore state.",
                         device.ieee.to_string());
            return;
        }
        add_color_mode(*state);
        // A group that was never given a colour says nothing of what its members show.
        const auto& own = core_.cache.get(EntityId::of(device.ieee));
        if (follows)
            synchronise_color(*state, has_color(common) ? common : own, range);
        outcome.states.emplace_back(ref, std::move(*state));
    };
    for_each_endpoint(target, add);
}

Awaitable<plugin::CommandOutcome> Scenes::add(KeyTarget target, json::value value) {
    std::string problem;
    const auto* request = value.if_object();
    if (!request)
        co_return failed("scene_add is not an object, got " + store::compact_json(value));
    const auto numbers = numbers_of(target, member(request, "ID"), request, problem);
    const auto time = numbers ? transition_of(*request, problem) : std::nullopt;
    auto content = time ? scene_content(*request, traits_of(target), problem) : std::nullopt;
    if (!content)
        co_return failed(std::move(problem));
    auto payload = ids(*numbers);
    payload.emplace("scenename", "");
    payload.emplace("transtime", time->number);
    payload.emplace("extensionfieldsets", std::move(content->fields));
    auto added = frame_of(time->is_enhanced ? "enhancedAdd" : "add", payload, problem);
    auto removed = frame_of("remove", ids(*numbers), problem);
    if (!added || !removed)
        co_return failed(std::move(problem));

    // Devices merge what is added with what a scene of that number has, so that one goes first.
    auto sent = co_await send(target, std::move(*removed), true);
    if (!sent)
        co_return failed("Scene add unable to remove existing scene ('" + sent.error().message() +
                         "')");
    sent = co_await send(target, std::move(*added), false);
    if (!sent)
        co_return failed(unsuccessful("Scene add", sent.error()));
    std::optional<json::value> name;
    if (const auto* wanted = member(request, "name"))
        name.emplace(*wanted);
    const auto save = [&](Device& device, Endpoint& endpoint) {
        save_scene(endpoint, numbers->key(), scene_part(content->state), name);
        core_.network.changed(device);
    };
    for_each_endpoint(target, save);
    co_return succeeded("added scene");
}

Awaitable<plugin::CommandOutcome> Scenes::remove(KeyTarget target, json::value value) {
    std::string problem;
    const auto scene = scene_number(&value, "Value", problem);
    if (!scene)
        co_return failed(std::move(problem));
    const GroupId group = target.entity.is_group() ? target.entity.group() : GroupId{0};
    const Numbers numbers{*scene, group};
    auto frame = frame_of("remove", ids(numbers), problem);
    if (!frame)
        co_return failed(std::move(problem));
    const auto sent = co_await send(target, std::move(*frame), false);
    if (!sent)
        co_return failed(unsuccessful("Scene remove", sent.error()));
    const auto erase = [&](Device& device, Endpoint& endpoint) {
        if (erase_scene(endpoint, numbers.key()))
            core_.network.changed(device);
    };
    for_each_endpoint(target, erase);
    co_return succeeded("removed scene");
}

Awaitable<plugin::CommandOutcome> Scenes::remove_all(KeyTarget target) {
    std::string problem;
    const GroupId group = target.entity.is_group() ? target.entity.group() : GroupId{0};
    const json::object payload{{"groupid", group}};
    auto frame = frame_of("removeAll", payload, problem);
    if (!frame)
        co_return failed(std::move(problem));
    const auto sent = co_await send(target, std::move(*frame), false);
    if (!sent)
        co_return failed(unsuccessful("Scene remove all", sent.error()));
    const auto erase = [&](Device& device, Endpoint& endpoint) {
        if (erase_scenes(endpoint))
            core_.network.changed(device);
    };
    for_each_endpoint(target, erase);
    co_return succeeded("removed all scenes");
}

plugin::CommandOutcome Scenes::rename(const KeyTarget& target, const json::value& value) {
    std::string problem;
    const auto* request = value.if_object();
    if (!request)
        return failed("scene_rename is not an object, got " + store::compact_json(value));
    const auto* id = member(request, "ID");
    const auto scene = id ? number_of(*id, 0xFF) : std::nullopt;
    const auto group = group_of(target, request, problem);
    if (!group)
        return failed(std::move(problem));
    const SceneKey key{scene ? std::to_string(*scene) : std::string(), *group};
    std::optional<json::value> name;
    if (const auto* wanted = member(request, "name"))
        name.emplace(*wanted);
    bool found = false;
    for_each_endpoint(target, [&](Device& device, Endpoint& endpoint) {
        auto state = scene_state(endpoint, key);
        if (!state)
            return;
        found = true;
        save_scene(endpoint, key, std::move(*state), name);
        core_.network.changed(device);
    });
    if (!found && target.entity.is_device())
        return failed("No such scene in device meta data");
    return succeeded("renamed scene");
}

/// Of a group: what all members have, because one frame goes to all.
SceneTraits Scenes::traits_of(const KeyTarget& target) {
    const auto& options = core_.entities.options(target.entity).all;
    SceneTraits traits;
    std::size_t members = 0;
    bool is_inverted = true, is_enhanced = true;
    for_each_endpoint(target, [&](Device& device, Endpoint& endpoint) {
        ++members;
        is_inverted = is_inverted && has_trait(device, "coverInverted");
        is_enhanced = is_enhanced && has_trait(device, "supportsEnhancedHue");
        traits.range.narrow(range_of(endpoint));
    });
    traits.enhanced_hue = members > 0 && is_enhanced;
    traits.cover_inverted =
        (members > 0 && is_inverted) != store::bool_option(options, "invert_cover").value_or(false);
    traits.options = options;
    return traits;
}

bool Scenes::has_trait(const Device& device, std::string_view name) const {
    const auto definition = core_.plugins ? core_.plugins->definition_of(device.ieee) : nullptr;
    const auto* trait = definition ? definition->trait(name) : nullptr;
    if (!trait)
        return false;
    if (trait->kind == WG_BOOL)
        return trait->as.boolean;
    const auto* than = member_of(*trait, "software_newer_than");
    if (!than || than->kind != WG_STRING)
        return false;
    const auto oldest = version_of({than->as.string, than->length});
    const auto own = version_of(device.software_build_id.value_or(""));
    return oldest && own && *own > *oldest;
}

}  // namespace waggle::engine
