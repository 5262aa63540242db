#pragma once

#include <waggle/converters/basics.hpp>

/// Switching on and off.
namespace waggle __attribute__((visibility("hidden"))) {

namespace detail {

/// Tenths of seconds, or nothing when the key is absent. Refused for what is no number.
inline std::uint16_t tenths(const Set& set, std::string_view key) {
    const auto value = set.message()[key];
    if (value.is_null())
        return 0;
    const auto seconds = value.number();
    if (!seconds)
        throw Refused(std::string("The ") + std::string(key) + " value must be a number!");
    const auto rounded = std::floor(*seconds * 10 + 0.5);
    if (rounded < 0 || rounded > 0xFFFF)
        throw Refused(std::string("The ") + std::string(key) + " value must be between 0 and 6553.5");
    return static_cast<std::uint16_t>(rounded);
}

inline void set_on_off(const Set& set) {
    enum : std::uint8_t { off = 0x00, on = 0x01, toggle = 0x02, on_with_timed_off = 0x42 };
    const auto text = set.message()["state"].text();
    const auto wanted = text ? lowered(*text) : std::string("null");
    if (wanted != "toggle" && wanted != "off" && wanted != "on")
        throw Refused("'" + wanted + "' not allowed, choose between: toggle,off,on");

    const bool timed = !set.message()["on_time"].is_null() || !set.message()["off_wait_time"].is_null();
    if (wanted == "on" && timed)
        return set.send(command(set.endpoint(), cluster::on_off, on_with_timed_off,
                                {{"ctrlbits", 0},
                                 {"ontime", tenths(set, "on_time")},
                                 {"offwaittime", tenths(set, "off_wait_time")}}));
    if (wanted == "toggle") {
        std::vector<Property> inverse;
        if (const auto now = set.state("state").text(); now && !now->empty())
            inverse.push_back({"state", *now == "OFF" ? "ON" : "OFF"});
        return set.send(command(set.endpoint(), cluster::on_off, toggle), std::move(inverse));
    }
    set.send(command(set.endpoint(), cluster::on_off, wanted == "on" ? on : off),
             {{"state", wanted == "on" ? "ON" : "OFF"}});
}

}  // namespace detail

struct OnOff {
    std::uint8_t endpoint = any_endpoint;  ///< whose reports are the state
    bool only_one_is_on = false;           ///< other values than 1 are off, not on
};

/// `state`, with on_time and off_wait_time [ZCL8 3.8].
inline Extension on_off(OnOff what = {}) {
    const auto convert = [only_one = what.only_one_is_on](const Message& msg, Publisher& out) {
        const auto value = msg[attr::on_off];
        if (value.is_null())
            return;
        const auto number = value.integer().value_or(0);
        const bool on = only_one ? number == 1 : number != 0;
        out.set_of_endpoint("state", on ? "ON" : "OFF");
    };
    const auto get = [](const Set& set) {
        set.send(read(set.endpoint(), cluster::on_off, {attr::on_off}));
    };
    Expose state{.type = ExposeType::binary, .name = "state", .access = Access::all,
                 .description = "On/off state of the switch", .value_on = "ON",
                 .value_off = "OFF", .value_toggle = "TOGGLE"};
    return {
        .exposes = {{.type = ExposeType::switch_, .features = {std::move(state)}}},
        .from_device = {{cluster::on_off, Kind::state, what.endpoint, convert, "on_off"}},
        .to_device = {{{"state", "on_time", "off_wait_time"}, detail::set_on_off, get}},
    };
}

}  // namespace waggle
