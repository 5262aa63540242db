#pragma once

#include "network/device_commands.hpp"
#include "network/messenger.hpp"

/// Getting to know a device [zigbee-flows 2]: node descriptor, endpoints, their clusters, the basic
/// attributes one by one, IAS zone enrolment, poll control. Written for devices that forget half of
/// it: each step says how often it is tried and whether its failure ends the interview.
namespace waggle::network {

class Interviewer {
  public:
    Interviewer(Core& core, Messenger& messenger, DeviceCommands& commands)
        : core_(&core), messenger_(&messenger), commands_(&commands) {}

    /// Known values are not asked for again unless `force`. The device ends in state successful or
    /// failed; when the task is cancelled, or the device vanishes, in state pending.
    /// Errc::busy: one is under way.
    [[nodiscard]] Awaitable<Result<void>> interview(Ieee device, bool force);

  private:
    Core* core_;
    Messenger* messenger_;
    DeviceCommands* commands_;
};

}  // namespace waggle::network
