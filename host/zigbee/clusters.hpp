#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "zigbee/types.hpp"
#include "zigbee/zcl_value.hpp"

/// The cluster tables: names (zigbee2mqtt's), ids, types, manufacturer codes of every standard
/// cluster and of the manufacturer clusters the plugins need. One source: clusters.json beside this
/// file, turned into constant-initialised tables by a generator at build time. Also what
/// `bridge/definitions` publishes.
namespace waggle::zcl {

/// What the specification says about an attribute's values, where it says anything.
struct AttributeLimits {
    std::optional<double> minimum, maximum;          ///< of numbers, inclusive
    std::optional<std::uint16_t> shortest, longest;  ///< of strings, in octets
    std::span<const double> always_valid;            ///< the default and the special values
    bool non_value_is_ordinary = false;  ///< the type's non-value is always valid, or a limit
};

struct AttributeDefinition {
    std::uint16_t id;
    DataType type;
    ManufacturerCode manufacturer;  ///< 0: the standard's own
    std::string_view name;
    bool writable = false, readable = true, reportable = false;
    const AttributeLimits* limits = nullptr;  ///< nullptr: none

    /// Devices send a type's non-value to say "I do not know"; true when `value` means that here.
    bool is_absent(const Value& value) const noexcept;
    /// Whether `value` keeps to the limits. The non-value, if it is ordinary here, does.
    bool is_in_range(const Value& value) const noexcept;
};

/// How a command parameter is laid out: an ordinary type, or one of the shapes that only commands
/// use. What a Value of each shape looks like:
///
///     value                        of the parameter's type
///     list_u8 … list_u32           array of unsigned; as many as the parameter before it says, or
///                                  the rest of the frame when there is none before it
///     list_zone_info               array of {zoneID, zoneStatus}, counted likewise
///     list_extension_fields        array of {clstId, len, extField}, the rest of the frame;
///                                  extField is an array, or octets for a cluster without a layout
///     list_thermostat_transitions  array of {transitionTime, heatSetpoint, coolSetpoint}, as many
///                                  as "numoftrans" says; a point that "mode" lacks is no_data
///     list_tuya_datapoints         array of {dp, datatype, data}, the rest of the frame
///     list_miboxer_zones           array of {groupId, zoneNum}, with its own count
///     buffer_rest                  octets, the rest of the frame
///     gpd_frame                    octets, as many as "payloadSize" says; to the device its
///                                  own length octet stands before them
///     structured_selector          array of uint16 indexes
///     mi_struct                    array of {index, value}, each value of the type it states
///     big_endian_u24               uint24
///
/// The records in {} are structures with one Value a field, in this order; field_names() has the
/// names.
enum class ParameterKind : std::uint8_t {
    value,
    list_u8,
    list_u16,
    list_u24,
    list_u32,
    list_zone_info,
    list_extension_fields,
    list_thermostat_transitions,
    list_tuya_datapoints,
    buffer_rest,
    gpd_frame,
    structured_selector,
    mi_struct,
    big_endian_u24,
    list_miboxer_zones,
};

/// The names of a record's fields, as zigbee2mqtt's payloads have them; empty for other shapes.
std::span<const std::string_view> field_names(ParameterKind kind) noexcept;

/// A parameter present only when a condition on an earlier one, or on the frame, holds.
struct ParameterCondition {
    enum class Kind : std::uint8_t {
        minimum_bytes_left,  ///< at least `value` octets follow; to send: the parameter is given
        bitmask_set,         ///< all bits of `mask` are set in `field`
        bitfield_enum,       ///< `size` bits of `field` from bit `offset` are `value`
        field_equals,        ///< `field` is `value`
        field_greater,       ///< `field` is above `value`
    };
    Kind kind;
    bool reversed = false;  ///< bitmask_set and field_equals: must not hold
    std::uint8_t offset = 0, size = 0;
    std::string_view field;  ///< the earlier parameter's name
    std::uint32_t mask = 0;
    std::uint32_t value = 0;
};

struct ParameterDefinition {
    std::string_view name;
    DataType type;  ///< of the shapes: what one element is
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
    std::span<const AttributeDefinition> attributes;       ///< sorted by id
    std::span<const CommandDefinition> commands;           ///< client to server, sorted by id
    std::span<const CommandDefinition> command_responses;  ///< server to client, sorted by id

    /// The attribute of that manufacturer code if there is one, else the standard's own.
    const AttributeDefinition* attribute(std::uint16_t id,
                                         ManufacturerCode manufacturer = 0) const noexcept;
    const AttributeDefinition* attribute(std::string_view name) const noexcept;
    /// Where the tables have several commands with one id, the first.
    const CommandDefinition* command(std::uint8_t id,
                                     ManufacturerCode manufacturer = 0) const noexcept;
    const CommandDefinition* command(std::string_view name) const noexcept;
    const CommandDefinition* response(std::uint8_t id,
                                      ManufacturerCode manufacturer = 0) const noexcept;
    const CommandDefinition* response(std::string_view name) const noexcept;
};

/// All of them, in the order of clusters.json.
std::span<const ClusterDefinition> clusters() noexcept;

/// By id: the cluster of that manufacturer code if there is one, else the standard one, else the
/// first manufacturer-specific one with this id, else nullptr. A device's own clusters (`custom`)
/// come before the tables by the same rule.
const ClusterDefinition* find_cluster(ClusterId id, ManufacturerCode manufacturer = 0) noexcept;
const ClusterDefinition* find_cluster(ClusterId id, ManufacturerCode manufacturer,
                                      std::span<const ClusterDefinition> custom) noexcept;
const ClusterDefinition* find_cluster(std::string_view name) noexcept;

/// "genOnOff", or the number in decimal when no table has it.
std::string cluster_name(ClusterId id, ManufacturerCode manufacturer = 0);

/// The tables as zigbee2mqtt publishes them under "clusters" in bridge/definitions: an object,
/// keys sorted, no blanks.
std::string_view definitions_json() noexcept;

}  // namespace waggle::zcl
