#include "devices.hpp"
#include "lumi.hpp"

using namespace waggle;

/// Contacts, motion and leaks.
namespace {

Expose flag(std::string name, std::string text, bool inverted = false) {
    return {.type = ExposeType::binary,
            .name = std::move(name),
            .access = Access::state,
            .description = std::move(text),
            .value_on = !inverted,
            .value_off = inverted};
}

Expose contact_expose() {
    auto expose = flag("contact", "Whether the contact is closed (true) or open (false)", true);
    expose.homeassistant = {{"name", nullptr}};  // not "… Door Door" where the name says it already
    return expose;
}

/// genOnOff: 0 is closed.
FromDevice contact() {
    return {.cluster = cluster::on_off,
            .convert =
                [](const Message& msg, Publisher& out) {
                    if (const auto value = msg.get<std::int64_t>(attr::on_off))
                        out.set("contact", *value == 0);
                },
            .name = "contact"};
}

/// Sent with anything from 16 bits upwards by other routers of Lumi's: the low 16 count.
lumi::Tag count_of_events() {
    return {6, [](double raw, Publisher& out) {
                const auto count = static_cast<std::int64_t>(raw) & 0xFFFF;
                out.set("trigger_count", count - 1);
            }};
}

/// The sensor says that there is motion, not that it is over.
void occupied_for(double seconds, const Message& msg, Publisher& out) {
    const auto device = msg.device();
    detail::restart_timer(device, "occupancy", detail::milliseconds(seconds), [device] {
        const Property over{"occupancy", false};
        device.publish({&over, 1});
    });
    no_occupancy_since(msg, true);
    out.set("occupancy", true);
}

void occupied(const Message& msg, Publisher& out) {
    occupied_for(msg.device().option("occupancy_timeout").number().value_or(90), msg, out);
}

void on_occupancy(const Message& msg, Publisher& out) {
    if (msg.get<std::int64_t>(0x0000) == 1)
        occupied(msg, out);
}

/// In lux as it is; sent only where there was motion.
void on_illuminance(const Message& msg, Publisher& out) {
    occupied(msg, out);
    if (const auto lux = msg.get<double>(0x0000))
        out.set("illuminance", number(*lux));
}

constexpr std::uint16_t motion_and_light = 0x0112, detection_interval = 0x0102;

/// Lux above 65536 in one attribute with the motion, which it does not repeat sooner than
/// `detection_interval`.
void on_motion_and_light(const Message& msg, Publisher& out) {
    constexpr double dark = 130536;  // more is a mistake of the sensor's
    const auto raw = msg[motion_and_light].number();
    if (!raw)
        return;
    const auto device = msg.device();
    const double interval = device.state("detection_interval").number().value_or(60);
    const auto wanted = device.option("occupancy_timeout").number();
    occupied_for(wanted && *wanted >= interval ? *wanted : interval + 2, msg, out);
    out.set("illuminance", number(*raw > dark ? 0 : *raw - 65536));
}

void on_voltage(const Message& msg, Publisher& out) {
    const auto raw = msg[0x0020].number();
    if (!raw || *raw >= 255)
        return;
    out.set("voltage", number(*raw * 100));
    out.set("battery", number(battery_percentage(*raw * 100, lumi::coin_cell)));
}

Expose illuminance_expose() {
    return {.type = ExposeType::numeric,
            .name = "illuminance",
            .access = Access::state,
            .description = "Measured illuminance",
            .unit = "lx"};
}

std::vector<Option> occupancy_options() {
    return {{.expose = {.type = ExposeType::numeric,
                        .name = "occupancy_timeout",
                        .access = Access::set,
                        .description = "Time in seconds after which occupancy is cleared after "
                                       "detecting it (default 90 seconds).",
                        .min = 0}},
            detail::no_occupancy_since_option(true)};
}

Expose occupancy_expose() {
    return flag("occupancy", "Indicates whether the device detected occupancy");
}

}  // namespace

Definition mccgq01lm() {
    return {
        .zigbee_models = {"lumi.sensor_magnet"},
        .model = "MCCGQ01LM",
        .vendor = "Xiaomi",
        .description = "Mi door and window sensor",
        .white_labels = {{"Xiaomi", "YTC4039GL"},
                         {"Xiaomi", "YTC4005CN"},
                         {"Xiaomi", "YTC4015CN"},
                         {"Xiaomi", "ZHTZ02LM"}},
        .quirks = lumi::sleepy(),
        .extend = {lumi::telemetry()},
        .from_device = {contact()},
        .exposes = {lumi::battery(), contact_expose(), lumi::voltage(),
                    lumi::power_outage_count(false)},
    };
}

