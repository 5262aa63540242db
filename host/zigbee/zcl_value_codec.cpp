#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "zigbee/zcl_type_info.hpp"
#include "zigbee/zcl_value.hpp"

/// Values to and from octets. Recursive where values nest; nothing that a frame says is reserved
/// for before the octets that fill it are there, so that memory is bounded by the frame's length.
namespace waggle::zcl {
namespace {

constexpr int deepest = 8;
constexpr std::uint16_t absent_count = 0xFFFF;

/// IEEE 754 binary16 [ZCL8 2.6.2.11]: sign, 5 bits of exponent, 10 of fraction.
double from_half(std::uint16_t bits) noexcept {
    const int exponent = bits >> 10 & 0x1F;
    const int fraction = bits & 0x3FF;
    const double sign = bits & 0x8000 ? -1.0 : 1.0;
    if (exponent == 0x1F)
        return fraction ? std::nan("") : sign * HUGE_VAL;
    if (exponent == 0)
        return sign * std::ldexp(fraction, -24);
    return sign * std::ldexp(fraction + 0x400, exponent - 25);
}

/// The nearest half, to even where there are two; what is too large is infinite.
std::uint16_t to_half(double value) noexcept {
    const std::uint16_t sign = std::signbit(value) ? 0x8000 : 0;
    const auto with_sign = [sign](int bits) { return static_cast<std::uint16_t>(sign | bits); };
    if (std::isnan(value))
        return 0x7E00;
    const double size = std::fabs(value);
    if (size >= 65520)
        return with_sign(0x7C00);
    if (size < 0x1p-14)  // subnormal, counted in steps of 2^-24; rounding up gives the first normal
        return with_sign(static_cast<int>(std::nearbyint(size * 0x1p24)));
    const int exponent = std::ilogb(size);
    const auto steps = static_cast<int>(std::nearbyint(std::ldexp(size, 10 - exponent)));
    return with_sign(((exponent + 15) << 10) + steps - 0x400);
}

double read_float(ByteReader& in, std::size_t width) noexcept {
    switch (width) {
        case 2: return from_half(in.u16());
        case 4: return std::bit_cast<float>(in.u32());
        default: return std::bit_cast<double>(in.u64());
    }
}

void write_float(ByteWriter& out, double value, std::size_t width) {
    switch (width) {
        case 2: out.u16(to_half(value)); break;
        case 4: out.u32(std::bit_cast<std::uint32_t>(static_cast<float>(value))); break;
        default: out.u64(std::bit_cast<std::uint64_t>(value)); break;
    }
}

class Reader {
  public:
    Reader(ByteReader& in, bool lenient) noexcept : in_(in), lenient_(lenient) {}

    /// The caller looks at in.failed() once it has the whole.
    Result<Value> value(DataType type, int depth) {
        const auto& info = type_info(type);
        switch (info.layout) {
            case Layout::unknown: return Errc::unsupported;
            case Layout::none: return Value{type, {}};
            case Layout::unsigned_number: return Value{type, in_.little_endian(info.width)};
            case Layout::signed_number: return Value{type, in_.little_endian_signed(info.width)};
            case Layout::floating: return Value{type, read_float(in_, info.width)};
            case Layout::octets: return string<Bytes>(type, in_.u8(), 0xFF);
            case Layout::long_octets: return string<Bytes>(type, in_.u16(), 0xFFFF);
            case Layout::text: return string<std::string>(type, in_.u8(), 0xFF);
            case Layout::long_text: return string<std::string>(type, in_.u16(), 0xFFFF);
            case Layout::sequence: return sequence(type, depth);
            case Layout::structure: return structure(type, depth);
            case Layout::key: return Value{type, to_octets(in_.bytes(info.width))};
        }
        return Errc::unsupported;
    }

  private:
    static Bytes to_octets(ByteView view) { return {view.begin(), view.end()}; }

    template <class Content>
    Value string(DataType type, std::size_t length, std::size_t absent) {
        if (in_.failed() || length == absent)
            return {type, {}};
        const auto view = in_.bytes(lenient_ ? std::min(length, in_.left()) : length);
        if constexpr (std::is_same_v<Content, Bytes>)
            return {type, to_octets(view)};
        else
            return {type, to_utf8(view)};
    }

    Result<Value> sequence(DataType type, int depth) {
        const auto element = static_cast<DataType>(in_.u8());
        const auto count = in_.u16();
        if (count == absent_count)
            return Value{type, {}};
        if (depth == deepest)
            return Errc::malformed;
        // Elements without octets would let a few octets claim 65,534 of them.
        if (count > 0 && type_info(element).layout == Layout::none)
            return Errc::malformed;
        return elements(type, count, [this, element, depth] { return value(element, depth + 1); });
    }

    Result<Value> structure(DataType type, int depth) {
        const auto count = in_.u16();
        if (count == absent_count)
            return Value{type, {}};
        if (depth == deepest)
            return Errc::malformed;
        return elements(type, count, [this, depth] {
            const auto member = static_cast<DataType>(in_.u8());
            return value(member, depth + 1);
        });
    }

