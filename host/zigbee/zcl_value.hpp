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
    data8 = 0x08,
    data16,
    data24,
    data32,
    data40,
    data48,
    data56,
    data64,
    boolean = 0x10,
    bitmap8 = 0x18,
    bitmap16,
    bitmap24,
    bitmap32,
    bitmap40,
    bitmap48,
    bitmap56,
    bitmap64,
    uint8 = 0x20,
    uint16,
    uint24,
    uint32,
    uint40,
    uint48,
    uint56,
    uint64,
    int8 = 0x28,
    int16,
    int24,
    int32,
    int40,
    int48,
    int56,
    int64,
    enum8 = 0x30,
    enum16 = 0x31,
    semi_float = 0x38,
    single_float = 0x39,
    double_float = 0x3A,
    octet_string = 0x41,
    char_string = 0x42,
    long_octet_string = 0x43,
    long_char_string = 0x44,
    array = 0x48,
    structure = 0x4C,
    set = 0x50,
    bag = 0x51,
    time_of_day = 0xE0,
    date = 0xE1,
    utc = 0xE2,
    cluster_id = 0xE8,
    attribute_id = 0xE9,
    bacnet_oid = 0xEA,
    ieee_address = 0xF0,
    security_key = 0xF1,
    unknown = 0xFF,
};

/// One value with the type it came as. Numbers of every unsigned kind (booleans, bitmaps, enums,
/// times, addresses) are uint64: a boolean keeps its octet, because devices send 2 in one. A
/// security key is 16 octets.
///
/// monostate is no_data, and the absent ("invalid") string, array or structure of length 0xFF or
/// 0xFFFF; numeric non-values keep their number, and is_non_value() tells. Written, monostate is
/// the type's non-value.
///
/// Text is valid UTF-8: octets that are not become U+FFFD when it is read, so that it may go into
/// JSON as it is.
///
/// What zigbee-herdsman shows differently: integers of 56 and 64 bits as text once serialised;
/// absent strings as empty ones; the non-value of an attribute or parameter as null
/// (AttributeDefinition::is_absent); a time of day and a date as objects (time_of_day(), date());
/// an address as text (Ieee::to_string()); a structure's members as {elmType, elmVal}; and it does
/// not read semi_float.
struct Value {
    using List = std::vector<Value>;  ///< array, set, bag: elements alike; structure: any
    using Data =
        std::variant<std::monostate, std::uint64_t, std::int64_t, double, std::string, Bytes, List>;

    DataType type = DataType::no_data;
    Data data;

    std::optional<std::int64_t> integer() const noexcept;  ///< of either sign, when it is one
    std::optional<double> number() const noexcept;         ///< integer or float
    const std::string* text() const noexcept { return std::get_if<std::string>(&data); }
    const Bytes* octets() const noexcept { return std::get_if<Bytes>(&data); }
    const List* list() const noexcept { return std::get_if<List>(&data); }
    /// Absent, or the type's reserved "invalid" number [ZCL8 table 2-10]. Never for no_data,
    /// bitmaps, general data, and addresses (zigbee-herdsman keeps those too).
    bool is_non_value() const noexcept;

    bool operator==(const Value&) const = default;
};

/// Octets of a fixed-size type; 0 for the variable ones and for no_data.
std::size_t fixed_size(DataType type) noexcept;
bool is_known(DataType type) noexcept;
bool is_analog(DataType type) noexcept;  ///< reportable change applies [ZCL8 2.6.2]

/// Reads one value of `type`. A string whose length octet promises more than the frame holds gets
/// what is there when `lenient` (devices do this), otherwise Errc::truncated.
/// Errc::malformed: structures nested deeper than 8, or an array of elements without size.
/// Errc::unsupported: nothing knows the type.
[[nodiscard]] Result<Value> read_value(ByteReader& in, DataType type, bool lenient = false);

/// Errc::invalid_value when the data does not fit the type; `out` then holds part of it. Integers
/// of either sign fit an integer type whose range they keep to; text and octets are
/// interchangeable; an array's element type is that of its first element.
[[nodiscard]] Result<void> write_value(ByteWriter& out, const Value& value);

Value make_unsigned(DataType type, std::uint64_t value);
Value make_signed(DataType type, std::int64_t value);
Value make_text(std::string value);
Value make_octets(Bytes value);
Value make_list(DataType type, Value::List elements);  ///< array, set, bag or structure

/// A subfield that the device does not know (0xFF) is nullopt.
struct TimeOfDay {
    std::optional<std::uint8_t> hours, minutes, seconds, hundredths;
    bool operator==(const TimeOfDay&) const = default;
};
struct Date {
    std::optional<std::uint16_t> year;                ///< with the century, 1900 to 2154
    std::optional<std::uint8_t> month, day, weekday;  ///< Monday is 1
    bool operator==(const Date&) const = default;
};

/// nullopt when the value is of another type.
std::optional<TimeOfDay> time_of_day(const Value& value) noexcept;
std::optional<Date> date(const Value& value) noexcept;
Value make_time_of_day(const TimeOfDay& time) noexcept;
Value make_date(const Date& date) noexcept;

/// `octets` as UTF-8, what is not valid replaced by U+FFFD as browsers and Node.js do it.
std::string to_utf8(ByteView octets);

}  // namespace waggle::zcl
