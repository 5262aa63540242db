// lightingColorCtrl [ZCL8 5.2]: hue and saturation, enhanced hue, chromaticity, colour temperature;
// move to, move, step and stop of each, and the colour loop. Whatever way the host chooses, the
// attributes of the others follow.
#include <algorithm>
#include <cmath>

#include "behaviours.hpp"
#include "color_scene.hpp"
#include "color_space.hpp"
#include "values.hpp"

namespace waggle::sim {

namespace {

constexpr std::uint16_t cluster_id = 0x0300, on_off_cluster = 0x0006;

enum : std::uint16_t {
    current_hue = 0x0000,
    current_saturation = 0x0001,
    remaining_time = 0x0002,
    current_x = 0x0003,
    current_y = 0x0004,
    color_temperature = 0x0007,
    color_mode = 0x0008,
    options = 0x000F,
    enhanced_hue = 0x4000,
    enhanced_mode = 0x4001,
    loop_active = 0x4002,
    loop_direction = 0x4003,
    loop_time = 0x4004,
    loop_start_hue = 0x4005,
    loop_stored_hue = 0x4006,
    coldest = 0x400B,
    warmest = 0x400C,
};

enum class Mode { hue_saturation = 0, xy = 1, temperature = 2, enhanced = 3 };

enum : std::uint8_t { stopped = 0, up = 1, down = 3 };  // of move and step commands

constexpr double turn = 65536;     // one round of the hue, in enhanced units
constexpr double endless = 1e6;    // s
constexpr int top = 254;           // of saturation
constexpr double max_xy = 0xFEFF;  // of 65536 parts
enum Part : std::uint8_t { color_part, loop_part };

double round_hue(double hue) {
    const double rest = std::fmod(hue, turn);
    return rest < 0 ? rest + turn : rest;
}

/// How far a hue has to go [ZCL8 5.2.2.3.1]; `direction`: shortest, longest, up, down.
double way(double from, double to, std::uint8_t direction) {
    const double ahead = round_hue(to - from);
    const double back = ahead - turn;
    switch (direction) {
        case 0: return ahead <= -back ? ahead : back;
        case 1: return ahead <= -back ? back : ahead;
        case 2: return ahead;
        default: return ahead == 0 ? 0 : back;
    }
}

/// One light's colour; hues count in enhanced units, whatever the device has.
struct Color {
    Values values;
    Values on_off;

    Color(Device& device, std::uint8_t endpoint)
        : values(device, endpoint, cluster_id), on_off(device, endpoint, on_off_cluster) {}

    double hue() const {
        return values.has(enhanced_hue) ? values.number(enhanced_hue)
                                        : values.number(current_hue) * 256;
    }
    void set_hue(double hue) const {
        const double rounded = round_hue(std::round(hue));
        values.set(enhanced_hue, rounded);
        values.set(current_hue, std::min(std::floor(rounded / 256), 254.0));
    }

    void set_mode(Mode mode) const {
        values.set(color_mode, static_cast<int>(mode == Mode::enhanced ? Mode{} : mode));
        values.set(enhanced_mode, static_cast<int>(mode));
    }

    void follow(Mode mode) const {
        if (mode == Mode::xy) {
            const auto [hue, saturation] = hue_saturation_of(
                Xy{values.number(current_x) / turn, values.number(current_y) / turn});
            set_hue(hue * turn);
            values.set(current_saturation, saturation * top);
            return;
        }
        const Xy xy =
            mode == Mode::temperature
                ? xy_of_mireds(values.number(color_temperature))
                : xy_of(HueSaturation{hue() / turn, values.number(current_saturation) / top});
        values.set(current_x, xy.x * turn);
        values.set(current_y, xy.y * turn);
    }

    using Apply = std::function<void(double fraction)>;

    void go(Mode mode, double seconds, const Apply& apply) const {
        end_loop();
        set_mode(mode);
        values.device().motions().go(
            values.motion(color_part), seconds,
            [color = *this, mode, seconds, apply](double fraction) {
                apply(fraction);
                color.follow(mode);
                color.values.set(remaining_time, std::min((1 - fraction) * seconds * 10, 65534.0),
                                 Change::silent);
            });
    }

    /// `far` in the direction of its sign.
    Apply hue_by(double far) const {
        return [color = *this, from = hue(), far](double fraction) {
            color.set_hue(from + far * fraction);
        };
    }
    Apply value_to(std::uint16_t id, double to) const {
        return [color = *this, id, from = values.number(id), to](double fraction) {
            color.values.set(id, from + (to - from) * fraction);
        };
    }
    static Apply both(Apply one, Apply other) {
        return [one = std::move(one), other = std::move(other)](double fraction) {
            one(fraction);
            other(fraction);
        };
    }

