// genLevelCtrl [ZCL8 3.10]: move to level, move, step, stop, each also "with on/off". Transitions
// take no time: the end value is reached at once.
#include <algorithm>

#include "behaviours.hpp"

namespace waggle::sim {

namespace {

constexpr std::uint16_t cluster_id = 0x0008;
constexpr std::uint8_t with_on_off = 0x04;

constexpr AttributeKey level_key(std::uint8_t endpoint) {
    return AttributeKey{endpoint, cluster_id, 0, 0x0000};
}
constexpr AttributeKey on_key(std::uint8_t endpoint) {
    return AttributeKey{endpoint, 0x0006, 0, 0x0000};
}

std::uint8_t level_of(const Device& device, std::uint8_t endpoint) {
    const Attribute* level = device.find(level_key(endpoint));
    return level && !level->value.empty() ? level->value[0] : std::uint8_t{0};
}

void set_level(Device& device, const Command& command, int wanted) {
    const bool switches = command.id >= with_on_off;
    const Attribute* on = device.find(on_key(command.endpoint));
    if (!switches && on && on->value == Bytes{0})
        return;  // without "with on/off" a light that is off stays as it is
    const Bytes level{static_cast<std::uint8_t>(std::clamp(wanted, switches ? 0 : 1, 254))};
    if (switches) {
        const Bytes state{static_cast<std::uint8_t>(level[0] > 0 ? 1 : 0)};
        device.set(on_key(command.endpoint), state, Change::reported);
    }
    if (level[0] > 0)
        device.set(level_key(command.endpoint), level, Change::reported);
}

class Level final : public Behaviour {
  public:
    std::uint16_t cluster() const override { return cluster_id; }
    std::vector<std::uint8_t> received() const override { return {0, 1, 2, 3, 4, 5, 6, 7}; }
    Outcome run(Device& device, const Command& command) const override {
        Reader in(command.payload);
        const int now = level_of(device, command.endpoint);
        if (command.id > 0x07)
            return Outcome::failed(zcl::Status::unsupported_command);
        switch (command.id & 0x03) {
            case 0x00: {
                const std::uint8_t level = in.u8();
                in.u16();
                if (in.failed())
                    return Outcome::failed(zcl::Status::malformed_command);
                set_level(device, command, level);
                return {};
            }
            case 0x01: {
                const bool down = in.u8() == 1;
                in.u8();
                if (in.failed())
                    return Outcome::failed(zcl::Status::malformed_command);
                set_level(device, command, down ? 1 : 254);
                return {};
            }
            case 0x02: {
                const bool down = in.u8() == 1;
                const int size = in.u8();
                in.u16();
                if (in.failed())
                    return Outcome::failed(zcl::Status::malformed_command);
                set_level(device, command, down ? now - size : now + size);
                return {};
            }
            default: return {};
        }
    }
};

}  // namespace

const Behaviour& level_behaviour() {
    static const Level behaviour;
    return behaviour;
}

}  // namespace waggle::sim
