#pragma once

#include <cstdint>
#include <string_view>

#include "base/errc.hpp"

/// What Z-Stack answers: one number space for the replies to requests and for data confirms
/// [Z-Stack ZComDef.h, mac_api.h].
namespace waggle::znp {

namespace status {
inline constexpr std::uint8_t success = 0x00, failure = 0x01, nv_item_initialized = 0x09,
                              mem_error = 0x10, buffer_full = 0x11, mac_mem_error = 0x13,
                              mac_no_resources = 0x1A, nwk_no_route = 0xCD,
                              mac_channel_access_failure = 0xE1, mac_no_ack = 0xE9,
                              mac_transaction_expired = 0xF0;
}  // namespace status

/// "MAC_NO_ACK"; "UNKNOWN" for numbers that have no name.
std::string_view status_name(std::uint8_t status) noexcept;

/// The error that the rest of the host knows it by; only for numbers other than success.
Errc status_error(std::uint8_t status) noexcept;

/// The radio is overloaded, not the way to the device: waiting helps.
inline bool is_congestion(std::uint8_t status) noexcept {
    return status == status::mac_channel_access_failure || status == status::buffer_full ||
           status == status::mac_no_resources || status == status::mem_error ||
           status == status::mac_mem_error;
}

/// Out of memory for more messages: fewer at once helps.
inline bool is_out_of_buffers(std::uint8_t status) noexcept {
    return is_congestion(status) && status != status::mac_channel_access_failure;
}

/// A repeat has a chance.
inline bool is_recoverable(std::uint8_t status) noexcept {
    return is_congestion(status) || status == status::nwk_no_route ||
           status == status::mac_no_ack || status == status::mac_transaction_expired;
}

}  // namespace waggle::znp
