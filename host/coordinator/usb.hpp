#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Recognising coordinators by their USB identity: the numbers and the manufacturer that the kernel
/// shows in /sys, and the name that udev gives the link under /dev/serial/by-id.
namespace waggle {

struct UsbIdentity {
    std::uint16_t vendor = 0, product = 0;
    std::string manufacturer;
};

/// What the kernel knows of a serial device (/dev/ttyUSB0 or a link to it).
std::optional<UsbIdentity> read_usb_identity(const std::string& device);

struct UsbMatch {
    std::string_view family;  ///< "zstack", "ember", ...
    std::string_view name;    ///< "SONOFF ZBDongle-P"
    int score = 0;            ///< 2: numbers and maker, 3: numbers and link name, 4: all
};

/// @param link_name  the last part of the link's path
/// @param identity   when unknown, only the link's name counts
std::optional<UsbMatch> match_usb(std::string_view link_name,
                                  const std::optional<UsbIdentity>& identity);

struct UsbAdapter {
    std::string port;    ///< the link
    std::string device;  ///< what it points to
    UsbMatch match;
};

/// All links in `directory` that match, best first.
std::vector<UsbAdapter> find_usb_adapters(const std::string& directory);

}  // namespace waggle
