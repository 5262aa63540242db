#include "engine/zcl_json.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "plugin/value.hpp"

namespace json = boost::json;

namespace waggle::engine {
namespace {

constexpr int deepest = 8;

std::optional<std::uint32_t> parse_number(std::string_view text, std::uint32_t most) {
    const bool is_hex = text.starts_with("0x") || text.starts_with("0X");
    if (is_hex)
        text.remove_prefix(2);
    std::uint32_t number = 0;
    const auto* const end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, number, is_hex ? 16 : 10);
    if (text.empty() || parsed.ec != std::errc() || parsed.ptr != end || number > most)
        return std::nullopt;
    return number;
}

/// [1, 2, 255], or what JavaScript makes of a buffer.
std::optional<Bytes> octets_of(const json::value& value) {
    const auto* list = value.if_array();
    if (const auto* object = value.if_object())
        if (const auto* data = object->if_contains("data"))
            list = data->if_array();
    if (!list)
        return std::nullopt;
    Bytes bytes;
    bytes.reserve(list->size());
    for (const auto& item : *list) {
        const auto octet = item.is_number() ? number_of(item, 0xFF) : std::nullopt;
        if (!octet)
            return std::nullopt;
        bytes.push_back(static_cast<std::uint8_t>(*octet));
    }
    return bytes;
}

bool is_octets(zcl::DataType type) noexcept {
    return type == zcl::DataType::octet_string || type == zcl::DataType::long_octet_string ||
           type == zcl::DataType::security_key;
}

/// Lists and records of the shapes that only commands have: the encoder knows the types of numbers.
/// @param names  of a record's fields; none: in the order in which they are given
Result<zcl::Value> to_shape(const json::value& value, std::span<const std::string_view> names,
                            int depth) {
    if (depth > deepest)
        return Errc::invalid_value;
    if (value.is_array() || value.is_object()) {
        zcl::Value::List list;
        const auto add = [&list, names, depth](const json::value& item) -> Result<void> {
            auto converted = to_shape(item, names, depth + 1);
            if (!converted)
                return converted.error();
            list.push_back(std::move(*converted));
            return {};
        };
        if (const auto* items = value.if_array()) {
            for (const auto& item : *items)
                if (auto added = add(item); !added)
                    return added.error();
            return zcl::Value{zcl::DataType::array, std::move(list)};
        }
        const auto& record = value.get_object();
        const bool is_named = std::ranges::all_of(
            names, [&record](std::string_view name) { return record.contains(name); });
        if (is_named && !names.empty()) {
            for (const auto name : names)
                if (auto added = add(record.at(name)); !added)
                    return added.error();
            return zcl::Value{zcl::DataType::structure, std::move(list)};
        }
        for (const auto& member : record)
            if (auto added = add(member.value()); !added)
                return added.error();
        return zcl::Value{zcl::DataType::structure, std::move(list)};
    }
    if (const auto* text = value.if_string())
        return zcl::make_text(std::string(*text));
    return to_zcl(value, zcl::DataType::uint64);
}

Result<zcl::Value> to_parameter(const zcl::ParameterDefinition& definition,
                                const json::value& value) {
    if (definition.kind == zcl::ParameterKind::value)
        return to_zcl(value, definition.type);
    if (auto bytes = octets_of(value); bytes && definition.kind == zcl::ParameterKind::buffer_rest)
        return zcl::make_octets(std::move(*bytes));
    return to_shape(value, zcl::field_names(definition.kind), 0);
}

}  // namespace

std::optional<std::uint32_t> number_of(const json::value& value, std::uint32_t most) {
    if (const auto* text = value.if_string())
        return parse_number(*text, most);
    if (!value.is_number())
        return std::nullopt;
    boost::system::error_code error;
    const auto number = value.to_number<double>(error);
    if (error || !(number >= 0) || number > most || number != std::floor(number))
        return std::nullopt;
    return static_cast<std::uint32_t>(number);
}

std::optional<NamedCluster> cluster_of(const json::value& value, ManufacturerCode manufacturer,
                                       std::string& problem,
                                       std::span<const zcl::ClusterDefinition> custom) {
    if (const auto* text = value.if_string()) {
        const std::string_view name(*text);
        const auto own = std::ranges::find(custom, name, &zcl::ClusterDefinition::name);
        const auto* definition = own != custom.end() ? &*own : zcl::find_cluster(name);
        if (definition)
            return NamedCluster{definition->id, definition};
    }
    if (const auto id = number_of(value, 0xFFFF)) {
        const auto cluster = static_cast<ClusterId>(*id);
        return NamedCluster{cluster, zcl::find_cluster(cluster, manufacturer, custom)};
    }
    problem = fmt::format("Cluster {} does not exist", json::serialize(value));
    return std::nullopt;
}

std::optional<NamedAttribute> attribute_of(const NamedCluster& cluster, const json::value& name,
                                           ManufacturerCode manufacturer) {
    if (const auto* text = name.if_string(); text && cluster.definition)
        if (const auto* known = cluster.definition->attribute(std::string_view(*text)))
            return NamedAttribute{known->id, known};
    const auto number = number_of(name, 0xFFFF);
    if (!number)
        return std::nullopt;
    const auto id = static_cast<std::uint16_t>(*number);
    return NamedAttribute{
        id, cluster.definition ? cluster.definition->attribute(id, manufacturer) : nullptr};
}

Result<zcl::Value> to_zcl(const json::value& value, zcl::DataType type) {
    if (is_octets(type))
        if (auto bytes = octets_of(value))
            return zcl::Value{type, std::move(*bytes)};
    if (const auto* text = value.if_string(); text && type == zcl::DataType::ieee_address) {
        const auto ieee = Ieee::parse(*text);
        if (!ieee)
            return Errc::invalid_value;
        return zcl::make_unsigned(type, ieee->value());
    }
    plugin::Scratch scratch;
    return plugin::to_zcl(plugin::to_wg(value, scratch), type);
}

json::value to_json(const zcl::Value& value) {
    plugin::Scratch scratch;
    return plugin::to_json(plugin::to_wg(value, scratch));
}

Result<zcl::Parameters> parameters_of(const zcl::CommandDefinition& command,
                                      const json::object& payload, std::string& problem) {
    zcl::Parameters parameters;
    for (const auto& definition : command.parameters) {
        const auto* given = payload.if_contains(definition.name);
        if (!given && definition.conditions.empty()) {
            problem =
                fmt::format("Command '{}' needs parameter '{}'", command.name, definition.name);
            return Errc::invalid_value;
        }
        if (!given)
            continue;
        auto value = to_parameter(definition, *given);
        if (!value) {
            problem = fmt::format("Parameter '{}' of command '{}' cannot be {}", definition.name,
                                  command.name, json::serialize(*given));
            return value.error();
        }
        parameters.push_back({definition.name, std::move(*value)});
    }
    return parameters;
}

json::object attributes_json(const zcl::Frame& frame) {
    json::object result;
    const auto* records = frame.records();
    if (!records)
        return result;
    const auto manufacturer = frame.header.manufacturer.value_or(0);
    for (const auto& record : *records) {
        if (record.status != zcl::Status::success)
            continue;
        const auto* known = frame.cluster_definition
                                ? frame.cluster_definition->attribute(record.id, manufacturer)
                                : nullptr;
        const auto name = known ? std::string(known->name) : std::to_string(record.id);
        result.insert_or_assign(name, to_json(record.value));
    }
    return result;
}

}  // namespace waggle::engine
