#include "zigbee/zcl_value.hpp"

#include <cmath>
#include <limits>
#include <utility>

#include "zigbee/zcl_type_info.hpp"

namespace waggle::zcl {
namespace {

constexpr std::uint8_t unknown_subfield = 0xFF;
constexpr std::uint16_t first_year = 1900;

std::optional<std::uint8_t> subfield(std::uint64_t value, unsigned octet) noexcept {
    const auto part = static_cast<std::uint8_t>(value >> (8 * octet));
    return part == unknown_subfield ? std::nullopt : std::optional(part);
}

std::uint64_t octet(std::optional<std::uint8_t> part, unsigned place) noexcept {
    return std::uint64_t{part.value_or(unknown_subfield)} << (8 * place);
}

/// How many octets of a UTF-8 sequence stand at the beginning of `octets`, and whether it is whole:
/// of one that is not, the longest part that could have begun one, at least 1 [Unicode 15, 3.9].
struct Utf8Step {
    std::size_t length;
    bool valid;
};

Utf8Step utf8_step(ByteView octets) noexcept {
    const auto lead = octets[0];
    if (lead < 0x80)
        return {1, true};
    const std::size_t wanted = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4)
        return {1, false};
    // The second octet's range depends on the first: no overlong forms, no surrogates, no more
    // than U+10FFFF.
    std::uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    std::uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    for (std::size_t i = 1; i < wanted; ++i, low = 0x80, high = 0xBF)
        if (i == octets.size() || octets[i] < low || octets[i] > high)
            return {i, false};
    return {wanted, true};
}

}  // namespace

std::optional<std::int64_t> Value::integer() const noexcept {
    if (const auto* number = std::get_if<std::int64_t>(&data))
        return *number;
    if (const auto* number = std::get_if<std::uint64_t>(&data);
        number && std::in_range<std::int64_t>(*number))
        return static_cast<std::int64_t>(*number);
    return std::nullopt;
}

std::optional<double> Value::number() const noexcept {
    if (const auto* number = std::get_if<double>(&data))
        return *number;
    if (const auto* number = std::get_if<std::int64_t>(&data))
        return static_cast<double>(*number);
    if (const auto* number = std::get_if<std::uint64_t>(&data))
        return static_cast<double>(*number);
    return std::nullopt;
}

bool Value::is_non_value() const noexcept {
    const auto& info = type_info(type);
    if (std::holds_alternative<std::monostate>(data))
        return info.layout != Layout::none && info.layout != Layout::unknown;
    if (const auto* number = std::get_if<double>(&data))
        return std::isnan(*number);
    if (!info.has_non_value)
        return false;
    const auto is_reserved = [&info](auto number) {
        return info.layout == Layout::signed_number ? std::cmp_equal(number, lowest(info.width))
                                                    : std::cmp_equal(number, all_ones(info.width));
    };
    if (const auto* number = std::get_if<std::uint64_t>(&data))
        return is_reserved(*number);
    if (const auto* number = std::get_if<std::int64_t>(&data))
        return is_reserved(*number);
    return false;
}

std::size_t fixed_size(DataType type) noexcept {
    return type_info(type).width;
}

bool is_known(DataType type) noexcept {
    return type_info(type).layout != Layout::unknown;
}

bool is_analog(DataType type) noexcept {
    return type_info(type).analog;
}

Value make_unsigned(DataType type, std::uint64_t value) {
    return {type, value};
}

Value make_signed(DataType type, std::int64_t value) {
    return {type, value};
}

Value make_text(std::string value) {
    return {DataType::char_string, std::move(value)};
}

Value make_octets(Bytes value) {
    return {DataType::octet_string, std::move(value)};
}

Value make_list(DataType type, Value::List elements) {
    return {type, std::move(elements)};
}

std::optional<TimeOfDay> time_of_day(const Value& value) noexcept {
    const auto* number = std::get_if<std::uint64_t>(&value.data);
    if (value.type != DataType::time_of_day || !number)
        return std::nullopt;
    return TimeOfDay{subfield(*number, 0), subfield(*number, 1), subfield(*number, 2),
                     subfield(*number, 3)};
}

std::optional<Date> date(const Value& value) noexcept {
    const auto* number = std::get_if<std::uint64_t>(&value.data);
    if (value.type != DataType::date || !number)
        return std::nullopt;
    Date result{std::nullopt, subfield(*number, 1), subfield(*number, 2), subfield(*number, 3)};
    if (const auto years = subfield(*number, 0))
        result.year = static_cast<std::uint16_t>(first_year + *years);
    return result;
}

Value make_time_of_day(const TimeOfDay& time) noexcept {
    return {DataType::time_of_day, octet(time.hours, 0) | octet(time.minutes, 1) |
                                       octet(time.seconds, 2) | octet(time.hundredths, 3)};
}

Value make_date(const Date& date) noexcept {
    std::optional<std::uint8_t> years;
    if (date.year && *date.year >= first_year && *date.year < first_year + unknown_subfield)
        years = static_cast<std::uint8_t>(*date.year - first_year);
    return {DataType::date,
            octet(years, 0) | octet(date.month, 1) | octet(date.day, 2) | octet(date.weekday, 3)};
}

std::string to_utf8(ByteView octets) {
    std::string text;
    text.reserve(octets.size());
    while (!octets.empty()) {
        const auto step = utf8_step(octets);
        text += step.valid ? as_text(octets.first(step.length)) : "\uFFFD";
        octets = octets.subspan(step.length);
    }
    return text;
}

}  // namespace waggle::zcl
