#include "plugin/host.hpp"

#include <algorithm>

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "base/log.hpp"
#include "plugin/definition_check.hpp"
#include "plugin/host_impl.hpp"
#include "plugin/message.hpp"
#include "plugin/setup.hpp"

namespace waggle::plugin {

namespace json = boost::json;

namespace {

/// A device may sleep for as long as its requests may wait; a plugin that forgets to answer must
/// not hold a command for ever.
constexpr auto longest_answer = std::chrono::hours(1);

wg_value object_of(const json::object& object, Scratch& scratch) {
    auto* members = scratch.members(object.size());
    auto result = wg_null();
    result.kind = WG_OBJECT;
    result.length = static_cast<std::uint32_t>(object.size());
    result.as.members = members;
    for (const auto& [name, value] : object)
        *members++ = {to_wg(name), to_wg(value, scratch)};
    return result;
}

std::string default_text(wg_status status) {
    switch (status) {
        case WG_CANCELLED: return "cancelled";
        case WG_TIMED_OUT: return "timed out";
        case WG_UNSUPPORTED: return "not supported";
        case WG_INVALID: return "invalid value";
        case WG_REFUSED: return "the device refused";
        case WG_DELIVERY_FAILED: return "delivery failed";
        case WG_BUSY: return "too much is under way";
        default: return fmt::format("status {}", status);
    }
}

}  // namespace

PluginHostImpl::PluginHostImpl(boost::asio::any_io_executor the_executor,
                               PluginHostOptions the_options, Services& the_services,
                               Radio& the_radio, std::function<Device*(Ieee)> the_find_device,
                               std::function<Group*(GroupId)> the_find_group)
    : executor(the_executor),
      options(std::move(the_options)),
      services(the_services),
      radio(the_radio),
      find_device(std::move(the_find_device)),
      find_group(std::move(the_find_group)),
      marker(options.crash_marker),
      tasks(the_executor) {
}

wg_entity PluginHostImpl::handle_of(const EntityRef& entity) {
    auto& handle = handles[entity];
    if (handle == 0) {
        handle = ++last_number;
        entities.emplace(handle, entity);
    }
    return handle;
}

const EntityRef* PluginHostImpl::entity_of(wg_entity handle) const {
    const auto found = entities.find(handle);
    return found == entities.end() ? nullptr : &found->second;
}

BoundDevice* PluginHostImpl::bound_of(wg_entity handle) const {
    const auto* entity = entity_of(handle);
    if (!entity || entity->is_group())
        return nullptr;
    const auto found = bound.find(entity->ieee);
    return found == bound.end() ? nullptr : found->second.get();
}

const wg_value* PluginHostImpl::default_of(const Definition& definition,
                                           std::string_view name) const {
    const auto* option = definition.option(name);
    if (!option)
        return nullptr;
    const bool newer = option->newer_from_version != 0 &&
                       options.configuration_version >= option->newer_from_version;
    const auto& value = newer ? option->newer_default : option->default_value;
    return value.kind == WG_NULL ? nullptr : &value;
}

std::shared_ptr<const Definition> PluginHostImpl::choose_definition(const Device& device) {
    // A plugin that turns out not to load changes the index; each round loses one, so this ends.
    for (std::size_t round = 0; round <= files.size(); ++round) {
        bool lost_one = false;
        std::vector<std::shared_ptr<const Definition>> definitions;
        std::vector<const wg_definition*> data;
        for (const auto& ref : index.candidates(device)) {
            auto* module = load(ref.plugin);
            if (!module) {
                lost_one = true;
                break;
            }
            definitions.push_back(module->definition(ref.index));
            data.push_back(definitions.back() ? &definitions.back()->data() : nullptr);
        }
        if (lost_one)
            continue;
        const auto chosen = choose(data, device);
        return chosen < definitions.size() ? definitions[chosen] : nullptr;
    }
    return nullptr;
}

BoundDevice* PluginHostImpl::bind(Device& device) {
    auto definition = choose_definition(device);
    if (!definition)
        definition = generate(device);
    const auto found = bound.find(device.ieee);
    if (found != bound.end() && found->second->definition_ == definition)
        return found->second.get();
    if (found != bound.end()) {
        end_all_of(found->second->handle_);
        bound.erase(found);
    }
    if (!definition)
        return nullptr;

    auto fresh = std::unique_ptr<BoundDevice>(new BoundDevice);
    fresh->host_ = this;
    fresh->ieee_ = device.ieee;
    fresh->handle_ = handle_of(EntityRef::device(device.ieee));
    fresh->said_notes_.resize(definition->data().notes.count);
    fresh->definition_ = std::move(definition);
    auto* result = fresh.get();
    bound.emplace(device.ieee, std::move(fresh));
    result->options_changed();
    return result;
}

void PluginHostImpl::unbind(Ieee device) {
    const auto found = bound.find(device);
    if (found == bound.end())
        return;
    found->second->event(WG_EVENT_REMOVED);
    const auto handle = found->second->handle_;
    entities.erase(handle);  // first: what is cancelled now must not publish for it
    handles.erase(EntityRef::device(device));
    end_all_of(handle);
    std::erase_if(stored, [&](const auto& item) { return item.first.entity == handle; });
    bound.erase(device);
}

wg_call PluginHostImpl::begin_call(const std::shared_ptr<Module>& module, const EntityRef& entity) {
    const auto call = ++last_number;
    PendingCall pending(executor);
    pending.module = module;
    pending.entity = entity;
    calls.emplace(call, std::move(pending));
    return call;
}

wg_status PluginHostImpl::answer(wg_call call, wg_status status, std::string_view text) {
    const auto found = calls.find(call);
    if (found == calls.end())
        return WG_NOT_FOUND;
    auto& outcome = found->second.outcome;
    outcome.ok = status == WG_OK;
    if (!outcome.ok)
        outcome.message = text.empty() ? default_text(status) : std::string(text);
    const auto done = found->second.done;
    auto result = std::move(outcome);
    calls.erase(found);
    done.fulfil(std::move(result));
    return WG_OK;
}

void PluginHostImpl::run_command(wg_call call, const EntityRef& target,
                                 const Definition& definition, const wg_to_device& row,
                                 wg_to_device_fn function, const Command& command) {
    ScratchScope scope(scratch);
    wg_set set{};
    set.size = sizeof set;
    set.endpoint = command.endpoint;
    set.is_group = target.is_group();
    set.call = call;
    set.entity = handle_of(target);
    set.endpoint_name = to_wg(std::string_view(command.endpoint_name));
    set.key = to_wg(std::string_view(command.key));
    set.value = to_wg(command.value, scratch);
    set.message = object_of(command.message, scratch);

    auto& module = definition.module();
    const auto what = function == row.set ? std::string_view("set") : std::string_view("get");
    const CallSite site{what, command.key, &definition, target.ieee, true};
    const auto status = module.call(site, [&] { return function(&set, row.user); });
    if (status != WG_OK)
        answer(call, status, module.error());
}

void PluginHostImpl::end_all_of(const Module& module) {
    std::vector<wg_ticket> ended;
    for (const auto& [number, ticket] : tickets)
        if (ticket.module.get() == &module)
            ended.push_back(number);
    for (const auto number : ended)
        complete_cancelled(number);
    std::vector<wg_call> unanswered;
    for (const auto& [number, call] : calls)
        if (call.module.get() == &module)
            unanswered.push_back(number);
    for (const auto number : unanswered)
        answer(number, WG_CANCELLED, "its plugin was stopped");
}

void PluginHostImpl::end_all_of(wg_entity entity) {
    std::vector<wg_ticket> ended;
    for (const auto& [number, ticket] : tickets)
        if (ticket.entity == entity)
            ended.push_back(number);
    for (const auto number : ended)
        complete_cancelled(number);
}

void BoundDevice::convert(const ZclMessage& message, Emissions& out) {
    const auto kind = kind_of(message);
    const bool listens = (definition_->wanted_events() & WG_EVENT_MESSAGE) != 0;
    if (kind == 0)
        return;
    const auto converters = definition_->from_device(message.cluster, kind);
    if (converters.empty() && !listens)
        return;

    ScratchScope scope(host_->scratch);
    auto seen = to_wg(message, kind, handle_, host_->scratch);
    seen.suffix = to_wg(definition_->suffix(message.endpoint.id));
    const bool is_command = (kind & (WG_COMMAND | WG_COMMAND_RESPONSE)) != 0;
    auto& module = definition_->module();
    for (const auto* row : converters) {
        if (row->endpoint != 0 && row->endpoint != seen.endpoint)
            continue;
        if (is_command && row->command != WG_ANY_COMMAND && row->command != seen.command)
            continue;
        wg_sink sink{&out, definition_.get(), message.endpoint.id};
        const CallSite site{"converter", view(row->name), definition_.get(), ieee_};
        module.call(site, [&] { return row->convert(&seen, &sink, row->user); });
    }
    if (!listens)
        return;
    wg_event event{};
    event.size = sizeof event;
    event.type = WG_EVENT_MESSAGE;
    event.device = handle_;
    event.message = &seen;
    for (const auto& handler : Table<wg_event_handler>(definition_->data().events))
        if (handler.events & WG_EVENT_MESSAGE)
            module.call({"event", "message", definition_.get(), ieee_},
                        [&] { return handler.handle(&event, handler.user); });
}

void BoundDevice::event(wg_event_type type) {
    if ((definition_->wanted_events() & type) == 0)
        return;
    ScratchScope scope(host_->scratch);
    wg_event event{};
    event.size = sizeof event;
    event.type = type;
    event.device = handle_;
    const auto definition = definition_;
    for (const auto& handler : Table<wg_event_handler>(definition->data().events))
        if (handler.events & type)
            definition->module().call({"event", {}, definition.get(), ieee_},
                                      [&] { return handler.handle(&event, handler.user); });
}

namespace {

void add(std::vector<ClusterId>& clusters, ClusterId cluster, bool& changed) {
    if (std::find(clusters.begin(), clusters.end(), cluster) != clusters.end())
        return;
    clusters.push_back(cluster);
    changed = true;
}

void edit(Endpoint& endpoint, const wg_cluster_edit& edit, bool& changed) {
    switch (edit.kind) {
        case WG_ADD_INPUT: return add(endpoint.inputs, edit.cluster, changed);
        case WG_ADD_OUTPUT: return add(endpoint.outputs, edit.cluster, changed);
        case WG_REMOVE_INPUT: changed |= std::erase(endpoint.inputs, edit.cluster) != 0; return;
        case WG_REMOVE_OUTPUT: changed |= std::erase(endpoint.outputs, edit.cluster) != 0; return;
        default: return;
    }
}

}  // namespace

bool BoundDevice::apply_quirks(Device& device) const {
    const auto& data = definition_->data();
    bool changed = false;
    device.skip_default_response = (data.flags & WG_DEFINITION_SEND_NO_DEFAULT_RESPONSE) != 0;
    device.relays_as_group = (data.flags & WG_DEFINITION_RELAYS_AS_GROUP) != 0;
    if (const auto type = parse_device_type(view(data.device_type)); type && *type != device.type) {
        device.type = *type;
        changed = true;
    }
    const bool believed = (data.flags & WG_DEFINITION_POWER_SOURCE_IF_UNKNOWN) != 0 &&
                          device.power_source && *device.power_source != "Unknown";
    if (data.power_source.length != 0 && !believed &&
        device.power_source != view(data.power_source)) {
        device.power_source = view(data.power_source);
        changed = true;
    }
    if (data.checkin_interval_s != 0 && device.checkin_interval != data.checkin_interval_s) {
        device.checkin_interval = data.checkin_interval_s;
        device.pending_request_timeout = std::chrono::seconds(data.checkin_interval_s);
        changed = true;
    }
    for (const auto& item : Table<wg_cluster_edit>(data.cluster_edits))
        if (auto* endpoint = device.endpoint(item.endpoint))
            edit(*endpoint, item, changed);
    return changed;
}

void BoundDevice::options_changed() {
    const auto entity = EntityRef::device(ieee_);
    std::size_t number = 0;
    for (const auto& note : Table<wg_note>(definition_->data().notes)) {
        const auto position = number++;
        if (note.option.length == 0 || said_notes_[position])
            continue;
        const auto* set = host_->services.option(entity, view(note.option));
        const bool off =
            !set || set->is_null() || *set == json::value(false) || *set == json::value(0);
        if (off)
            continue;
        said_notes_[position] = true;
        log::warning(definition_->module().log_name(), "'{}' has option '{}': {}",
                     host_->services.friendly_name(entity), view(note.option), view(note.text));
    }
    event(WG_EVENT_OPTIONS_CHANGED);
}

PluginHost::PluginHost(boost::asio::any_io_executor executor, PluginHostOptions options,
                       Services& services, Radio& radio, std::function<Device*(Ieee)> find_device,
                       std::function<Group*(GroupId)> find_group)
    : impl_(std::make_unique<PluginHostImpl>(std::move(executor), std::move(options), services,
                                             radio, std::move(find_device),
                                             std::move(find_group))) {
}

PluginHost::~PluginHost() {
    impl_->stopping = true;
    for (auto file = impl_->files.rbegin(); file != impl_->files.rend(); ++file)
        if (file->module) {
            impl_->end_all_of(*file->module);
            file->module->deinit();
        }
}

void PluginHost::discover() {
    if (const auto* culprit = impl_->marker.fresh())
        log::error("plugin", "The last run ended inside plugin {}; it is left out now",
                   culprit->id);
    impl_->discover();
}

const std::vector<PluginInfo>& PluginHost::plugins() const {
    impl_->collect_infos();
    return impl_->infos;
}

BoundDevice* PluginHost::bind(Device& device) {
    return impl_->bind(device);
}

void PluginHost::unbind(Ieee device) {
    impl_->unbind(device);
}

BoundDevice* PluginHost::find(Ieee device) noexcept {
    const auto found = impl_->bound.find(device);
    return found == impl_->bound.end() ? nullptr : found->second.get();
}

std::shared_ptr<const Definition> PluginHost::definition_of(Ieee device) const {
    const auto found = impl_->bound.find(device);
    return found == impl_->bound.end() ? nullptr : found->second->definition_;
}

namespace {

/// The host may be gone by the time a cancelled wait ends.
Awaitable<CommandOutcome> wait_for_answer(PluginHostImpl& impl, wg_call call,
                                          OneShot<CommandOutcome> done) {
    const std::weak_ptr<int> alive = impl.alive;
    auto result = co_await done.within(longest_answer);
    if (result)
        co_return std::move(*result);
    if (!alive.expired())
        impl.calls.erase(call);
    CommandOutcome outcome;
    outcome.message = result.error().message();
    co_return outcome;
}

}  // namespace

Awaitable<CommandOutcome> PluginHost::set(EntityRef target,
                                          std::shared_ptr<const Definition> definition,
                                          const wg_to_device* converter, Command command) {
    CommandOutcome failed;
    if (!converter->set || !definition->module().is_active()) {
        failed.message = "not supported";
        co_return failed;
    }
    const auto call = impl_->begin_call(definition->module().shared_from_this(), target);
    const auto done = impl_->calls.at(call).done;
    impl_->run_command(call, target, *definition, *converter, converter->set, command);
    co_return co_await wait_for_answer(*impl_, call, done);
}

Awaitable<CommandOutcome> PluginHost::get(EntityRef target,
                                          std::shared_ptr<const Definition> definition,
                                          const wg_to_device* converter, Command command) {
    CommandOutcome failed;
    if (!converter->get || !definition->module().is_active()) {
        failed.message = "not supported";
        co_return failed;
    }
    const auto call = impl_->begin_call(definition->module().shared_from_this(), target);
    const auto done = impl_->calls.at(call).done;
    impl_->run_command(call, target, *definition, *converter, converter->get, command);
    co_return co_await wait_for_answer(*impl_, call, done);
}

bool PluginHost::interview_may_fail(const Device& device) {
    const auto definition = impl_->choose_definition(device);
    return definition && (definition->data().flags & WG_DEFINITION_INTERVIEW_MAY_FAIL);
}

Awaitable<Result<void>> PluginHost::configure(Ieee ieee, std::string& problem) {
    const auto definition = definition_of(ieee);
    const auto* device = impl_->find_device(ieee);
    if (!definition || !device) {
        problem = "it has no definition";
        co_return Errc::not_found;
    }
    auto requests = Setup(*definition, *device).requests(problem);
    if (!problem.empty())
        co_return Errc::not_found;
    for (auto& request : requests) {
        const bool is_reading = request.kind == WG_REQUEST_READ;
        auto owned = std::move(request);
        const auto reply = co_await impl_->radio.perform(std::move(owned));
        if (reply.error && is_reading) {  // no failure
            log::debug("plugin", "{} cannot be read now: {}", definition->model(),
                       reply.error.message());
        } else if (reply.error) {
            problem = reply.error.message();
            co_return reply.error;
        }
    }
    const Table<wg_configure> steps(definition->data().configure);
    for (std::uint32_t i = 0; i < steps.size(); ++i) {
        auto* bound = find(ieee);
        if (!bound || bound->definition_ != definition)
            co_return Errc::cancelled;
        auto& module = definition->module();
        const auto call = impl_->begin_call(module.shared_from_this(), EntityRef::device(ieee));
        const auto done = impl_->calls.at(call).done;
        const CallSite site{"configure", {}, definition.get(), ieee, true};
        const auto handle = bound->handle();
        const auto status =
            module.call(site, [&] { return steps[i].run(handle, call, steps[i].user); });
        if (status != WG_OK)
            impl_->answer(call, status, module.error());
        const auto outcome = co_await wait_for_answer(*impl_, call, done);
        if (!outcome.ok) {
            problem = outcome.message;
            co_return Errc::refused;
        }
    }
    co_return Result<void>{};
}

std::optional<json::value> PluginHost::option(Ieee device, std::string_view name) const {
    if (const auto* set = impl_->services.option(EntityRef::device(device), name))
        return *set;
    const auto definition = definition_of(device);
    const auto* value = definition ? impl_->default_of(*definition, name) : nullptr;
    if (!value)
        return std::nullopt;
    return to_json(*value);
}

wg_table PluginHost::exposes_of(const BoundDevice& bound) const {
    const auto& data = bound.definition().data();
    auto exposes = data.exposes;
    if (!data.exposes_of)
        return exposes;
    wg_table own{};
    const CallSite site{"exposes_of", {}, &bound.definition(), bound.ieee()};
    bound.definition().module().call(site, [&] {
        own = data.exposes_of(bound.handle(), data.exposes_user);
        return WG_OK;
    });
    const auto problem = check_exposes(own);
    if (problem.empty())
        return own;
    log::error(bound.definition().module().log_name(), "Exposes of {} cannot be used: {}",
               bound.definition().model(), problem);
    return exposes;
}

json::object PluginHost::definition_json(const Device& device, std::string_view user_icon) const {
    const auto found = impl_->bound.find(device.ieee);
    if (found == impl_->bound.end())
        return {};
    return plugin::definition_json(found->second->definition(), device, exposes_of(*found->second),
                                   user_icon);
}

Awaitable<void> PluginHost::stop() {
    impl_->stopping = true;
    for (const auto& [ieee, bound] : impl_->bound)
        bound->event(WG_EVENT_STOPPED);
    for (auto file = impl_->files.rbegin(); file != impl_->files.rend(); ++file)
        if (file->module) {
            impl_->end_all_of(*file->module);
            file->module->deinit();
        }
    co_await impl_->tasks.stop();
}

}  // namespace waggle::plugin
