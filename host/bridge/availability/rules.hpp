#pragma once

#include <chrono>

#include "base/clock.hpp"
#include "engine/entities.hpp"
#include "network/network.hpp"
#include "store/settings.hpp"

/// What configuration.yaml says about following whether a device or group can be reached: the
/// section `availability`, and the option of that name of a device [configuration.md, mqtt-api 7].
namespace waggle::bridge {

/// Whether NAME/availability is published. A disabled device has none; a device's own option
/// (`device_options` included) is stronger than the section. A group has it when every member has,
/// so an empty group always does.
[[nodiscard]] bool availability_enabled(engine::EntityId entity, engine::Entities& entities,
                                        Network& network, const store::Settings& settings);

/// How one device is followed.
struct AvailabilityRules {
    /// Active devices are asked for a sign of life, of passive ones it is awaited.
    bool active = false;
    Clock::duration timeout{};     ///< without a sign of life, after which a device is in doubt
    Clock::duration max_jitter{};  ///< active: at most so much is added, at random
    bool backoff = true;           ///< active: each attempt without an answer makes the next later
    double pause_on_backoff_gt = 0;  ///< active: not asked any more beyond this factor; 0: always
};
[[nodiscard]] AvailabilityRules availability_rules(const Device& device, engine::Entities& entities,
                                                   const store::Settings& settings);

/// Has mains, or is a router whose source of power nobody knows.
[[nodiscard]] bool is_active_device(const Device& device) noexcept;

}  // namespace waggle::bridge
