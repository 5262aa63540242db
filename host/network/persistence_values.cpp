#include "network/persistence_values.hpp"

#include <charconv>
#include <cmath>

#include <boost/json.hpp>

#include "zigbee/types.hpp"

namespace waggle::network {

namespace json = boost::json;

namespace {

bool is_wide_integer(zcl::DataType type) noexcept {
    using enum zcl::DataType;
    return type == data56 || type == data64 || type == bitmap56 || type == bitmap64 ||
           type == uint56 || type == uint64 || type == int56 || type == int64;
}

bool is_float(zcl::DataType type) noexcept {
    using enum zcl::DataType;
    return type == semi_float || type == single_float || type == double_float;
}

bool is_text(zcl::DataType type) noexcept {
    return type == zcl::DataType::char_string || type == zcl::DataType::long_char_string;
}

bool is_octets(zcl::DataType type) noexcept {
    using enum zcl::DataType;
    return type == octet_string || type == long_octet_string || type == security_key;
}

json::value buffer_json(const Bytes& bytes, const json::storage_ptr& memory) {
    json::array data(memory);
    for (const auto octet : bytes)
        data.emplace_back(octet);
    return json::object({{"type", "Buffer"}, {"data", std::move(data)}}, memory);
}

template <class Part>
json::value part_json(const std::optional<Part>& part) {
    return part ? json::value(*part) : json::value(nullptr);
}

json::value unsigned_json(const zcl::Value& value, std::uint64_t number,
                          const json::storage_ptr& memory) {
    if (value.type == zcl::DataType::ieee_address)
        return json::value(Ieee(number).to_string(), memory);
    if (is_wide_integer(value.type))
        return json::value(std::to_string(number), memory);
    if (const auto time = zcl::time_of_day(value))
        return json::object({{"hours", part_json(time->hours)},
                             {"minutes", part_json(time->minutes)},
                             {"seconds", part_json(time->seconds)},
                             {"hundredths", part_json(time->hundredths)}},
                            memory);
    if (const auto date = zcl::date(value))
        return json::object({{"year", part_json(date->year)},
                             {"month", part_json(date->month)},
                             {"dayOfMonth", part_json(date->day)},
                             {"dayOfWeek", part_json(date->weekday)}},
                            memory);
    return json::value(number, memory);
}

json::value list_json(const zcl::Value& value, const json::storage_ptr& memory) {
    json::array list(memory);
    for (const auto& element : *value.list()) {
        if (value.type == zcl::DataType::structure)
            list.push_back(json::object({{"elmType", static_cast<unsigned>(element.type)},
                                         {"elmVal", value_to_json(element, memory)}},
                                        memory));
        else
            list.push_back(value_to_json(element, memory));
    }
    return list;
}

json::value absent_json(zcl::DataType type, const json::storage_ptr& memory) {
    if (is_text(type))
        return json::value("", memory);
    if (is_octets(type))
        return buffer_json({}, memory);
    return json::array(memory);
}

std::optional<zcl::Value> number_from_json(const json::value& value, zcl::DataType type) {
    zcl::Value result;
    result.type = type;
    if (is_float(type) || value.is_double())
        result.data = value.to_number<double>();
    else if (value.is_uint64())
        result.data = value.get_uint64();
    else if (value.get_int64() >= 0 && (type < zcl::DataType::int8 || type > zcl::DataType::int64))
        result.data = static_cast<std::uint64_t>(value.get_int64());
    else
        result.data = value.get_int64();
    return result;
}

template <class Integer>
std::optional<zcl::Value> wide_from_text(std::string_view text, zcl::DataType type) {
    Integer number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    zcl::Value result;
    result.type = type;
    result.data = number;
    return result;
}

std::optional<zcl::Value> text_from_json(std::string_view text, zcl::DataType type) {
    if (type == zcl::DataType::ieee_address) {
        const auto ieee = Ieee::parse(text);
        return ieee ? std::optional(zcl::make_unsigned(type, ieee->value())) : std::nullopt;
    }
    if (type == zcl::DataType::int56 || type == zcl::DataType::int64)
        return wide_from_text<std::int64_t>(text, type);
    if (is_wide_integer(type))
        return wide_from_text<std::uint64_t>(text, type);
    if (!is_text(type) && type != zcl::DataType::unknown)
        return std::nullopt;
    return zcl::make_text(std::string(text));
}

std::optional<zcl::Value> buffer_from_json(const json::object& object, zcl::DataType type) {
    const auto* data = object.if_contains("data");
    if (!data || !data->is_array())
        return std::nullopt;
    Bytes bytes;
    for (const auto& octet : data->get_array()) {
        if (!octet.is_int64() || octet.get_int64() < 0 || octet.get_int64() > 0xFF)
            return std::nullopt;
        bytes.push_back(static_cast<std::uint8_t>(octet.get_int64()));
    }
    auto value = zcl::make_octets(std::move(bytes));
    if (is_octets(type))
        value.type = type;
    return value;
}

template <class Part>
std::optional<Part> part_from_json(const json::object& object, std::string_view key) {
    const auto* part = object.if_contains(key);
    return part && part->is_int64() ? std::optional(static_cast<Part>(part->get_int64()))
                                    : std::nullopt;
}

std::optional<zcl::Value> object_from_json(const json::object& object, zcl::DataType type) {
    using Octet = std::uint8_t;
    if (const auto* kind = object.if_contains("type"); kind && *kind == "Buffer")
        return buffer_from_json(object, type);
    if (type == zcl::DataType::time_of_day && object.contains("hours"))
        return zcl::make_time_of_day({part_from_json<Octet>(object, "hours"),
                                      part_from_json<Octet>(object, "minutes"),
                                      part_from_json<Octet>(object, "seconds"),
                                      part_from_json<Octet>(object, "hundredths")});
    if (type == zcl::DataType::date && object.contains("dayOfMonth"))
        return zcl::make_date({part_from_json<std::uint16_t>(object, "year"),
                               part_from_json<Octet>(object, "month"),
                               part_from_json<Octet>(object, "dayOfMonth"),
                               part_from_json<Octet>(object, "dayOfWeek")});
    return std::nullopt;
}

/// A structure's member says its type; an array's elements do not.
std::optional<zcl::Value> array_from_json(const json::array& array, zcl::DataType type) {
    zcl::Value::List elements;
    bool is_structure = !array.empty();
    for (const auto& entry : array) {
        const auto* member = entry.if_object();
        const auto* kind = member ? member->if_contains("elmType") : nullptr;
        const auto* inner = member ? member->if_contains("elmVal") : nullptr;
        const bool typed = kind && inner && kind->is_int64();
        is_structure = is_structure && typed;
        auto element = typed
                           ? value_from_json(*inner, static_cast<zcl::DataType>(kind->get_int64()))
                           : value_from_json(entry, zcl::DataType::unknown);
        if (!element)
            return std::nullopt;
        elements.push_back(std::move(*element));
    }
    if (is_structure)
        return zcl::make_list(zcl::DataType::structure, std::move(elements));
    const bool known = type == zcl::DataType::set || type == zcl::DataType::bag;
    return zcl::make_list(known ? type : zcl::DataType::array, std::move(elements));
}

}  // namespace

json::value value_to_json(const zcl::Value& value, const json::storage_ptr& memory) {
    if (const auto* number = std::get_if<std::uint64_t>(&value.data))
        return unsigned_json(value, *number, memory);
    if (const auto* number = std::get_if<std::int64_t>(&value.data))
        return is_wide_integer(value.type) ? json::value(std::to_string(*number), memory)
                                           : json::value(*number, memory);
    if (const auto* number = std::get_if<double>(&value.data))
        return std::isfinite(*number) ? json::value(*number, memory) : json::value(nullptr, memory);
    if (const auto* text = value.text())
        return json::value(*text, memory);
    if (const auto* octets = value.octets())
        return buffer_json(*octets, memory);
    if (value.list())
        return list_json(value, memory);
    return absent_json(value.type, memory);
}

json::value indexed_list_to_json(const zcl::Value& list, const json::storage_ptr& memory) {
    json::object object(memory);
    for (const auto& element : *list.list()) {
        const auto* fields = element.list();
        if (!fields || fields->size() != 2 || !(*fields)[0].integer())
            continue;
        object[std::to_string(*(*fields)[0].integer())] = value_to_json((*fields)[1], memory);
    }
    return object;
}

std::optional<zcl::Value> value_from_json(const json::value& value, zcl::DataType type) {
    if (value.is_number())
        return number_from_json(value, type);
    if (const auto* text = value.if_string())
        return text_from_json({text->data(), text->size()}, type);
    if (const auto* object = value.if_object())
        return object_from_json(*object, type);
    if (const auto* array = value.if_array())
        return array_from_json(*array, type);
    return std::nullopt;
}

}  // namespace waggle::network
