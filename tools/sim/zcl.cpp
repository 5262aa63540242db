#include "zcl.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include <boost/json/value.hpp>

namespace waggle::sim::zcl {

namespace {

struct TypeName {
    std::string_view name;
    std::uint8_t id;
};

constexpr TypeName type_names[] = {
    {"nodata", 0x00},     {"data8", 0x08},    {"data16", 0x09},   {"data24", 0x0A},
    {"data32", 0x0B},     {"data40", 0x0C},   {"data48", 0x0D},   {"data56", 0x0E},
    {"data64", 0x0F},     {"bool", 0x10},     {"bitmap8", 0x18},  {"bitmap16", 0x19},
    {"bitmap24", 0x1A},   {"bitmap32", 0x1B}, {"bitmap40", 0x1C}, {"bitmap48", 0x1D},
    {"bitmap56", 0x1E},   {"bitmap64", 0x1F}, {"uint8", 0x20},    {"uint16", 0x21},
    {"uint24", 0x22},     {"uint32", 0x23},   {"uint40", 0x24},   {"uint48", 0x25},
    {"uint56", 0x26},     {"uint64", 0x27},   {"int8", 0x28},     {"int16", 0x29},
    {"int24", 0x2A},      {"int32", 0x2B},    {"int40", 0x2C},    {"int48", 0x2D},
    {"int56", 0x2E},      {"int64", 0x2F},    {"enum8", 0x30},    {"enum16", 0x31},
    {"semi", 0x38},       {"single", 0x39},   {"double", 0x3A},   {"octets", 0x41},
    {"string", 0x42},     {"octets16", 0x43}, {"string16", 0x44}, {"array", 0x48},
    {"struct", 0x4C},     {"set", 0x50},      {"bag", 0x51},      {"time", 0xE0},
    {"date", 0xE1},       {"utc", 0xE2},      {"cluster", 0xE8},  {"attribute", 0xE9},
    {"bacnet_oid", 0xEA}, {"ieee", 0xF0},     {"key128", 0xF1},
};

/// Size of fixed-length types; nothing for others [ZCL8 table 2-10].
std::optional<std::size_t> fixed_size(std::uint8_t type) {
    if (type >= 0x08 && type <= 0x0F)
        return type - 0x07u;
    if (type >= 0x18 && type <= 0x1F)
        return type - 0x17u;
    if (type >= 0x20 && type <= 0x27)
        return type - 0x1Fu;
    if (type >= 0x28 && type <= 0x2F)
        return type - 0x27u;
    switch (type) {
        case 0x00: return 0;
        case 0x10:
        case 0x30: return 1;
        case 0x31:
        case 0x38:
        case 0xE8:
        case 0xE9: return 2;
        case 0x39:
        case 0xE0:
        case 0xE1:
        case 0xE2:
        case 0xEA: return 4;
        case 0x3A:
        case 0xF0: return 8;
        case 0xF1: return 16;
        default: return std::nullopt;
    }
}

bool is_signed(std::uint8_t type) {
    return type >= 0x28 && type <= 0x2F;
}

bool is_text(std::uint8_t type) {
    return type >= 0x41 && type <= 0x44;
}

std::size_t length_prefix(std::uint8_t type) {
    return type == 0x41 || type == 0x42 ? 1 : 2;
}

/// A length of all ones is the invalid value, without any content.
std::optional<std::size_t> text_size(std::uint8_t type, View rest) {
    Reader in(rest);
    const std::size_t prefix = length_prefix(type);
    const std::size_t length = prefix == 1 ? in.u8() : in.u16();
    if (in.failed())
        return std::nullopt;
    const bool invalid = length == (prefix == 1 ? 0xFFu : 0xFFFFu);
    const std::size_t size = invalid ? prefix : prefix + length;
    return size <= rest.size() ? std::optional(size) : std::nullopt;
}

constexpr int max_depth = 15;  // [ZCL8 2.6.2.14]

std::optional<std::size_t> size_at_depth(std::uint8_t type, View rest, int depth);

/// Arrays, sets and bags name their type once; structures name it before every element.
std::optional<std::size_t> collection_size(std::uint8_t type, View rest, int depth) {
    if (depth >= max_depth)
        return std::nullopt;
    Reader in(rest);
    const bool is_struct = type == 0x4C;
    std::uint8_t element = is_struct ? std::uint8_t{0} : in.u8();
    const std::uint16_t count = in.u16();
    if (in.failed())
        return std::nullopt;
    if (count == 0xFFFF)
        return rest.size() - in.left();
    for (unsigned i = 0; i < count; ++i) {
        if (is_struct)
            element = in.u8();
        const auto size = size_at_depth(element, in.rest(), depth + 1);
        if (in.failed() || !size)
            return std::nullopt;
        if (*size == 0 && !is_struct)
            break;  // elements without data: nothing more to skip
        in.take(*size);
    }
    return rest.size() - in.left();
}

std::optional<std::size_t> size_at_depth(std::uint8_t type, View rest, int depth) {
    if (const auto size = fixed_size(type))
        return *size <= rest.size() ? size : std::nullopt;
    if (is_text(type))
        return text_size(type, rest);
    if (type == 0x48 || type == 0x4C || type == 0x50 || type == 0x51)
        return collection_size(type, rest, depth);
    return std::nullopt;
}

std::uint64_t unsigned_value(View value) {
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < value.size() && i < 8; ++i)
        number |= static_cast<std::uint64_t>(value[i]) << (8 * i);
    return number;
}

std::int64_t signed_value(View value) {
    const std::uint64_t number = unsigned_value(value);
    const auto unused = static_cast<unsigned>(64 - 8 * value.size());
    return static_cast<std::int64_t>(number << unused) >> unused;
}

Bytes number_bytes(std::uint64_t number, std::size_t size) {
    Bytes bytes;
    for (std::size_t i = 0; i < size; ++i)
        bytes.push_back(static_cast<std::uint8_t>(number >> (8 * i)));
    return bytes;
}

std::optional<Bytes> text_bytes(std::uint8_t type, std::string_view text) {
    Bytes content(text.begin(), text.end());
    if (text.starts_with("hex:")) {
        auto bytes = from_hex(text.substr(4));
        if (!bytes)
            return std::nullopt;
        content = std::move(*bytes);
    }
    const std::size_t prefix = length_prefix(type);
    if (content.size() >= (prefix == 1 ? 0xFFu : 0xFFFFu))
        return std::nullopt;
    Bytes value = number_bytes(content.size(), prefix);
    value.insert(value.end(), content.begin(), content.end());
    return value;
}

std::optional<Bytes> scalar_bytes(std::uint8_t type, std::size_t size,
                                  const boost::json::value& value) {
    if (type == 0x39 || type == 0x3A) {
        if (!value.is_number())
            return std::nullopt;
        const double number = value.to_number<double>();
        if (type == 0x3A)
            return number_bytes(std::bit_cast<std::uint64_t>(number), 8);
        return number_bytes(std::bit_cast<std::uint32_t>(static_cast<float>(number)), 4);
    }
    if (value.is_bool())
        return number_bytes(value.get_bool() ? 1 : 0, size);
    if (value.is_int64())
        return number_bytes(static_cast<std::uint64_t>(value.get_int64()), size);
    if (value.is_uint64())
        return number_bytes(value.get_uint64(), size);
    if (value.is_double())
        return number_bytes(static_cast<std::uint64_t>(std::llround(value.get_double())), size);
    return std::nullopt;
}

}  // namespace

