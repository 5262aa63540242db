#include "standard.hpp"

using namespace waggle;

/// Thermostats and fans.
namespace standard {
namespace {

enum class Does : std::uint8_t { heat, cool, both };

/// From ControlSequenceOfOperation [ZCL8 6.3.2.2.2.7].
Does purpose(const Maker& maker, const EndpointInfo& endpoint) {
    const auto sequence =
        maker.attribute(endpoint, deciding::control_sequence).integer().value_or(2);
    if (sequence == 0 || sequence == 1)
        return Does::cool;
    return sequence == 4 || sequence == 5 ? Does::both : Does::heat;
}

Thermostat thermostat_of(const Maker& maker, const EndpointInfo& endpoint) {
    constexpr double least = 7, most = 30;
    const Setpoint heating{"occupied_heating_setpoint", least, most, 0.5},
        cooling{"occupied_cooling_setpoint", least, most, 0.5};
    Thermostat result;
    switch (purpose(maker, endpoint)) {
        case Does::heat:
            result.setpoints = {heating};
            result.system_modes = {"off", "heat"};
            result.running_states = {"idle", "heat"};
            break;
        case Does::cool:
            result.setpoints = {cooling};
            result.system_modes = {"off", "cool"};
            result.running_states = {"idle", "cool"};
            break;
        case Does::both:
            result.setpoints = {heating, cooling};
            result.system_modes = {"off", "heat", "cool", "auto"};
            result.running_states = {"idle", "heat", "cool"};
            break;
    }
    if (endpoint.has_input(cluster::fan))
        result.fan_modes = {"off", "low", "medium", "high", "auto"};
    return result;
}

Call call_of(const Thermostat& part) {
    std::string setpoints = "{";
    for (const auto& point : part.setpoints)
        setpoints += (setpoints.size() > 1 ? ", {" : "{") + quoted(point.property) + ", " +
                     number_text(point.min) + ", " + number_text(point.max) + ", " +
                     number_text(point.step) + "}";
    Call call("thermostat");
    call.member("setpoints", setpoints + "}");
    call.member("system_modes", quoted_list(part.system_modes));
    call.member("running_states", quoted_list(part.running_states));
    if (!part.fan_modes.empty())
        call.member("fan_modes", quoted_list(part.fan_modes));
    return call.endpoints(part.endpoints);
}

}  // namespace

void add_thermostat(Maker& maker, const Endpoints& endpoints) {
    for (const auto& endpoint : endpoints) {
        auto part = thermostat_of(maker, endpoint);
        if (!maker.is_first(endpoints))
            part.endpoints = {std::to_string(endpoint.id())};
        maker.add(thermostat(part), call_of(part));
    }
    if (endpoints.size() == 1)  // its setters answer without a suffix, so its reports have none
        maker.unsuffixed({"local_temperature", "occupied_heating_setpoint",
                          "occupied_cooling_setpoint", "system_mode", "running_state",
                          "keypad_lockout", "temperature_display_mode",
                          "programming_operation_mode"});
}

void add_thermostat_ui(Maker& maker, const Endpoints& endpoints) {
    for (const auto& endpoint : endpoints) {
        EndpointNames names;
        if (!maker.is_first(endpoints))
            names = {std::to_string(endpoint.id())};
        const std::vector<Value> lockouts = {"unlock", "lock1", "lock2", "lock3", "lock4", "lock5"};
        maker.add(
            thermostat_ui(lockouts, names),
            Call("thermostat_ui").arguments(quoted_list(lockouts) + ", " + quoted_list(names)));
    }
}

void add_fan(Maker& maker, const Endpoints& endpoints) {
    for (const auto& endpoint : endpoints) {
        if (endpoint.has_input(cluster::thermostat))
            continue;  // the thermostat has it
        Fan part;
        if (!maker.is_first(endpoints))
            part.endpoints = {std::to_string(endpoint.id())};
        const auto call = Call("fan").endpoints(part.endpoints);
        maker.add(fan(std::move(part)), call);
    }
}

}  // namespace standard
