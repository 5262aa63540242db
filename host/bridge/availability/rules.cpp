#include "bridge/availability/rules.hpp"

#include <algorithm>

namespace json = boost::json;

namespace waggle::bridge {
namespace {

using engine::EntityId;

/// What a device's own `availability` overrides; nullptr when it does not.
const json::object* own_rules(const json::object& options) noexcept {
    const auto* own = options.if_contains("availability");
    return own ? own->if_object() : nullptr;
}

bool device_enabled(Ieee device, engine::Entities& entities, const store::Settings& settings) {
    const auto& options = entities.options(EntityId::of(device));
    if (options.disabled)
        return false;
    const auto* own = options.all.if_contains("availability");
    if (!own || own->is_null())
        return settings.availability.enabled;
    return !own->is_bool() || own->get_bool();
}

/// Whatever a file may say: a year is as good as for ever, and fits every clock.
template <class Unit>
Clock::duration bounded(double count) noexcept {
    constexpr std::chrono::duration<double> longest = std::chrono::hours(24 * 366);
    const auto wanted = std::chrono::duration<double>(
        std::chrono::duration<double, typename Unit::period>(std::max(count, 0.0)));
    return std::chrono::duration_cast<Clock::duration>(std::min(wanted, longest));
}

}  // namespace

bool availability_enabled(EntityId entity, engine::Entities& entities, Network& network,
                          const store::Settings& settings) {
    if (entity.is_device())
        return device_enabled(entity.ieee(), entities, settings);
    const auto* group = network.find_group(entity.group());
    return !group || std::all_of(group->members.begin(), group->members.end(),
                                 [&](const GroupMember& member) {
                                     return device_enabled(member.ieee, entities, settings);
                                 });
}

bool is_active_device(const Device& device) noexcept {
    if (device.is_battery())
        return false;
    return device.type == DeviceType::router ||
           (device.power_source && *device.power_source != "Unknown");
}

AvailabilityRules availability_rules(const Device& device, engine::Entities& entities,
                                     const store::Settings& settings) {
    static const json::object none;
    const auto* found = own_rules(entities.options(EntityId::of(device.ieee)).all);
    const auto& own = found ? *found : none;
    const auto& active = settings.availability.active;

    AvailabilityRules rules;
    rules.active = is_active_device(device);
    rules.timeout = bounded<std::chrono::minutes>(
        store::number_option(own, "timeout")
            .value_or(rules.active ? active.timeout : settings.availability.passive.timeout));
    rules.max_jitter = bounded<std::chrono::milliseconds>(
        store::number_option(own, "max_jitter").value_or(active.max_jitter));
    rules.backoff = store::bool_option(own, "backoff").value_or(active.backoff);
    rules.pause_on_backoff_gt =
        store::number_option(own, "pause_on_backoff_gt").value_or(active.pause_on_backoff_gt);
    return rules;
}

}  // namespace waggle::bridge
