#pragma once

#include <waggle/converters/color.hpp>

/// Colours that move and step, and effects.
#pragma GCC visibility push(hidden)
namespace waggle {
namespace detail {

/// Sends the command; afterwards, and after a wait, the attributes are read, whose answer is
/// published like any: where a moved colour is nobody can know. That it cannot be read is no failure.
inline void send_and_read(const Set& set, Request request, std::vector<std::uint16_t> ids,
                          double wait_ms) {
    const auto answer = set.answer();
    const auto place = set.source();
    const auto wait = static_cast<std::uint32_t>(std::clamp(wait_ms, 0.0, 3.6e6));
    const auto sent = [answer, place, ids, wait](const Reply& reply) {
        if (!reply.ok() || !place)
            return reply.ok() ? answer.done() : answer.fail(reply.message(), reply.status());
        const auto ask = [answer, place, ids] {
            const auto done = [answer](const Reply& read_reply) {
                read_reply.ok() ? answer.done()
                                : answer.fail(read_reply.message(), read_reply.status());
            };
            if (const auto status =
                    place->device.send(read(place->endpoint, cluster::color, ids), done);
                status != WG_OK)
                answer.fail(send_failure(status), status);
        };
        if (place->device.after(wait, ask) == 0)
            ask();
    };
    if (const auto status = set.device().send(request, sent); status != WG_OK)
        throw Refused(send_failure(status));
}

inline Request color_command(const Set& set, std::uint8_t id, std::vector<Property> parameters) {
    add_options(parameters, set);
    return command(set.endpoint(), cluster::color, id, std::move(parameters));
}

inline bool is_stop(const ValueView& value) {
    return value.text() == "stop" || value.number() == 0.0;
}

inline void step_color_temperature(const Set& set) {
    const double by = number_from(set.value(), set.key());
    const double time = transition_of(set, set.key()).time;
    send_and_read(set,
                  color_command(set, step_color_temp,
                                {{"stepmode", by > 0 ? 1 : 3},
                                 {"stepsize", whole(std::fabs(by))},
                                 {"transtime", whole(time)},
                                 {"minimum", 0},
                                 {"maximum", 600}}),
                  {cc::temperature}, 100 + time * 100);
}

struct ColorTempMove {
    double rate = 1, minimum = 0, maximum = 600;
    int mode = 0;  ///< 0 stops, 1 up, 3 down

