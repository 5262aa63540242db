/// Plays the gestures of a description: what a hand, or the weather, does to a device.
#pragma once

#include <memory>

#include "device.hpp"

namespace waggle::sim {

/// Plays the steps in their order, waiting where a step says so. Several gestures of one device may
/// overlap, as with a real one.
void play(Device& device, const Steps& steps, std::function<void()> done = {});

}  // namespace waggle::sim
