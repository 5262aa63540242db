#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

/// The numbers that name things in a Zigbee network.
namespace waggle {

using NwkAddress = std::uint16_t;  ///< 16-bit network address; may change during a device's life
using EndpointId = std::uint8_t;   ///< 1..240 application, 242 Green Power, 0 ZDO, 255 all
using ClusterId = std::uint16_t;
using ProfileId = std::uint16_t;
using GroupId = std::uint16_t;
using ManufacturerCode = std::uint16_t;

inline constexpr ProfileId profile_zdo = 0x0000;
inline constexpr ProfileId profile_home_automation = 0x0104;
inline constexpr ProfileId profile_green_power = 0xA1E0;

/// Broadcast addresses [Zigbee R22 3.6.5].
inline constexpr NwkAddress broadcast_all = 0xFFFF;
inline constexpr NwkAddress broadcast_rx_on = 0xFFFD;
inline constexpr NwkAddress broadcast_routers = 0xFFFC;
inline constexpr NwkAddress nwk_unknown = 0xFFFE;
inline constexpr NwkAddress nwk_coordinator = 0x0000;

/// The 64-bit address of a device, fixed for life. Text form: "0x00158d0001020304".
class Ieee {
  public:
    constexpr Ieee() noexcept = default;
    explicit constexpr Ieee(std::uint64_t value) noexcept : value_(value) {}

    /// Accepts "0x" and 16 hexadecimal digits of either case; nothing else.
    static std::optional<Ieee> parse(std::string_view text) noexcept;
    std::string to_string() const;

    constexpr std::uint64_t value() const noexcept { return value_; }
    constexpr bool is_null() const noexcept { return value_ == 0; }
    auto operator<=>(const Ieee&) const noexcept = default;

  private:
    std::uint64_t value_ = 0;
};

/// Logical device types of the node descriptor, as database.db and bridge/devices name them.
enum class DeviceType : std::uint8_t { coordinator, router, end_device, green_power, unknown };

std::string_view to_string(
    DeviceType type) noexcept;  ///< "Coordinator", "Router", "EndDevice", ...
std::optional<DeviceType> parse_device_type(std::string_view text) noexcept;

}  // namespace waggle

template <>
struct std::hash<waggle::Ieee> {
    std::size_t operator()(const waggle::Ieee& ieee) const noexcept {
        return std::hash<std::uint64_t>{}(ieee.value());
    }
};
