#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "zigbee/types.hpp"

/// Install codes as they are printed on devices and typed by users: the address of the device, and a
/// secret from which both sides derive the key for its joining [Zigbee 3.0 BDB 10.1].
///
///     …Z:<address>$I:<code>…          Ubisys, Danfoss, Inovelli, Ledvance and most others
///     <address>|<code>                Innr, Müller-Licht; also with bars at both ends (frient)
///     G$M:…$A:<address>$I:<code>      Aqara
///     HUE:Z:<code> M:<address>…       Philips Hue
///     95 or 91 characters             the code is the last 36 or 32; the address is the 16
///                                     characters that end three before it
///
/// They are tried in this order. A code has 6, 8, 12 or 16 octets and a CRC of two behind them, which
/// some labels leave out. What is wrong is said without the code.
namespace waggle::network {

struct InstallCode {
    enum class Crc : std::uint8_t { right, was_wrong, was_missing };

    Ieee ieee;
    Bytes code;   ///< with the right CRC
    Bytes given;  ///< as it was typed: with a missing CRC it may be a key already
    Crc crc = Crc::right;
};

/// Errc::malformed: no known form, or letters where digits have to be. Errc::invalid_value: not the
/// length of a code. `problem` gets a sentence for the user.
[[nodiscard]] Result<InstallCode> parse_install_code(std::string_view text, std::string& problem);

/// CRC-16/X-25, which stands behind the code with its low octet first.
std::uint16_t crc16_x25(ByteView bytes) noexcept;

/// The Matyas-Meyer-Oseas hash with AES-128 [Zigbee R22 B.6]; of a code with its CRC it is the key
/// for joining. Messages under 8192 octets.
std::array<std::uint8_t, 16> aes_mmo(ByteView message);

}  // namespace waggle::network
