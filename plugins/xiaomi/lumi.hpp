#pragma once

#include <waggle/sdk.hpp>

/// What Lumi's devices (Xiaomi, Aqara) have in common.
namespace lumi {

inline constexpr std::uint16_t manufacturer = 0x115F;

namespace attr {
inline constexpr std::uint16_t operation_mode = 0xFF22;  ///< genBasic, uint8
inline constexpr std::uint16_t reset_warning = 0xFFF0;   ///< genBasic, octet string
inline constexpr std::uint16_t relay_cause = 0xF000;  ///< genOnOff, uint32: what switched a relay
}  // namespace attr

/// Firmware can be updated; some models do not list the cluster among their outputs.
waggle::Extension ota();

/// A rocker held for ten seconds would reset the device and take it off the network. It warns before
/// it does, and stays when the warning is answered.
waggle::Extension prevent_reset();

}  // namespace lumi
