#include <set>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "base/log.hpp"
#include "bridge/requests/requests.hpp"
#include "store/device_icon.hpp"

/// What devices and groups have in common: rename and options.

namespace json = boost::json;

namespace waggle::bridge {
namespace {

constexpr auto ns = "bridge";

std::string trimmed(const std::string& text) {
    const auto begin = text.find_first_not_of(" \t\r\n");
    return begin == std::string::npos
               ? ""
               : text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

Field<engine::EntityId> entity_named(Context& context, bool is_group, const std::string& id) {
    return is_group ? group_named(context, id) : device_named(context, id);
}

/// The entity that a rename is about: `from`, or the device that joined last.
Field<engine::EntityId> renamed_entity(Context& context, bool is_group, const Request& request) {
    const auto* last = request.find("last");
    if (!is_group && last && last->is_bool() && last->get_bool()) {
        if (!context.last_joined)
            return failure("No device has joined since start");
        return device_named(context, context.last_joined->to_string());
    }
    const auto* from = request.find("from");
    const auto id = from ? name_text(*from) : std::nullopt;
    if (!id)
        return invalid_payload();
    return entity_named(context, is_group, *id);
}

/// The name before and after, in the configuration and on the broker.
store::Outcome<> rename(Context& context, engine::EntityId entity, const std::string& from,
                        const std::string& to, bool homeassistant_rename) {
    auto renamed = context.configuration.rename_entity(entity.key(), to);
    if (!renamed)
        return renamed;
    clear_retained(context, entity, from);
    context.engine.renamed(entity, from, homeassistant_rename);
    context.announcer.changed(Document::info);
    context.announcer.changed(entity.is_group() ? Document::groups : Document::devices);
    return {};
}

Awaitable<Reply> rename_entity(Context& context, const Request& request, bool is_group) {
    if (!request.is_object() || !request.has("to"))
        co_return invalid_payload();
    const auto entity = renamed_entity(context, is_group, request);
    if (!entity)
        co_return entity.error();
    const auto wanted = request.string("to");
    if (!wanted)
        co_return wanted.error();

    const auto to = trimmed(*wanted);
    const std::string from = context.engine.entities().name(*entity);
    const auto renamed = rename(context, *entity, from, to, request.flag("homeassistant_rename"));
    if (!renamed)
        co_return renamed.error();
    log::info(ns, "Renamed '{}' to '{}'", from, to);
    json::object data;
    data["from"] = from;
    data["to"] = to;
    const auto* homeassistant = request.find("homeassistant_rename");
    data["homeassistant_rename"] = homeassistant ? *homeassistant : json::value(false);
    co_return json::value(std::move(data));
}

/// Options as the answer shows them.
json::object shown_options(Context& context, engine::EntityId entity) {
    auto options = entity.is_device() ? context.configuration.device_options(entity.key())
                                      : context.engine.entities().options(entity).all;
    for (const char* key : {"friendly_name", "friendlyName", "ID", "type", "devices"})
        options.erase(key);
    return options;
}

/// Options that every device takes, whatever its definition.
constexpr std::string_view host_options[] = {"friendly_name",
                                             "retain",
                                             "retention",
                                             "qos",
                                             "disabled",
                                             "throttle",
                                             "debounce",
                                             "debounce_ignore",
                                             "optimistic",
                                             "filtered_attributes",
                                             "filtered_cache",
                                             "filtered_optimistic",
                                             "icon",
                                             "homeassistant",
                                             "disable_automatic_update_check",
                                             "image_block_request_timeout",
                                             "image_block_response_delay",
                                             "default_maximum_data_size",
                                             "availability",
                                             "description"};

void warn_of_unknown_options(Context& context, engine::EntityId entity,
                             const json::object& options) {
    std::set<std::string, std::less<>> known(std::begin(host_options), std::end(host_options));
    if (const auto* device = context.network.find(entity.ieee())) {
        const auto definition = context.engine.definition_json(*device);
        const auto* list =
            definition.is_object() ? definition.get_object().if_contains("options") : nullptr;
        if (list && list->is_array())
            for (const auto& option : list->get_array())
                if (const auto* property = option.as_object().if_contains("property"))
                    known.emplace(property->as_string());
    }
    for (const auto& [key, value] : options)
        if (!known.contains(std::string_view(key)))
            log::warning(ns, "Device '{}' does not support option '{}'",
                         context.engine.entities().name(entity), std::string_view(key));
}

/// An icon sent as a data URL becomes a file and its name.
store::Outcome<> replace_icon(Context& context, json::object& options) {
    auto* icon = options.if_contains("icon");
    if (!icon || !icon->is_string())
        return {};
    const auto saved =
        store::save_device_icon(context.configuration.data_directory(), icon->get_string());
    if (!saved)
        return saved.error();
    if (*saved)
        *icon = json::string(**saved);
    return {};
}

Awaitable<Reply> change_options(Context& context, const Request& request, bool is_group) {
    const auto* given = request.find("options");
    if (!request.has("id") || !given || !given->is_object())
        co_return invalid_payload();
    const auto id = request.id();
    if (!id)
        co_return id.error();
    const auto entity = entity_named(context, is_group, *id);
    if (!entity)
        co_return entity.error();

    json::object changes = given->get_object();
    if (!is_group)
        warn_of_unknown_options(context, *entity, changes);
    const auto icon = replace_icon(context, changes);
    if (!icon)
        co_return icon.error();
    json::object data;
    data["from"] = shown_options(context, *entity);
    const auto restart_needed = context.configuration.change_entity_options(entity->key(), changes);
    if (!restart_needed)
        co_return restart_needed.error();

    context.restart_required = context.restart_required || *restart_needed;
    context.engine.options_changed(*entity);
    for (const auto document : {Document::info, Document::devices, Document::groups})
        context.announcer.changed(document);
    const std::string_view kind = is_group ? "group" : "device";
    if (*restart_needed)
        log::info(ns, "New config for {} {} requires restart to take effect", kind, *id);
    else
        log::info(ns, "Successfully changed config for {} {}", kind, *id);
    data["to"] = shown_options(context, *entity);
    data["id"] = *request.find("id");
    data["restart_required"] = context.restart_required;
    co_return json::value(std::move(data));
}

/// The topics that a state has in the output modes with attributes.
void clear_attributes(Context& context, const std::string& prefix, const json::object& state) {
    PublishOptions options;
    options.retain = true;
    for (const auto& [key, value] : state) {
        const std::string topic = prefix + std::string(key);
        const auto* members = value.if_object();
        if (members && !(key == "color" && members->contains("r")))
            clear_attributes(context, topic + '-', *members);
        else
            context.outbox.publish(topic, "", options);
    }
}

}  // namespace

Field<engine::EntityId> device_named(Context& context, const std::string& id) {
    const auto entity = context.engine.entities().resolve(id);
    if (!entity || !entity->is_device())
        return failure("Device '{}' does not exist", id);
    return *entity;
}

Field<engine::EntityId> group_named(Context& context, const std::string& id) {
    const auto entity = context.engine.entities().resolve(id);
    if (!entity || !entity->is_group())
        return failure("Group '{}' does not exist", id);
    return *entity;
}

void clear_retained(Context& context, engine::EntityId entity, const std::string& name) {
    PublishOptions options;
    options.retain = true;
    context.outbox.publish(name, "", options);
    const bool attributes =
        context.configuration.settings().advanced.output != store::Output::json &&
        context.engine.entities().options(entity).retain;
    if (!attributes)
        return;
    clear_attributes(context, name + '/', context.engine.state(entity));
    context.outbox.publish(name + "/linkquality", "", options);
}

/// {"from", "to", "homeassistant_rename"?} or {"last": true, "to"}
Awaitable<Reply> device_rename(Context& context, const Request& request) {
    return rename_entity(context, request, false);
}

/// {"id", "options": {…}} -> {"from", "to", "id", "restart_required"}
Awaitable<Reply> device_options(Context& context, const Request& request) {
    return change_options(context, request, false);
}

Awaitable<Reply> group_rename(Context& context, const Request& request) {
    return rename_entity(context, request, true);
}

Awaitable<Reply> group_options(Context& context, const Request& request) {
    return change_options(context, request, true);
}

}  // namespace waggle::bridge
