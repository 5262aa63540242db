#pragma once

#include <waggle/converters/attributes.hpp>

/// Somebody is there, or has not been for a while.
#pragma GCC visibility push(hidden)
namespace waggle {

namespace detail {

/// A timer of the device that is set anew each time; 0 milliseconds: only cancelled.
inline void restart_timer(Device device, const std::string& name, std::uint32_t milliseconds,
                          std::function<void()> run) {
    auto store = device.store();
    Device::cancel(static_cast<wg_ticket>(store.get<std::int64_t>(name, 0)));
    const auto ticket = milliseconds == 0 ? 0 : device.after(milliseconds, std::move(run));
    store.set(name, static_cast<std::int64_t>(ticket));
}

inline std::uint32_t milliseconds(double seconds) {
    if (!(seconds > 0))
        return 0;
    return static_cast<std::uint32_t>(std::min(seconds * 1000, 4e9));
}

inline Option no_occupancy_since_option(bool after_detection) {
    const std::string rest =
        ". With [10, 60] a `{\"no_occupancy_since\": 10}` follows after 10 seconds and a "
        "`{\"no_occupancy_since\": 60}` after 60 seconds.";
    return {.expose = {
                .type = ExposeType::list,
                .name = "no_occupancy_since",
                .access = Access::set,
                .description = "Sends a message this long after the last `occupancy: " +
                               std::string(after_detection ? "true" : "false") + "`" + rest,
                .features = {
                    {.type = ExposeType::numeric, .name = "time", .access = Access::state_set}}}};
}

}  // namespace detail

/// Option `no_occupancy_since`: starts its messages, or gives them up.
inline void no_occupancy_since(const Message& msg, bool start) {
    constexpr std::uint32_t most = 16;
    const auto device = msg.device();
    const auto list = device.option("no_occupancy_since");
    for (std::uint32_t i = 0; i < std::min(list.size(), most); ++i) {
        const auto seconds = list.at(i).number().value_or(0);
        const auto since = number(seconds);
        detail::restart_timer(
            device,
            "no_occupancy_since_" + std::to_string(msg.endpoint()) + "_" + std::to_string(i),
            start ? std::max(detail::milliseconds(seconds), 1u) : 0, [device, since] {
                const Property property{"no_occupancy_since", since};
                device.publish({&property, 1});
            });
    }
}

/// Delays and thresholds of a kind of sensor, as settings.
struct OccupancySettings {
    bool to_unoccupied = false;  ///< seconds
    bool to_occupied = false;    ///< seconds
    bool threshold = false;      ///< events within `to_occupied`
};

struct Occupancy {
    bool reported = true;
    ReportingInterval reporting = {0, 3600, 0};
    OccupancySettings pir = {}, ultrasonic = {}, contact = {};
    EndpointNames endpoints = {};
};

namespace detail {

inline void occupancy_setting(Extension& part, bool wanted, const std::string& name,
                              std::uint16_t attribute, bool is_threshold, const Occupancy& what) {
    if (!wanted)
        return;
    NumericAttribute setting{.property = name,
                             .cluster = cluster::occupancy,
                             .attribute = attribute,
                             .min = is_threshold ? 1 : 0,
                             .max = is_threshold ? 254 : 65534,
                             .category = Category::config,
                             .endpoints = what.endpoints};
    if (name == "occupancy_timeout") {
        setting.unit = "s";
        setting.description =
            "Time in seconds before occupancy is cleared after the last detected movement.";
    }
    join(part, numeric(std::move(setting)));
}

inline void occupancy_settings(Extension& part, const OccupancySettings& wanted,
                               const std::string& kind, std::uint16_t first,
                               const Occupancy& what) {
    const bool is_pir = kind == "pir";
    occupancy_setting(part, wanted.to_unoccupied,
                      is_pir ? "occupancy_timeout" : kind + "_otu_delay", first, false, what);
    occupancy_setting(part, wanted.to_occupied, kind + "_uto_delay",
                      static_cast<std::uint16_t>(first + 1), false, what);
    occupancy_setting(part, wanted.threshold, kind + "_uto_threshold",
                      static_cast<std::uint16_t>(first + 2), true, what);
}

}  // namespace detail

/// `occupancy` from the standard's cluster [ZCL8 4.8].
inline Extension occupancy(Occupancy what = {}) {
    const Expose expose{.type = ExposeType::binary,
                        .name = "occupancy",
                        .access = Access::state_get,
                        .description = "Indicates whether the device detected occupancy",
                        .value_on = true,
                        .value_off = false};
    const auto convert = [](const Message& msg, Publisher& out) {
        const auto value = msg[0x0000].integer();
        if (!value)
            return;
        const bool occupied = (*value & 1) != 0;
        no_occupancy_since(msg, !occupied);
        out.set_of_endpoint("occupancy", occupied);
    };
    const auto get = [](const Set& set) {
        set.send(read(set.endpoint_with(cluster::occupancy), cluster::occupancy, {0x0000}));
    };
    Extension part{
        .exposes = of_endpoints(expose, what.endpoints),
        .from_device = {{.cluster = cluster::occupancy,
                         .convert = convert,
                         .name = "occupancy",
                         .endpoints = what.endpoints}},
        .to_device = {{.keys = {"occupancy"}, .get = get}},
        .options = {detail::no_occupancy_since_option(false)},
    };
    detail::occupancy_settings(part, what.pir, "pir", 0x0010, what);
    detail::occupancy_settings(part, what.ultrasonic, "ultrasonic", 0x0020, what);
    detail::occupancy_settings(part, what.contact, "contact", 0x0030, what);
    if (what.reported)
        detail::set_up(part, cluster::occupancy, {{0x0000, what.reporting}}, true, what.endpoints);
    return part;
}

}  // namespace waggle
#pragma GCC visibility pop