    template <class Next>
    Result<Value> elements(DataType type, std::size_t count, Next next) {
        Value::List list;
        for (std::size_t i = 0; i < count && !in_.failed(); ++i) {
            auto element = next();
            if (!element)
                return element.error();
            list.push_back(std::move(*element));
        }
        return Value{type, std::move(list)};
    }

    ByteReader& in_;
    bool lenient_;
};

Result<void> write_integer(ByteWriter& out, const Value& value, const TypeInfo& info) {
    const bool is_signed = info.layout == Layout::signed_number;
    const auto top = is_signed ? all_ones(info.width) >> 1 : all_ones(info.width);
    if (const auto* number = std::get_if<std::uint64_t>(&value.data)) {
        if (*number > top)
            return Errc::invalid_value;
        out.little_endian(*number, info.width);
        return {};
    }
    if (const auto* number = std::get_if<std::int64_t>(&value.data)) {
        const auto bottom = is_signed ? lowest(info.width) : 0;
        if (*number < bottom || (*number > 0 && static_cast<std::uint64_t>(*number) > top))
            return Errc::invalid_value;
        out.little_endian(static_cast<std::uint64_t>(*number), info.width);
        return {};
    }
    if (std::holds_alternative<std::monostate>(value.data) && info.has_non_value) {
        const auto non_value =
            is_signed ? static_cast<std::uint64_t>(lowest(info.width)) : all_ones(info.width);
        out.little_endian(non_value, info.width);
        return {};
    }
    return Errc::invalid_value;
}

Result<void> write_string(ByteWriter& out, const Value& value, std::size_t length_width) {
    const auto absent = all_ones(length_width);
    if (std::holds_alternative<std::monostate>(value.data)) {
        out.little_endian(absent, length_width);
        return {};
    }
    ByteView content;
    if (const auto* text = value.text())
        content = as_bytes(*text);
    else if (const auto* octets = value.octets())
        content = *octets;
    else
        return Errc::invalid_value;
    if (content.size() >= absent)
        return Errc::invalid_value;
    out.little_endian(content.size(), length_width).bytes(content);
    return {};
}

Result<void> write_nested(ByteWriter& out, const Value& value, int depth);

Result<void> write_sequence(ByteWriter& out, const Value& value, int depth) {
    const auto* list = value.list();
    if (!list && !std::holds_alternative<std::monostate>(value.data))
        return Errc::invalid_value;
    if (list && (list->size() >= absent_count || depth == deepest))
        return Errc::invalid_value;
    const auto type = list && !list->empty() ? list->front().type : DataType::no_data;
    out.u8(static_cast<std::uint8_t>(type));
    out.u16(list ? static_cast<std::uint16_t>(list->size()) : absent_count);
    for (std::size_t i = 0; list && i < list->size(); ++i) {
        if ((*list)[i].type != type)
            return Errc::invalid_value;
        if (auto written = write_nested(out, (*list)[i], depth + 1); !written)
            return written;
    }
    return {};
}

Result<void> write_structure(ByteWriter& out, const Value& value, int depth) {
    const auto* list = value.list();
    if (!list && !std::holds_alternative<std::monostate>(value.data))
        return Errc::invalid_value;
    if (list && (list->size() >= absent_count || depth == deepest))
        return Errc::invalid_value;
    out.u16(list ? static_cast<std::uint16_t>(list->size()) : absent_count);
    for (std::size_t i = 0; list && i < list->size(); ++i) {
        out.u8(static_cast<std::uint8_t>((*list)[i].type));
        if (auto written = write_nested(out, (*list)[i], depth + 1); !written)
            return written;
    }
    return {};
}

Result<void> write_floating(ByteWriter& out, const Value& value, std::size_t width) {
    const bool absent = std::holds_alternative<std::monostate>(value.data);
    const auto number = absent ? std::optional(std::nan("")) : value.number();
    if (!number)
        return Errc::invalid_value;
    write_float(out, *number, width);
    return {};
}

Result<void> write_key(ByteWriter& out, const Value& value, std::size_t width) {
    const auto* octets = value.octets();
    if (!octets || octets->size() != width)
        return Errc::invalid_value;
    out.bytes(*octets);
    return {};
}

Result<void> write_nested(ByteWriter& out, const Value& value, int depth) {
    const auto& info = type_info(value.type);
    switch (info.layout) {
        case Layout::unknown: return Errc::invalid_value;
        case Layout::none: return {};
        case Layout::unsigned_number:
        case Layout::signed_number: return write_integer(out, value, info);
        case Layout::floating: return write_floating(out, value, info.width);
        case Layout::octets:
        case Layout::text: return write_string(out, value, 1);
        case Layout::long_octets:
        case Layout::long_text: return write_string(out, value, 2);
        case Layout::sequence: return write_sequence(out, value, depth);
        case Layout::structure: return write_structure(out, value, depth);
        case Layout::key: return write_key(out, value, info.width);
    }
    return Errc::invalid_value;
}

}  // namespace

Result<Value> read_value(ByteReader& in, DataType type, bool lenient) {
    auto value = Reader(in, lenient).value(type, 0);
    if (in.failed())
        return Errc::truncated;
    return value;
}

Result<void> write_value(ByteWriter& out, const Value& value) {
    return write_nested(out, value, 0);
}

}  // namespace waggle::zcl
