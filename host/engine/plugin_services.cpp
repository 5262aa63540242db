#include "engine/plugin_services.hpp"

#include <utility>

#include <boost/json/parse.hpp>

#include "base/log.hpp"
#include "store/json_text.hpp"

namespace json = boost::json;

namespace waggle::engine {
namespace {

constexpr std::string_view ns = "engine";
constexpr std::string_view store_member = "waggle";

EntityId entity_of(const plugin::EntityRef& ref) noexcept {
    return ref.is_group() ? EntityId::of(ref.group) : EntityId::of(ref.ieee);
}

json::object parse_object(std::string_view text) {
    boost::system::error_code error;
    auto value = text.empty() ? json::value() : json::parse(text, error);
    auto* object = error ? nullptr : value.if_object();
    return object ? std::move(*object) : json::object();
}

std::pair<std::string_view, std::string_view> split(std::string_view key) noexcept {
    const auto slash = key.find('/');
    return slash == std::string_view::npos ? std::pair(key, std::string_view())
                                           : std::pair(key.substr(0, slash), key.substr(slash + 1));
}

std::string text_of(const json::value& value) {
    std::string text;
    store::append_json(text, value);
    return text;
}

}  // namespace

void PluginServices::publish(const plugin::EntityRef& entity, json::object& properties) {
    if (entity.is_group())
        publisher_.publish(entity_of(entity), properties, Reason::plugin);
    else if (core_.network.find(entity.ieee))
        inbound_.deliver(entity.ieee, properties);
}

const json::value* PluginServices::option(const plugin::EntityRef& entity, std::string_view name) {
    return core_.entities.options(entity_of(entity)).all.if_contains(name);
}

const json::value* PluginServices::state(const plugin::EntityRef& entity,
                                         std::string_view property) {
    return core_.cache.get(entity_of(entity)).if_contains(property);
}

std::string PluginServices::friendly_name(const plugin::EntityRef& entity) {
    return core_.entities.name(entity_of(entity));
}

json::object PluginServices::read_store(const plugin::EntityRef& entity) const {
    if (const auto* group = entity.is_group() ? core_.network.find_group(entity.group) : nullptr) {
        auto meta = parse_object(group->meta_json);
        auto* member = meta.if_contains(store_member);
        return member && member->is_object() ? std::move(member->get_object()) : json::object();
    }
    const auto* device = entity.is_group() ? nullptr : core_.network.find(entity.ieee);
    return device ? parse_object(core_.network.meta(*device, store_member)) : json::object();
}

void PluginServices::write_store(const plugin::EntityRef& entity, const json::object& store) {
    if (auto* group = entity.is_group() ? core_.network.find_group(entity.group) : nullptr) {
        auto meta = parse_object(group->meta_json);
        if (store.empty())
            meta.stable_erase(store_member);
        else
            meta.insert_or_assign(store_member, store);
        group->meta_json = text_of(meta);
        return;
    }
    if (auto* device = entity.is_group() ? nullptr : core_.network.find(entity.ieee))
        core_.network.set_meta(*device, store_member,
                               store.empty() ? std::string() : text_of(store));
}

std::string PluginServices::stored(const plugin::EntityRef& entity, std::string_view key) {
    const auto [id, name] = split(key);
    const auto store = read_store(entity);
    const auto* plugin = store.if_contains(id);
    const auto* object = plugin ? plugin->if_object() : nullptr;
    const auto* value = object ? object->if_contains(name) : nullptr;
    return value ? text_of(*value) : std::string();
}

void PluginServices::store(const plugin::EntityRef& entity, std::string_view key,
                           std::string_view json) {
    const auto [id, name] = split(key);
    boost::system::error_code error;
    const auto value = json.empty() ? json::value() : json::parse(json, error);
    if (error) {
        log::error(ns, "'{}' of '{}' is no JSON and was not stored", key, friendly_name(entity));
        return;
    }
    auto store = read_store(entity);
    auto& plugin = store[id];
    if (!plugin.is_object())
        plugin.emplace_object();
    if (json.empty())
        plugin.get_object().stable_erase(name);
    else
        plugin.get_object().insert_or_assign(name, value);
    if (plugin.get_object().empty())
        store.stable_erase(id);
    write_store(entity, store);
}

void PluginServices::exposes_changed(const plugin::EntityRef& entity) {
    if (entity.is_group())
        return;
    if (auto* device = core_.network.find(entity.ieee))
        devices_.exposes_changed(*device);
}

}  // namespace waggle::engine
