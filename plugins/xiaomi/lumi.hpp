#pragma once

#include <waggle/sdk.hpp>

/// What Lumi's devices (Xiaomi, Aqara) have in common.
namespace lumi {

inline constexpr std::uint16_t manufacturer = 0x115F;

namespace attr {
inline constexpr std::uint16_t operation_mode = 0xFF22;  ///< genBasic, uint8
inline constexpr std::uint16_t reset_warning = 0xFFF0;   ///< genBasic, octet string
inline constexpr std::uint16_t telemetry = 0xFF01;       ///< genBasic, a string of tagged values
inline constexpr std::uint16_t old_telemetry = 0xFF02;   ///< genBasic, a structure without tags
inline constexpr std::uint16_t new_telemetry = 0x00F7;   ///< own cluster, octets of tagged values
inline constexpr std::uint16_t relay_cause = 0xF000;  ///< genOnOff, uint32: what switched a relay
}  // namespace attr

inline constexpr std::uint16_t own_cluster = 0xFCC0;

/// The battery of most of its sensors and buttons.
inline constexpr waggle::BatteryCurve coin_cell{
    .kind = waggle::BatteryCurve::Kind::linear, .empty = 2850, .full = 3000};

/// What a device tells of itself about once an hour and when its button is pressed: tagged values in
/// 0xFF01 or 0x00F7, values in a fixed order in 0xFF02. Decoded here and nowhere else.
///
///     tag  1  battery, mV          3  its own temperature, °C     5  starts, power losses are one less
///          6  events counted      10  parent's address           11  illuminance
///        100  first measured value or state    101  second    102  third
class Telemetry {
  public:
    explicit Telemetry(const waggle::Message& msg);

    bool empty() const noexcept { return values_.empty(); }
    std::optional<double> operator[](std::uint8_t tag) const noexcept;

  private:
    void read_pairs(waggle::ValueView list);
    void read_octets(std::span<const std::uint8_t> octets);
    void read_structure(waggle::ValueView list);
    std::vector<std::pair<std::uint8_t, double>> values_;
};

/// What a model makes of a tag beyond battery, temperature and power losses.
struct Tag {
    std::uint8_t tag = 0;
    std::function<void(double, waggle::Publisher&)> publish;
};

struct Reports {
    std::vector<Tag> tags = {};
    bool on_battery = true;  ///< `battery` follows from the voltage
};

/// battery, voltage and what else stands in the telemetry of a device with a coin cell.
waggle::Extension telemetry(Reports what = {});

/// The exposes of `telemetry`, for definitions that put them in an order of their own.
waggle::Expose battery();
waggle::Expose voltage();
waggle::Expose device_temperature();
waggle::Expose power_outage_count(bool since_pairing);
waggle::Expose trigger_count();

/// Measured values, as reported and as telemetry. What cannot be is left out: the sensors now and then
/// send such values.
void temperature(double centidegrees, waggle::Publisher& out);
void humidity(double hundredths, waggle::Publisher& out);

/// A battery device of Lumi's: sleeps, and asks for messages about once an hour.
waggle::Quirks sleepy();

/// Firmware can be updated; some models do not list the cluster among their outputs.
waggle::Extension ota();

/// A rocker held for ten seconds would reset the device and take it off the network. It warns before
/// it does, and stays when the warning is answered.
waggle::Extension prevent_reset();

}  // namespace lumi
