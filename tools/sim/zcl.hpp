/// The little of the Zigbee Cluster Library a virtual device needs: frame headers, sizes of data
/// types, conversion of values between their bytes and JSON.
#pragma once

#include <optional>

#include <boost/json/fwd.hpp>

#include "bytes.hpp"

namespace waggle::sim::zcl {

enum class Status : std::uint8_t {
    success = 0x00,
    failure = 0x01,
    malformed_command = 0x80,
    unsupported_command = 0x81,
    invalid_field = 0x85,
    unsupported_attribute = 0x86,
    invalid_value = 0x87,
    read_only = 0x88,
    insufficient_space = 0x89,
    duplicate_exists = 0x8A,
    not_found = 0x8B,
    unreportable_attribute = 0x8C,
    invalid_type = 0x8D,
    write_only = 0x8F,
    unsupported_cluster = 0xC3,
};

/// Commands of every cluster [ZCL8 table 2-3].
namespace command {
inline constexpr std::uint8_t read = 0x00, read_response = 0x01, write = 0x02,
                              write_undivided = 0x03, write_response = 0x04,
                              write_no_response = 0x05, configure_reporting = 0x06,
                              configure_reporting_response = 0x07, read_reporting = 0x08,
                              read_reporting_response = 0x09, report = 0x0A,
                              default_response = 0x0B, discover = 0x0C, discover_response = 0x0D,
                              read_structured = 0x0E, write_structured = 0x0F,
                              write_structured_response = 0x10, discover_received = 0x11,
                              discover_received_response = 0x12, discover_generated = 0x13,
                              discover_generated_response = 0x14, discover_extended = 0x15,
                              discover_extended_response = 0x16;
}  // namespace command

/// Frame control bits [ZCL8 2.4.1.1].
namespace control {
inline constexpr std::uint8_t cluster_specific = 0x01, type_mask = 0x03, manufacturer = 0x04,
                              from_server = 0x08, no_default_response = 0x10;
}

struct Frame {
    std::uint8_t control = 0;
    std::uint16_t manufacturer = 0;
    std::uint8_t sequence = 0;
    std::uint8_t command = 0;
    View payload;

    bool is_global() const { return (control & control::type_mask) == 0; }
    bool is_from_server() const { return control & control::from_server; }
    bool wants_default_response() const { return !(control & control::no_default_response); }
};

/// Nothing when the bytes end inside the header.
[[nodiscard]] std::optional<Frame> parse(View bytes);

/// `frame.payload` follows the header.
[[nodiscard]] Bytes build(const Frame& frame);

/// Bytes the first value of `type` in `rest` takes, its length prefix included. Nothing when
/// the type is unknown or the bytes end too early.
[[nodiscard]] std::optional<std::size_t> value_size(std::uint8_t type, View rest);

/// Types whose reports carry a reportable change [ZCL8 2.6.2].
[[nodiscard]] bool is_analog(std::uint8_t type);

/// Value of a number type, enumerations, bitmaps and booleans included.
[[nodiscard]] std::optional<double> to_number(std::uint8_t type, View value);

/// "uint8", "0x20", "bool", "string"… to the type's id.
[[nodiscard]] std::optional<std::uint8_t> type_by_name(std::string_view name);

/// Strings may be given as text or, prefixed with "hex:", as bytes; structures only as "hex:".
[[nodiscard]] std::optional<Bytes> from_json(std::uint8_t type, const boost::json::value& value);
[[nodiscard]] boost::json::value to_json(std::uint8_t type, View value);

}  // namespace waggle::sim::zcl
