// The motor of ZNCLDJ11LM: closuresWindowCovering counts the other way round (100 is open), a
// position is written to the analog output, and genBasic tells what the motor does. It speaks when
// it starts and when it stands. Setting: `lift_seconds` for the whole way.
#include <cmath>

#include "behaviours.hpp"
#include "values.hpp"

namespace waggle::sim {

namespace {

constexpr std::uint16_t cluster_id = 0x0102, lift_percentage = 0x0008;
constexpr std::uint16_t analog_output = 0x000D, present_value = 0x0055;
constexpr std::uint16_t lumi = 0x115F, motor_state = 0x0404;
enum : std::uint8_t { stopped, opening, closing };

struct Curtain {
    Values covering;
    Values output;

    Curtain(Device& device, std::uint8_t endpoint)
        : covering(device, endpoint, cluster_id), output(device, endpoint, analog_output) {}

    double position() const { return covering.number(lift_percentage); }
    void set_position(double position) const {
        covering.set(lift_percentage, position, Change::silent);
        output.set(present_value, std::round(position), Change::silent);
    }

    void tell(std::uint8_t motor) const {
        const AttributeKey key{covering.endpoint(), 0x0000, lumi, motor_state};
        covering.device().set(key, Bytes{motor}, Change::silent);
        covering.device().send_report(key, true);
        if (motor == stopped)
            covering.device().send_report(output.key(present_value), true);
    }

    void go(double target) const {
        const double from = position();
        const double whole = setting(covering.device(), covering.endpoint(), "lift_seconds", 10);
        const double seconds = whole * std::abs(target - from) / 100;
        set_position(from);  // a written output is a wish, not yet where it is
        if (seconds <= 0)
            return;
        const auto told = std::make_shared<bool>(false);
        const auto apply = [curtain = *this, from, target, told](double fraction) {
            if (!std::exchange(*told, true))
                curtain.tell(target > from ? opening : closing);
            curtain.set_position(from + (target - from) * fraction);
        };
        covering.device().motions().go(covering.motion(), seconds, apply,
                                       [curtain = *this] { curtain.tell(stopped); });
    }

    void stop() const {
        Motions& motions = covering.device().motions();
        if (!motions.runs(covering.motion()))
            return;
        motions.stop(covering.motion());
        covering.device().air().time().after(Milliseconds(100),
                                             [curtain = *this] { curtain.tell(stopped); });
    }
};

class LumiCurtain final : public Behaviour {
  public:
    std::uint16_t cluster() const override { return cluster_id; }
    std::vector<std::uint8_t> received() const override { return {0, 1, 2, 5}; }

    void start(Device& device, std::uint8_t endpoint) const override {
        const Curtain curtain(device, endpoint);
        curtain.output.watch(present_value, [curtain] {
            curtain.go(std::clamp(curtain.output.number(present_value), 0.0, 100.0));
        });
    }

    Outcome run(Device& device, const Command& command) const override {
        const Curtain curtain(device, command.endpoint);
        Reader in(command.payload);
        switch (command.id) {
            case 0x00: curtain.go(100); return {};
            case 0x01: curtain.go(0); return {};
            case 0x02: curtain.stop(); return {};
            case 0x05: {
                const std::uint8_t percentage = in.u8();
                if (in.failed())
                    return Outcome::failed(zcl::Status::malformed_command);
                if (percentage > 100)
                    return Outcome::failed(zcl::Status::invalid_value);
                curtain.go(percentage);
                return {};
            }
            default: return Outcome::failed(zcl::Status::unsupported_command);
        }
    }
};

}  // namespace

const Behaviour& lumi_curtain_behaviour() {
    static const LumiCurtain behaviour;
    return behaviour;
}

}  // namespace waggle::sim
