#pragma once

#include <waggle/converters/basics.hpp>

/// Batteries [ZCL8 3.3]: percentage, voltage, the warning that it is low.
#pragma GCC visibility push(hidden)
namespace waggle {

/// How a percentage is made of a voltage in millivolts.
struct BatteryCurve {
    enum class Kind : std::uint8_t {
        none,
        coin_cell_2100,   ///< CR2032 and the like, empty at 2.1 V; zigbee2mqtt's 3V_2100
        volts_1500_2800,  ///< zigbee2mqtt's 3V_1500_2800
        linear,           ///< from `empty` to `full`
    };
    Kind kind = Kind::none;
    double empty = 0, full = 0;  ///< mV
    double offset = 0;           ///< mV, added to what was measured

    explicit operator bool() const noexcept { return kind != Kind::none; }
};

inline double battery_percentage(double millivolts, const BatteryCurve& curve) {
    using enum BatteryCurve::Kind;
    if (curve.kind == volts_1500_2800)
        return detail::rounded(std::clamp(235 - 370000 / (millivolts + 1), 0.0, 100.0));
    if (curve.kind == linear) {
        const double held = std::clamp(millivolts + curve.offset, curve.empty, curve.full);
        return detail::rounded((held - curve.empty) / (curve.full - curve.empty) * 100);
    }
    struct Piece {
        double below, top, span, volts;  ///< under `below`: top - (below - mV) * span / volts
    };
    constexpr Piece pieces[] = {{2100, 0, 0, 1},
                                {2440, 6, 6, 340},
                                {2740, 18, 12, 300},
                                {2900, 42, 24, 160},
                                {3000, 100, 58, 100}};
    for (const auto& piece : pieces)
        if (millivolts < piece.below)
            return detail::rounded(piece.top -
                                   (piece.below - millivolts) * piece.span / piece.volts);
    return 100;
}

struct Battery {
    bool percentage = true;
    bool voltage = false;
    bool low = false;
    bool percentage_reported = true;
    bool voltage_reported = false;
    bool whole_percents = false;  ///< the device says 100 when it is full, not 200
    BatteryCurve curve = {};      ///< do not believe the device's percentage
    ReportingInterval percentage_reporting = {3600, 65000, 10};
    ReportingInterval voltage_reporting = {3600, 65000, 10};
    std::optional<ReportingInterval> low_reporting = {};
};

namespace detail {

inline void convert_battery(const Battery& what, const Message& msg, Publisher& out) {
    enum : std::uint16_t { voltage = 0x0020, remaining = 0x0021, alarm_state = 0x003E };
    if (const auto raw = msg[remaining].number(); raw && *raw < 255)
        out.set("battery", number(round_to(what.whole_percents ? *raw : *raw / 2, 2)));
    if (const auto raw = msg[voltage].number(); raw && *raw < 255) {
        if (what.voltage)
            out.set("voltage", number(*raw * 100));
        if (what.curve)
            out.set("battery", number(battery_percentage(*raw * 100, what.curve)));
    }
    // Four bits a source: below the least voltage, and the three thresholds.
    constexpr std::int64_t any_source = 0x0F | 0x0F << 10 | 0x0F << 20;
    if (const auto state = msg[alarm_state].integer(); state && what.low)
        out.set("battery_low", (*state & any_source) != 0);
}

/// Reads the percentage, then the voltage; a device may have only one of them.
inline void get_battery(const Set& set) {
    const auto answer = set.answer();
    const auto device = set.device();
    const auto endpoint = set.endpoint_with(cluster::power);
    const auto second = [device, endpoint, answer](const Reply&) {
        const auto status = device.send(read(endpoint, cluster::power, {0x0020}),
                                        [answer](const Reply&) { answer.done(); });
        if (status != WG_OK)
            answer.done();
    };
    if (const auto status = device.send(read(endpoint, cluster::power, {0x0021}), second);
        status != WG_OK)
        throw Refused(send_failure(status));
}

}  // namespace detail

inline Expose battery_expose(Access access = Access::state) {
    return {.type = ExposeType::numeric,
            .name = "battery",
            .access = access,
            .description = "Remaining battery in %",
            .unit = "%",
            .category = Category::diagnostic,
            .min = 0,
            .max = 100};
}
inline Expose battery_voltage_expose(Access access = Access::state) {
    return {.type = ExposeType::numeric,
            .name = "voltage",
            .access = access,
            .description = "Reported battery voltage in millivolts",
            .unit = "mV",
            .category = Category::diagnostic};
}
inline Expose battery_low_expose() {
    return {.type = ExposeType::binary,
            .name = "battery_low",
            .access = Access::state,
            .description = "Empty battery indicator",
            .category = Category::diagnostic,
            .value_on = true,
            .value_off = false};
}

inline Extension battery(Battery what = {}) {
    Extension part;
    if (what.percentage)
        part.exposes.push_back(battery_expose(Access::state_get));
    if (what.voltage)
        part.exposes.push_back(battery_voltage_expose(Access::state_get));
    if (what.low)
        part.exposes.push_back(battery_low_expose());
    part.from_device = {
        {.cluster = cluster::power,
         .convert = [what](const Message& msg,
                           Publisher& out) { detail::convert_battery(what, msg, out); },
         .name = "battery"}};
    part.to_device = {{.keys = {"battery", "voltage"}, .get = detail::get_battery}};
    const auto watch = [&](std::uint16_t attribute, const ReportingInterval& interval) {
        detail::set_up(part, cluster::power, {{attribute, interval}}, true, {}, 0, first_endpoint);
    };
    if (what.percentage_reported)
        watch(0x0021, what.percentage_reporting);
    if (what.voltage_reported)
        watch(0x0020, what.voltage_reporting);
    if (what.low_reporting)
        watch(0x003E, *what.low_reporting);
    if (what.percentage_reported || what.voltage_reported)
        part.power_source_if_unknown = "Battery";
    return part;
}

}  // namespace waggle
#pragma GCC visibility pop
