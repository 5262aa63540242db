#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/bytes.hpp"

/// ZCL data types and the values they hold [ZCL8 2.6.2].
namespace waggle::zcl {

enum class DataType : std::uint8_t {
    no_data = 0x00,
    data8 = 0x08, data16, data24, data32, data40, data48, data56, data64,
    boolean = 0x10,
    bitmap8 = 0x18, bitmap16, bitmap24, bitmap32, bitmap40, bitmap48, bitmap56, bitmap64,
    uint8 = 0x20, uint16, uint24, uint32, uint40, uint48, uint56, uint64,
    int8 = 0x28, int16, int24, int32, int40, int48, int56, int64,
    enum8 = 0x30, enum16 = 0x31,
    semi_float = 0x38, single_float = 0x39, double_float = 0x3A,
    octet_string = 0x41, char_string = 0x42, long_octet_string = 0x43, long_char_string = 0x44,
    array = 0x48, structure = 0x4C, set = 0x50, bag = 0x51,
    time_of_day = 0xE0, date = 0xE1, utc = 0xE2,
    cluster_id = 0xE8, attribute_id = 0xE9, bacnet_oid = 0xEA,
    ieee_address = 0xF0, security_key = 0xF1,
    unknown = 0xFF,
};

/// One value with the type it came as. Numbers of every unsigned kind (booleans, bitmaps, enums,
/// times, addresses) are uint64: a boolean keeps its octet, because devices send 2 in one.
/// An absent ("invalid") value of a type is monostate only for no_data and for strings of length
/// 0xFF; numeric non-values keep their number, and is_non_value() tells.
struct Value {
    using List = std::vector<Value>;  ///< array, set, bag: elements alike; structure: any
    using Data = std::variant<std::monostate, std::uint64_t, std::int64_t, double, std::string,
                              Bytes, List>;

    DataType type = DataType::no_data;
    Data data;

    std::optional<std::int64_t> integer() const noexcept;  ///< of either sign, when it is one
    std::optional<double> number() const noexcept;         ///< integer or float
    const std::string* text() const noexcept { return std::get_if<std::string>(&data); }
    const Bytes* octets() const noexcept { return std::get_if<Bytes>(&data); }
    const List* list() const noexcept { return std::get_if<List>(&data); }
    bool is_non_value() const noexcept;  ///< the type's reserved "invalid" number [ZCL8 table 2-10]

    bool operator==(const Value&) const = default;
};

/// Octets of a fixed-size type; 0 for the variable ones and for no_data.
std::size_t fixed_size(DataType type) noexcept;
bool is_known(DataType type) noexcept;
bool is_analog(DataType type) noexcept;  ///< reportable change applies [ZCL8 2.6.2]

/// Reads one value of `type`. A string whose length octet promises more than the frame holds gets
/// what is there when `lenient` (devices do this), otherwise Errc::truncated.
/// Nested structures deeper than 8 are Errc::malformed.
[[nodiscard]] Result<Value> read_value(ByteReader& in, DataType type, bool lenient = false);

/// Errc::invalid_value when the data does not fit the type.
[[nodiscard]] Result<void> write_value(ByteWriter& out, const Value& value);

Value make_unsigned(DataType type, std::uint64_t value);
Value make_signed(DataType type, std::int64_t value);
Value make_text(std::string value);
Value make_octets(Bytes value);

}  // namespace waggle::zcl