std::optional<Frame> parse(View bytes) {
    Reader in(bytes);
    Frame frame;
    frame.control = in.u8();
    if (frame.control & control::manufacturer)
        frame.manufacturer = in.u16();
    frame.sequence = in.u8();
    frame.command = in.u8();
    if (in.failed())
        return std::nullopt;
    frame.payload = in.rest();
    return frame;
}

Bytes build(const Frame& frame) {
    Writer out;
    out.u8(frame.control);
    if (frame.control & control::manufacturer)
        out.u16(frame.manufacturer);
    out.u8(frame.sequence).u8(frame.command).bytes(frame.payload);
    return out.take();
}

std::optional<std::size_t> value_size(std::uint8_t type, View rest) {
    return size_at_depth(type, rest, 0);
}

bool is_analog(std::uint8_t type) {
    return (type >= 0x20 && type <= 0x2F) || (type >= 0x38 && type <= 0x3A) ||
           (type >= 0xE0 && type <= 0xE2);
}

std::optional<double> to_number(std::uint8_t type, View value) {
    const auto size = fixed_size(type);
    if (!size || *size == 0 || *size > 8 || value.size() < *size)
        return std::nullopt;
    if (type == 0x39)
        return std::bit_cast<float>(static_cast<std::uint32_t>(unsigned_value(value.first(4))));
    if (type == 0x3A)
        return std::bit_cast<double>(unsigned_value(value.first(8)));
    if (is_signed(type))
        return static_cast<double>(signed_value(value.first(*size)));
    return static_cast<double>(unsigned_value(value.first(*size)));
}

std::optional<std::uint8_t> type_by_name(std::string_view name) {
    const auto found = std::ranges::find(type_names, name, &TypeName::name);
    if (found != std::end(type_names))
        return found->id;
    const auto number = parse_number(name);
    if (!number || *number > 0xFF)
        return std::nullopt;
    return static_cast<std::uint8_t>(*number);
}

std::optional<Bytes> from_json(std::uint8_t type, const boost::json::value& value) {
    if (is_text(type)) {
        if (!value.is_string())
            return std::nullopt;
        return text_bytes(type, value.get_string());
    }
    if (value.is_string()) {
        const std::string_view text = value.get_string();
        if (text.starts_with("hex:")) {
            auto bytes = from_hex(text.substr(4));
            if (!bytes || value_size(type, *bytes) != bytes->size())
                return std::nullopt;
            return bytes;
        }
        const auto number = parse_number(text);
        const auto size = fixed_size(type);
        if (!number || !size || *size > 8)
            return std::nullopt;
        return number_bytes(*number, *size);
    }
    const auto size = fixed_size(type);
    if (!size || *size > 8)
        return std::nullopt;
    return scalar_bytes(type, *size, value);
}

boost::json::value to_json(std::uint8_t type, View value) {
    if (is_text(type)) {
        const View content =
            value.size() > length_prefix(type) ? value.subspan(length_prefix(type)) : View{};
        const bool printable =
            std::ranges::all_of(content, [](std::uint8_t c) { return c >= 0x20 && c < 0x7F; });
        if (printable && (type == 0x42 || type == 0x44))
            return boost::json::string(content.begin(), content.end());
        return boost::json::string("hex:" + to_hex(content));
    }
    const auto size = fixed_size(type);
    if (!size || *size > 8 || *size == 0 || value.size() < *size)
        return boost::json::string("hex:" + to_hex(value));
    if (type == 0x39 || type == 0x3A)
        return *to_number(type, value);
    if (is_signed(type))
        return signed_value(value.first(*size));
    return unsigned_value(value.first(*size));
}

}  // namespace waggle::sim::zcl