    void stop() const {
        values.device().motions().stop(values.motion(color_part));
        values.set(remaining_time, 0, Change::silent);
    }
    void end_loop() const {
        values.device().motions().stop(values.motion(loop_part));
        values.set(loop_active, 0);
    }
};

/// A command's fields, read one after the other, and what is done with them.
struct Request {
    Color color;
    Reader in;
    double scale;  // of hues: 256, or 1 with enhanced ones
    Mode hue_mode;
    Outcome outcome;

    bool is_ready() {
        if (in.failed()) {
            outcome = Outcome::failed(zcl::Status::malformed_command);
            return false;
        }
        const bool even_if_off = executes_if_off(color.values, options, in);
        return even_if_off || color.on_off.integer(0, 1) != 0;
    }
    double hue() { return (scale == 1 ? in.u16() : in.u8()) * scale; }
    double tenths() { return in.u16() / 10.0; }
    /// Steps of hue and saturation have only an octet, but for the enhanced ones.
    double step_tenths() { return (scale == 1 ? in.u16() : in.u8()) / 10.0; }
    bool in_range(double value, double most) {
        if (value >= 0 && value <= most)
            return true;
        outcome = Outcome::failed(zcl::Status::invalid_value);
        return false;
    }
    static double seconds_for(double way, double rate) { return std::abs(way) / rate; }
};

void move_to_hue(Request& request) {
    const double hue = request.hue();
    const std::uint8_t direction = request.in.u8();
    const double seconds = request.tenths();
    if (!request.is_ready() || !request.in_range(hue, request.scale == 1 ? turn : 254.0 * 256))
        return;
    const Color& color = request.color;
    color.go(request.hue_mode, seconds, color.hue_by(way(color.hue(), hue, direction)));
}

void move_hue(Request& request) {
    const std::uint8_t mode = request.in.u8();
    const double rate = request.hue();
    if (!request.is_ready())
        return;
    if (mode == stopped || rate == 0)
        return request.color.stop();
    request.color.go(request.hue_mode, endless,
                     request.color.hue_by((mode == up ? 1 : -1) * rate * endless));
}

void step_hue(Request& request) {
    const std::uint8_t mode = request.in.u8();
    const double size = request.hue();
    const double seconds = request.step_tenths();
    if (request.is_ready())
        request.color.go(request.hue_mode, seconds,
                         request.color.hue_by(mode == down ? -size : size));
}

void go_to_saturation(Request& request, double saturation, double seconds) {
    const Color& color = request.color;
    color.go(request.hue_mode, seconds,
             color.value_to(current_saturation, std::clamp(saturation, 0.0, double(top))));
}

void move_to_saturation(Request& request) {
    const double saturation = request.in.u8();
    const double seconds = request.tenths();
    if (request.is_ready() && request.in_range(saturation, top))
        go_to_saturation(request, saturation, seconds);
}

void move_saturation(Request& request) {
    const std::uint8_t mode = request.in.u8();
    const double rate = request.in.u8();
    if (!request.is_ready())
        return;
    if (mode == stopped || rate == 0)
        return request.color.stop();
    const double end = mode == up ? top : 0;
    const double far = end - request.color.values.number(current_saturation);
    go_to_saturation(request, end, Request::seconds_for(far, rate));
}

void step_saturation(Request& request) {
    const std::uint8_t mode = request.in.u8();
    const double size = request.in.u8();
    const double seconds = request.step_tenths();
    if (request.is_ready())
        go_to_saturation(
            request,
            request.color.values.number(current_saturation) + (mode == down ? -size : size),
            seconds);
}

void move_to_hue_and_saturation(Request& request) {
    const double hue = request.hue();
    const double saturation = request.in.u8();
    const double seconds = request.tenths();
    if (!request.is_ready() || !request.in_range(saturation, top))
        return;
    const Color& color = request.color;
    color.go(request.hue_mode, seconds,
             Color::both(color.hue_by(way(color.hue(), hue, 0)),
                         color.value_to(current_saturation, saturation)));
}

void go_to_xy(const Color& color, double x, double y, double seconds) {
    color.go(Mode::xy, seconds,
             Color::both(color.value_to(current_x, std::clamp(x, 0.0, max_xy)),
                         color.value_to(current_y, std::clamp(y, 0.0, max_xy))));
}

void move_to_color(Request& request) {
    const double x = request.in.u16();
    const double y = request.in.u16();
    const double seconds = request.tenths();
    if (request.is_ready() && request.in_range(x, max_xy) && request.in_range(y, max_xy))
        go_to_xy(request.color, x, y, seconds);
}

void move_color(Request& request) {
    const double rate_x = static_cast<std::int16_t>(request.in.u16());
    const double rate_y = static_cast<std::int16_t>(request.in.u16());
    if (!request.is_ready())
        return;
    if (rate_x == 0 && rate_y == 0)
        return request.color.stop();
    // It goes on until one of the two has nowhere to go.
    const auto time_left = [&](std::uint16_t id, double rate) {
        const double now = request.color.values.number(id);
        return rate == 0 ? endless : (rate > 0 ? max_xy - now : now) / std::abs(rate);
    };
    const double seconds = std::min(time_left(current_x, rate_x), time_left(current_y, rate_y));
    go_to_xy(request.color, request.color.values.number(current_x) + rate_x * seconds,
             request.color.values.number(current_y) + rate_y * seconds, seconds);
}

void step_color(Request& request) {
    const double x = static_cast<std::int16_t>(request.in.u16());
    const double y = static_cast<std::int16_t>(request.in.u16());
    const double seconds = request.tenths();
    if (request.is_ready())
        go_to_xy(request.color, request.color.values.number(current_x) + x,
                 request.color.values.number(current_y) + y, seconds);
}

/// What the lamp can do, and what the command allows; 0 is no limit.
struct Limits {
    double low = 0;
    double high = 0;

