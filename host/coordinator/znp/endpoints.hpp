#pragma once

#include <cstdint>
#include <span>

#include "zigbee/types.hpp"

/// The endpoints that the coordinator registers, in zigbee2mqtt's order. Devices look for some of
/// them by number or profile; a device paired with one program must find the same with the other.
namespace waggle::znp {

struct EndpointRow {
    EndpointId endpoint;
    ProfileId profile;
    std::uint16_t device_id = 0x0005;
    std::span<const ClusterId> inputs{};
    std::span<const ClusterId> outputs{};
};

inline constexpr ClusterId ias_inputs[] = {0x0501, 0x000A};   ///< ssIasAce, genTime
inline constexpr ClusterId ias_outputs[] = {0x0500, 0x0502};  ///< ssIasZone, ssIasWd
inline constexpr ClusterId ota_inputs[] = {0x0019};           ///< genOta

inline constexpr EndpointId endpoint_inter_pan = 12;
inline constexpr EndpointId endpoint_green_power = 242;
inline constexpr GroupId group_green_power = 0x0B84;

inline constexpr EndpointRow endpoints[] = {
    {1, 0x0104},
    {2, 0x0101},
    {3, 0x0104},
    {4, 0x0107},
    {5, 0x0108},
    {6, 0x0109},
    {8, 0x0104},
    {10, 0x0104},
    {11, 0x0104, 0x0400, ias_inputs, ias_outputs},
    {110, 0x0104},
    {endpoint_inter_pan, 0xC05E},
    {13, 0x0104, 0x0005, ota_inputs},
    {47, 0x0104},
    {239, 0xC001},
    {endpoint_green_power, profile_green_power},
};

/// Incoming messages do not say their profile; the endpoint they are for does. Home automation for
/// endpoints that are not registered (255 in a broadcast).
constexpr ProfileId profile_of(EndpointId endpoint) noexcept {
    for (const auto& row : endpoints) {
        if (row.endpoint == endpoint)
            return row.profile;
    }
    return profile_home_automation;
}

}  // namespace waggle::znp
