// hvacFanCtrl [ZCL8 6.4]: there are no commands, only the mode, which the host writes. "On" is the
// highest speed, and a fan with a switch is on when it turns.
#include "behaviours.hpp"
#include "values.hpp"

namespace waggle::sim {

namespace {

constexpr std::uint16_t cluster_id = 0x0202, fan_mode = 0x0000, on_off_cluster = 0x0006;
enum : int { off = 0, high = 3, on = 4 };

class Fan final : public Behaviour {
  public:
    std::uint16_t cluster() const override { return cluster_id; }
    std::vector<std::uint8_t> received() const override { return {}; }

    void start(Device& device, std::uint8_t endpoint) const override {
        const Values fan(device, endpoint, cluster_id);
        const Values on_off(device, endpoint, on_off_cluster);
        fan.watch(fan_mode, [fan, on_off] {
            const int mode = fan.integer(fan_mode);
            if (mode == on)
                fan.set(fan_mode, high);
            const int turns = mode == off ? 0 : 1;
            if (on_off.integer(0) != turns)
                on_off.set(0, turns);
        });
        on_off.watch(0, [fan, on_off] {
            const bool turns = fan.integer(fan_mode) != off;
            const bool is_on = on_off.integer(0) == 1;
            if (turns != is_on)
                fan.set(fan_mode, is_on ? high : off);
        });
    }

    Outcome run(Device&, const Command&) const override {
        return Outcome::failed(zcl::Status::unsupported_command);
    }
};

}  // namespace

const Behaviour& fan_behaviour() {
    static const Fan behaviour;
    return behaviour;
}

}  // namespace waggle::sim
