#include <cstdint>
#include <set>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "base/log.hpp"
#include "bridge/requests/requests.hpp"
#include "store/atomic_file.hpp"
#include "store/coordinator_backup.hpp"

namespace json = boost::json;

namespace waggle::bridge {
namespace {

/// {"time": …}, or the bare number, or its text. zigbee2mqtt takes what is no number for 0 and
/// closes the network; here it is an error, so that a damaged message changes nothing.
Field<std::int64_t> join_time(const Request& request) {
    const auto seconds = request.is_object() ? request.integer("time", 0, INT32_MAX)
                                             : request.whole("the time", 0, INT32_MAX);
    if (seconds && *seconds > 254)
        return failure("Cannot permit join for more than 254 seconds.");
    return seconds;
}

/// The addresses in coordinator_backup.json.
Field<std::set<Ieee>> devices_in_backup(const store::ConfigurationStore& configuration) {
    const auto text = store::read_file(configuration.data_directory() / "coordinator_backup.json");
    if (!text || !*text)
        return failure("The coordinator's backup cannot be read");
    std::string problem;
    const auto backup = store::parse_coordinator_backup(**text, problem);
    if (!backup)
        return failure("The coordinator's backup cannot be read: {}", problem);
    std::set<Ieee> found;
    for (const auto& device : backup->devices)
        found.insert(Ieee(device.ieee));
    return found;
}

}  // namespace

/// -> {"time", "device"?}; 0 closes the network. `device` is the one router that shall accept.
Awaitable<Reply> permit_join(Context& context, const Request& request) {
    const auto seconds = join_time(request);
    if (!seconds)
        co_return seconds.error();
    std::optional<Ieee> via;
    json::object data;
    data["time"] = *seconds;
    if (const auto* device = request.find("device"); device && *device != "") {
        const auto id = name_text(*device);
        const auto entity = device_named(context, id.value_or(""));
        if (!entity)
            co_return entity.error();
        via = entity->ieee();
        data["device"] = context.engine.entities().name(*entity);
    }

    if (*seconds > 0)
        log::info("bridge", "Devices may join for {} seconds{}", *seconds,
                  via ? " via " + via->to_string() : "");
    else
        log::info("bridge", "The network is closed to new devices");
    const auto done = co_await context.network.permit_join(std::chrono::seconds(*seconds), via);
    if (!done)
        co_return failure("The coordinator did not open or close the network: {}",
                          done.error().message());
    co_return json::value(std::move(data));
}

/// -> {"healthy"}: whether the radio can be reached; zigbee2mqtt ends where this says false.
Awaitable<Reply> health_check(Context& context, const Request&) {
    json::object data;
    data["healthy"] = context.network.is_up();
    co_return json::value(std::move(data));
}

/// -> {"missing_routers": [{"ieee_address", "friendly_name"}]}: routers of the network that the
/// coordinator does not know any more.
Awaitable<Reply> coordinator_check(Context& context, const Request&) {
    const auto saved = co_await context.network.save_coordinator_backup();
    if (!saved)
        co_return failure("The coordinator cannot be checked: {}", saved.error().message());
    const auto known = devices_in_backup(context.configuration);
    if (!known)
        co_return known.error();

    json::array missing;
    context.network.for_each_device([&](Device& device) {
        if (device.type != DeviceType::router || known->contains(device.ieee))
            return;
        json::object entry;
        entry["ieee_address"] = device.ieee.to_string();
        entry["friendly_name"] = context.engine.entities().name(engine::EntityId::of(device.ieee));
        missing.push_back(std::move(entry));
    });
    json::object data;
    data["missing_routers"] = std::move(missing);
    co_return json::value(std::move(data));
}

}  // namespace waggle::bridge