    void set_rate(double signed_rate) {
        mode = signed_rate == 0 ? 0 : signed_rate > 0 ? 1 : 3;
        rate = signed_rate == 0 ? 1 : std::fabs(signed_rate);
    }
};

/// "up", "down", "stop", a signed rate, or {"rate", "minimum"?, "maximum"?}.
inline ColorTempMove wanted_move(const Set& set) {
    const std::string key(set.key());
    ColorTempMove move;
    if (const auto text = set.value().text()) {
        const auto word = lowered(*text);
        const auto given = set.message()["rate"];
        const double rate = given.is_null() ? 55 : number_from(given, "rate");
        if (word == "up" || word == "1")
            move.rate = rate, move.mode = 1;
        else if (word == "down")
            move.rate = rate, move.mode = 3;
        else if (word != "stop" && word != "release" && word != "0")
            throw Refused(key + ": invalid string value \"" + std::string(*text) +
                          "\". Expected \"stop\", \"release\", \"0\", \"up\", \"1\", or \"down\"");
        move.minimum = 153;
        move.maximum = 370;
        return move;
    }
    if (const auto rate = set.value().number()) {
        move.set_rate(*rate);
        return move;
    }
    if (!set.value().is_object())
        throw Refused(key +
                      ": invalid value type. Expected number, string, or object with rate "
                      "property");
    const auto rate = set.value()["rate"];
    if (rate.is_null())
        throw Refused(key + ": object must contain 'rate' property");
    move.set_rate(number_from(rate, key + ".rate"));
    if (const auto minimum = set.value()["minimum"]; !minimum.is_null())
        move.minimum = number_from(minimum, key + ".minimum");
    if (const auto maximum = set.value()["maximum"]; !maximum.is_null())
        move.maximum = number_from(maximum, key + ".maximum");
    if (move.minimum >= move.maximum)
        throw Refused(key + ": minimum must be less than maximum");
    return move;
}

inline void move_color_temperature(const Set& set) {
    const auto move = wanted_move(set);
    auto request = color_command(set, move_color_temp,
                                 {{"minimum", whole(move.minimum)},
                                  {"maximum", whole(move.maximum)},
                                  {"rate", whole(move.rate)},
                                  {"movemode", move.mode}});
    if (move.mode != 0)
        return set.send(request);
    send_and_read(set, std::move(request), {cc::temperature, cc::mode}, 100);
}

inline void step_hue_or_saturation(const Set& set) {
    const bool is_hue = set.key() == "hue_step";
    const double by = number_from(set.value(), set.key());
    const double time = transition_of(set, set.key()).time;
    send_and_read(set,
                  color_command(set, is_hue ? step_hue : step_saturation,
                                {{"stepmode", by > 0 ? 1 : 3},
                                 {"stepsize", whole(std::fabs(by))},
                                 {"transtime", whole(time)}}),
                  {is_hue ? cc::current_hue : cc::current_saturation, cc::mode}, 100 + time * 100);
}

inline void send_hue_move(const Set& set, bool is_hue, double rate) {
    auto request = color_command(set, is_hue ? move_hue : move_saturation,
                                 {{"rate", rate == 0 ? Value(1) : whole(std::fabs(rate))},
                                  {"movemode", rate == 0  ? 0
                                               : rate > 0 ? 1
                                                          : 3}});
    if (rate != 0)
        return set.send(request);
    send_and_read(set, std::move(request),
                  {is_hue ? cc::current_hue : cc::current_saturation, cc::mode}, 100);
}
inline void move_hue_or_saturation(const Set& set) {
    const double rate = is_stop(set.value()) ? 0 : number_from(set.value(), set.key());
    send_hue_move(set, set.key() == "hue_move", rate);
}

inline constexpr Named effects[] = {
    {"blink", 0},           {"breathe", 1},         {"okay", 2},
    {"channel_change", 11}, {"finish_effect", 254}, {"stop_effect", 255}};

inline void trigger_effect(const Set& set, std::int64_t id) {
    constexpr std::uint8_t trigger = 0x40;
    set.send(command(set.endpoint(), cluster::identify, trigger,
                     {{"effectid", id}, {"effectvariant", 0}}));
}

/// `effect`; `alert` and `flash` are old names of part of it.
inline void set_effect(const Set& set) {
    if (set.key() != "effect") {
        constexpr Named old[] = {{"select", 0}, {"lselect", 1}, {"none", 255}};
        if (const auto number = set.value().integer(); number && set.key() == "flash")
            return trigger_effect(set, looked_up(*number == 2    ? "select"
                                                 : *number == 10 ? "lselect"
                                                                 : set.value().to_string(),
                                                 old));
        return trigger_effect(set, looked_up(plain_text(set.value(), set.key()), old));
    }
    const auto name = lowered(plain_text(set.value(), set.key()));
    if (name == "colorloop") {
        const auto given = set.message()["transition"];
        const double turn = given.is_null() ? 15 : plain_number(given, "transition");
        return send_hue_move(set, true, std::min(255.0, std::max(1.0, rounded(255 / turn))));
    }
    if (name == "stop_colorloop")
        return send_hue_move(set, true, 0);
    trigger_effect(set, looked_up(name, effects));
}

}  // namespace detail

/// Effects of the identify cluster; with `color_loop` also those that go round the colours.
inline Extension light_effects(bool color_loop, const EndpointNames& endpoints = {}) {
    Expose expose{.type = ExposeType::enumeration,
                  .name = "effect",
                  .access = Access::set,
                  .description =
                      "Triggers an effect on the light (e.g. make light blink for a few "
                      "seconds)"};
    for (const auto& effect : detail::effects)
        expose.values.emplace_back(effect.name);
    if (color_loop) {
        expose.values.emplace_back("colorloop");
        expose.values.emplace_back("stop_colorloop");
    }
    return {.exposes = of_endpoints(expose, endpoints),
            .to_device = {{{"effect", "alert", "flash"}, detail::set_effect}}};
}

}  // namespace waggle
#pragma GCC visibility pop
