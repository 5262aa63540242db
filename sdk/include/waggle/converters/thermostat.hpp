#pragma once

#include <ctime>

#include <waggle/converters/fan.hpp>
#include <waggle/converters/thermostat_schedule.hpp>

/// Thermostats [ZCL8 6.3] and their user interface [ZCL8 6.6].
#pragma GCC visibility push(hidden)
namespace waggle {

/// A set-point that can be set, in degrees.
struct Setpoint {
    std::string property;  ///< "occupied_heating_setpoint", or a limit: "min_heat_setpoint_limit"
    double min = 5, max = 30, step = 0.5;
};

struct Thermostat {
    std::vector<Setpoint> setpoints = {};
    std::vector<Setpoint> limits = {};
    struct Calibration {
        double min = -2.5, max = 2.5, step = 0.1;
    };
    std::optional<Calibration> local_temperature_calibration = {};
    std::vector<Value> system_modes = {}, running_states = {}, running_modes = {}, fan_modes = {};
    std::vector<Value> control_sequences = {}, programming_modes = {};
    bool pi_heating_demand = false;
    bool demand_in_percent = false;  ///< it counts demands to 100, not to 255
    bool setpoint_hold = false, setpoint_hold_duration = false, setpoint_change_source = false;
    bool schedule_heats = false, schedule_cools = false;  ///< either: has a weekly schedule
    std::optional<ReportingInterval> temperature_reporting = ReportingInterval{0, 3600, 10};
    std::optional<ReportingInterval> mode_reporting = ReportingInterval{0, 3600, 0};
    EndpointNames endpoints = {};
};

namespace detail {

namespace hvac {

inline constexpr Named system_modes[] = {
    {"off", 0},        {"auto", 1},     {"cool", 3}, {"heat", 4}, {"emergency_heating", 5},
    {"precooling", 6}, {"fan_only", 7}, {"dry", 8},  {"sleep", 9}};
inline constexpr Named running_modes[] = {{"off", 0}, {"cool", 3}, {"heat", 4}};
inline constexpr Named running_states[] = {
    {"idle", 0},  {"heat", 1},  {"cool", 2},     {"fan_only", 4}, {"heat", 5},
    {"cool", 6},  {"heat", 8},  {"heat", 9},     {"cool", 10},    {"cool", 12},
    {"cool", 14}, {"cool", 15}, {"cool", 22},    {"heat", 33},    {"cool", 34},
    {"heat", 65}, {"cool", 66}, {"idle", 32768}, {"heat", 32769}};
inline constexpr Named control_sequences[] = {{"cooling_only", 0},
                                              {"cooling_with_reheat", 1},
                                              {"heating_only", 2},
                                              {"heating_with_reheat", 3},
                                              {"cooling_and_heating_4-pipes", 4},
                                              {"cooling_and_heating_4-pipes_with_reheat", 5}};
inline constexpr Named programming_modes[] = {
    {"setpoint", 0}, {"schedule", 1}, {"schedule_with_preheat", 3}, {"eco", 4}};
inline constexpr Named change_sources[] = {{"manual", 0}, {"schedule", 1}, {"externally", 2}};
inline constexpr Named louver_positions[] = {{"fully_closed", 0}, {"fully_closed", 1},
                                             {"fully_open", 2},   {"quarter_open", 3},
                                             {"half_open", 4},    {"three_quarters_open", 5}};

struct Degrees {
    const char* property;
    std::uint16_t attribute;
    bool may_be_unreal = false;  ///< published also below the absolute zero
};
/// Hundredths of degrees.
inline constexpr Degrees degrees[] = {{"local_temperature", 0x0000},
                                      {"outdoor_temperature", 0x0001},
                                      {"occupied_heating_setpoint", 0x0012},
                                      {"unoccupied_heating_setpoint", 0x0014, true},
                                      {"occupied_cooling_setpoint", 0x0011, true},
                                      {"unoccupied_cooling_setpoint", 0x0013, true},
                                      {"setpoint_change_amount", 0x0031, true},
                                      {"min_heat_setpoint_limit", 0x0015},
                                      {"max_heat_setpoint_limit", 0x0016},
                                      {"abs_min_heat_setpoint_limit", 0x0003},
                                      {"abs_max_heat_setpoint_limit", 0x0004},
                                      {"abs_min_cool_setpoint_limit", 0x0005},
                                      {"abs_max_cool_setpoint_limit", 0x0006},
                                      {"min_cool_setpoint_limit", 0x0017},
                                      {"max_cool_setpoint_limit", 0x0018},
                                      {"min_setpoint_dead_band", 0x0019}};

inline std::uint16_t degrees_attribute(std::string_view property) {
    for (const auto& item : degrees)
        if (item.property == property)
            return item.attribute;
    throw std::logic_error("no such set-point: " + std::string(property));
}

}  // namespace hvac

/// Local time of a count of seconds since 2000.
inline std::string change_time(std::int64_t seconds) {
    std::tm start{};
    start.tm_year = 100;
    start.tm_mday = 1;
    start.tm_isdst = -1;
    const std::time_t moment = std::mktime(&start) + seconds;
    std::tm local{};
    localtime_r(&moment, &local);
    char text[40];
    const auto length = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S%z", &local);
    std::string result(text, length);
    if (result.size() > 2)
        result.insert(result.size() - 2, ":");
    return result;
}

inline void report_modes(const Message& msg, Publisher& out) {
    const auto publish = [&](const char* property, std::uint16_t id, const auto& names) {
        if (const auto raw = msg[id].integer())
            if (const auto name = name_of(*raw, names); !name.empty())
                out.set_of_endpoint(property, name);
    };
    publish("setpoint_change_source", 0x0030, hvac::change_sources);
    publish("control_sequence_of_operation", 0x001B, hvac::control_sequences);
    publish("programming_operation_mode", 0x0025, hvac::programming_modes);
    publish("system_mode", 0x001C, hvac::system_modes);
    publish("running_mode", 0x001E, hvac::running_modes);
    publish("running_state", 0x0029, hvac::running_states);
    publish("ac_louver_position", 0x0045, hvac::louver_positions);
}

inline void report_thermostat(const Message& msg, Publisher& out, bool demand_in_percent) {
    constexpr double absolute_zero = -273.15;
    for (const auto& item : hvac::degrees)
        if (const auto raw = msg[item.attribute].number())
            if (const double value = *raw / 100; item.may_be_unreal || value >= absolute_zero)
                out.set_of_endpoint(item.property, number(value));
    if (const auto raw = msg[0x0010].number())
        out.set_of_endpoint("local_temperature_calibration", number(*raw / 10));
    if (const auto raw = msg[0x0002].integer())
        out.set_of_endpoint("occupancy", *raw % 2 > 0);
    if (const auto raw = msg[0x0032].integer())
        out.set_of_endpoint("setpoint_change_source_timestamp", change_time(*raw));
    if (const auto bits = msg[0x001A].integer()) {
        const auto where = [&bits](int bit) {
            return Value(*bits & 1 << bit ? "remotely" : "internally");
        };
        out.set_of_endpoint("remote_sensing", Value(Object{{"local_temperature", where(0)},
                                                           {"outdoor_temperature", where(1)},
                                                           {"occupancy", where(2)}}));
    }
    report_modes(msg, out);
    const auto demand = [&](const char* property, std::uint16_t id) {
        if (const auto raw = msg[id].number())
            out.set_of_endpoint(property,
                                number(rounded(*raw * 100 / (demand_in_percent ? 100 : 255))));
    };
    demand("pi_heating_demand", 0x0008);
    demand("pi_cooling_demand", 0x0007);
    if (const auto raw = msg[0x0023].integer())
        out.set_of_endpoint("temperature_setpoint_hold", *raw == 1);
    if (const auto raw = msg[0x0024].number())
        out.set_of_endpoint("temperature_setpoint_hold_duration", number(*raw));
}

/// The half degree next to a wanted one, or for users of Fahrenheit the half degree of theirs,
/// as hundredths of a degree Celsius.
inline double setpoint_raw(const Set& set, double degrees) {
    const auto half = [](double value) { return rounded(round_to(value * 2, 1)) / 2; };
    if (set.device().option("thermostat_unit").text() != "fahrenheit")
        return half(degrees) * 100;
    return rounded(round_to((half(degrees * 1.8 + 32) - 32) / 1.8, 2) * 100);
}

inline void read_thermostat(const Set& set, std::uint16_t attribute) {
    set.send(read(set.endpoint(), cluster::thermostat, {attribute}));
}

/// What can only be read.
inline ToDevice readable(const char* key, std::uint16_t attribute) {
    return {{key}, {}, [attribute](const Set& set) { read_thermostat(set, attribute); }};
}
inline ToDevice setpoint_row(const std::string& property) {
    const auto attribute = hvac::degrees_attribute(property);
    return {{property},
            [attribute](const Set& set) {
                const double wanted = plain_number(set.value(), set.key());
                set.send(write(set.endpoint(), cluster::thermostat,
                               {{attribute, number(setpoint_raw(set, wanted))}}),
                         {{std::string(set.key()), number(wanted)}});
            },
            [attribute](const Set& set) { read_thermostat(set, attribute); }};
}

/// An attribute that has names for its values; other numbers are taken as they are.
template <class Names>
ToDevice named_row(std::uint16_t of_cluster, const char* key, std::uint16_t attribute,
                   const Names& names) {
    return {{key},
            [of_cluster, attribute, &names](const Set& set) {
                Value raw = set.value().copy();
                if (const auto text = set.value().text()) {
                    for (const auto& name : names)
                        if (raw.kind() == WG_STRING && name.name == *text)
                            raw = name.value;
                    if (raw.kind() == WG_STRING)
                        raw = looked_up(*text, names);
                }
                set.send(write(set.endpoint(), of_cluster, {{attribute, std::move(raw)}}),
                         {{std::string(set.key()), set.value().copy()}});
            },
            [of_cluster, attribute](const Set& set) {
                set.send(read(set.endpoint(), of_cluster, {attribute}));
            }};
}

/// A number or flag written as it is; what it says is published when the device reports it.
inline ToDevice plain_row(const char* key, std::uint16_t attribute) {
    return {{key},
            [attribute](const Set& set) {
                const auto flag = set.value().boolean();
                const Value raw = flag ? Value(*flag ? 1 : 0) : set.value().copy();
                set.send(write(set.endpoint(), cluster::thermostat, {{attribute, raw}}));
            },
            [attribute](const Set& set) { read_thermostat(set, attribute); }};
}

inline void set_calibration(const Set& set) {
    const double wanted = plain_number(set.value(), set.key());
    set.send(write(set.endpoint(), cluster::thermostat, {{0x0010, number(rounded(wanted * 10))}}),
             {{std::string(set.key()), number(wanted)}});
}

inline void raise_or_lower(const Set& set) {
    constexpr std::uint8_t setpoint_raise_lower = 0x00;
    need_object(set.value(), set.key());
    set.send(
        command(set.endpoint(), cluster::thermostat, setpoint_raise_lower,
                {{"mode", set.value()["mode"].copy()},
                 {"amount", number(rounded(number_from(set.value()["amount"], "amount")) * 100)}}));
}

inline Expose climate_numeric(const std::string& name, Access access, const char* description,
                              const Setpoint& range) {
    return {.type = ExposeType::numeric,
            .name = name,
            .access = access,
            .description = description,
            .unit = "°C",
            .min = range.min,
            .max = range.max,
            .step = range.step};
}
inline Expose climate_enum(const char* name, Access access, const char* description,
                           const std::vector<Value>& values) {
    return {.type = ExposeType::enumeration,
            .name = name,
            .access = access,
            .description = description,
            .values = values};
}

/// Builds the part step by step: an expose, its setter, its reporting.
class ThermostatBuilder {
  public:
    explicit ThermostatBuilder(const Thermostat& what) : what_(what) {
        climate_.type = ExposeType::climate;
        climate_.features.push_back({.type = ExposeType::numeric,
                                     .name = "local_temperature",
                                     .access = Access::state_get,
                                     .description = "Current temperature measured on the device",
                                     .unit = "°C"});
    }
    Extension build() {
        const bool in_percent = what_.demand_in_percent;
        part_.from_device = {{cluster::thermostat, Kind::state, any_endpoint,
                              [in_percent](const Message& msg, Publisher& out) {
                                  report_thermostat(msg, out, in_percent);
                              },
                              "thermostat"}};
        row(readable("local_temperature", 0x0000));
        watch(0x0000, what_.temperature_reporting);
        points();
        modes();
        rest();
        part_.exposes = of_endpoints(climate_, what_.endpoints);
        for (const auto& expose : others_)
            for (auto& one : of_endpoints(expose, what_.endpoints))
                part_.exposes.push_back(std::move(one));
        return std::move(part_);
    }