    Limits(const Values& values, double least, double most)
        : low(std::max(values.number(coldest), least)), high(values.number(warmest, 0xFEFF)) {
        if (most > 0)
            high = std::min(high, most);
        high = std::max(low, high);
    }
    double within(double mireds) const { return std::clamp(mireds, low, high); }
};

void go_to_temperature(const Color& color, double mireds, double seconds) {
    color.go(Mode::temperature, seconds, color.value_to(color_temperature, mireds));
}

void move_to_temperature(Request& request) {
    const double mireds = request.in.u16();
    const double seconds = request.tenths();
    if (request.is_ready())
        go_to_temperature(request.color, Limits(request.color.values, 0, 0).within(mireds),
                          seconds);
}

void move_temperature(Request& request) {
    const std::uint8_t mode = request.in.u8();
    const double rate = request.in.u16();
    const double least = request.in.u16();
    const double most = request.in.u16();
    if (!request.is_ready())
        return;
    if (mode == stopped || rate == 0)
        return request.color.stop();
    const Limits limits(request.color.values, least, most);
    const double end = mode == up ? limits.high : limits.low;
    const double far = end - request.color.values.number(color_temperature);
    go_to_temperature(request.color, end, Request::seconds_for(far, rate));
}

void step_temperature(Request& request) {
    const std::uint8_t mode = request.in.u8();
    const double size = request.in.u16();
    const double seconds = request.tenths();
    const double least = request.in.u16();
    const double most = request.in.u16();
    if (!request.is_ready())
        return;
    const double now = request.color.values.number(color_temperature);
    const Limits limits(request.color.values, least, most);
    go_to_temperature(request.color, limits.within(now + (mode == down ? -size : size)), seconds);
}

void run_loop(const Color& color, double start) {
    const double seconds = std::max(color.values.number(loop_time, 25), 1.0);
    const double direction = color.values.integer(loop_direction, 1) == 1 ? 1 : -1;
    color.stop();
    color.set_mode(Mode::enhanced);
    color.values.set(loop_active, 1);
    color.values.device().motions().start(
        color.values.motion(loop_part), [color, start, direction, seconds](double elapsed) {
            color.set_hue(start + direction * turn * elapsed / seconds);
            color.follow(Mode::enhanced);
            return true;
        });
}

/// [ZCL8 5.2.2.3.18]: the flags say which of the fields count.
void set_loop(Request& request) {
    enum : unsigned { action_counts = 1, direction_counts = 2, time_counts = 4, hue_counts = 8 };
    const unsigned flags = request.in.u8();
    const std::uint8_t action = request.in.u8();
    const double direction = request.in.u8();
    const double time = request.in.u16();
    const double hue = request.in.u16();
    if (!request.is_ready())
        return;
    const Color& color = request.color;
    if (flags & direction_counts)
        color.values.set(loop_direction, direction);
    if (flags & time_counts)
        color.values.set(loop_time, time);
    if (flags & hue_counts)
        color.values.set(loop_start_hue, hue);
    const bool active = color.values.integer(loop_active) == 1;
    if ((flags & action_counts) && action == 0) {
        if (active)
            color.set_hue(color.values.number(loop_stored_hue));
        color.end_loop();
    } else if (flags & action_counts) {
        if (!active)
            color.values.set(loop_stored_hue, color.hue());
        run_loop(color, action == 1 ? color.values.number(loop_start_hue) : color.hue());
    } else if (active) {
        run_loop(color, color.hue());
    }
}

void stop_all(Request& request) {
    if (request.is_ready())
        request.color.stop();
}

struct Row {
    std::uint8_t id;
    /// Devices without this attribute do not know the command.
    std::uint16_t needs;
    void (*run)(Request&);
};

constexpr Row rows[] = {
    {0x00, current_hue, move_to_hue},
    {0x01, current_hue, move_hue},
    {0x02, current_hue, step_hue},
    {0x03, current_saturation, move_to_saturation},
    {0x04, current_saturation, move_saturation},
    {0x05, current_saturation, step_saturation},
    {0x06, current_hue, move_to_hue_and_saturation},
    {0x07, current_x, move_to_color},
    {0x08, current_x, move_color},
    {0x09, current_x, step_color},
    {0x0A, color_temperature, move_to_temperature},
    {0x40, enhanced_hue, move_to_hue},
    {0x41, enhanced_hue, move_hue},
    {0x42, enhanced_hue, step_hue},
    {0x43, enhanced_hue, move_to_hue_and_saturation},
    {0x44, loop_active, set_loop},
    {0x47, color_mode, stop_all},
    {0x4B, color_temperature, move_temperature},
    {0x4C, color_temperature, step_temperature},
};

class ColorControl final : public Behaviour {
  public:
    std::uint16_t cluster() const override { return cluster_id; }
    std::vector<std::uint8_t> received() const override {
        std::vector<std::uint8_t> ids;
        for (const Row& row : rows)
            ids.push_back(row.id);
        return ids;
    }

