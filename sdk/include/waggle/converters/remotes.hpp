#pragma once

#include <waggle/color.hpp>
#include <waggle/converters/on_off.hpp>

/// Remotes: commands they send become `action`, with what goes with it as action_….
#pragma GCC visibility push(hidden)
namespace waggle {

/// What a remote sends, by zigbee2mqtt's names of the actions.
struct Remote {
    std::vector<std::string> actions = {};  ///< empty: all of the cluster's
    bool bind = true;
    bool group = true;           ///< publishes action_group
    bool repeats_count = false;  ///< a frame with the same sequence number is a new press
    EndpointNames endpoints = {};
};

/// The expose of `action` for these values, with the endpoints' suffixes where names are given.
inline Expose action_of(const std::vector<std::string>& names,
                        const EndpointNames& endpoints = {}) {
    auto expose = action({});
    for (const auto& name : names) {
        if (endpoints.empty())
            expose.values.emplace_back(name);
        for (const auto& endpoint : endpoints)
            expose.values.emplace_back(name + "_" + endpoint);
    }
    return expose;
}

namespace detail {

inline double parameter(const Message& msg, std::string_view name) {
    return msg.parameter(name).number().value_or(0);
}
/// A parameter as it came; absent ones are not published.
inline void publish_parameter(Publisher& out, const char* property, const ValueView& value,
                              double divisor = 1) {
    if (const auto raw = value.number())
        out.set(property, number(*raw / divisor));
}

/// Makes one press of a command: its converter says what, this adds what all have.
class Commands {
  public:
    Commands(std::uint16_t of_cluster, const Remote& remote)
        : cluster_(of_cluster), remote_(remote) {}

    template <class Convert>
    Commands& on(std::initializer_list<std::uint8_t> ids, Convert convert) {
        for (const auto id : ids)
            rows_.push_back(row(id, convert));
        return *this;
    }
    Commands& on(std::uint8_t id, const char* action_name) {
        return on({id}, [action_name](const Message&, Publisher& out) {
            out.action_of_endpoint(action_name);
        });
    }
    Extension done(const std::vector<std::string>& all) const {
        Extension result{.exposes = {action_of(remote_.actions.empty() ? all : remote_.actions,
                                               remote_.endpoints)},
                         .from_device = rows_};
        if (remote_.bind)
            result.bindings.push_back({cluster_, every_client_endpoint, remote_.endpoints});
        return result;
    }

  private:
    template <class Convert>
    FromDevice row(std::uint8_t id, Convert convert) const {
        const auto run = [convert, group = remote_.group, repeats = remote_.repeats_count](
                             const Message& msg, Publisher& out) {
            if (!repeats && seen_before(msg))
                return;
            convert(msg, out);
            if (group && msg.group() != 0)
                out.set("action_group", msg.group());
        };
        return {.cluster = cluster_,
                .kinds = Kind::command,
                .convert = run,
                .name = "remote",
                .command = id};
    }

    std::uint16_t cluster_;
    Remote remote_;
    std::vector<FromDevice> rows_;
};

// Option simulated_brightness: a value for dashboards that follows the knob.

inline std::string brightness_key(const Message& msg) {
    return "simulated/" + std::to_string(msg.endpoint());
}
inline void simulate(const Message& msg, Publisher& out, double brightness, double delta) {
    msg.device().store().set(brightness_key(msg), number(brightness));
    out.set_of_endpoint("brightness", number(brightness));
    out.set_of_endpoint("action_brightness_delta", number(delta));
}
inline double simulated(const Message& msg) {
    constexpr double at_first = 255;
    return msg.device().store().get(brightness_key(msg), at_first);
}
inline bool simulates(const Message& msg) {
    const auto option = msg.device().option("simulated_brightness");
    return !option.is_null() && option.boolean() != false;
}

/// A knob held down moves on until it is let go.
struct HeldKnob {
    Device device;
    std::string key, suffix;
    double delta, interval;

