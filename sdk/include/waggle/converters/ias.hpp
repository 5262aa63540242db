#pragma once

#include <waggle/converters/battery.hpp>
#include <waggle/converters/numbers.hpp>
#include <waggle/converters/occupancy.hpp>

/// Intruder alarm systems [ZCL8 8]: zones (contacts, leaks, smoke, motion) and warning devices. That
/// zones enrol is the host's business, at the interview.
#pragma GCC visibility push(hidden)
namespace waggle {

/// What stands in a zone's status beside the alarms.
enum class ZoneBit : std::uint16_t {
    alarm_1 = 1u << 0,
    alarm_2 = 1u << 1,
    tamper = 1u << 2,
    battery_low = 1u << 3,
    supervision_reports = 1u << 4,
    restore_reports = 1u << 5,
    trouble = 1u << 6,
    ac_status = 1u << 7,
    test = 1u << 8,
    battery_defect = 1u << 9,
};

/// A bit that only this vendor uses.
struct VendorZoneBit {
    std::string property;
    unsigned bit = 0;
    std::string description = {};
    Category category = Category::none;
};

struct IasZone {
    /// "contact", "water_leak", "smoke", "gas", "carbon_monoxide", "vibration", "occupancy", "sos",
    /// "rain", "water", "pressure", "alarm"; "generic": the bits as they are.
    std::string zone = "generic";
    std::vector<ZoneBit> bits = {ZoneBit::alarm_1, ZoneBit::tamper, ZoneBit::battery_low};
    bool inverted = false;               ///< the alarm means the opposite of the usual
    bool cleared_after_timeout = false;  ///< it never says that it is over: option <zone>_timeout
    std::uint32_t keep_alive = 0;        ///< seconds; it repeats itself while the alarm lasts
    std::optional<ReportingInterval> reporting = {};  ///< of the status attribute
    std::vector<VendorZoneBit> vendor_bits = {};
    std::string description = {};  ///< of a generic zone's bits
};

namespace detail {

struct ZoneText {
    std::string_view name, description;
};
inline constexpr ZoneText zone_texts[] = {
    {"occupancy", "Indicates whether the device detected occupancy"},
    {"contact", "Indicates whether the device is opened or closed"},
    {"smoke", "Indicates whether the device detected smoke"},
    {"water_leak", "Indicates whether the device detected a water leak"},
    {"water", "Indicates whether the device detects water"},
    {"carbon_monoxide", "Indicates whether the device detected carbon monoxide"},
    {"sos", "Indicates whether the SOS alarm is triggered"},
    {"vibration", "Indicates whether the device detected vibration"},
    {"alarm", "Indicates whether the alarm is triggered"},
    {"gas", "Indicates whether the device detected gas"},
    {"rain", "Indicates whether the device detected rainfall"},
    {"pressure", "Indicates whether the device detected pressure"},
    {"alarm_1", "Indicates whether IAS Zone alarm 1 is active"},
    {"alarm_2", "Indicates whether IAS Zone alarm 2 is active"},
    {"tamper", "Indicates whether the device is tampered"},
    {"battery_low", "Indicates whether the battery of the device is almost empty"},
    {"supervision_reports", "Indicates whether the device reports that the zone works"},
    {"restore_reports", "Indicates whether the device reports the end of an alarm"},
    {"ac_status", "Indicates whether the device mains voltage supply is at fault"},
    {"test", "Indicates whether the device is currently performing a test"},
    {"trouble", "Indicates whether the device is currently having trouble"},
    {"battery_defect", "Indicates whether the device battery is defective"},
};

inline std::string zone_text(std::string_view name) {
    for (const auto& text : zone_texts)
        if (text.name == name)
            return std::string(text.description);
    return {};
}

struct ZoneName {
    ZoneBit bit;
    std::string_view name;
};
inline constexpr ZoneName zone_names[] = {
    {ZoneBit::alarm_1, "alarm_1"},
    {ZoneBit::alarm_2, "alarm_2"},
    {ZoneBit::tamper, "tamper"},
    {ZoneBit::battery_low, "battery_low"},
    {ZoneBit::supervision_reports, "supervision_reports"},
    {ZoneBit::restore_reports, "restore_reports"},
    {ZoneBit::trouble, "trouble"},
    {ZoneBit::ac_status, "ac_status"},
    {ZoneBit::test, "test"},
    {ZoneBit::battery_defect, "battery_defect"},
};

inline bool is_alarm(ZoneBit bit) noexcept {
    return bit == ZoneBit::alarm_1 || bit == ZoneBit::alarm_2;
}
inline std::string_view zone_name(ZoneBit bit) noexcept {
    for (const auto& known : zone_names)
        if (known.bit == bit)
            return known.name;
    return {};
}

inline Expose zone_expose(std::string name, const std::string& text, bool inverted = false) {
    const bool is_state = name != "alarm_1" && name != "alarm_2";
    Expose expose{.type = ExposeType::binary,
                  .name = std::move(name),
                  .access = Access::state,
                  .description = text,
                  .value_on = !inverted,
                  .value_off = inverted};
    if (expose.name == "sos")
        expose.label = "SOS";
    for (const auto& known : zone_names)
        if (is_state && known.name == expose.name)
            expose.category = Category::diagnostic;
    return expose;
}

/// An IasZone with the names worked out.
struct Zone {
    IasZone what;
    std::string alarm_1 = "alarm_1", alarm_2 = "alarm_2";
    std::string timeout_option;

