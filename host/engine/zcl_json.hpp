#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "base/result.hpp"
#include "zigbee/zcl_frame.hpp"

/// ZCL as users write it in JSON, in zigbee2mqtt's forms: clusters, attributes and commands by name
/// or number, values as plain JSON, octets as lists of numbers (or {"type": "Buffer", "data":
/// […]}). Functions that fail leave a sentence in `problem`.
namespace waggle::engine {

/// 5, "5", "0xff22"; nullopt for anything else and beyond `most`.
std::optional<std::uint32_t> number_of(const boost::json::value& value, std::uint32_t most);

/// A cluster that is named or numbered; `id` alone when no table has it.
struct NamedCluster {
    ClusterId id = 0;
    const zcl::ClusterDefinition* definition = nullptr;
};
/// @param custom  the device's own clusters, which come first
std::optional<NamedCluster> cluster_of(const boost::json::value& value,
                                       ManufacturerCode manufacturer, std::string& problem,
                                       std::span<const zcl::ClusterDefinition> custom = {});

/// An attribute by name or number; `definition` is nullptr for numbers no table has.
struct NamedAttribute {
    std::uint16_t id = 0;
    const zcl::AttributeDefinition* definition = nullptr;
};
std::optional<NamedAttribute> attribute_of(const NamedCluster& cluster,
                                           const boost::json::value& name,
                                           ManufacturerCode manufacturer);

/// Errc::invalid_value when it does not fit.
[[nodiscard]] Result<zcl::Value> to_zcl(const boost::json::value& value, zcl::DataType type);
boost::json::value to_json(const zcl::Value& value);

/// The parameters of a command from an object by name; of records in a list, the fields by name
/// too. Members that the table does not name are
/// passed over; a parameter that is always there must be given.
[[nodiscard]] Result<zcl::Parameters> parameters_of(const zcl::CommandDefinition& command,
                                                    const boost::json::object& payload,
                                                    std::string& problem);

/// Attribute names (numbers where there is none) to values.
boost::json::object attributes_json(const zcl::Frame& frame);

}  // namespace waggle::engine
