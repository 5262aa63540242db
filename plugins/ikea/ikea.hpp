#pragma once

#include <waggle/sdk.hpp>

/// What IKEA's devices have in common.
namespace ikea {

inline constexpr std::uint16_t manufacturer = 0x117C;

struct Bulb {
    std::optional<waggle::ColorTemp> color_temp = {};
    std::optional<waggle::Color> color = {};
    bool turns_off_at_brightness_1 = false;
};

/// The white bulbs' range in mired.
inline constexpr waggle::ColorTemp white_spectrum{.coolest = 250, .warmest = 454};

/// A light with their habits: what it was told to report and to do while off is lost with its
/// power, and is told again when it comes back; a transition of colour freezes it against other
/// commands until it has ended or is stopped (zigbee2mqtt issue 18574); newer ones flash when they
/// are faded off twice (issue 19211).
waggle::Extension light(Bulb what = {});

/// A battery whose scale depends on the firmware: remotes before 2.4.0 say 100 when they are full.
/// @param halves_from  the first firmware that keeps to the standard
waggle::Extension battery(std::string_view halves_from = "2.4.0");

/// Remotes: until firmware 2.3.75 they can only be bound to a group, later only to a device.
waggle::Extension bound_remote();

/// Blinds ask their parent too often from firmware 24 on unless told to check in every two days.
waggle::Extension slow_check_in();

/// The arrows of remotes, in commands of IKEA's own.
waggle::Extension arrows();

/// The middle and the other two buttons of the five-button remote, by zigbee2mqtt's names.
waggle::Extension five_buttons();

}  // namespace ikea
