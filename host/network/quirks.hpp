#pragma once

#include <vector>

#include "network/device.hpp"
#include "network/interview_quirk.hpp"

/// Asking the registered quirks, see interview_quirk.hpp.
namespace waggle::network {

/// The first that accepts a failed interview of this device fills in its fields.
bool accept_by_quirk(const std::vector<InterviewQuirk>& quirks, Device& device);

/// The first that wants something done before the endpoints are asked for, or nullptr.
const InterviewQuirk* preparation_quirk(const std::vector<InterviewQuirk>& quirks,
                                        const Device& device);

}  // namespace waggle::network