    void tick() const {
        auto store = device.store();
        if (!store.get(key + "/moving", false))
            return;
        const double by = store.get(key + "/up", true) ? delta : -delta;
        const double value = std::clamp(store.get(key, 255.0) + by, 0.0, 255.0);
        store.set(key, number(value));
        const std::vector<Property> change{{"brightness" + suffix, number(value)},
                                           {"action_brightness_delta" + suffix, number(by)}};
        device.publish(change);
        const auto self = *this;
        device.after(static_cast<std::uint32_t>(interval), [self] { self.tick(); });
    }
};
inline void start_moving(const Message& msg, bool up) {
    const auto option = msg.device().option("simulated_brightness");
    const auto key = brightness_key(msg);
    auto store = msg.device().store();
    store.set(key + "/up", up);
    if (store.exchange(key + "/moving", true))
        return;
    const HeldKnob knob{msg.device(), key, msg.suffixed(""), option["delta"].number().value_or(20),
                        std::max(10.0, option["interval"].number().value_or(200))};
    msg.device().after(static_cast<std::uint32_t>(knob.interval), [knob] { knob.tick(); });
}

inline void level_move_to(const Message& msg, Publisher& out) {
    const double level = parameter(msg, "level");
    out.action_of_endpoint("brightness_move_to_level");
    out.set("action_level", number(level));
    out.set("action_transition_time", number(parameter(msg, "transtime") / 10));
    if (simulates(msg))
        simulate(msg, out, level, level - simulated(msg));
}
inline void level_move(const Message& msg, Publisher& out) {
    const bool up = parameter(msg, "movemode") != 1;
    out.action_of_endpoint(up ? "brightness_move_up" : "brightness_move_down");
    out.set("action_rate", number(parameter(msg, "rate")));
    if (simulates(msg))
        start_moving(msg, up);
}
inline void level_step(const Message& msg, Publisher& out) {
    const bool up = parameter(msg, "stepmode") != 1;
    const double size = parameter(msg, "stepsize");
    out.action_of_endpoint(up ? "brightness_step_up" : "brightness_step_down");
    out.set("action_step_size", number(size));
    out.set("action_transition_time", number(parameter(msg, "transtime") / 10));
    if (simulates(msg)) {
        const double by = up ? size : -size;
        simulate(msg, out, std::clamp(simulated(msg) + by, 0.0, 255.0), by);
    }
}
inline void level_stop(const Message& msg, Publisher& out) {
    if (simulates(msg))
        msg.device().store().set(brightness_key(msg) + "/moving", false);
    out.action_of_endpoint("brightness_stop");
}

inline Option simulated_brightness_option() {
    return {.expose = {
                .type = ExposeType::composite,
                .name = "simulated_brightness",
                .access = Access::set,
                .description =
                    "Simulate a brightness value. If this device provides a brightness_move_up or "
                    "brightness_move_down action it is possible to specify the update interval and "
                    "delta. The action_brightness_delta indicates the delta for each interval.",
                .features = {{.type = ExposeType::numeric,
                              .name = "delta",
                              .access = Access::set,
                              .description = "Delta per interval, 20 by default",
                              .min = 0},
                             {.type = ExposeType::numeric,
                              .name = "interval",
                              .access = Access::set,
                              .description = "Interval duration",
                              .unit = "ms",
                              .min = 0}}}};
}

}  // namespace detail

/// on, off, toggle.
inline Extension commands_on_off(Remote what = {}) {
    return detail::Commands(cluster::on_off, what)
        .on(0x01, "on")
        .on(0x00, "off")
        .on(0x40, "off")
        .on(0x02, "toggle")
        .done({"on", "off", "toggle"});
}

/// brightness_move_to_level, _move_up, _move_down, _step_up, _step_down, _stop.
inline Extension commands_level(Remote what = {}) {
    auto result =
        detail::Commands(cluster::level, what)
            .on({0x00, 0x04}, detail::level_move_to)
            .on({0x01, 0x05}, detail::level_move)
            .on({0x02, 0x06}, detail::level_step)
            .on({0x03, 0x07}, detail::level_stop)
            .done({"brightness_move_to_level", "brightness_move_up", "brightness_move_down",
                   "brightness_step_up", "brightness_step_down", "brightness_stop"});
    result.options = {detail::simulated_brightness_option()};
    return result;
}

/// open, close, stop.
inline Extension commands_cover(Remote what = {}) {
    return detail::Commands(cluster::window_covering, what)
        .on(0x00, "open")
        .on(0x01, "close")
        .on(0x02, "stop")
        .done({"open", "close", "stop"});
}

/// recall_<scene>, store_<scene>, add, remove, remove_all.
inline Extension commands_scenes(Remote what = {}) {
    const auto numbered = [](std::string name) {
        return [name](const Message& msg, Publisher& out) {
            const auto scene = msg.parameter("sceneid").integer().value_or(0);
            out.action_of_endpoint(name + "_" + std::to_string(scene));
        };
    };
    auto result = detail::Commands(cluster::scenes, what)
                      .on({0x05}, numbered("recall"))
                      .on({0x04}, numbered("store"))
                      .on(0x00, "add")
                      .on(0x02, "remove")
                      .on(0x03, "remove_all")
                      .done({"recall", "store", "add", "remove", "remove_all"});
    result.exposes.front().description = "Triggered scene action (e.g. recall a scene)";
    return result;
}

namespace detail {

inline void color_step(const Message& msg, Publisher& out, const char* what, double divisor) {
    const bool up = parameter(msg, "stepmode") == 1;
    out.action_of_endpoint(std::string(what) + (up ? "_up" : "_down"));
    publish_parameter(out, "action_step_size", msg.parameter("stepsize"));
    publish_parameter(out, "action_transition_time", msg.parameter("transtime"), divisor);
}
inline void color_temp_move(const Message& msg, Publisher& out) {
    const double mode = parameter(msg, "movemode");
    if (mode != 0 && mode != 1 && mode != 3)
        return;
    out.action_of_endpoint(mode == 0   ? "color_temperature_move_stop"
                           : mode == 1 ? "color_temperature_move_up"
                                       : "color_temperature_move_down");
    publish_parameter(out, "action_rate", msg.parameter("rate"));
    publish_parameter(out, "action_minimum", msg.parameter("minimum"));
    publish_parameter(out, "action_maximum", msg.parameter("maximum"));
}
inline void color_temp_step(const Message& msg, Publisher& out) {
    color_step(msg, out, "color_temperature_step", 10);
    const double size = parameter(msg, "stepsize");
    out.set("action_color_temperature_delta",
            number(parameter(msg, "stepmode") == 1 ? size : -size));
}
inline void color_to_temp(const Message& msg, Publisher& out) {
    out.action_of_endpoint("color_temperature_move");
    publish_parameter(out, "action_color_temperature", msg.parameter("colortemp"));
    publish_parameter(out, "action_transition_time", msg.parameter("transtime"));
}
inline void color_to_xy(const Message& msg, Publisher& out) {
    out.action_of_endpoint("color_move");
    out.set("action_color",
            Value(Object{{"x", number(round_to(parameter(msg, "colorx") / 65535, 3))},
                         {"y", number(round_to(parameter(msg, "colory") / 65535, 3))}}));
    publish_parameter(out, "action_transition_time", msg.parameter("transtime"));
}
inline void color_to_hue(const Message& msg, Publisher& out) {
    out.action_of_endpoint("move_to_hue");
    publish_parameter(out, "action_hue", msg.parameter("hue"));
    publish_parameter(out, "action_transition_time", msg.parameter("transtime"), 10);
    out.set("action_direction", parameter(msg, "direction") == 0 ? "decrement" : "increment");
}
inline void color_to_saturation(const Message& msg, Publisher& out) {
    out.action_of_endpoint("move_to_saturation");
    publish_parameter(out, "action_saturation", msg.parameter("saturation"));
    publish_parameter(out, "action_transition_time", msg.parameter("transtime"));
}
inline void color_to_hue_saturation(const Message& msg, Publisher& out) {
    const auto enhanced = msg.parameter("enhancehue").number();
    out.action_of_endpoint(enhanced ? "enhanced_move_to_hue_and_saturation"
                                    : "move_to_hue_and_saturation");
    if (enhanced) {
        out.set("action_enhanced_hue", number(*enhanced));
        out.set("action_hue", number(color::mapped(*enhanced, 0, 65535, 0, 360, 1)));
    } else {
        publish_parameter(out, "action_hue", msg.parameter("hue"));
    }
    publish_parameter(out, "action_saturation", msg.parameter("saturation"));
    publish_parameter(out, "action_transition_time", msg.parameter("transtime"));
}
inline void color_hue_move(const Message& msg, Publisher& out) {
    const double mode = parameter(msg, "movemode");
    out.action_of_endpoint(mode == 1 ? "hue_move" : mode == 3 ? "hue_down" : "hue_stop");
    publish_parameter(out, "action_rate", msg.parameter("rate"));
}
inline void color_loop(const Message& msg, Publisher& out) {
    constexpr const char* actions[] = {"deactivate", "activate_from_color_loop_start_enhanced_hue",
                                       "activate_from_enhanced_current_hue"};
    const auto flags = msg.parameter("updateflags").integer().value_or(0);
    out.action_of_endpoint("color_loop_set");
    out.set("action_update_flags", Value(Object{{"action", (flags & 1) != 0},
                                                {"direction", (flags & 2) != 0},
                                                {"time", (flags & 4) != 0},
                                                {"start_hue", (flags & 8) != 0}}));
    if (const auto id = msg.parameter("action").integer().value_or(99); id >= 0 && id < 3)
        out.set("action_action", actions[id]);
    out.set("action_direction", parameter(msg, "direction") == 0 ? "decrement" : "increment");
    publish_parameter(out, "action_time", msg.parameter("time"));
    publish_parameter(out, "action_start_hue", msg.parameter("starthue"));
}

}  // namespace detail

/// Commands of the colour cluster.
inline Extension commands_color(Remote what = {}) {
    const auto hue_step = [](const Message& msg, Publisher& out) {
        detail::color_step(msg, out, "color_hue_step", 10);
    };
    const auto saturation_step = [](const Message& msg, Publisher& out) {
        detail::color_step(msg, out, "color_saturation_step", 10);
    };
    return detail::Commands(cluster::color, what)
        .on({0x4B}, detail::color_temp_move)
        .on({0x4C}, detail::color_temp_step)
        .on({0x43, 0x06}, detail::color_to_hue_saturation)
        .on({0x02}, hue_step)
        .on({0x05}, saturation_step)
        .on({0x44}, detail::color_loop)
        .on({0x0A}, detail::color_to_temp)
        .on({0x07}, detail::color_to_xy)
        .on({0x01}, detail::color_hue_move)
        .on({0x03}, detail::color_to_saturation)
        .on({0x00}, detail::color_to_hue)
        .on(0x47, "stop_move_step")
        .done({"color_temperature_move_stop", "color_temperature_move_up",
               "color_temperature_move_down", "color_temperature_step_up",
               "color_temperature_step_down", "enhanced_move_to_hue_and_saturation",
               "move_to_hue_and_saturation", "color_hue_step_up", "color_hue_step_down",
               "color_saturation_step_up", "color_saturation_step_down", "color_loop_set",
               "color_temperature_move", "color_move", "hue_move", "hue_stop", "move_to_saturation",
               "move_to_hue", "stop_move_step"});
}

/// Buttons that report presses as values of a multistate input.
struct Multistate {
    std::vector<std::pair<std::int64_t, std::string>> actions;       ///< value -> action
    std::vector<std::pair<std::uint8_t, std::string>> buttons = {};  ///< endpoint -> suffix
    bool repeats_count = false;
};
inline Extension multistate_actions(Multistate what) {
    std::vector<std::string> names;
    for (const auto& [value, name] : what.actions) {
        if (what.buttons.empty())
            names.push_back(name);
        for (const auto& [endpoint, button] : what.buttons)
            names.push_back(name + "_" + button);
    }
    const auto shared = std::make_shared<const Multistate>(std::move(what));
    const auto convert = [shared](const Message& msg, Publisher& out) {
        const auto value = msg.get<std::int64_t>(0x0055);
        if (!shared->repeats_count && seen_before(msg))
            return;
        for (const auto& [known, name] : shared->actions) {
            if (value != known)
                continue;
            if (shared->buttons.empty())
                out.action(name);
            for (const auto& [endpoint, button] : shared->buttons)
                if (endpoint == msg.endpoint())
                    out.action(name + "_" + button);
        }
    };
    return {.exposes = {action_of(names)},
            .from_device = {
                {cluster::multistate_input, Kind::state, any_endpoint, convert, "multistate"}}};
}

}  // namespace waggle
#pragma GCC visibility pop
