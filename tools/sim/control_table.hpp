/// Rows of the control commands, for control_commands.cpp.
#pragma once

#include <span>
#include <string_view>

#include "control_commands.hpp"
#include "json_fields.hpp"
#include "simulation.hpp"

namespace waggle::sim {

struct ControlCommand {
    std::string_view name;
    /// Names in order: "device", "[optional]", "rest...".
    std::string_view parameters;
    std::string_view help;
    void (*run)(Simulation& simulation, const boost::json::object& fields,
                const ControlReply& reply);
};

/// Commands about one device, about the frames it exchanges, its firmware, and about the simulator as a whole.
[[nodiscard]] std::span<const ControlCommand> device_commands();
[[nodiscard]] std::span<const ControlCommand> frame_commands();
[[nodiscard]] std::span<const ControlCommand> ota_commands();
[[nodiscard]] std::span<const ControlCommand> simulator_commands();

/// @throws ControlError when there is none of that name
inline Device& device_of(Simulation& simulation, const boost::json::object& fields,
                         std::string_view field = "device") {
    const std::string name = text(fields, field);
    Device* device = simulation.network().by_name(name);
    if (!device)
        throw ControlError("there is no device '" + name + "'");
    return *device;
}

/// @throws ControlError unless the device is on the network
inline void require_member(Simulation& simulation, const Device& device) {
    if (!simulation.network().is_member(device))
        throw ControlError("the device is not on the network");
}

/// Milliseconds of a field that may be missing.
inline Milliseconds time_of(const boost::json::object& fields, std::string_view field,
                            std::uint32_t fallback) {
    return Milliseconds(number<std::uint32_t>(fields, field, fallback));
}

}  // namespace waggle::sim
