#pragma once

#include <waggle/converters/attributes.hpp>

/// Ballasts of lamps [ZCL8 5.3].
#pragma GCC visibility push(hidden)
namespace waggle {
namespace detail {

struct BallastAttribute {
    std::uint16_t id;
    const char* property;      ///< as it is published
    const char* setting = "";  ///< its member of ballast_config
};
inline constexpr BallastAttribute ballast_attributes[] = {
    {0x0010, "ballast_minimum_level", "min_level"},
    {0x0011, "ballast_maximum_level", "max_level"},
    {0x0012, "ballast_power_on_level", "power_on_level"},
    {0x0013, "ballast_power_on_fade_time", "power_on_fade_time"},
    {0x0014, "ballast_intrinsic_ballast_factor", "intrinsic_ballast_factor"},
    {0x0015, "ballast_ballast_factor_adjustment", "ballast_factor_adjustment"},
    {0x0020, "ballast_lamp_quantity", "lamp_quantity"},
    {0x0030, "ballast_lamp_type", "lamp_type"},
    {0x0031, "ballast_lamp_manufacturer", "lamp_manufacturer"},
    {0x0032, "ballast_lamp_rated_hours", "lamp_rated_hours"},
    {0x0033, "ballast_lamp_burn_hours", "lamp_burn_hours"},
    {0x0035, "ballast_lamp_burn_hours_trip_point", "lamp_burn_hours_trip_point"},
};
inline constexpr std::uint16_t ballast_status = 0x0002, lamp_alarm_mode = 0x0034,
                               burn_hours_trip_point = 0x0035;

inline void report_ballast(const Message& msg, Publisher& out) {
    if (const auto status = msg[ballast_status].integer()) {
        out.set("ballast_status_non_operational", (*status & 1) != 0);
        out.set("ballast_status_lamp_failure", (*status & 2) != 0);
    }
    for (const auto& known : ballast_attributes)
        if (const auto value = msg[known.id]; !value.is_null())
            out.set(known.property, value.copy());
    if (const auto mode = msg[lamp_alarm_mode].integer())
        out.set("ballast_lamp_alarm_lamp_burn_hours", (*mode & 1) != 0);
}

inline void set_ballast(const Set& set) {
    std::vector<Request> requests;
    for (const auto& known : ballast_attributes) {
        const auto value = set.key() == "ballast_config" ? set.value()[known.setting] : set.value();
        if (!value.is_null() && (set.key() == "ballast_config" || set.key() == known.property))
            requests.push_back(write(set.endpoint(), cluster::ballast, {{known.id, value.copy()}}));
    }
    if (requests.empty())
        throw Refused("'" + std::string(set.key()) + "' names nothing that can be set");
    set.send_all(std::move(requests), {{std::string(set.key()), set.value().copy()}});
}

inline void get_ballast(const Set& set) {
    std::vector<Request> requests;
    const auto ask = [&](std::uint16_t id) {
        requests.push_back(read(set.endpoint(), cluster::ballast, {id}));
    };
    ask(ballast_status);
    for (const auto& known : ballast_attributes) {
        if (known.id == burn_hours_trip_point)
            ask(lamp_alarm_mode);
        ask(known.id);
    }
    set.ask_all(std::move(requests));
}

}  // namespace detail

/// `ballast_minimum_level` and `ballast_maximum_level`; what else a ballast says is published, and set
/// through `ballast_config`.
inline Extension lighting_ballast() {
    const auto level = [](const char* name, const char* description) {
        return Expose{.type = ExposeType::numeric,
                      .name = name,
                      .access = Access::all,
                      .description = description,
                      .min = 1,
                      .max = 254};
    };
    Extension part{.exposes = {level("ballast_minimum_level",
                                     "Specifies the minimum light output of the ballast"),
                               level("ballast_maximum_level",
                                     "Specifies the maximum light output of the ballast")},
                   .from_device = {{.cluster = cluster::ballast,
                                    .convert = detail::report_ballast,
                                    .name = "ballast"}},
                   .to_device = {{.keys = {"ballast_config", "ballast_minimum_level",
                                           "ballast_maximum_level", "ballast_power_on_level"},
                                  .set = detail::set_ballast,
                                  .get = detail::get_ballast}}};
    detail::set_up(part, cluster::ballast, {{0x0010}, {0x0011}}, true, {});
    return part;
}

}  // namespace waggle
#pragma GCC visibility pop
