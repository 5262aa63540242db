#pragma once

#include <waggle/converters/numbers.hpp>

/// Fans: by mode [ZCL8 6.4], or by speed through level control.
#pragma GCC visibility push(hidden)
namespace waggle {

namespace detail {

inline constexpr Named fan_modes[] = {{"off", 0}, {"low", 1},  {"medium", 2}, {"high", 3},
                                      {"on", 4},  {"auto", 5}, {"smart", 6}};

inline void report_fan(const Message& msg, Publisher& out) {
    const auto raw = msg[0x0000].integer();
    if (!raw)
        return;
    const auto mode = name_of(*raw, fan_modes);
    if (!mode.empty())
        out.set("fan_mode", mode);
    out.set("fan_state", mode == "off" ? "OFF" : "ON");
}
inline void set_fan(const Set& set) {
    const auto name = plain_text(set.value(), set.key());
    const Attribute mode{0x0000, looked_up(name, fan_modes)};
    const auto word = lowered(name);
    set.send(write(set.endpoint(), cluster::fan, {mode}),
             {{"fan_mode", word}, {"fan_state", word == "off" ? "OFF" : "ON"}});
}
inline void get_fan(const Set& set) {
    set.send(read(set.endpoint(), cluster::fan, {0x0000}));
}

/// `fan_mode` alone, as thermostats have it.
inline Extension fan_mode_rows() {
    return {.from_device = {{cluster::fan, Kind::state, any_endpoint, report_fan, "fan"}},
            .to_device = {{{"fan_mode", "fan_state"}, set_fan, get_fan}}};
}

}  // namespace detail

struct Fan {
    std::vector<Value> modes = {"off", "low", "medium", "high", "on", "auto", "smart"};
    std::optional<ReportingInterval> reporting = ReportingInterval{0, 3600, 0};
    EndpointNames endpoints = {};
};

/// `fan_mode`, and `state` that follows it.
inline Extension fan(Fan what = {}) {
    auto result = detail::fan_mode_rows();
    const Expose expose{.type = ExposeType::fan,
                        .features = {{.type = ExposeType::binary,
                                      .name = "state",
                                      .access = Access::all,
                                      .description = "On/off state of this fan",
                                      .value_on = "ON",
                                      .value_off = "OFF"},
                                     {.type = ExposeType::enumeration,
                                      .name = "mode",
                                      .access = Access::all,
                                      .description = "Mode of this fan",
                                      .property = "fan_mode",
                                      .values = std::move(what.modes)}}};
    result.exposes = of_endpoints(expose, what.endpoints);
    detail::set_up(result, cluster::fan, {{0x0000, what.reporting}}, what.reporting.has_value(),
                   what.endpoints);
    return result;
}

/// `speed`, 1 to 254, through level control.
inline Extension fan_speed() {
    const auto report = [](const Message& msg, Publisher& out) {
        if (const auto level = msg[0x0000].number())
            out.set_of_endpoint("speed", number(*level));
    };
    const auto set_speed = [](const Set& set) {
        constexpr std::uint8_t move_to_level = 0x00;
        const double speed = detail::plain_number(set.value(), set.key());
        set.send(command(set.endpoint(), cluster::level, move_to_level,
                         {{"level", detail::whole(speed)},
                          {"transtime", 0},
                          {"optionsMask", 0},
                          {"optionsOverride", 0}}),
                 {{"speed", number(speed)}});
    };
    const auto get_speed = [](const Set& set) {
        set.send(read(set.endpoint(), cluster::level, {0x0000}));
    };
    return {.from_device = {{cluster::level, Kind::state, any_endpoint, report, "speed"}},
            .to_device = {{{"speed"}, set_speed, get_speed}}};
}

}  // namespace waggle
#pragma GCC visibility pop
