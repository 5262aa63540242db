// closuresWindowCovering [ZCL8 7.4]: open, close, stop, go to a lift or tilt. 0 % is open. Settings:
// `lift_seconds` and `tilt_seconds` for the whole way.
#include <cmath>

#include "behaviours.hpp"
#include "values.hpp"

namespace waggle::sim {

namespace {

constexpr std::uint16_t cluster_id = 0x0102;
enum : std::uint8_t { lift, tilt };

/// Attributes and setting of one of the two ways it moves.
struct Axis {
    std::uint8_t part;
    std::uint16_t percentage;
    std::uint16_t position;
    std::uint16_t open_limit;
    std::uint16_t closed_limit;
    const char* setting;
    double seconds;
};
constexpr Axis axes[] = {{lift, 0x0008, 0x0003, 0x0010, 0x0011, "lift_seconds", 20},
                         {tilt, 0x0009, 0x0004, 0x0012, 0x0013, "tilt_seconds", 2}};

struct Covering {
    Values values;
    const Axis& axis;

    double open() const { return values.number(axis.open_limit, 0); }
    double span() const { return values.number(axis.closed_limit, 100) - open(); }

    void go(double target) const {
        if (!values.has(axis.percentage))
            return;
        const double from = values.number(axis.percentage);
        const double whole =
            setting(values.device(), values.endpoint(), axis.setting, axis.seconds);
        const auto apply = [covering = *this, from, target](double fraction) {
            const double now = from + (target - from) * fraction;
            covering.values.set(covering.axis.percentage, now);
            covering.values.set(covering.axis.position,
                                covering.open() + covering.span() * now / 100);
        };
        values.device().motions().go(values.motion(axis.part),
                                     whole * std::abs(target - from) / 100, apply);
    }
    void stop() const { values.device().motions().stop(values.motion(axis.part)); }
};

Outcome go_to(const Covering& covering, double percentage) {
    if (!covering.values.has(covering.axis.percentage))
        return Outcome::failed(zcl::Status::unsupported_command);
    if (!(percentage >= 0 && percentage <= 100))
        return Outcome::failed(zcl::Status::invalid_value);
    covering.go(percentage);
    return {};
}

class WindowCovering final : public Behaviour {
  public:
    std::uint16_t cluster() const override { return cluster_id; }
    std::vector<std::uint8_t> received() const override { return {0, 1, 2, 4, 5, 7, 8}; }

    Outcome run(Device& device, const Command& command) const override {
        const Values values(device, command.endpoint, cluster_id);
        const Covering both[] = {{values, axes[lift]}, {values, axes[tilt]}};
        Reader in(command.payload);
        switch (command.id) {
            case 0x00:
            case 0x01:
                for (const Covering& covering : both)
                    covering.go(command.id == 0x00 ? 0 : 100);
                return {};
            case 0x02:
                for (const Covering& covering : both)
                    covering.stop();
                return {};
            case 0x04:
            case 0x07: {
                const Covering& covering = both[command.id == 0x04 ? lift : tilt];
                const double position = in.u16();
                return in.failed()
                           ? Outcome::failed(zcl::Status::malformed_command)
                           : go_to(covering, (position - covering.open()) / covering.span() * 100);
            }
            case 0x05:
            case 0x08: {
                const double percentage = in.u8();
                return in.failed() ? Outcome::failed(zcl::Status::malformed_command)
                                   : go_to(both[command.id == 0x05 ? lift : tilt], percentage);
            }
            default: return Outcome::failed(zcl::Status::unsupported_command);
        }
    }
};

}  // namespace

const Behaviour& window_covering_behaviour() {
    static const WindowCovering behaviour;
    return behaviour;
}

}  // namespace waggle::sim