    explicit Zone(IasZone of) : what(std::move(of)), timeout_option(what.zone + "_timeout") {
        if (what.zone == "generic")
            return;
        const bool both = has(ZoneBit::alarm_1) && has(ZoneBit::alarm_2);
        alarm_1 = both ? what.zone + "_alarm_1" : what.zone;
        alarm_2 = both ? what.zone + "_alarm_2" : what.zone;
    }
    bool has(ZoneBit bit) const noexcept {
        return std::find(what.bits.begin(), what.bits.end(), bit) != what.bits.end();
    }
    /// A contact is true while it is closed, which is when there is no alarm.
    bool is_inverted() const noexcept { return (what.zone == "contact") != what.inverted; }

    std::vector<Expose> exposes() const {
        std::vector<Expose> list;
        const bool generic = what.zone == "generic";
        const auto text = zone_text(what.zone);
        if (!generic && alarm_1 != alarm_2) {
            list.push_back(zone_expose(alarm_1, text + " (alarm_1)"));
            list.push_back(zone_expose(alarm_2, text + " (alarm_2)"));
        } else if (!generic) {
            list.push_back(zone_expose(what.zone, text, what.zone == "contact"));
        }
        for (const auto bit : what.bits) {
            if (!generic && is_alarm(bit))
                continue;
            const std::string name(zone_name(bit));
            list.push_back(zone_expose(
                name, generic && !what.description.empty() ? what.description : zone_text(name)));
        }
        for (const auto& bit : what.vendor_bits)
            list.push_back({.type = ExposeType::binary,
                            .name = bit.property,
                            .access = Access::state,
                            .description = bit.description,
                            .category = bit.category,
                            .value_on = true,
                            .value_off = false});
        return list;
    }

    /// Publishes after so many milliseconds that the alarm is over.
    void clear_after(Device device, std::uint8_t endpoint, const char* timer,
                     std::uint32_t milliseconds) const {
        std::vector<Property> over{{alarm_1, false}};
        if (alarm_2 != alarm_1)
            over.push_back({alarm_2, false});
        restart_timer(device, timer + std::to_string(endpoint), milliseconds,
                      [device, over] { device.publish(over); });
    }

