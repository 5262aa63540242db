#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "plugin/host_impl.hpp"
#include "store/json_read.hpp"

/// The functions that plugins call. Each checks that it is called on the loop from inside a call,
/// and that what it is given can be read; none lets an exception out.
namespace waggle::plugin {

namespace json = boost::json;

namespace {

constexpr std::uint32_t most_properties = 256;
constexpr std::size_t longest_name = 256;
constexpr std::size_t most_keys = 64;
constexpr std::size_t longest_stored = 4096;

/// Runs `function(impl, module)` where plugins may be; what it throws becomes WG_ERROR.
template <class Function>
wg_status on_loop(const wg_host* host, Function&& function) noexcept {
    auto& module = Module::of(host);
    auto& impl = module.host();
    if (!impl.on_loop() || impl.current != &module)
        return WG_WRONG_THREAD;
    try {
        return function(impl, module);
    } catch (const std::exception& error) {
        log::error(module.log_name(), "A call of the host failed: {}", error.what());
        return WG_ERROR;
    }
}

bool is_name(const wg_str& name) noexcept {
    return name.data && name.length != 0 && name.length <= longest_name && is_utf8(view(name));
}

bool is_text(const wg_str& text) noexcept {
    return text.length == 0 || (text.data && text.length <= 16384 && is_utf8(view(text)));
}

bool read_properties(const wg_member* properties, std::uint32_t count, json::object& out) {
    if (count > most_properties || (count != 0 && !properties))
        return false;
    for (std::uint32_t i = 0; i < count; ++i) {
        if (!is_name(properties[i].name) || !is_readable(properties[i].value))
            return false;
        out.insert_or_assign(view(properties[i].name), to_json(properties[i].value));
    }
    return true;
}

const void* get_extension(const wg_host*, const char*) {
    return nullptr;  // this interface has none yet
}

void error(const wg_host* host, wg_str text) {
    on_loop(host, [&](PluginHostImpl&, Module& module) {
        if (is_text(text))
            module.set_error(view(text));
        return WG_OK;
    });
}

void log_line(const wg_host* host, wg_log_level level, wg_str text) {
    on_loop(host, [&](PluginHostImpl&, Module& module) {
        if (is_text(text))
            log::write(static_cast<log::Level>(std::min<wg_log_level>(level, WG_LOG_DEBUG)),
                       module.log_name(), view(text));
        return WG_OK;
    });
}

std::uint64_t now_ms(const wg_host*) {
    using std::chrono::milliseconds;
    const auto since = Clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(std::chrono::duration_cast<milliseconds>(since).count());
}

wg_status post(const wg_host* host, void (*run)(void*), void* user) {
    return Module::of(host).post(run, user);
}

std::string suffixed(std::string_view name, std::string_view endpoint_name) {
    return fmt::format("{}_{}", name, endpoint_name);
}

/// What this property, or value, gets as suffix: the endpoint's name, or "".
std::string_view suffix_of(const wg_sink& sink, std::string_view name) noexcept {
    for (const auto& unsuffixed : Table<wg_str>(sink.definition->data().unsuffixed))
        if (view(unsuffixed) == name)
            return {};
    return sink.definition->suffix(sink.endpoint);
}

json::value value_of(const wg_sink& sink, const wg_value& value, std::uint32_t flags,
                     json::storage_ptr storage) {
    auto converted = to_json(value, std::move(storage));
    const auto* text = flags & WG_EMIT_ENDPOINT_VALUE ? converted.if_string() : nullptr;
    const auto suffix = text ? suffix_of(sink, *text) : std::string_view();
    if (!suffix.empty())
        converted = suffixed(*text, suffix);
    return converted;
}

wg_status emit(const wg_host* host, wg_sink* sink, wg_str name, const wg_value* value,
               std::uint32_t flags) {
    return on_loop(host, [&](PluginHostImpl&, Module&) -> wg_status {
        if (!sink || !value || !is_name(name) || !is_readable(*value))
            return WG_INVALID;
        auto& properties = sink->out->properties();
        const auto suffix =
            flags & WG_EMIT_ENDPOINT ? suffix_of(*sink, view(name)) : std::string_view();
        auto converted = value_of(*sink, *value, flags, properties.storage());
        if (suffix.empty())
            properties.insert_or_assign(view(name), std::move(converted));
        else
            properties.insert_or_assign(suffixed(view(name), suffix), std::move(converted));
        return WG_OK;
    });
}

wg_status publish(const wg_host* host, wg_entity handle, const wg_member* properties,
                  std::uint32_t count) {
    return on_loop(host, [&](PluginHostImpl& impl, Module&) -> wg_status {
        const auto* entity = impl.entity_of(handle);
        if (!entity)
            return WG_NOT_FOUND;
        json::object update;
        if (!read_properties(properties, count, update))
            return WG_INVALID;
        const auto target = *entity;
        impl.services.publish(target, update);
        return WG_OK;
    });
}

std::int32_t known_or_minus_one(const std::optional<std::int64_t>& number) noexcept {
    return number ? static_cast<std::int32_t>(*number) : -1;
}
wg_str text_or_none(const std::optional<std::string>& text) noexcept {
    return text ? to_wg(std::string_view(*text)) : wg_str{};
}

void describe_device(PluginHostImpl& impl, const Device& device, wg_entity_info& info) {
    info.ieee = device.ieee.value();
    info.network_address = device.address;
    info.manufacturer = device.manufacturer.value_or(0);
    info.hardware_version = known_or_minus_one(device.hardware_version);
    info.application_version = known_or_minus_one(device.application_version);
    info.stack_version = known_or_minus_one(device.stack_version);
    info.zcl_version = known_or_minus_one(device.zcl_version);
    info.endpoint_count = static_cast<std::uint32_t>(device.endpoints.size());
    info.model_id = text_or_none(device.model_id);
    info.manufacturer_name = text_or_none(device.manufacturer_name);
    info.power_source = text_or_none(device.power_source);
    info.date_code = text_or_none(device.date_code);
    info.software_build_id = text_or_none(device.software_build_id);
    info.device_type = to_wg(to_string(device.type));
    const auto found = impl.bound.find(device.ieee);
    if (found == impl.bound.end())
        return;
    const auto& definition = found->second->definition();
    info.default_endpoint = definition.default_endpoint(device);
    info.model = definition.data().model;
    info.vendor = definition.data().vendor;
}

/// Copies as much as the caller's struct holds.
template <class Info>
wg_status hand_out(const Info& info, Info* out) noexcept {
    const auto size = std::min<std::size_t>(out->size, sizeof info);
    const auto stated = out->size;
    std::memcpy(out, &info, size);
    out->size = stated;
    return WG_OK;
}

wg_status entity_info(const wg_host* host, wg_entity handle, wg_entity_info* out) {
    return on_loop(host, [&](PluginHostImpl& impl, Module&) -> wg_status {
        if (!out || out->size < sizeof(std::uint32_t) || out->size > 4096)
            return WG_INVALID;
        const auto* entity = impl.entity_of(handle);
        if (!entity)
            return WG_NOT_FOUND;
        wg_entity_info info{};
        info.friendly_name = to_wg(impl.scratch.keep(impl.services.friendly_name(*entity)));
        if (entity->is_group()) {
            info.is_group = 1;
            info.group = entity->group;
            const auto* group = impl.find_group(entity->group);
            if (group)
                info.endpoint_count = static_cast<std::uint32_t>(group->members.size());
        } else if (const auto* device = impl.find_device(entity->ieee)) {
            describe_device(impl, *device, info);
        } else {
            return WG_NOT_FOUND;
        }
        return hand_out(info, out);
    });
}

wg_table cluster_table(const std::vector<ClusterId>& clusters) noexcept {
    return {clusters.data(), static_cast<std::uint32_t>(clusters.size()), sizeof(ClusterId)};
}

const Endpoint* endpoint_at(const Device& device, std::uint32_t index) noexcept {
    if (index >= device.endpoints.size())
        return nullptr;
    return &std::next(device.endpoints.begin(), index)->second;
}

wg_status endpoint_info(const wg_host* host, wg_entity handle, std::uint32_t index,
                        wg_endpoint_info* out) {
    return on_loop(host, [&](PluginHostImpl& impl, Module&) -> wg_status {
        if (!out || out->size < sizeof(std::uint32_t) || out->size > 4096)
            return WG_INVALID;
        const auto* entity = impl.entity_of(handle);
        if (!entity)
            return WG_NOT_FOUND;
        auto ieee = entity->ieee;
        const Endpoint* endpoint = nullptr;
        if (entity->is_group()) {
            const auto* group = impl.find_group(entity->group);
            if (!group || index >= group->members.size())
                return WG_NOT_FOUND;
            ieee = group->members[index].ieee;
            if (const auto* device = impl.find_device(ieee))
                endpoint = device->endpoint(group->members[index].endpoint);
        } else if (const auto* device = impl.find_device(ieee)) {
            endpoint = endpoint_at(*device, index);
        }
        if (!endpoint)
            return WG_NOT_FOUND;
        wg_endpoint_info info{};
        info.id = endpoint->id;
        info.profile = endpoint->profile;
        info.device_id = endpoint->device_id;
        info.device = impl.handle_of(EntityRef::device(ieee));
        if (const auto* bound = impl.bound_of(info.device))
            info.name = to_wg(bound->definition().endpoint_name(endpoint->id));
        info.inputs = cluster_table(endpoint->inputs);
        info.outputs = cluster_table(endpoint->outputs);
        return hand_out(info, out);
    });
}

wg_status option(const wg_host* host, wg_entity handle, wg_str name, wg_value* out) {
    return on_loop(host, [&](PluginHostImpl& impl, Module&) -> wg_status {
        if (!out || !is_name(name))
            return WG_INVALID;
        const auto* entity = impl.entity_of(handle);
        if (!entity)
            return WG_NOT_FOUND;
        if (const auto* set = impl.services.option(*entity, view(name))) {
            *out = to_wg(*set, impl.scratch);
            return WG_OK;
        }
        const auto* bound = impl.bound_of(handle);
        const auto* value = bound ? impl.default_of(bound->definition(), view(name)) : nullptr;
        if (!value)
            return WG_NOT_FOUND;
        *out = *value;
        return WG_OK;
    });
}

wg_status state(const wg_host* host, wg_entity handle, wg_str property, wg_value* out) {
    return on_loop(host, [&](PluginHostImpl& impl, Module&) -> wg_status {
        if (!out || !is_name(property))
            return WG_INVALID;
        const auto* entity = impl.entity_of(handle);
        const auto* value = entity ? impl.services.state(*entity, view(property)) : nullptr;
        if (!value)
            return WG_NOT_FOUND;
        *out = to_wg(*value, impl.scratch);
        return WG_OK;
    });
}

wg_status attribute(const wg_host* host, wg_entity handle, std::uint8_t endpoint_id,
                    std::uint16_t cluster, std::uint16_t id, wg_value* out) {
    return on_loop(host, [&](PluginHostImpl& impl, Module&) -> wg_status {
        if (!out)
            return WG_INVALID;
        const auto* entity = impl.entity_of(handle);
        const auto* device =
            entity && !entity->is_group() ? impl.find_device(entity->ieee) : nullptr;
        const auto* endpoint = device ? device->endpoint(endpoint_id) : nullptr;
        const auto* value = endpoint ? endpoint->attribute(cluster, id) : nullptr;
        if (!value)
            return WG_NOT_FOUND;
        *out = to_wg(*value, impl.scratch);
        return WG_OK;
    });
}

wg_status request(const wg_host* host, const wg_request* wanted, wg_completion done, void* user,
                  wg_ticket* ticket) {
    return on_loop(host, [&](PluginHostImpl& impl, Module& module) -> wg_status {
        if (!wanted)
            return WG_INVALID;
        return impl.start_request(module, *wanted, done, user, ticket);
    });
}

void cancel(const wg_host* host, wg_ticket ticket) {
    on_loop(host, [&](PluginHostImpl& impl, Module& module) {
        impl.cancel(module, ticket);
        return WG_OK;
    });
}

wg_status answer_state(const wg_host* host, wg_call call, wg_entity handle,
                       const wg_member* properties, std::uint32_t count) {
    return on_loop(host, [&](PluginHostImpl& impl, Module& module) -> wg_status {
        const auto found = impl.calls.find(call);
        if (found == impl.calls.end() || found->second.module.get() != &module)
            return WG_NOT_FOUND;
        json::object state;
        if (!read_properties(properties, count, state))
            return WG_INVALID;
        const auto* entity = handle == 0 ? &found->second.entity : impl.entity_of(handle);
        if (!entity)
            return WG_NOT_FOUND;
        found->second.outcome.states.emplace_back(*entity, std::move(state));
        return WG_OK;
    });
}

wg_status answer(const wg_host* host, wg_call call, wg_status status, wg_str text) {
    return on_loop(host, [&](PluginHostImpl& impl, Module& module) -> wg_status {
        const auto found = impl.calls.find(call);
        if (found == impl.calls.end() || found->second.module.get() != &module)
            return WG_NOT_FOUND;
        return impl.answer(call, status, is_text(text) ? view(text) : std::string_view());
    });
}

std::string stored_name(const Module& module, std::string_view key) {
    return fmt::format("{}/{}", module.id(), key);
}

/// The value in memory; persistent ones are fetched on first use.
json::value& stored_value(PluginHostImpl& impl, const Module& module, const EntityRef& entity,
                          const StoreKey& key) {
    const auto [position, is_new] = impl.stored.try_emplace(key);
    if (is_new && key.kind == WG_STORE_PERSISTENT) {
        const auto text = impl.services.stored(entity, stored_name(module, key.key));
        boost::system::error_code error;
        auto value = store::read_json(text.empty() ? "null" : text, error);
        if (!error)
            position->second = std::move(value);
    }
    return position->second;
}

wg_status store_get(const wg_host* host, wg_entity handle, wg_store_kind kind, wg_str key,
                    wg_value* out) {
    return on_loop(host, [&](PluginHostImpl& impl, Module& module) -> wg_status {
        if (!out || !is_name(key) || kind > WG_STORE_PERSISTENT)
            return WG_INVALID;
        const auto* entity = impl.entity_of(handle);
        if (!entity)
            return WG_NOT_FOUND;
        const StoreKey place{handle, kind, module.id(), std::string(view(key))};
        if (kind == WG_STORE_VOLATILE && !impl.stored.contains(place))
            return WG_NOT_FOUND;
        const auto& value = stored_value(impl, module, *entity, place);
        if (value.is_null())
            return WG_NOT_FOUND;
        *out = to_wg(value, impl.scratch);
        return WG_OK;
    });
}

std::size_t keys_of(const PluginHostImpl& impl, const StoreKey& place) {
    const StoreKey first{place.entity, place.kind, place.plugin, {}};
    std::size_t count = 0;
    for (auto at = impl.stored.lower_bound(first);
         at != impl.stored.end() && at->first.entity == place.entity &&
         at->first.kind == place.kind && at->first.plugin == place.plugin;
         ++at)
        ++count;
    return count;
}

wg_status store_set(const wg_host* host, wg_entity handle, wg_store_kind kind, wg_str key,
                    const wg_value* value) {
    return on_loop(host, [&](PluginHostImpl& impl, Module& module) -> wg_status {
        if (!value || !is_name(key) || kind > WG_STORE_PERSISTENT || !is_readable(*value))
            return WG_INVALID;
        const auto* entity = impl.entity_of(handle);
        if (!entity)
            return WG_NOT_FOUND;
        const StoreKey place{handle, kind, module.id(), std::string(view(key))};
        auto converted = to_json(*value);
        const bool is_small = converted.is_bool() || converted.is_number() || converted.is_null();
        const auto text =
            is_small && kind == WG_STORE_VOLATILE ? std::string() : json::serialize(converted);
        if (text.size() > longest_stored)
            return WG_BUSY;
        if (!impl.stored.contains(place) && keys_of(impl, place) >= most_keys)
            return WG_BUSY;
        auto& current = stored_value(impl, module, *entity, place);
        if (kind == WG_STORE_PERSISTENT && current != converted)
            impl.services.store(*entity, stored_name(module, place.key),
                                converted.is_null() ? std::string_view() : std::string_view(text));
        current = std::move(converted);
        if (current.is_null() && kind == WG_STORE_VOLATILE)
            impl.stored.erase(place);
        return WG_OK;
    });
}

wg_status timer(const wg_host* host, wg_entity entity, std::uint32_t delay_ms, void (*run)(void*),
                void* user, wg_ticket* ticket) {
    return on_loop(host, [&](PluginHostImpl& impl, Module& module) {
        return impl.start_timer(module, entity, delay_ms, run, user, ticket);
    });
}

void exposes_changed(const wg_host* host, wg_entity handle) {
    on_loop(host, [&](PluginHostImpl& impl, Module&) {
        if (const auto* entity = impl.entity_of(handle)) {
            const auto target = *entity;
            impl.services.exposes_changed(target);
        }
        return WG_OK;
    });
}

wg_status trait(const wg_host* host, wg_entity device, wg_str name, wg_value* out) {
    return on_loop(host, [&](PluginHostImpl& impl, Module&) -> wg_status {
        if (!out || !is_name(name))
            return WG_INVALID;
        const auto* bound = impl.bound_of(device);
        const auto* value = bound ? bound->definition().trait(view(name)) : nullptr;
        if (!value)
            return WG_NOT_FOUND;
        *out = *value;
        return WG_OK;
    });
}

}  // namespace

void fill_api(wg_host& table, const PluginHostOptions& options) {
    table.size = sizeof table;
    table.abi_major = WG_ABI_MAJOR;
    table.abi_minor = WG_ABI_MINOR;
    table.version = WAGGLE_VERSION;
    table.configuration_version = options.configuration_version;
    table.get_extension = get_extension;
    table.error = error;
    table.log = log_line;
    table.now_ms = now_ms;
    table.post = post;
    table.emit = emit;
    table.publish = publish;
    table.entity_info = entity_info;
    table.endpoint_info = endpoint_info;
    table.option = option;
    table.state = state;
    table.attribute = attribute;
    table.request = request;
    table.cancel = cancel;
    table.answer_state = answer_state;
    table.answer = answer;
    table.store_get = store_get;
    table.store_set = store_set;
    table.timer = timer;
    table.exposes_changed = exposes_changed;
    table.trait = trait;
}

}  // namespace waggle::plugin
