#include <algorithm>
#include <optional>
#include <utility>

#include "zigbee/zcl_codec.hpp"

namespace waggle::zcl {
namespace {

constexpr std::uint8_t absent_length = 0xFF;

/// What a cluster stores in a scene [ZCL8 3.7.2.4.2.2], by cluster id; others are kept as octets.
struct SceneFields {
    ClusterId cluster;
    std::span<const DataType> types;
};

constexpr DataType on_off_fields[] = {DataType::uint8};
constexpr DataType level_fields[] = {DataType::uint8};
constexpr DataType covering_fields[] = {DataType::uint8, DataType::uint8};
constexpr DataType color_fields[] = {DataType::uint16, DataType::uint16, DataType::uint16,
                                     DataType::uint8,  DataType::uint8,  DataType::uint8,
                                     DataType::uint16, DataType::uint16};
constexpr SceneFields scene_fields[] = {
    {0x0006, on_off_fields},
    {0x0008, level_fields},
    {0x0102, covering_fields},
    {0x0300, color_fields},
};

constexpr DataType zone_info_types[] = {DataType::uint8, DataType::uint16};
constexpr DataType miboxer_types[] = {DataType::uint16, DataType::uint8};

constexpr std::string_view zone_info_names[] = {"zoneID", "zoneStatus"};
constexpr std::string_view extension_names[] = {"clstId", "len", "extField"};
constexpr std::string_view transition_names[] = {"transitionTime", "heatSetpoint", "coolSetpoint"};
constexpr std::string_view datapoint_names[] = {"dp", "datatype", "data"};
constexpr std::string_view miboxer_names[] = {"groupId", "zoneNum"};
constexpr std::string_view mi_struct_names[] = {"index", "value"};

Value octets(ByteView view) {
    return make_octets(Bytes(view.begin(), view.end()));
}

Value record(Value::List fields) {
    return make_list(DataType::structure, std::move(fields));
}

/// The number of elements; nothing when only the end of the frame tells. A counter that is the
/// non-value counts none.
std::optional<std::uint64_t> count(const Value* counter) {
    if (!counter || !counter->number())
        return std::nullopt;
    if (counter->is_non_value())
        return 0;
    return static_cast<std::uint64_t>(counter->integer().value_or(0));
}

/// Elements until there are `wanted`, or until the frame ends.
template <class Next>
Result<Value> elements(ByteReader& in, std::optional<std::uint64_t> wanted, Next next) {
    Value::List list;
    while (wanted ? list.size() < *wanted : !in.empty()) {
        list.push_back(next());
        if (in.failed())
            return Errc::truncated;
    }
    return make_list(DataType::array, std::move(list));
}

Result<Value> read_numbers(ByteReader& in, std::optional<std::uint64_t> wanted, DataType type) {
    return elements(in, wanted,
                    [&] { return make_unsigned(type, in.little_endian(fixed_size(type))); });
}

Result<Value> read_records(ByteReader& in, std::optional<std::uint64_t> wanted,
                           std::span<const DataType> types) {
    return elements(in, wanted, [&] {
        Value::List fields;
        for (const auto type : types)
            fields.push_back(make_unsigned(type, in.little_endian(fixed_size(type))));
        return record(std::move(fields));
    });
}

Value scene_values(ClusterId cluster, ByteView content) {
    const auto* known = std::ranges::find(scene_fields, cluster, &SceneFields::cluster);
    if (known == std::end(scene_fields))
        return octets(content);
    ByteReader in(content);
    Value::List fields;
    for (const auto type : known->types)
        if (in.left() >= fixed_size(type))
            fields.push_back(make_unsigned(type, in.little_endian(fixed_size(type))));
    return make_list(DataType::array, std::move(fields));
}

Result<Value> read_extension_fields(ByteReader& in) {
    return elements(in, std::nullopt, [&] {
        const auto cluster = in.u16();
        const auto length = in.u8();
        const auto content = in.bytes(std::min<std::size_t>(length, in.left()));
        return record({make_unsigned(DataType::uint16, cluster),
                       make_unsigned(DataType::uint8, length), scene_values(cluster, content)});
    });
}

Result<Value> read_transitions(ByteReader& in, const Parameters& earlier) {
    const auto* mode = find_parameter(earlier, "mode");
    const auto bits = mode ? mode->integer().value_or(0) : 0;
    const auto set_point = [&](bool given) {
        return given ? make_signed(DataType::int16, in.little_endian_signed(2)) : Value{};
    };
    return elements(in, count(find_parameter(earlier, "numoftrans")), [&] {
        auto time = make_unsigned(DataType::uint16, in.u16());
        auto heat = set_point(bits & 1);
        auto cool = set_point(bits & 2);
        return record({std::move(time), std::move(heat), std::move(cool)});
    });
}

/// Of a data point that is cut off what is there is kept; devices send such.
Result<Value> read_datapoints(ByteReader& in) {
    Value::List list;
    while (in.left() >= 4) {
        auto id = make_unsigned(DataType::uint8, in.u8());
        auto type = make_unsigned(DataType::uint8, in.u8());
        const std::size_t high = in.u8();
        const std::size_t length = high << 8 | in.u8();
        list.push_back(record(
            {std::move(id), std::move(type), octets(in.bytes(std::min(length, in.left())))}));
    }
    (void)in.bytes(in.left());
    return make_list(DataType::array, std::move(list));
}

Result<Value> read_gpd_frame(ByteReader& in, const Parameters& earlier) {
    const auto* stated = find_parameter(earlier, "payloadSize");
    const auto size = stated ? count(stated).value_or(0) : in.u8();
    if (in.failed())
        return Errc::truncated;
    return octets(in.bytes(std::min<std::size_t>(size, in.left())));
}

Result<Value> read_selector(ByteReader& in) {
    const auto indexes = in.u8();
    if (in.failed())
        return Errc::truncated;
    if (indexes > 15)
        return Errc::malformed;
    return read_numbers(in, indexes, DataType::uint16);
}

struct MiStruct {
    Value::List entries;
    std::optional<boost::system::error_code> error;
};

/// To the end of `content`; one octet at the end is padding.
MiStruct read_mi_entries(ByteView content) {
    ByteReader in(content);
    MiStruct result;
    while (in.left() > 1) {
        auto index = make_unsigned(DataType::uint8, in.u8());
        auto value = read_value(in, static_cast<DataType>(in.u8()));
        if (!value) {
            result.error = value.error();
            break;
        }
        result.entries.push_back(record({std::move(index), std::move(*value)}));
    }
    return result;
}

Result<void> write_number(ByteWriter& out, DataType type, const Value& value) {
    const Value number{type, value.data};
    return write_value(out, number);
}

Result<void> write_numbers(ByteWriter& out, DataType type, const Value& value) {
    if (const auto* raw = value.octets(); raw && type == DataType::uint8) {
        out.bytes(*raw);
        return {};
    }
    const auto* list = value.list();
    if (!list)
        return Errc::invalid_value;
    for (const auto& element : *list)
        if (auto written = write_number(out, type, element); !written)
            return written;
    return {};
}

/// The fields of a record, when it is one of `size` fields.
const Value::List* fields_of(const Value& value, std::size_t size) {
    const auto* fields = value.list();
    return fields && fields->size() == size ? fields : nullptr;
}

/// Each element of the list with `write`, which gets its fields.
template <class Write>
Result<void> write_each(const Value& value, std::size_t size, Write write) {
    const auto* list = value.list();
    if (!list)
        return Errc::invalid_value;
    for (const auto& element : *list) {
        const auto* fields = fields_of(element, size);
        if (!fields)
            return Errc::invalid_value;
        if (Result<void> written = write(*fields); !written)
            return written;
    }
    return {};
}

Result<void> write_records(ByteWriter& out, std::span<const DataType> types, const Value& value) {
    return write_each(value, types.size(), [&](const Value::List& fields) -> Result<void> {
        for (std::size_t i = 0; i < types.size(); ++i)
            if (auto written = write_number(out, types[i], fields[i]); !written)
                return written;
        return {};
    });
}

Result<void> write_scene_values(ByteWriter& out, ClusterId cluster, const Value& value) {
    if (const auto* raw = value.octets()) {
        out.bytes(*raw);
        return {};
    }
    const auto* known = std::ranges::find(scene_fields, cluster, &SceneFields::cluster);
    const auto* list = value.list();
    if (known == std::end(scene_fields) || !list || list->size() > known->types.size())
        return Errc::invalid_value;
    for (std::size_t i = 0; i < list->size(); ++i)
        if (auto written = write_number(out, known->types[i], (*list)[i]); !written)
            return written;
    return {};
}

Result<void> write_extension_fields(ByteWriter& out, const Value& value) {
    return write_each(value, 3, [&](const Value::List& fields) -> Result<void> {
        if (auto written = write_number(out, DataType::uint16, fields[0]); !written)
            return written;
        if (auto written = write_number(out, DataType::uint8, fields[1]); !written)
            return written;
        const auto cluster = static_cast<ClusterId>(fields[0].integer().value_or(0));
        return write_scene_values(out, cluster, fields[2]);
    });
}

Result<void> write_transitions(ByteWriter& out, const Value& value) {
    return write_each(value, 3, [&](const Value::List& fields) -> Result<void> {
        auto written = write_number(out, DataType::uint16, fields[0]);
        for (std::size_t i = 1; i < 3 && written; ++i)
            if (fields[i].number())
                written = write_number(out, DataType::int16, fields[i]);
        return written;
    });
}

Result<void> write_datapoints(ByteWriter& out, const Value& value) {
    return write_each(value, 3, [&](const Value::List& fields) -> Result<void> {
        const auto* data = fields[2].octets();
        if (!data || data->size() > 0xFFFF)
            return Errc::invalid_value;
        if (auto written = write_number(out, DataType::uint8, fields[0]); !written)
            return written;
        if (auto written = write_number(out, DataType::uint8, fields[1]); !written)
            return written;
        out.u8(static_cast<std::uint8_t>(data->size() >> 8));
        out.u8(static_cast<std::uint8_t>(data->size())).bytes(*data);
        return {};
    });
}

Result<void> write_octets(ByteWriter& out, const Value& value) {
    if (!value.octets())
        return write_numbers(out, DataType::uint8, value);
    out.bytes(*value.octets());
    return {};
}

Result<void> write_gpd_frame(ByteWriter& out, const Value& value, const Parameters& all) {
    const auto* raw = value.octets();
    if (!raw || raw->size() > 0xFF)
        return Errc::invalid_value;
    if (!find_parameter(all, "payloadSize"))
        out.u8(static_cast<std::uint8_t>(raw->size()));
    out.bytes(*raw);
    return {};
}

Result<void> write_counted(ByteWriter& out, const Value& value, std::size_t most) {
    const auto* list = value.list();
    if (!list || list->size() > most)
        return Errc::invalid_value;
    out.u8(static_cast<std::uint8_t>(list->size()));
    return {};
}

Result<void> write_mi_struct(ByteWriter& out, const Value& value) {
    if (std::holds_alternative<std::monostate>(value.data)) {
        out.u8(absent_length);
        return {};
    }
    Bytes content;
    ByteWriter inner(content);
    auto written = write_each(value, 2, [&](const Value::List& fields) -> Result<void> {
        if (auto index = write_number(inner, DataType::uint8, fields[0]); !index)
            return index;
        inner.u8(static_cast<std::uint8_t>(fields[1].type));
        return write_value(inner, fields[1]);
    });
    if (!written || content.size() >= absent_length)
        return written ? Result<void>(Errc::invalid_value) : written;
    out.u8(static_cast<std::uint8_t>(content.size())).bytes(content);
    return {};
}

Result<void> write_big_endian_u24(ByteWriter& out, const Value& value) {
    const auto number = value.integer();
    if (!number || *number < 0 || *number > 0xFFFFFF)
        return Errc::invalid_value;
    for (const int shift : {16, 8, 0})
        out.u8(static_cast<std::uint8_t>(*number >> shift));
    return {};
}

}  // namespace

std::span<const std::string_view> field_names(ParameterKind kind) noexcept {
    switch (kind) {
        case ParameterKind::list_zone_info: return zone_info_names;
        case ParameterKind::list_extension_fields: return extension_names;
        case ParameterKind::list_thermostat_transitions: return transition_names;
        case ParameterKind::list_tuya_datapoints: return datapoint_names;
        case ParameterKind::list_miboxer_zones: return miboxer_names;
        case ParameterKind::mi_struct: return mi_struct_names;
        default: return {};
    }
}

Result<Value> read_mi_struct(ByteReader& in) {
    const auto length = in.u8();
    if (in.failed())
        return Errc::truncated;
    if (length == absent_length)
        return Value{DataType::array, {}};
    const auto stated = std::min<std::size_t>(length, in.left());
    auto parsed = read_mi_entries(in.rest().first(stated));
    auto taken = stated;
    if (parsed.error && stated < in.left()) {
        if (auto whole = read_mi_entries(in.rest()); whole.entries.size() > parsed.entries.size()) {
            parsed = std::move(whole);
            taken = in.left();
        }
    }
    if (parsed.error && parsed.entries.empty())
        return *parsed.error;
    (void)in.bytes(taken);
    return make_list(DataType::array, std::move(parsed.entries));
}

Result<Value> read_shape(ByteReader& in, ParameterKind kind, const Value* counter,
                         const Parameters& earlier) {
    switch (kind) {
        case ParameterKind::value: return Errc::unsupported;
        case ParameterKind::list_u8: return read_numbers(in, count(counter), DataType::uint8);
        case ParameterKind::list_u16: return read_numbers(in, count(counter), DataType::uint16);
        case ParameterKind::list_u24: return read_numbers(in, count(counter), DataType::uint24);
        case ParameterKind::list_u32: return read_numbers(in, count(counter), DataType::uint32);
        case ParameterKind::list_zone_info:
            return read_records(in, count(counter), zone_info_types);
        case ParameterKind::list_extension_fields: return read_extension_fields(in);
        case ParameterKind::list_thermostat_transitions: return read_transitions(in, earlier);
        case ParameterKind::list_tuya_datapoints: return read_datapoints(in);
        case ParameterKind::list_miboxer_zones: {
            const auto zones = in.u8();
            return in.failed() ? Result<Value>(Errc::truncated)
                               : read_records(in, zones, miboxer_types);
        }
        case ParameterKind::buffer_rest: return octets(in.bytes(in.left()));
        case ParameterKind::gpd_frame: return read_gpd_frame(in, earlier);
        case ParameterKind::structured_selector: return read_selector(in);
        case ParameterKind::mi_struct: return read_mi_struct(in);
        case ParameterKind::big_endian_u24: {
            const std::uint64_t high = in.u8(), middle = in.u8(), low = in.u8();
            if (in.failed())
                return Errc::truncated;
            return make_unsigned(DataType::uint24, high << 16 | middle << 8 | low);
        }
    }
    return Errc::unsupported;
}

Result<void> write_shape(ByteWriter& out, ParameterKind kind, const Value& value,
                         const Parameters& all) {
    switch (kind) {
        case ParameterKind::value: return write_value(out, value);
        case ParameterKind::list_u8: return write_numbers(out, DataType::uint8, value);
        case ParameterKind::list_u16: return write_numbers(out, DataType::uint16, value);
        case ParameterKind::list_u24: return write_numbers(out, DataType::uint24, value);
        case ParameterKind::list_u32: return write_numbers(out, DataType::uint32, value);
        case ParameterKind::list_zone_info: return write_records(out, zone_info_types, value);
        case ParameterKind::list_extension_fields: return write_extension_fields(out, value);
        case ParameterKind::list_thermostat_transitions: return write_transitions(out, value);
        case ParameterKind::list_tuya_datapoints: return write_datapoints(out, value);
        case ParameterKind::list_miboxer_zones:
            if (auto counted = write_counted(out, value, 0xFF); !counted)
                return counted;
            return write_records(out, miboxer_types, value);
        case ParameterKind::buffer_rest: return write_octets(out, value);
        case ParameterKind::gpd_frame: return write_gpd_frame(out, value, all);
        case ParameterKind::structured_selector:
            if (auto counted = write_counted(out, value, 15); !counted)
                return counted;
            return write_numbers(out, DataType::uint16, value);
        case ParameterKind::mi_struct: return write_mi_struct(out, value);
        case ParameterKind::big_endian_u24: return write_big_endian_u24(out, value);
    }
    return Errc::invalid_value;
}

}  // namespace waggle::zcl