    void convert(const Message& msg, Publisher& out) const {
        const auto device = msg.device();
        if (what.cleared_after_timeout)
            clear_after(device, msg.endpoint(), "zone_timeout_",
                        milliseconds(device.option(timeout_option).number().value_or(90)));
        const bool is_change = msg.kind() == WG_COMMAND_RESPONSE;
        const auto status =
            is_change ? msg.parameter("zonestatus").integer() : msg[0x0002].integer();
        if (!status)
            return;
        bool active = false;
        for (const auto bit : what.bits) {
            bool set = (*status & static_cast<std::int64_t>(bit)) != 0;
            if (!is_alarm(bit)) {
                out.set(zone_name(bit), set);
                continue;
            }
            set = set != is_inverted();
            active = active || set;
            // zigbee2mqtt: where both go by one name, the first wins
            if (bit == ZoneBit::alarm_1 || alarm_1 != alarm_2 || !has(ZoneBit::alarm_1))
                out.set(bit == ZoneBit::alarm_1 ? alarm_1 : alarm_2, set);
        }
        for (const auto& bit : what.vendor_bits)
            out.set(bit.property, (*status >> bit.bit & 1) != 0);
        if (is_change && what.keep_alive != 0)
            clear_after(device, msg.endpoint(), "zone_keep_alive_",
                        active ? what.keep_alive * 1000 : 0);
    }
};

}  // namespace detail

inline Extension ias_zone(IasZone what = {}) {
    const auto zone = std::make_shared<const detail::Zone>(std::move(what));
    const auto convert = [zone](const Message& msg, Publisher& out) { zone->convert(msg, out); };
    constexpr std::uint16_t status_change = 0x00;
    Extension part{
        .exposes = zone->exposes(),
        .from_device = {{.cluster = cluster::ias_zone, .convert = convert, .name = "ias_zone"},
                        {.cluster = cluster::ias_zone,
                         .kinds = Kind::command_response,
                         .convert = convert,
                         .name = "ias_zone",
                         .command = status_change}},
    };
    if (zone->what.cleared_after_timeout)
        part.options.push_back(
            {.expose = {.type = ExposeType::numeric,
                        .name = zone->timeout_option,
                        .access = Access::set,
                        .description = "Time in seconds after which " + zone->what.zone +
                                       " is cleared after detecting it (default 90 seconds).",
                        .min = 0}});
    if (zone->what.reporting)
        detail::set_up(part, cluster::ias_zone, {{0x0002, zone->what.reporting}}, true, {});
    return part;
}

struct IasWarning {
    bool reversed = false;  ///< mode in the low bits: some sirens read the byte the other way round
};

namespace detail {

inline constexpr Named warning_modes[] = {
    {"stop", 0},       {"burglar", 1},         {"fire", 2}, {"emergency", 3}, {"police_panic", 4},
    {"fire_panic", 5}, {"emergency_panic", 6},
};
inline constexpr Named warning_levels[] = {
    {"low", 0},
    {"medium", 1},
    {"high", 2},
    {"very_high", 3},
};

template <class List>
std::int64_t level_or(ValueView value, std::string_view otherwise, const List& names) {
    if (!value.is_null() && !value.text())
        throw Refused("Expected text, got: " + value.to_string());
    return looked_up(value.text().value_or(otherwise), names);
}

inline void set_warning(const Set& set, bool reversed) {
    enum : std::uint8_t { start_warning = 0x00 };
    const auto value = set.value();
    if (value.is_null())
        throw Refused("'warning' is null");
    const auto mode = level_or(value["mode"], "emergency", warning_modes);
    const auto level = level_or(value["level"], "medium", warning_levels);
    const auto strobe_level = level_or(value["strobe_level"], "medium", warning_levels);
    const std::int64_t strobe = value["strobe"].boolean().value_or(true) ? 1 : 0;
    const auto info =
        reversed ? mode + (strobe << 4) + (level << 6) : (mode << 4) + (strobe << 2) + level;
    const auto duration = value["duration"].number().value_or(10);
    const auto duty = value["strobe_duty_cycle"].number().value_or(0) * 10;
    set.send(command(set.endpoint(), cluster::ias_warning, start_warning,
                     {{"startwarninginfo", info},
                      {"warningduration", whole(duration)},
                      {"strobedutycycle", whole(duty)},
                      {"strobelevel", strobe_level}}));
}

template <std::size_t n>
std::vector<Value> names_of(const Named (&names)[n]) {
    std::vector<Value> list;
    for (const auto& name : names)
        list.emplace_back(name.name);
    return list;
}

}  // namespace detail

/// `warning`: starts or stops a siren.
inline Extension ias_warning(IasWarning what = {}) {
    const auto feature = [](ExposeType type, std::string name, std::string text) {
        return Expose{.type = type,
                      .name = std::move(name),
                      .access = Access::set,
                      .description = std::move(text)};
    };
    auto mode = feature(ExposeType::enumeration, "mode", "Mode of the warning (sound effect)");
    mode.values = detail::names_of(detail::warning_modes);
    auto level = feature(ExposeType::enumeration, "level", "Sound level");
    level.values = detail::names_of(detail::warning_levels);
    auto strobe_level = feature(ExposeType::enumeration, "strobe_level", "Intensity of the strobe");
    strobe_level.values = level.values;
    auto strobe =
        feature(ExposeType::binary, "strobe", "Turn on/off the strobe (light) during warning");
    strobe.value_on = true;
    strobe.value_off = false;
    auto duty = feature(ExposeType::numeric, "strobe_duty_cycle", "Length of the flash cycle");
    duty.min = 0;
    duty.max = 10;
    auto duration = feature(ExposeType::numeric, "duration", "Duration in seconds of the alarm");
    duration.unit = "s";
    Expose expose{.type = ExposeType::composite,
                  .name = "warning",
                  .access = Access::set,
                  .features = {mode, level, strobe_level, strobe, duty, duration}};
    return {.exposes = {std::move(expose)},
            .to_device = {{.keys = {"warning"}, .set = [what](const Set& set) {
                               detail::set_warning(set, what.reversed);
                           }}}};
}

/// `max_duration`: how long a siren sounds at most.
inline Extension ias_warning_max_duration() {
    auto part = numeric({.property = "max_duration",
                         .cluster = cluster::ias_warning,
                         .attribute = 0x0000,
                         .description = "Maximum time that the alarm will be active",
                         .unit = "s",
                         .min = 0,
                         .max = 65534,
                         .step = 1});
    part.readings.clear();
    return part;
}

}  // namespace waggle
#pragma GCC visibility pop
