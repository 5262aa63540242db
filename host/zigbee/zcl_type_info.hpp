#pragma once

#include <array>
#include <cstdint>

#include "zigbee/zcl_value.hpp"

/// How each data type is laid out [ZCL8 2.6.2, table 2-10]; for the value codec only.
namespace waggle::zcl {

enum class Layout : std::uint8_t {
    unknown,  ///< no such type
    none,     ///< no octets: no_data, and the type called "unknown"
    unsigned_number,
    signed_number,
    floating,
    octets,       ///< length octet, octets
    long_octets,  ///< length in two octets
    text,
    long_text,
    sequence,   ///< element type, count, elements: array, set, bag
    structure,  ///< count, then type and value of each
    key,        ///< 16 octets
};

struct TypeInfo {
    Layout layout = Layout::unknown;
    std::uint8_t width = 0;  ///< octets of a fixed-size type
    bool analog = false;
    bool has_non_value = false;  ///< all ones; of signed numbers the lowest
};

constexpr std::uint64_t all_ones(std::size_t width) noexcept {
    return width == 0 ? 0 : ~std::uint64_t{0} >> (64 - 8 * width);
}

constexpr std::int64_t lowest(std::size_t width) noexcept {
    return width == 0 ? 0 : -static_cast<std::int64_t>(all_ones(width) >> 1) - 1;
}

/// Unlike zigbee-herdsman this counts the 64-bit integers among the analog types, as the
/// specification does: without a reportable change a device cannot read the record.
constexpr std::array<TypeInfo, 256> make_type_table() noexcept {
    std::array<TypeInfo, 256> table{};
    const auto set = [&table](DataType type, TypeInfo info) {
        table[static_cast<std::uint8_t>(type)] = info;
    };
    for (std::uint8_t i = 0; i < 8; ++i) {
        const auto width = static_cast<std::uint8_t>(i + 1);
        const auto of = [i](DataType first) {
            return static_cast<DataType>(static_cast<std::uint8_t>(first) + i);
        };
        set(of(DataType::data8), {Layout::unsigned_number, width, false, false});
        set(of(DataType::bitmap8), {Layout::unsigned_number, width, false, false});
        set(of(DataType::uint8), {Layout::unsigned_number, width, true, true});
        set(of(DataType::int8), {Layout::signed_number, width, true, true});
    }
    set(DataType::no_data, {Layout::none});
    set(DataType::unknown, {Layout::none});
    set(DataType::boolean, {Layout::unsigned_number, 1, false, true});
    set(DataType::enum8, {Layout::unsigned_number, 1, false, true});
    set(DataType::enum16, {Layout::unsigned_number, 2, false, true});
    set(DataType::semi_float, {Layout::floating, 2, true});
    set(DataType::single_float, {Layout::floating, 4, true});
    set(DataType::double_float, {Layout::floating, 8, true});
    set(DataType::octet_string, {Layout::octets});
    set(DataType::char_string, {Layout::text});
    set(DataType::long_octet_string, {Layout::long_octets});
    set(DataType::long_char_string, {Layout::long_text});
    set(DataType::array, {Layout::sequence});
    set(DataType::structure, {Layout::structure});
    set(DataType::set, {Layout::sequence});
    set(DataType::bag, {Layout::sequence});
    set(DataType::time_of_day, {Layout::unsigned_number, 4, true, true});
    set(DataType::date, {Layout::unsigned_number, 4, true, true});
    set(DataType::utc, {Layout::unsigned_number, 4, true, true});
    set(DataType::cluster_id, {Layout::unsigned_number, 2, false, true});
    set(DataType::attribute_id, {Layout::unsigned_number, 2, false, true});
    set(DataType::bacnet_oid, {Layout::unsigned_number, 4, false, true});
    set(DataType::ieee_address, {Layout::unsigned_number, 8, false, false});
    set(DataType::security_key, {Layout::key, 16});
    return table;
}

inline constexpr auto type_table = make_type_table();

constexpr const TypeInfo& type_info(DataType type) noexcept {
    return type_table[static_cast<std::uint8_t>(type)];
}

}  // namespace waggle::zcl
