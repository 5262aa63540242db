#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "zigbee/types.hpp"
#include "zigbee/zcl_value.hpp"

/// The cluster tables: names (zigbee2mqtt's), ids, types, manufacturer codes of every standard
/// cluster and of the manufacturer clusters the plugins need. One source: clusters.json beside this
/// file, turned into constant-initialised tables by a generator at build time. Also what
/// `bridge/definitions` publishes.
namespace waggle::zcl {

struct AttributeDefinition {
    std::uint16_t id;
    DataType type;
    ManufacturerCode manufacturer;  ///< 0: the standard's own
    std::string_view name;
};

/// How a command parameter is laid out: an ordinary type, or one of the shapes that only commands
/// use (lists counted by the parameter before, "the rest of the frame", extension field sets, …).
enum class ParameterKind : std::uint8_t {
    value,            ///< one value of `type`
    list_u8, list_u16, list_u24, list_u32, list_zone_info, list_extension_fields,
    list_thermostat_transitions, list_tuya_datapoints, buffer_rest, gpd_frame, structured_selector,
    mi_struct, big_endian_u24,
};

/// A parameter present only when a condition on an earlier one, or on the frame, holds.
struct ParameterCondition {
    enum class Kind : std::uint8_t { always, status_equals, status_not_equal, minimum_bytes_left,
                                     bitmask_set, bitfield_enum, field_equals, field_greater,
                                     direction_equals };
    Kind kind = Kind::always;
    std::string_view field;     ///< the earlier parameter's name
    std::uint32_t mask = 0;
    std::uint32_t value = 0;
    std::uint8_t offset = 0, size = 0;
    bool reversed = false;
};

struct ParameterDefinition {
    std::string_view name;
    DataType type;
    ParameterKind kind;
    std::span<const ParameterCondition> conditions;  ///< all must hold
};

struct CommandDefinition {
    std::uint8_t id;
    std::string_view name;
    std::optional<std::uint8_t> response;  ///< the command that answers it, when defined
    ManufacturerCode manufacturer;         ///< 0: none
    std::span<const ParameterDefinition> parameters;
};

struct ClusterDefinition {
    ClusterId id;
    ManufacturerCode manufacturer;  ///< 0: none
    std::string_view name;
    std::span<const AttributeDefinition> attributes;      ///< sorted by id
    std::span<const CommandDefinition> commands;          ///< client to server, sorted by id
    std::span<const CommandDefinition> command_responses; ///< server to client, sorted by id

    const AttributeDefinition* attribute(std::uint16_t id,
                                         ManufacturerCode manufacturer = 0) const noexcept;
    const AttributeDefinition* attribute(std::string_view name) const noexcept;
    const CommandDefinition* command(std::uint8_t id, ManufacturerCode manufacturer = 0) const noexcept;
    const CommandDefinition* command(std::string_view name) const noexcept;
    const CommandDefinition* response(std::uint8_t id, ManufacturerCode manufacturer = 0) const noexcept;
    const CommandDefinition* response(std::string_view name) const noexcept;
};

/// All of them, in the order of clusters.json.
std::span<const ClusterDefinition> clusters() noexcept;

/// By id: the cluster of that manufacturer code if there is one, else the standard one, else the
/// only manufacturer-specific one with this id, else nullptr.
const ClusterDefinition* find_cluster(ClusterId id, ManufacturerCode manufacturer = 0) noexcept;
const ClusterDefinition* find_cluster(std::string_view name) noexcept;

/// "genOnOff", or the number in decimal when no table has it.
std::string cluster_name(ClusterId id, ManufacturerCode manufacturer = 0);

}  // namespace waggle::zcl
