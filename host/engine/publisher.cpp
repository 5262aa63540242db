#include "engine/publisher.hpp"

#include <utility>

#include <boost/json/monotonic_resource.hpp>

#include "engine/group_states.hpp"
#include "engine/last_seen.hpp"
#include "engine/output.hpp"
#include "engine/state_object.hpp"
#include "store/json_text.hpp"

namespace json = boost::json;

namespace waggle::engine {
namespace {

/// Memory of one publication: the message is built here and gone when the call returns.
class Arena {
  public:
    Arena() : memory_(buffer_, sizeof buffer_) {}
    json::storage_ptr storage() { return &memory_; }

  private:
    unsigned char buffer_[8192];
    json::monotonic_resource memory_;
};

template <class T>
void add_if(json::object& block, std::string_view key, const std::optional<T>& value) {
    if (value)
        block.emplace(key, *value);
}

json::object device_block(const Device& device, std::string_view name, std::string_view model,
                          json::storage_ptr storage) {
    json::object block(std::move(storage));
    block.emplace("friendlyName", name);
    if (!model.empty())
        block.emplace("model", model);
    block.emplace("ieeeAddr", device.ieee.to_string());
    block.emplace("networkAddress", device.address);
    block.emplace("type", to_string(device.type));
    add_if(block, "manufacturerID", device.manufacturer);
    add_if(block, "powerSource", device.power_source);
    add_if(block, "applicationVersion", device.application_version);
    add_if(block, "stackVersion", device.stack_version);
    add_if(block, "zclVersion", device.zcl_version);
    add_if(block, "hardwareVersion", device.hardware_version);
    add_if(block, "dateCode", device.date_code);
    add_if(block, "softwareBuildID", device.software_build_id);
    if (device.manufacturer_name) {
        const std::string_view whole = *device.manufacturer_name;
        block.emplace("manufacturerName", whole.substr(0, whole.find('\0')));
    }
    return block;
}

void drop_filtered(json::object& message, const PatternList& filtered) {
    if (filtered.empty())
        return;
    for (auto member = message.begin(); member != message.end();)
        member = filtered.matches(member->key()) ? message.stable_erase(member) : member + 1;
}

}  // namespace

Publisher::Publisher(Core& core, ModelOf model_of, Published published)
    : core_(core), model_of_(std::move(model_of)), published_(std::move(published)) {
}

void Publisher::merge_into(EntityId entity, const json::object& update, Reason reason,
                           json::object& merged) {
    const auto& filtered = core_.entities.options(entity).filtered_cache;
    json::object before(merged.storage());
    if (!core_.listeners.empty())
        before = core_.cache.get(entity);
    core_.cache.merge(entity, update, filtered);

    merged = core_.cache.get(entity);
    for (const auto& member : update)
        if (is_never_cached(member.key()) || filtered.matches(member.key()))
            set_sorted(merged, member.key(), member.value());
    for (auto* listener : core_.listeners)
        listener->state_changed(entity, before, merged, update, reason);
}

void Publisher::merge(EntityId entity, const json::object& update, Reason reason) {
    Arena arena;
    json::object merged(arena.storage());
    merge_into(entity, update, reason, merged);
    if (groups_)
        groups_->finish(groups_->begin(entity, update, reason));
}

void Publisher::publish(EntityId entity, const json::object& update, Reason reason) {
    Arena arena;
    json::object message(arena.storage());
    merge_into(entity, update, reason, message);
    GroupStates::Rest followers;
    if (groups_)
        followers = groups_->begin(entity, update, reason);
    if (!core_.settings().advanced.cache_state) {
        message.clear();
        merge_sorted(message, update);
    }
    const EntityOptions& options = core_.entities.options(entity);
    const Device* device = entity.is_device() ? core_.network.find(entity.ieee()) : nullptr;
    if (device)
        add_device_facts(*device, options, message);
    for (auto* listener : core_.listeners)
        listener->adjust_message(entity, message);
    drop_filtered(message, options.filtered_attributes);
    send(entity, options, message, update, reason);
    if (published_)
        published_(entity, update, reason);
    if (groups_)
        groups_->finish(std::move(followers));
}

void Publisher::add_device_facts(const Device& device, const EntityOptions& options,
                                 json::object& message) const {
    const auto& settings = core_.settings();
    if (settings.mqtt.include_device_information)
        set_sorted(message, "device",
                   device_block(device, options.name, model_of_(device.ieee), message.storage()));
    if (settings.advanced.last_seen != store::LastSeen::disable &&
        device.last_seen.value_or(0) != 0)
        set_sorted(
            message, "last_seen",
            format_last_seen(*device.last_seen, settings.advanced.last_seen, message.storage()));
    if (device.link_quality)
        set_sorted(message, "linkquality", *device.link_quality);
}

void Publisher::send(EntityId entity, const EntityOptions& options, const json::object& message,
                     const json::object& update, Reason reason) {
    std::string text = std::move(text_);
    text.clear();
    store::append_sorted_json(text, message);
    if (!message.empty()) {
        PublishOptions how;
        how.retain = options.retain;
        how.qos = options.qos;
        how.expiry = options.retention;
        how.entity_state = true;
        send_state(core_.outbox, core_.settings().advanced.output, options.name, message, text,
                   how);
    }
    for (auto* listener : core_.listeners)
        listener->state_published(entity, message, text, update, reason);
    text_ = std::move(text);
}

}  // namespace waggle::engine
