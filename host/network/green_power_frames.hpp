#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/bytes.hpp"
#include "zigbee/types.hpp"

/// Frames of the Green Power cluster that a sink reads and sends [14-0563-19 A.3.3], bytes only.
/// Devices with an IEEE address instead of a source id (application id 2) are not supported.
namespace waggle::network::gp {

inline constexpr EndpointId endpoint = 242;
inline constexpr ClusterId cluster = 0x0021;
inline constexpr GroupId group = 0x0B84;

using Key = std::array<std::uint8_t, 16>;

/// Notification (0x00) or commissioning notification (0x04), from a proxy [A.3.3.4.1, A.3.3.4.3].
struct Notification {
    bool commissioning = false;
    std::uint16_t options = 0;
    std::uint32_t source = 0;
    std::uint32_t frame_counter = 0;
    std::uint8_t command = 0;
    ByteView payload;  ///< of the command; encrypted when is_encrypted()
    std::optional<NwkAddress> proxy;

    /// The proxy could not decrypt it: full encryption, and no key there.
    bool is_encrypted() const noexcept;
};

/// Nothing when it is another frame of the cluster (then it comes from a proxy itself), or not one
/// that can be read. `supported` is false for application id 2.
struct Parsed {
    bool is_notification = false;
    bool supported = false;
    Notification notification;
};
Parsed parse(ByteView frame) noexcept;

/// The device's commissioning command 0xE0 [A.4.2.1.1]. Errc::truncated.
struct Commissioning {
    std::uint8_t device_id = 0, options = 0, extended_options = 0;
    Key key{};
    std::uint32_t outgoing_counter = 0;

    bool sequence_capable() const noexcept { return options & 0x01; }
    bool receives() const noexcept { return options & 0x02; }
    bool fixed_location() const noexcept { return options & 0x40; }
};
[[nodiscard]] Result<Commissioning> parse_commissioning(ByteView payload);

/// The frame as the proxy would have sent it, had it known the key; nullopt when it is too short or
/// the cipher is not to be had. The check code is not verified: the proxy removed it.
std::optional<Bytes> decrypt(ByteView frame, const Notification& notification, const Key& key);

/// A device's key as it travels: encrypted under the key that every Zigbee device knows.
std::optional<Key> encrypt_key(std::uint32_t source, const Key& key);

/// Whole ZCL frames, from server to client without default response.
struct Pairing {
    bool add = true, remove = false, fixed = false, sequence_capable = false;
    std::uint8_t mode = 2;  ///< 1: derived group, 2: pre-commissioned group, 3: lightweight unicast
    std::uint8_t security_level = 0, key_type = 0;
    std::uint32_t source = 0;
    std::uint8_t device_id = 0;
    std::optional<std::uint32_t> frame_counter;
    std::optional<Key> key;
    Ieee sink;  ///< of mode 3
};
Bytes pairing(std::uint8_t sequence, const Pairing& pairing);
/// What takes a device out of the proxies' tables when the user removes it.
Bytes removal(std::uint8_t sequence, std::uint32_t source);
/// Opens (1..254 s) or closes (0) commissioning at the proxies.
Bytes commissioning_mode(std::uint8_t sequence, std::uint8_t seconds, bool unicast);
/// A command to the device through one proxy: 0xF0 commissioning reply, 0xF3 channel.
Bytes response(std::uint8_t sequence, NwkAddress proxy, std::uint8_t channel_index,
               std::uint32_t source, std::uint8_t command, std::uint8_t value);

}  // namespace waggle::network::gp
