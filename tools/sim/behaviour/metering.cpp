// seMetering [ZCL8 10.4] with haElectricalMeasurement [ZCL8 4.9] beside it: the power of a load that
// the endpoint's switch turns on, and its sum. Settings: `load_w`, `voltage_v`, `speed`.
#include <cmath>

#include "behaviours.hpp"
#include "load.hpp"

namespace waggle::sim {

namespace {

constexpr std::uint16_t cluster_id = 0x0702, electrical = 0x0B04;
constexpr std::uint16_t summation = 0x0000, multiplier = 0x0301, divisor = 0x0302,
                        instantaneous_demand = 0x0400;
constexpr std::uint16_t rms_voltage = 0x0505, rms_current = 0x0508, active_power = 0x050B;
constexpr std::uint16_t voltage_scale = 0x0600, current_scale = 0x0602, power_scale = 0x0604;

struct Meter {
    Values metering;
    Values measurement;

    Meter(Device& device, std::uint8_t endpoint)
        : metering(device, endpoint, cluster_id), measurement(device, endpoint, electrical) {}

    Device& device() const { return metering.device(); }
    std::uint8_t endpoint() const { return metering.endpoint(); }

    /// Parts of a kilowatt, or kilowatt hour, in one unit of the attributes.
    double per_kilo() const {
        return metering.number(divisor, 1000) / std::max(metering.number(multiplier, 1), 1.0);
    }
    /// A multiplier's id is followed by its divisor's.
    void set_scaled(std::uint16_t id, std::uint16_t scale, double value) const {
        const double times = std::max(measurement.number(scale, 1), 1.0);
        const double parts =
            std::max(measurement.number(static_cast<std::uint16_t>(scale + 1), 1), 1.0);
        measurement.set(id, value * parts / times);
    }

    void measure() const {
        const double watts = drawn_watts(device(), endpoint());
        const double volts = setting(device(), endpoint(), "voltage_v", 230);
        metering.set(instantaneous_demand, watts / 1000 * per_kilo());
        set_scaled(rms_voltage, voltage_scale, volts);
        set_scaled(rms_current, current_scale, watts / volts);
        set_scaled(active_power, power_scale, watts);
    }
};

class Metering final : public Behaviour {
  public:
    std::uint16_t cluster() const override { return cluster_id; }
    std::vector<std::uint8_t> received() const override { return {}; }

    void start(Device& device, std::uint8_t endpoint) const override {
        const Meter meter(device, endpoint);
        meter.measure();
        const auto switch_endpoint =
            static_cast<std::uint8_t>(setting(device, endpoint, "switch_endpoint", endpoint));
        Values(device, switch_endpoint, 0x0006).watch(0, [meter] { meter.measure(); });
        const auto count = [meter, unit = 0.0](double) mutable {
            if (!meter.device().is_powered())
                return true;
            meter.measure();
            // What is less than a unit waits for the next second.
            unit += used_in_a_second(meter.device(), meter.endpoint()) / 3.6e6 * meter.per_kilo();
            const double whole = std::floor(unit);
            unit -= whole;
            if (whole > 0)
                meter.metering.set(summation, meter.metering.number(summation) + whole);
            return true;
        };
        device.motions().start(meter.metering.motion(), count, Milliseconds(1000));
    }

    Outcome run(Device&, const Command&) const override {
        return Outcome::failed(zcl::Status::unsupported_command);
    }
};

}  // namespace

const Behaviour& metering_behaviour() {
    static const Metering behaviour;
    return behaviour;
}

}  // namespace waggle::sim
