// genLevelCtrl [ZCL8 3.10]: move to level, move, step, stop, each also "with on/off". The level
// goes there in the time the command gives, without one at once.
#include <algorithm>

#include "behaviours.hpp"
#include "values.hpp"

namespace waggle::sim {

namespace {

constexpr std::uint16_t cluster_id = 0x0008, on_off_cluster = 0x0006;
constexpr std::uint16_t current_level = 0x0000, remaining_time = 0x0001, min_level = 0x0002,
                        options = 0x000F, transition_time = 0x0010, default_move_rate = 0x0014;
constexpr std::uint8_t with_on_off = 0x04;
constexpr int top = 254;

/// One command at one light.
struct Light {
    Values level;
    Values on_off;
    bool switches = false;

    Light(Device& device, std::uint8_t endpoint, std::uint8_t command)
        : level(device, endpoint, cluster_id),
          on_off(device, endpoint, on_off_cluster),
          switches(command >= with_on_off) {}

    int now() const { return level.integer(current_level); }
    int lowest() const { return std::max(1, level.integer(min_level, 1)); }
    bool is_off() const { return on_off.integer(0, 1) == 0; }

    /// Tenths of a second; 0xFFFF leaves it to the device.
    double seconds(std::uint16_t tenths) const {
        return (tenths == 0xFFFF ? level.number(transition_time) : tenths) / 10;
    }

    /// Down to nothing is off, but only for the commands that say so.
    void go(int wanted, double time) const {
        const int end = std::clamp(wanted, switches ? 0 : lowest(), top);
        const bool goes_off = switches && end < lowest();
        if (switches && !goes_off)
            on_off.set(0, 1);
        const int from = now();
        const int to = goes_off && time <= 0 ? from : std::max(end, lowest());
        const auto apply = [light = *this, from, to, time](double fraction) {
            light.level.set(current_level, from + (to - from) * fraction);
            light.level.set(remaining_time, (1 - fraction) * time * 10, Change::silent);
        };
        const auto done = [light = *this, goes_off] {
            if (goes_off)
                light.on_off.set(0, 0);
        };
        level.device().motions().go(level.motion(), time, apply, done);
    }

    void stop() const {
        level.device().motions().stop(level.motion());
        level.set(remaining_time, 0, Change::silent);
    }
};

/// What a command asks for.
struct Wish {
    int level = 0;
    double seconds = 0;
};

Wish move_to(const Light& light, Reader& in) {
    const int level = in.u8();
    return {level, light.seconds(in.u16())};
}

Wish move(const Light& light, Reader& in) {
    const int end = in.u8() == 1 ? (light.switches ? 0 : light.lowest()) : top;
    int rate = in.u8();
    if (rate == 0xFF)
        rate = light.level.integer(default_move_rate, 0xFF);
    if (rate == 0)
        return {light.now(), 0};
    return {end, rate == 0xFF ? 0.0 : std::abs(end - light.now()) / static_cast<double>(rate)};
}

Wish step(const Light& light, Reader& in) {
    const bool down = in.u8() == 1;
    const int size = in.u8();
    return {std::max(0, light.now() + (down ? -size : size)), light.seconds(in.u16())};
}

class Level final : public Behaviour {
  public:
    std::uint16_t cluster() const override { return cluster_id; }
    std::vector<std::uint8_t> received() const override { return {0, 1, 2, 3, 4, 5, 6, 7}; }

    void start(Device& device, std::uint8_t endpoint) const override {
        const Light light(device, endpoint, 0);
        light.on_off.watch(0, [light] {
            if (light.is_off())
                light.stop();
        });
    }

    Outcome run(Device& device, const Command& command) const override {
        if (command.id > 0x07)
            return Outcome::failed(zcl::Status::unsupported_command);
        const Light light(device, command.endpoint, command.id);
        Reader in(command.payload);
        Wish wish;
        switch (command.id & 0x03) {
            case 0x00: wish = move_to(light, in); break;
            case 0x01: wish = move(light, in); break;
            case 0x02: wish = step(light, in); break;
            default: light.stop(); return {};
        }
        if (in.failed())
            return Outcome::failed(zcl::Status::malformed_command);
        const bool even_if_off = executes_if_off(light.level, options, in);
        if (light.switches || even_if_off || !light.is_off())
            light.go(wish.level, wish.seconds);
        return {};
    }
};

}  // namespace

const Behaviour& level_behaviour() {
    static const Level behaviour;
    return behaviour;
}

}  // namespace waggle::sim
