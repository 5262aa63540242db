#pragma once

#include <optional>
#include <string_view>

#include "network/device.hpp"

/// The fields of a device that come from its genBasic cluster, whichever way they arrive: asked for
/// in the interview, or unsolicited (which is what identifies many Xiaomi devices).
namespace waggle::network {

inline constexpr ClusterId basic_cluster = 0x0000;

/// Attribute ids of genBasic [ZCL8 3.2.2.2].
namespace basic {
inline constexpr std::uint16_t zcl_version = 0x0000, application_version = 0x0001,
                               stack_version = 0x0002, hardware_version = 0x0003,
                               manufacturer_name = 0x0004, model_id = 0x0005, date_code = 0x0006,
                               power_source = 0x0007, software_build_id = 0x4000;
}  // namespace basic

/// Takes over one value. True when a field of the device changed by it.
bool update_identity(Device& device, std::uint16_t attribute, const zcl::Value& value);

/// Whether the interview may skip reading it: known, and not the empty text.
bool is_known(const Device& device, std::uint16_t attribute) noexcept;

/// "Battery" and so on; nothing for 0 (unknown) and numbers without a name. Bit 7, which says that
/// there is a backup battery, does not count.
std::optional<std::string_view> power_source_name(std::int64_t number) noexcept;

}  // namespace waggle::network
