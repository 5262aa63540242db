#pragma once

#include <cstdint>

/// Numbers of the standard that definitions name often.
#pragma GCC visibility push(hidden)
namespace waggle {

/// ZCL data types [ZCL8 table 2-10]; `from_table` leaves the choice to the host's cluster tables.
// clang-format off
enum class Type : std::uint8_t {
    no_data = 0x00,
    data8 = 0x08, data16, data24, data32,
    boolean = 0x10,
    bitmap8 = 0x18, bitmap16, bitmap24, bitmap32,
    uint8 = 0x20, uint16, uint24, uint32, uint40, uint48, uint56, uint64,
    int8 = 0x28, int16, int24, int32, int40, int48, int56, int64,
    enum8 = 0x30, enum16 = 0x31,
    single_float = 0x39, double_float = 0x3A,
    octet_string = 0x41, char_string = 0x42,
    utc = 0xE2,
    ieee_address = 0xF0,
    from_table = 0xFF,
};
// clang-format on

namespace cluster {
inline constexpr std::uint16_t basic = 0x0000, power = 0x0001, device_temperature = 0x0002,
                               identify = 0x0003, groups = 0x0004, scenes = 0x0005, on_off = 0x0006,
                               level = 0x0008, analog_input = 0x000C, analog_output = 0x000D,
                               binary_input = 0x000F, binary_output = 0x0010,
                               multistate_input = 0x0012, ota = 0x0019, poll_control = 0x0020,
                               door_lock = 0x0101, window_covering = 0x0102, thermostat = 0x0201,
                               fan = 0x0202, color = 0x0300, ballast = 0x0301, illuminance = 0x0400,
                               temperature = 0x0402, pressure = 0x0403, flow = 0x0404,
                               humidity = 0x0405, occupancy = 0x0406, soil_moisture = 0x0408,
                               wind_speed = 0x040B, co2 = 0x040D, pm25 = 0x042A, ias_zone = 0x0500,
                               ias_warning = 0x0502, metering = 0x0702,
                               electrical_measurement = 0x0B04;
}

namespace attr {
inline constexpr std::uint16_t on_off = 0x0000, current_level = 0x0000, model_id = 0x0005,
                               present_value = 0x0055;
}

}  // namespace waggle
#pragma GCC visibility pop
