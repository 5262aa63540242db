#include "bridge/homeassistant/state_messages.hpp"

#include <algorithm>

#include "engine/state_object.hpp"
#include "store/json_text.hpp"

namespace json = boost::json;

namespace waggle::bridge::homeassistant {
namespace {

constexpr std::string_view update_key = "update";

/// What an update entity reads before anything is known.
json::value placeholder(std::string_view property, const json::storage_ptr& storage) {
    if (property != update_key)
        return nullptr;
    json::object update(storage);
    update.emplace("state", nullptr);
    return update;
}

void copy_member(json::object& object, std::string_view from, std::string_view to) {
    if (const auto* value = object.if_contains(from)) {
        const json::value copy(*value, object.storage());
        engine::set_sorted(object, to, copy);
    }
}

json::object part_of(const json::object& message, std::string_view endpoint) {
    json::object part(message.storage());
    for (const auto& [key, value] : message) {
        const std::string_view name(key);
        const bool fits = name.size() > endpoint.size() && name.ends_with(endpoint) &&
                          name[name.size() - endpoint.size() - 1] == '_';
        if (fits)
            part.emplace(name.substr(0, name.size() - endpoint.size() - 1), value);
    }
    return part;
}

}  // namespace

void add_placeholders(json::object& message, const std::vector<const std::string*>& properties) {
    const auto missing = std::count_if(properties.begin(), properties.end(),
                                       [&](const auto* name) { return !message.contains(*name); });
    if (missing == 0)
        return;
    json::object complete(message.storage());
    complete.reserve(message.size() + static_cast<std::size_t>(missing));
    auto next = properties.begin();
    const auto add_before = [&](const std::string_view* key) {
        for (; next != properties.end() && (!key || store::utf16_less(**next, *key)); ++next)
            complete.emplace(**next, placeholder(**next, message.storage()));
    };
    for (auto& member : message) {
        const std::string_view key(member.key());
        add_before(&key);
        complete.emplace(key, std::move(member.value()));
    }
    add_before(nullptr);
    message = std::move(complete);
}

void add_color_names(json::object& message) {
    auto* color = message.if_contains("color");
    if (!color || !color->is_object())
        return;
    copy_member(color->get_object(), "hue", "h");
    copy_member(color->get_object(), "saturation", "s");
}

void add_update_versions(json::object& message) {
    auto* update = message.if_contains(update_key);
    const auto* known = update ? update->if_object() : nullptr;
    const auto* latest = known ? known->if_contains("latest_version") : nullptr;
    if (latest && !latest->is_null())
        return;
    if (!known) {
        engine::set_sorted(message, update_key, json::object(message.storage()));
        update = message.if_contains(update_key);
    }
    engine::set_sorted(update->get_object(), "installed_version", -1);
    engine::set_sorted(update->get_object(), "latest_version", -1);
}

void for_each_endpoint_part(const Announced& announced, const json::object& message,
                            const SendPart& send) {
    announced.for_each_object_id([&](std::string_view object_id) {
        if (!object_id.starts_with("light_") && !object_id.starts_with("cover_"))
            return;
        const auto endpoint = object_id.substr(6);
        send(endpoint, part_of(message, endpoint));
    });
}

}  // namespace waggle::bridge::homeassistant
