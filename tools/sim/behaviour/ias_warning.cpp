// ssIasWd [ZCL8 8.4]: the last warning and the last squawk stay in the device's memory, where `show`
// tells them; "sounding" is there as long as the warning lasts.
#include <algorithm>

#include "behaviours.hpp"
#include "values.hpp"

namespace waggle::sim {

namespace {

constexpr std::uint16_t cluster_id = 0x0502, max_duration = 0x0000;

void end_warning(const Values& siren) {
    siren.device().motions().stop(siren.motion());
    siren.device().memory().erase("sounding");
}

Outcome warn(const Values& siren, const Command& command) {
    Reader in(command.payload);
    const unsigned mode = in.u8() >> 4;
    const int seconds = std::min<int>(in.u16(), siren.integer(max_duration, 0xFFFE));
    if (in.failed())
        return Outcome::failed(zcl::Status::malformed_command);
    Device& device = siren.device();
    device.memory()["warning"].assign(command.payload.begin(), command.payload.end());
    end_warning(siren);
    if (mode != 0 && seconds > 0) {
        device.memory()["sounding"] = Bytes{1};
        device.motions().start(
            siren.motion(),
            [siren](double) {
                siren.device().memory().erase("sounding");
                siren.device().air().state_changed();
                return false;
            },
            Milliseconds(1000) * seconds);
    }
    device.air().state_changed();
    return {};
}

Outcome squawk(const Values& siren, const Command& command) {
    if (command.payload.empty())
        return Outcome::failed(zcl::Status::malformed_command);
    siren.device().memory()["squawk"].assign(command.payload.begin(), command.payload.end());
    siren.device().air().state_changed();
    return {};
}

class IasWarning final : public Behaviour {
  public:
    std::uint16_t cluster() const override { return cluster_id; }
    std::vector<std::uint8_t> received() const override { return {0x00, 0x01}; }

    Outcome run(Device& device, const Command& command) const override {
        const Values siren(device, command.endpoint, cluster_id);
        switch (command.id) {
            case 0x00: return warn(siren, command);
            case 0x01: return squawk(siren, command);
            default: return Outcome::failed(zcl::Status::unsupported_command);
        }
    }
};

}  // namespace

const Behaviour& ias_warning_behaviour() {
    static const IasWarning behaviour;
    return behaviour;
}

}  // namespace waggle::sim
