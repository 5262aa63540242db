#pragma once

#include <waggle/converters/numbers.hpp>

/// Covers [ZCL8 7.4]. The standard counts how far one is closed; zigbee2mqtt publishes how far it is
/// open: 100 is open, 0 closed, and the option invert_cover turns that round.
#pragma GCC visibility push(hidden)
namespace waggle {

namespace covering {
inline constexpr std::uint16_t lift = 0x0008, tilt = 0x0009, mode = 0x0017;
}

struct Cover {
    bool position = true, tilt = false;
    bool state_from_tilt = false;
    bool inverted = false;  ///< counts the other way round than the standard
    bool mode = false;      ///< has the composite cover_mode
    bool report = true;
    EndpointNames endpoints = {};
};

namespace detail {

inline constexpr Named cover_mode_bits[] = {
    {"reversed", 1}, {"calibration", 2}, {"maintenance", 4}, {"led", 8}};

inline bool is_inverted(const Device& device, bool by_nature) {
    return device.option("invert_cover", false) != by_nature;
}

inline void report_cover(const Message& msg, Publisher& out, bool inverted, bool state_from_tilt) {
    const bool inverts = is_inverted(msg.device(), inverted);
    const auto percentage = [&msg](std::uint16_t id) {
        const auto value = msg[id].number();
        return value && *value <= 100 ? value : std::nullopt;  // 255: it does not know
    };
    if (const auto closed = percentage(covering::lift)) {
        out.set_of_endpoint("position", number(inverts ? *closed : 100 - *closed));
        if (!state_from_tilt)
            out.set_of_endpoint("state", *closed == (inverts ? 0 : 100) ? "CLOSE" : "OPEN");
    }
    if (const auto closed = percentage(covering::tilt)) {
        out.set_of_endpoint("tilt", number(inverts ? *closed : 100 - *closed));
        if (state_from_tilt)
            out.set_of_endpoint("state", *closed == (inverts ? 100 : 0) ? "OPEN" : "CLOSE");
    }
    if (const auto bits = msg[covering::mode].integer()) {
        Object mode;
        for (const auto& bit : cover_mode_bits)
            mode.push_back({std::string(bit.name), (*bits & bit.value) != 0});
        out.set_of_endpoint("cover_mode", Value(std::move(mode)));
    }
}

inline void set_cover_state(const Set& set) {
    enum : std::uint8_t { up = 0x00, down = 0x01, stop = 0x02 };
    const bool inverts = set.device().option("invert_cover", false);
    const std::uint8_t opens = inverts ? down : up, closes = inverts ? up : down;
    const Named commands[] = {
        {"open", opens}, {"close", closes}, {"stop", stop}, {"on", opens}, {"off", closes}};
    const auto id = looked_up(lowered(plain_text(set.value(), set.key())), commands);
    set.send(command(set.endpoint(), cluster::window_covering, static_cast<std::uint8_t>(id)));
}

inline void set_cover_position(const Set& set) {
    constexpr std::uint8_t go_to_lift = 0x05, go_to_tilt = 0x08;
    const double wanted = plain_number(set.value(), set.key());
    const bool is_position = set.key() == "position";
    const bool by_nature = set.trait("coverInverted");
    const double closed = is_inverted(set.device(), by_nature) ? wanted : 100 - wanted;
    if (!(closed >= 0 && closed <= 100))
        throw Refused("'" + std::string(set.key()) + "' must be between 0 and 100, got " +
                      set.value().to_string());
    const bool silent = set.device().option("cover_position_tilt_disable_report", false) !=
                        set.trait("coverPositionTiltDisableReport");
    std::vector<Property> state;
    if (!silent)
        state.push_back({std::string(set.key()), number(wanted)});
    set.send(
        command(set.endpoint(), cluster::window_covering, is_position ? go_to_lift : go_to_tilt,
                {{is_position ? "percentageliftvalue" : "percentagetiltvalue", whole(closed)}}),
        std::move(state));
}
inline void get_cover_position(const Set& set) {
    set.send(read(set.endpoint(), cluster::window_covering,
                  {set.key() == "position" ? covering::lift : covering::tilt}));
}

inline Extension cover_mode(const EndpointNames& endpoints) {
    const auto set_mode = [](const Set& set) {
        need_object(set.value(), set.key());
        std::int64_t bits = 0;
        for (const auto& bit : cover_mode_bits)
            if (const auto flag = set.value()[bit.name];
                flag.boolean().value_or(!flag.is_null() && as_number(flag) != 0))
                bits |= bit.value;
        set.send(write(set.endpoint(), cluster::window_covering, {{covering::mode, bits}}),
                 {{"cover_mode", set.value().copy()}});
    };
    const auto get_mode = [](const Set& set) {
        set.send(read(set.endpoint(), cluster::window_covering, {covering::mode}));
    };
    const auto flag = [](const char* name, const char* description) {
        return Expose{.type = ExposeType::binary,
                      .name = name,
                      .access = Access::all,
                      .description = description,
                      .value_on = true,
                      .value_off = false};
    };
    const Expose expose{
        .type = ExposeType::composite,
        .name = "cover_mode",
        .access = Access::all,
        .features = {flag("reversed", "Reversal of the motor rotating direction"),
                     flag("calibration", "Set the cover calibration mode"),
                     flag("maintenance",
                          "Set the cover maintenance mode, enabling will disable the cover motor"),
                     flag("led", "Set the LED")}};
    return {.exposes = of_endpoints(expose, endpoints),
            .to_device = {{{"cover_mode"}, set_mode, get_mode}}};
}

inline Expose percentage_feature(const char* name, const char* description) {
    return {.type = ExposeType::numeric,
            .name = name,
            .access = Access::all,
            .description = description,
            .unit = "%",
            .min = 0,
            .max = 100};
}

}  // namespace detail

inline Option invert_cover_option() {
    return flag_option("invert_cover",
                       "Inverts the cover position and state, false: open=100,close=0, true: "
                       "open=0,close=100 (default false).");
}

/// The expose of a cover; @param state_access  most cannot be asked for their state
inline Expose cover_expose(bool position, bool tilt, Access state_access = Access::state_set) {
    Expose cover{.type = ExposeType::cover,
                 .features = {{.type = ExposeType::enumeration,
                               .name = "state",
                               .access = state_access,
                               .values = {"OPEN", "CLOSE", "STOP"}}}};
    if (position)
        cover.features.push_back(detail::percentage_feature("position", "Position of this cover"));
    if (tilt)
        cover.features.push_back(detail::percentage_feature("tilt", "Tilt of this cover"));
    return cover;
}

/// `state` OPEN, CLOSE, STOP, `position` and `tilt`.
inline Extension cover(Cover what = {}) {
    const auto convert = [what](const Message& msg, Publisher& out) {
        detail::report_cover(msg, out, what.inverted, what.state_from_tilt);
    };
    Extension result{
        .exposes = of_endpoints(cover_expose(what.position, what.tilt), what.endpoints),
        .from_device = {{cluster::window_covering, Kind::state, any_endpoint, convert, "cover"}},
        .to_device = {{{"state"}, detail::set_cover_state, {}, what.endpoints},
                      {{"position", "tilt"},
                       detail::set_cover_position,
                       detail::get_cover_position}},
        .options = {invert_cover_option(),
                    flag_option("cover_position_tilt_disable_report",
                                "Do not publish set cover target position as a normal 'position' "
                                "value (default false).")},
    };
    if (what.mode)
        detail::join(result, detail::cover_mode(what.endpoints));
    if (what.inverted)
        result.traits.push_back({"coverInverted", true});
    for (const auto& [wanted, attribute] :
         {std::pair{what.position, covering::lift}, std::pair{what.tilt, covering::tilt}})
        if (what.report && wanted)
            detail::set_up(result, cluster::window_covering,
                           {{attribute, ReportingInterval{1, 65000, 1}}}, true, {});
    return result;
}

}  // namespace waggle
#pragma GCC visibility pop