    Outcome run(Device& device, const Command& command) const override {
        const auto row = std::ranges::find(rows, command.id, &Row::id);
        const Color color(device, command.endpoint);
        if (row == std::end(rows) || !color.values.has(row->needs))
            return Outcome::failed(zcl::Status::unsupported_command);
        const bool enhanced = command.id >= 0x40;
        Request request{color,
                        Reader(command.payload),
                        enhanced ? 1.0 : 256.0,
                        enhanced ? Mode::enhanced : Mode::hue_saturation,
                        {}};
        row->run(request);
        return request.outcome;
    }
};

}  // namespace

Bytes stored_color(Device& device, std::uint8_t endpoint) {
    const Values values(device, endpoint, cluster_id);
    if (!values.has(current_x) && !values.has(current_hue))
        return {};
    const auto mode = static_cast<Mode>(values.integer(enhanced_mode, values.integer(color_mode)));
    const bool has_hue = mode == Mode::hue_saturation || mode == Mode::enhanced;
    const Color color(device, endpoint);
    Writer out;
    out.u16(has_hue ? 0 : values.integer(current_x)).u16(has_hue ? 0 : values.integer(current_y));
    out.u16(has_hue ? static_cast<int>(color.hue()) : 0);
    out.u8(has_hue ? values.integer(current_saturation) : 0);
    out.u8(values.integer(loop_active)).u8(values.integer(loop_direction));
    out.u16(values.integer(loop_time));
    out.u16(mode == Mode::temperature ? values.integer(color_temperature) : 0);
    return out.take();
}

void recall_color(Device& device, std::uint8_t endpoint, View field) {
    constexpr std::size_t xy_size = 4, hue_size = 7, whole_size = 13, loop_size = 4;
    const Color color(device, endpoint);
    Reader in(field);
    if (field.size() < xy_size || !color.values.has(current_x))
        return;
    const double x = in.u16(), y = in.u16();
    const double hue = field.size() >= hue_size ? in.u16() : 0;
    const double saturation = field.size() >= hue_size ? in.u8() : 0;
    double mireds = 0;
    if (field.size() >= whole_size) {
        in.take(loop_size);
        mireds = in.u16();
    }
    if (mireds > 0 && color.values.has(color_temperature))
        return color.go(Mode::temperature, 0, color.value_to(color_temperature, mireds));
    if (x > 0 || y > 0)
        return color.go(Mode::xy, 0,
                        Color::both(color.value_to(current_x, x), color.value_to(current_y, y)));
    color.go(color.values.has(enhanced_hue) ? Mode::enhanced : Mode::hue_saturation, 0,
             Color::both(color.hue_by(hue - color.hue()),
                         color.value_to(current_saturation, saturation)));
}

const Behaviour& color_behaviour() {
    static const ColorControl behaviour;
    return behaviour;
}

}  // namespace waggle::sim