Definition mccgq11lm() {
    auto quirks = lumi::sleepy();
    quirks.power_source = "Battery";
    const lumi::Tag closed{100,
                           [](double value, Publisher& out) { out.set("contact", value == 0); }};
    return {
        .zigbee_models = {"lumi.sensor_magnet.aq2"},
        .model = "MCCGQ11LM",
        .vendor = "Aqara",
        .description = "Door and window sensor",
        .quirks = quirks,
        .extend = {lumi::telemetry({.tags = {count_of_events(), closed}}),
                   identify({.is_sleepy = true})},
        .from_device = {contact()},
        .exposes = {lumi::battery(), contact_expose(), lumi::device_temperature(), lumi::voltage(),
                    lumi::power_outage_count(false), lumi::trigger_count()},
    };
}

Definition rtcgq01lm() {
    return {
        .zigbee_models = {"lumi.sensor_motion"},
        .model = "RTCGQ01LM",
        .vendor = "Xiaomi",
        .description = "Mi motion sensor",
        .white_labels = {{"Xiaomi", "YTC4041GL"},
                         {"Xiaomi", "YTC4004CN"},
                         {"Xiaomi", "YTC4016CN"},
                         {"Xiaomi", "ZHTZ02LM"}},
        .quirks = lumi::sleepy(),
        .extend = {lumi::telemetry()},
        .from_device = {{.cluster = cluster::occupancy,
                         .convert = on_occupancy,
                         .name = "occupancy"}},
        .exposes = {lumi::battery(), occupancy_expose(), lumi::voltage(),
                    lumi::power_outage_count(false)},
        .options = occupancy_options(),
    };
}

Definition rtcgq11lm() {
    const lumi::Tag light{11,
                          [](double lux, Publisher& out) { out.set("illuminance", number(lux)); }};
    return {
        .zigbee_models = {"lumi.sensor_motion.aq2"},
        .model = "RTCGQ11LM",
        .vendor = "Aqara",
        .description = "Motion sensor",
        .quirks = lumi::sleepy(),
        .extend = {lumi::telemetry({.tags = {light}})},
        .from_device =
            {{.cluster = cluster::occupancy, .convert = on_occupancy, .name = "occupancy"},
             {.cluster = cluster::illuminance, .convert = on_illuminance, .name = "illuminance"}},
        .exposes = {lumi::battery(), occupancy_expose(), lumi::device_temperature(),
                    lumi::voltage(), illuminance_expose(), lumi::power_outage_count(false)},
        .options = occupancy_options(),
    };
}

Definition rtcgq12lm() {
    const lumi::Tag light{101, [](double lux, Publisher& out) {
                              out.set("illuminance", number(lux > 65000 ? 0 : lux));
                          }};
    Option timeout{.expose = {.type = ExposeType::numeric,
                              .name = "occupancy_timeout",
                              .access = Access::set,
                              .description =
                                  "Seconds until occupancy is cleared, not less than "
                                  "detection_interval (default: detection_interval and 2)",
                              .unit = "s",
                              .min = 0,
                              .step = 0.1}};
    return {
        .zigbee_models = {"lumi.motion.agl02"},
        .model = "RTCGQ12LM",
        .vendor = "Aqara",
        .description = "Motion sensor T1",
        .white_labels = {{"Yandex", "YNDX-00522"}},
        .quirks = lumi::sleepy(),
        .extend = {{.exposes = {occupancy_expose(), illuminance_expose()}},
                   numeric({.property = "detection_interval",
                            .cluster = lumi::own_cluster,
                            .attribute = detection_interval,
                            .description = "Time interval for detecting actions",
                            .unit = "s",
                            .min = 2,
                            .max = 65535,
                            .type = Type::uint8,
                            .manufacturer = lumi::manufacturer}),
                   {.exposes = {lumi::device_temperature(), lumi::battery(), lumi::voltage(),
                                lumi::power_outage_count(false)}},
                   lumi::telemetry({.tags = {light}}),
                   lumi::ota()},
        .from_device = {{.cluster = lumi::own_cluster,
                         .convert = on_motion_and_light,
                         .name = "motion"},
                        {.cluster = cluster::power, .convert = on_voltage, .name = "voltage"}},
        .expose_order = ExposeOrder::as_written,
        .options = {std::move(timeout), detail::no_occupancy_since_option(true)},
        .readings = {{cluster::power, 0x0020, 1}},
    };
}

/// Tag 100 of its telemetry says whether it is wet, but not reliably: only the alarm counts.
Definition sjcgq11lm() {
    return {
        .zigbee_models = {"lumi.sensor_wleak.aq1"},
        .model = "SJCGQ11LM",
        .vendor = "Aqara",
        .description = "Water leak sensor",
        .quirks = lumi::sleepy(),
        .extend = {lumi::telemetry({.tags = {count_of_events()}}),
                   ias_zone(
                       {.zone = "water_leak", .bits = {ZoneBit::alarm_1, ZoneBit::battery_low}})},
        .exposes = {lumi::battery(), lumi::voltage(), lumi::device_temperature(),
                    lumi::power_outage_count(false), lumi::trigger_count()},
    };
}
