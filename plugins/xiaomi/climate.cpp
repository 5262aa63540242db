#include "devices.hpp"
#include "lumi.hpp"

using namespace waggle;

/// Temperature, humidity and pressure: reported, and once more in the telemetry.
namespace {

constexpr std::uint16_t measured = 0x0000, scaled = 0x0010, scale = 0x0014;

void on_temperature(const Message& msg, Publisher& out) {
    if (const auto value = msg.get<double>(measured))
        lumi::temperature(*value, out);
}

void on_humidity(const Message& msg, Publisher& out) {
    if (const auto value = msg.get<double>(measured))
        lumi::humidity(*value, out);
}

/// In hPa; the scaled value is finer, where there is one [ZCL8 4.5.2.2].
void on_pressure(const Message& msg, Publisher& out) {
    if (const auto fine = msg.get<double>(scaled)) {
        const auto exponent =
            msg.device().attribute(msg.endpoint(), cluster::pressure, scale).number();
        if (exponent)
            out.set("pressure", number(*fine / std::pow(10.0, *exponent) / 100));
    } else if (const auto whole = msg.get<double>(measured)) {
        out.set("pressure", number(*whole));
    }
}

Expose numeric_expose(std::string name, std::string unit, std::string text) {
    return {.type = ExposeType::numeric,
            .name = std::move(name),
            .access = Access::state,
            .description = std::move(text),
            .unit = std::move(unit)};
}
Expose temperature_expose() {
    return numeric_expose("temperature", "°C", "Measured temperature value");
}
Expose humidity_expose() {
    return numeric_expose("humidity", "%", "Measured relative humidity");
}
Expose pressure_expose() {
    return numeric_expose("pressure", "hPa", "The measured atmospheric pressure");
}

Extension telemetry() {
    return lumi::telemetry({.tags = {{100, lumi::temperature},
                                     {101, lumi::humidity},
                                     {102, [](double pascals, Publisher& out) {
                                          out.set("pressure", number(pascals / 100));
                                      }}}});
}

FromDevice when(std::uint16_t cluster, void (*convert)(const Message&, Publisher&),
                const char* name) {
    return {.cluster = cluster, .convert = convert, .name = name};
}

}  // namespace

Definition wsdcgq01lm() {
    return {
        .zigbee_models = {"lumi.sens", "lumi.sensor_ht"},
        .model = "WSDCGQ01LM",
        .vendor = "Xiaomi",
        .description = "Mi temperature and humidity sensor",
        .white_labels = {{"Xiaomi", "YTC4042GL"}, {"Xiaomi", "YTC4007CN"}, {"Xiaomi", "YTC4018CN"}},
        .quirks = lumi::sleepy(),
        .extend = {telemetry()},
        .from_device = {when(cluster::temperature, on_temperature, "temperature"),
                        when(cluster::humidity, on_humidity, "humidity")},
        .exposes = {lumi::battery(), temperature_expose(), humidity_expose(), lumi::voltage()},
    };
}

Definition wsdcgq11lm() {
    auto quirks = lumi::sleepy();
    quirks.power_source = "Battery";
    return {
        .zigbee_models = {"lumi.weather"},
        .model = "WSDCGQ11LM",
        .vendor = "Aqara",
        .description = "Temperature and humidity sensor",
        .quirks = quirks,
        .extend = {telemetry()},
        .from_device = {when(cluster::temperature, on_temperature, "temperature"),
                        when(cluster::humidity, on_humidity, "humidity"),
                        when(cluster::pressure, on_pressure, "pressure")},
        .exposes = {lumi::battery(), temperature_expose(), humidity_expose(), pressure_expose(),
                    lumi::voltage()},
    };
}