  private:
    void row(ToDevice setter) { part_.to_device.push_back(std::move(setter)); }
    void watch(std::uint16_t attribute, const std::optional<ReportingInterval>& interval) {
        set_up(part_, cluster::thermostat, {{attribute, interval}}, true, what_.endpoints);
    }
    void points() {
        if (const auto& range = what_.local_temperature_calibration) {
            climate_.features.push_back(
                climate_numeric("local_temperature_calibration", Access::all,
                                "Offset to add/subtract to the local temperature",
                                {"", range->min, range->max, range->step}));
            row({{"local_temperature_calibration"}, set_calibration, [](const Set& set) {
                     read_thermostat(set, 0x0010);
                 }});
            watch(0x0010, std::nullopt);
        }
        for (const auto& point : what_.setpoints) {
            climate_.features.push_back(
                climate_numeric(point.property, Access::all, "Temperature setpoint", point));
            row(setpoint_row(point.property));
            watch(hvac::degrees_attribute(point.property), what_.temperature_reporting);
        }
        if (!what_.setpoints.empty() || !what_.limits.empty())
            part_.options.push_back(
                {.expose = {
                     .type = ExposeType::enumeration,
                     .name = "thermostat_unit",
                     .access = Access::set,
                     .description =
                         "Controls the temperature unit of the thermostat (default celsius).",
                     .values = {"celsius", "fahrenheit"}}});
        for (const auto& limit : what_.limits) {
            std::string text = limit.property.starts_with("min") ? "Minimum " : "Maximum ";
            text += limit.property.find("heat") != std::string::npos ? "Heating" : "Cool";
            text += " set point limit";
            others_.push_back(climate_numeric(limit.property, Access::all, text.c_str(), limit));
            row(setpoint_row(limit.property));
            watch(hvac::degrees_attribute(limit.property), std::nullopt);
        }
    }
    void modes() {
        const auto add = [this](const char* name, std::uint16_t attribute,
                                const std::vector<Value>& values, Access access,
                                const char* description, ToDevice setter) {
            if (values.empty())
                return;
            climate_.features.push_back(climate_enum(name, access, description, values));
            row(std::move(setter));
            watch(attribute, what_.mode_reporting);
        };
        add("system_mode", 0x001C, what_.system_modes, Access::all, "Mode of this device",
            named_row(cluster::thermostat, "system_mode", 0x001C, hvac::system_modes));
        add("running_state", 0x0029, what_.running_states, Access::state_get,
            "The current running state", readable("running_state", 0x0029));
        add("running_mode", 0x001E, what_.running_modes, Access::state_get,
            "The current running mode", readable("running_mode", 0x001E));
        if (!what_.fan_modes.empty()) {
            climate_.features.push_back(
                climate_enum("fan_mode", Access::all, "Mode of the fan", what_.fan_modes));
            join(part_, fan_mode_rows());
            set_up(part_, cluster::fan, {{0x0000, what_.mode_reporting}}, true, what_.endpoints);
        }
        add("control_sequence_of_operation", 0x001B, what_.control_sequences, Access::state,
            "Operating environment of the thermostat",
            named_row(cluster::thermostat, "control_sequence_of_operation", 0x001B,
                      hvac::control_sequences));
    }
    void rest() {
        if (what_.pi_heating_demand) {
            climate_.features.push_back(
                {.type = ExposeType::numeric,
                 .name = "pi_heating_demand",
                 .access = Access::state,
                 .description = "Position of the valve (= demanded heat) where 0% is fully closed "
                                "and 100% is fully open",
                 .label = "PI heating demand",
                 .unit = "%",
                 .min = 0,
                 .max = 100});
            row(readable("pi_heating_demand", 0x0008));
            watch(0x0008, what_.mode_reporting);
        }
        if (what_.setpoint_hold) {
            others_.push_back({.type = ExposeType::binary,
                               .name = "temperature_setpoint_hold",
                               .access = Access::all,
                               .description = "Prevent changes. `false` = run normally. `true` = "
                                              "prevent from making changes.",
                               .value_on = true,
                               .value_off = false});
            row(plain_row("temperature_setpoint_hold", 0x0023));
            watch(0x0023, what_.mode_reporting);
        }
        if (what_.setpoint_hold_duration) {
            others_.push_back({.type = ExposeType::numeric,
                               .name = "temperature_setpoint_hold_duration",
                               .access = Access::all,
                               .description = "Period in minutes for which the setpoint hold will "
                                              "be active (65535 - forever)",
                               .min = 0,
                               .max = 65535});
            row(plain_row("temperature_setpoint_hold_duration", 0x0024));
            watch(0x0024, std::nullopt);
        }
        if (!what_.programming_modes.empty()) {
            others_.push_back(climate_enum(
                "programming_operation_mode", Access::all,
                "Controls how programming affects the thermostat. Possible values: setpoint "
                "(only "
                "use specified setpoint), schedule (follow programmed setpoint schedule), "
                "schedule_with_preheat (follow programmed setpoint schedule with pre-heating). "
                "Changing this value does not clear programmed schedules.",
                what_.programming_modes));
            row(named_row(cluster::thermostat, "programming_operation_mode", 0x0025,
                          hvac::programming_modes));
            watch(0x0025, std::nullopt);
        }
        if (what_.setpoint_change_source) {
            climate_.features.push_back(climate_enum("setpoint_change_source", Access::state,
                                                     "Source of the current setpoint change",
                                                     {"manual", "schedule", "externally"}));
            watch(0x0030, what_.mode_reporting);
        }
        if (what_.schedule_heats || what_.schedule_cools)
            schedule();
    }
    void schedule() {
        constexpr std::uint8_t clear = 0x03;
        climate_.features.push_back(schedule_expose(what_.schedule_heats, what_.schedule_cools));
        part_.from_device.push_back({.cluster = cluster::thermostat,
                                     .kinds = Kind::command_response,
                                     .convert = report_schedule,
                                     .name = "weekly_schedule",
                                     .command = 0x00});
        row({{"weekly_schedule"}, set_schedule, get_schedule});
        row({{"clear_weekly_schedule"}, [](const Set& set) {
                 set.send(command(set.endpoint(), cluster::thermostat, clear));
             }});
        for (const std::uint16_t attribute :
             {std::uint16_t{0x0021}, std::uint16_t{0x0022}, std::uint16_t{0x0020}})
            watch(attribute, std::nullopt);
    }

