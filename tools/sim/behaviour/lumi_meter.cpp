// The meter of Lumi's plugs and switches: watts as an analog input, told whenever they change.
// Settings: `load_w`, `switch_endpoint`, `speed`; with `energy_endpoint` the kilowatt hours stand in
// the analog input of that endpoint.
#include "behaviours.hpp"
#include "load.hpp"

namespace waggle::sim {

namespace {

constexpr std::uint16_t cluster_id = 0x000C, present_value = 0x0055;

class LumiMeter final : public Behaviour {
  public:
    std::uint16_t cluster() const override { return cluster_id; }
    std::vector<std::uint8_t> received() const override { return {}; }

    void start(Device& device, std::uint8_t endpoint) const override {
        const Values power(device, endpoint, cluster_id);
        const Values energy(
            device,
            static_cast<std::uint8_t>(setting(device, endpoint, "energy_endpoint", endpoint)),
            cluster_id);
        const auto count = [power, energy](double) {
            Device& meter = power.device();
            if (!meter.is_powered())
                return true;
            power.set(present_value, drawn_watts(meter, power.endpoint()));
            if (energy.endpoint() != power.endpoint())
                energy.set(present_value,
                           energy.number(present_value) +
                               used_in_a_second(meter, power.endpoint()) / 3.6e6,
                           Change::silent);
            return true;
        };
        device.motions().start(power.motion(), count, Milliseconds(1000));
    }

    Outcome run(Device&, const Command&) const override {
        return Outcome::failed(zcl::Status::unsupported_command);
    }
};

}  // namespace

const Behaviour& lumi_meter_behaviour() {
    static const LumiMeter behaviour;
    return behaviour;
}

}  // namespace waggle::sim
