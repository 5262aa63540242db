#include "engine/inbound.hpp"

#include <algorithm>
#include <array>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "zigbee/clusters.hpp"

namespace json = boost::json;

namespace waggle::engine {
namespace {

constexpr std::string_view ns = "engine";

/// Clusters that most definitions have no converter for and that say nothing about a state.
bool is_housekeeping(ClusterId cluster) noexcept {
    constexpr std::array<ClusterId, 4> clusters = {0x0000 /* genBasic */, 0x000A /* genTime */,
                                                   0x0019 /* genOta */, 0x0020 /* genPollCtrl */};
    return std::find(clusters.begin(), clusters.end(), cluster) != clusters.end();
}

}  // namespace

Inbound::Inbound(Core& core, Devices& devices, Publisher& publisher)
    : core_(core),
      devices_(devices),
      publisher_(publisher),
      gatherer_(core.executor,
                [this](Ieee device, const json::object& update, Gatherer::Kind kind) {
                    publisher_.publish(
                        EntityId::of(device), update,
                        kind == Gatherer::Kind::debounced ? Reason::debounced : Reason::throttled);
                }) {
}

bool Inbound::wants_last_seen() const noexcept {
    return core_.settings().advanced.last_seen != store::LastSeen::disable;
}

void Inbound::publish_last_seen(const Device& device) {
    if (wants_last_seen() && device.type != DeviceType::coordinator)
        publisher_.publish(EntityId::of(device.ieee), json::object(), Reason::last_seen);
}

void Inbound::message(const ZclMessage& message) {
    Device& device = message.device;
    if (device.type == DeviceType::coordinator)
        return;
    auto* bound = devices_.bound(device);
    if (!bound || !Devices::is_interviewed(device))
        return publish_last_seen(device);

    const auto kind = plugin::kind_of(message);
    const bool converts = kind != 0 && bound->converts(message.cluster, kind);
    emissions_.clear();
    bound->convert(message, emissions_);
    if (!converts && (kind == 0 || !is_housekeeping(message.cluster))) {
        if (kind != 0 && log::enabled(log::Level::debug, ns))
            log::debug(ns, "No converter available for '{}' with cluster '{}' and frame {}",
                       bound->definition().model(), zcl::cluster_name(message.cluster),
                       to_hex(message.raw));
        return publish_last_seen(device);
    }
    if (!emissions_.empty() || wants_last_seen())
        deliver(device.ieee, emissions_.properties());
}

void Inbound::add_elapsed(Ieee device, json::object& update) {
    const auto now = wall_clock_ms();
    auto& last = devices_.record(device).last_published;
    if (last != 0)
        update.insert_or_assign("elapsed", now - last);
    last = now;
}

void Inbound::deliver(Ieee device, json::object& update) {
    const auto entity = EntityId::of(device);
    const EntityOptions& options = core_.entities.options(entity);
    if (const auto& properties = devices_.record(device).calibrated; !properties.empty()) {
        std::string problem;
        calibrate(update, properties, options.all, problem);
        if (!problem.empty())
            log::error(ns, "'{}': {}", options.name, problem);
    }
    if (core_.settings().advanced.elapsed)
        add_elapsed(device, update);

    if (options.debounce > Clock::duration{}) {
        const auto& pending =
            gatherer_.debounce(device, update, options.debounce, options.debounce_ignore);
        publisher_.merge(entity, pending, Reason::debounced);
    } else if (options.throttle > Clock::duration{}) {
        publisher_.merge(entity, update, Reason::throttled);
        gatherer_.throttle(device, update, core_.entities.options(entity).throttle);
    } else {
        publisher_.publish(entity, update, Reason::device_message);
    }
}

void Inbound::published(EntityId entity, const json::object& update, Reason reason) {
    if (entity.is_device() && reason != Reason::debounced && reason != Reason::last_seen)
        gatherer_.published(entity.ieee(), update);
}

}  // namespace waggle::engine
