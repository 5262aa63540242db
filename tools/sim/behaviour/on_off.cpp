// genOnOff [ZCL8 3.8]: off, on, toggle, off with effect, on with timed off.
#include "behaviours.hpp"

namespace waggle::sim {

namespace {

constexpr std::uint16_t cluster_id = 0x0006;
constexpr std::uint16_t on_off = 0x0000, on_time = 0x4001, off_wait_time = 0x4002;

AttributeKey key(std::uint8_t endpoint, std::uint16_t id) {
    return AttributeKey{endpoint, cluster_id, 0, id};
}

bool is_on(const Device& device, std::uint8_t endpoint) {
    const Attribute* state = device.find(key(endpoint, on_off));
    return state && !state->value.empty() && state->value[0] == 1;
}

void set_state(Device& device, std::uint8_t endpoint, bool on) {
    const Bytes value{static_cast<std::uint8_t>(on ? 1 : 0)};
    device.set(key(endpoint, on_off), value, Change::reported);
}

/// Times are tenths of a second. The attributes exist only on devices that describe them; the
/// command works without.
Outcome on_with_timed_off(Device& device, const Command& command) {
    Reader in(command.payload);
    const std::uint8_t only_when_on = in.u8() & 1;
    const std::uint16_t on_for = in.u16();
    const std::uint16_t wait_for = in.u16();
    if (in.failed())
        return Outcome::failed(zcl::Status::malformed_command);
    if (only_when_on && !is_on(device, command.endpoint))
        return {};
    device.set(key(command.endpoint, on_time), Writer().u16(on_for).view(), Change::silent);
    device.set(key(command.endpoint, off_wait_time), Writer().u16(wait_for).view(), Change::silent);
    set_state(device, command.endpoint, true);
    if (on_for == 0 || on_for == 0xFFFF)
        return {};
    device.air().time().after(Milliseconds(100) * on_for, [&device, endpoint = command.endpoint] {
        set_state(device, endpoint, false);
    });
    return {};
}

class OnOff final : public Behaviour {
  public:
    std::uint16_t cluster() const override { return cluster_id; }
    std::vector<std::uint8_t> received() const override { return {0x00, 0x01, 0x02, 0x40, 0x42}; }
    Outcome run(Device& device, const Command& command) const override {
        switch (command.id) {
            case 0x00:
            case 0x40: set_state(device, command.endpoint, false); return {};
            case 0x01: set_state(device, command.endpoint, true); return {};
            case 0x02:
                set_state(device, command.endpoint, !is_on(device, command.endpoint));
                return {};
            case 0x42: return on_with_timed_off(device, command);
            default: return Outcome::failed(zcl::Status::unsupported_command);
        }
    }
};

}  // namespace

const Behaviour& on_off_behaviour() {
    static const OnOff behaviour;
    return behaviour;
}

}  // namespace waggle::sim