    const Thermostat& what_;
    Extension part_;
    Expose climate_;
    std::vector<Expose> others_;
};

}  // namespace detail

/// The climate expose and everything its keys do; see Thermostat.
inline Extension thermostat(const Thermostat& what = {}) {
    return detail::ThermostatBuilder(what).build();
}

/// Keys that any thermostat may have, without expose: `setpoint_raise_lower`, `remote_sensing`,
/// `outdoor_temperature`, `occupancy`, `ac_louver_position`.
inline Extension thermostat_extras() {
    return {.to_device = {{{"setpoint_raise_lower"}, detail::raise_or_lower},
                          detail::plain_row("remote_sensing", 0x001A),
                          detail::readable("outdoor_temperature", 0x0001),
                          detail::readable("occupancy", 0x0002),
                          detail::named_row(cluster::thermostat, "ac_louver_position", 0x0045,
                                            detail::hvac::louver_positions)}};
}

/// `temperature_display_mode` and `keypad_lockout`.
inline Extension thermostat_ui(std::vector<Value> lockouts = {"unlock", "lock1", "lock2", "lock3",
                                                              "lock4", "lock5"},
                               const EndpointNames& endpoints = {}) {
    static constexpr detail::Named display[] = {{"celsius", 0}, {"fahrenheit", 1}};
    static constexpr detail::Named lockout[] = {{"unlock", 0}, {"lock1", 1}, {"lock2", 2},
                                                {"lock3", 3},  {"lock4", 4}, {"lock5", 5}};
    constexpr std::uint16_t user_interface = 0x0204;
    const auto report = [](const Message& msg, Publisher& out) {
        const auto publish = [&](const char* property, std::uint16_t id, const auto& names) {
            const auto raw = msg[id].integer();
            if (!raw)
                return;
            const auto name = detail::name_of(*raw, names);
            out.set(property, name.empty() ? Value(*raw) : Value(name));
        };
        publish("keypad_lockout", 0x0001, lockout);
        publish("temperature_display_mode", 0x0000, display);
    };
    Extension result{
        .from_device = {{user_interface, Kind::state, any_endpoint, report, "thermostat_ui"}},
        .to_device = {
            detail::named_row(user_interface, "temperature_display_mode", 0x0000, display),
            detail::named_row(user_interface, "keypad_lockout", 0x0001, lockout)}};
    for (const auto& expose :
         {detail::climate_enum("temperature_display_mode", Access::all, "Temperature display mode",
                               {"celsius", "fahrenheit"}),
          detail::climate_enum("keypad_lockout", Access::all, "Keypad lockout mode", lockouts)})
        for (auto& one : of_endpoints(expose, endpoints))
            result.exposes.push_back(std::move(one));
    detail::set_up(result, user_interface, {{0x0001, ReportingInterval{10, 3600, 0}}}, true,
                   endpoints);
    return result;
}

}  // namespace waggle
#pragma GCC visibility pop
