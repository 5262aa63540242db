/// What travels between nodes of the virtual network, above the radio.
#pragma once

#include <optional>

#include "bytes.hpp"

namespace waggle::sim {

inline constexpr std::uint16_t coordinator_nwk = 0x0000;
inline constexpr std::uint16_t no_nwk = 0xFFFE;

[[nodiscard]] constexpr bool is_broadcast(std::uint16_t nwk) {
    return nwk >= 0xFFF8;
}

enum class Delivery : std::uint8_t { unicast, group, broadcast };

struct ApsFrame {
    Delivery delivery = Delivery::unicast;
    std::uint16_t source = 0;
    std::uint8_t source_endpoint = 0;
    std::uint16_t destination = 0;                  // nwk address, group id or broadcast address
    std::optional<std::uint64_t> destination_ieee;  // where the host gave that
    std::uint8_t destination_endpoint = 0;
    std::uint16_t profile = 0x0104;
    std::uint16_t cluster = 0;
    bool wants_ack = false;
    bool aps_secured = false;
    Bytes data;
};

/// Outcome of a transmission, in AF_DATA_CONFIRM's numbers.
namespace confirm {
inline constexpr std::uint8_t success = 0x00, no_ack_aps = 0xB7, no_route = 0xCD, no_ack_mac = 0xE9,
                              expired = 0xF0;
}

/// The network a node belongs to: nodes of different ones do not hear each other.
struct Membership {
    std::uint64_t extended_pan_id = 0;
    Bytes key;

    bool operator==(const Membership&) const = default;
};

}  // namespace waggle::sim
