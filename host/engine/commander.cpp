#include "engine/commander.hpp"

#include <algorithm>
#include <utility>

#include <boost/json/serialize.hpp>

#include "base/log.hpp"
#include "engine/command.hpp"
#include "plugin/value.hpp"

namespace json = boost::json;

namespace waggle::engine {
namespace {

constexpr std::string_view ns = "engine";
constexpr std::size_t longest_shown = 200;

std::string_view shown(std::string_view text) noexcept {
    return text.substr(0, longest_shown);
}

std::string shown(const json::value* value) {
    return value ? std::string(shown(json::serialize(*value))) : std::string();
}

std::string_view verb(bool is_set) noexcept {
    return is_set ? "set" : "get";
}

EntityId entity_of(const plugin::EntityRef& ref) noexcept {
    return ref.is_group() ? EntityId::of(ref.group) : EntityId::of(ref.ieee);
}

plugin::EntityRef ref_of(EntityId entity) noexcept {
    return entity.is_group() ? plugin::EntityRef::of_group(entity.group())
                             : plugin::EntityRef::device(entity.ieee());
}

}  // namespace

Commander::Commander(Core& core, Devices& devices, Publisher& publisher, TaskGroup& tasks)
    : core_(core),
      devices_(devices),
      publisher_(publisher),
      tasks_(tasks),
      generic_(core.network),
      scenes_(core) {
}

json::object& Commander::Progress::state_of(EntityId entity) {
    for (auto& [known, state] : states)
        if (known == entity)
            return state;
    return states.emplace_back(entity, json::object()).second;
}

Commander::Progress::Used Commander::Progress::use_of(const Step& step) {
    return {step.endpoint, step.converter, step.is_own() ? step.key : std::string()};
}

bool Commander::Progress::is_used(const Step& step) const {
    return std::find(used.begin(), used.end(), use_of(step)) != used.end();
}

bool Commander::handle(std::string_view topic, std::string_view payload) {
    const auto parsed = parse_command_topic(topic);
    if (!parsed)
        return false;
    const auto target = core_.entities.resolve_with_endpoint(parsed->target);
    if (!target.entity)
        log::error(ns, "Entity '{}' is unknown", shown(target.id));
    else
        accept(*parsed, target, payload);
    return true;
}

bool Commander::accept(const CommandTopic& topic, const Entities::WithEndpoint& target,
                       std::string_view payload) {
    const EntityId entity = *target.entity;
    if (!may_command(entity, target.endpoint))
        return false;
    auto message =
        plugin::is_utf8(payload) ? parse_command_payload(topic.attribute, payload) : std::nullopt;
    const auto& name = core_.entities.name(entity);
    if (!message) {
        log::error(ns, "Invalid message '{}' for '{}', skipping...",
                   plugin::is_utf8(payload) ? shown(payload) : "(no UTF-8 text)", name);
        return false;
    }
    if (const auto at = under_way_->find(entity);
        at != under_way_->end() && at->second >= most_under_way) {
        log::error(ns, "'{}' has {} commands under way: one more is refused", name, most_under_way);
        return false;
    }
    follow_home_assistant(entity, *message);
    start(Job(entity, topic.is_set, std::string(target.endpoint), std::move(*message)));
    return true;
}

bool Commander::may_command(EntityId entity, std::string_view endpoint_name) {
    if (entity.is_group())
        return true;
    auto* device = core_.network.find(entity.ieee());
    const auto& name = core_.entities.name(entity);
    if (!device || !devices_.bound(*device)) {
        log::error(ns, "Cannot publish to unsupported device '{}'", name);
        return false;
    }
    if (!devices_.endpoint(*device, endpoint_name)) {
        log::error(ns, "Device '{}' has no endpoint '{}'", name, shown(endpoint_name));
        return false;
    }
    return true;
}

/// Home Assistant sends `state` with every colour: a light that is on already needs no second
/// frame.
void Commander::follow_home_assistant(EntityId entity, json::object& message) const {
    if (!core_.settings().homeassistant.enabled || !message.contains("state") ||
        message.contains("brightness"))
        return;
    if (!message.contains("color") && !message.contains("color_temp"))
        return;
    const auto* state = core_.cache.get(entity).if_contains("state");
    if (state && *state == "ON")
        message.stable_erase("state");
}

void Commander::start(Job job) {
    auto shared = std::make_shared<Job>(std::move(job));
    // Counts as under way until the task has ended, however it ends.
    auto counted =
        std::shared_ptr<void>(nullptr, [all = under_way_, entity = shared->entity](void*) {
            if (const auto at = all->find(entity); at != all->end() && --at->second == 0)
                all->erase(at);
        });
    ++(*under_way_)[shared->entity];
    tasks_.spawn("command", [this, shared, counted]() { return run(shared); });
}

Awaitable<void> Commander::run(std::shared_ptr<Job> job) {
    auto progress = std::make_shared<Progress>();
    const auto order = command_order(job->message);
    for (const auto& key : order) {
        if (job->entity.is_device() && !core_.network.find(job->entity.ieee()))
            co_return;  // removed meanwhile
        co_await run_key(job, key, progress);
    }
    for (const auto& [entity, state] : progress->states)
        if (!state.empty())
            publisher_.publish(entity, state, Reason::command);
    if (progress->scenes_changed)
        for (auto* listener : core_.listeners)
            listener->scenes_changed(job->entity);
}

Awaitable<void> Commander::read(Ieee device, std::string key) {
    const auto definition = core_.plugins ? core_.plugins->definition_of(device) : nullptr;
    const auto* converter = definition ? definition->to_device(key, "") : nullptr;
    if (!converter || !converter->get)
        co_return;
    json::object message;
    message.emplace(key, "");
    auto job =
        std::make_shared<Job>(EntityId::of(device), false, std::string(), std::move(message));
    auto progress = std::make_shared<Progress>();
    co_await run_key(std::move(job), std::move(key), std::move(progress));
}

bool Commander::find_converter(const Job& job, Step& step) const {
    std::vector<Ieee> candidates;
    if (job.entity.is_device())
        candidates.push_back(job.entity.ieee());
    else if (const auto* group = core_.network.find_group(job.entity.group()))
        for (const auto& member : group->members)
            candidates.push_back(member.ieee);

    for (const Ieee ieee : candidates) {
        auto definition = core_.plugins ? core_.plugins->definition_of(ieee) : nullptr;
        if (!definition)
            continue;
        step.kind = GenericKeys::knows(step.key) ? Step::Kind::generic
                    : Scenes::knows(step.key)    ? Step::Kind::scene
                                                 : Step::Kind::converter;
        if (!step.is_own())
            step.converter = definition->to_device(step.key, step.endpoint_name);
        if (step.is_own() || step.converter) {
            step.definition = std::move(definition);
            return true;
        }
    }
    return false;
}

bool Commander::prepare(const Job& job, const std::string& key, Step& step) {
    step.key = key;
    step.endpoint_name = job.endpoint_name;
    Device* device = nullptr;
    if (job.entity.is_device()) {
        device = core_.network.find(job.entity.ieee());
        const auto names = devices_.endpoint_names(job.entity.ieee());
        if (const auto suffixed = split_key(key, names); !suffixed.endpoint.empty()) {
            step.endpoint_name = suffixed.endpoint;
            step.key = suffixed.key;
        }
        const auto* endpoint = device ? devices_.endpoint(*device, step.endpoint_name) : nullptr;
        if (!endpoint) {
            log::error(ns, "Device '{}' has no endpoint '{}'", core_.entities.name(job.entity),
                       step.endpoint_name);
            return false;
        }
        step.endpoint = endpoint->id;
    }
    if (!find_converter(job, step)) {
        log::error(ns, "No converter available for '{}' on '{}': ({})", shown(step.key),
                   core_.entities.name(job.entity), shown(job.message.if_contains(key)));
        return false;
    }
    // A number in the topic goes by the endpoint's name from here on, where it has one.
    if (device && std::all_of(step.endpoint_name.begin(), step.endpoint_name.end(),
                              [](char c) { return c >= '0' && c <= '9'; }))
        if (const auto name = devices_.endpoint_name(device->ieee, step.endpoint);
            !step.endpoint_name.empty() && !name.empty())
            step.endpoint_name = name;
    return true;
}

KeyTarget Commander::target_of(const Job& job, const Step& step) {
    KeyTarget target;
    target.entity = job.entity;
    target.endpoint = step.endpoint;
    target.no_default_response =
        (step.definition->data().flags & WG_DEFINITION_NO_DEFAULT_RESPONSE) != 0;
    if (const auto* timeout = step.definition->trait("timeout"); timeout && timeout->kind == WG_INT)
        if (timeout->as.integer > 0)
            target.timeout = std::chrono::milliseconds(timeout->as.integer);
    return target;
}

Awaitable<plugin::CommandOutcome> Commander::convert(const Job& job, const Step& step,
                                                     json::value value) {
    const auto own_target = target_of(job, step);
    if (step.kind == Step::Kind::generic)
        co_return co_await generic_.set(own_target, step.key, std::move(value));
    if (step.kind == Step::Kind::scene)
        co_return co_await scenes_.set(own_target, step.key, std::move(value));
    plugin::Command command;
    command.endpoint = step.endpoint;
    command.endpoint_name = step.endpoint_name;
    command.key = step.key;
    if (job.is_set)
        command.value = std::move(value);
    command.message = without_suffix(job.message, step.endpoint_name);
    const auto target = ref_of(job.entity);
    if (job.is_set)
        co_return co_await core_.plugins->set(target, step.definition, step.converter,
                                              std::move(command));
    co_return co_await core_.plugins->get(target, step.definition, step.converter,
                                          std::move(command));
}

Awaitable<void> Commander::run_key(std::shared_ptr<Job> job, std::string key,
                                   std::shared_ptr<Progress> progress) {
    Step step;
    if (!prepare(*job, key, step))
        co_return;
    if (job->is_set && progress->is_used(step))
        co_return;
    const auto& name = core_.entities.name(job->entity);
    const bool able = step.is_own()
                          ? job->is_set
                          : (job->is_set ? step.converter->set : step.converter->get) != nullptr;
    if (!able) {
        log::error(ns, "No converter available for '{}' '{}' ({}) on '{}'", verb(job->is_set),
                   step.key, shown(job->message.if_contains(key)), name);
        co_return;
    }
    log::debug(ns, "Publishing '{}' '{}' to '{}'", verb(job->is_set), step.key, name);
    progress->used.push_back(Progress::use_of(step));
    json::value value = job->message.at(key);
    auto outcome = co_await convert(*job, step, std::move(value));
    if (!outcome.ok)
        log::error(ns, "Publish '{}' '{}' to '{}' failed: '{}'", verb(job->is_set), step.key,
                   core_.entities.name(job->entity), outcome.message);
    else if (job->is_set)
        collect(*job, step, outcome, *progress);
    progress->scenes_changed |= step.kind == Step::Kind::scene && Scenes::changes(step.key);
}

void Commander::collect(const Job& job, const Step& step, plugin::CommandOutcome& outcome,
                        Progress& progress) {
    const EntityOptions& options = core_.entities.options(job.entity);
    if (!options.optimistic)
        return;
    for (const auto& [ref, state] : outcome.states) {
        const auto entity = entity_of(ref);
        const bool is_own = entity == job.entity;
        auto& collected = progress.state_of(entity);
        for (const auto& member : is_own ? with_suffix(state, step.endpoint_name) : state)
            if (!is_own || !options.filtered_optimistic.matches(member.key()))
                collected.insert_or_assign(member.key(), member.value());
    }
}

}  // namespace waggle::engine
