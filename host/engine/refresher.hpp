#pragma once

#include <unordered_map>

#include "base/task_group.hpp"
#include "engine/commander.hpp"
#include "engine/core.hpp"
#include "engine/devices.hpp"

/// A device that announces itself may have been without power: its state is read anew, two seconds
/// after the last of the announces, of which there often are several.
namespace waggle::engine {

class Refresher {
  public:
    Refresher(Core& core, Devices& devices, Commander& commander, TaskGroup& tasks)
        : core_(core), devices_(devices), commander_(commander), tasks_(tasks) {}

    void announced(const Device& device);

  private:
    Awaitable<void> wait_and_read(Ieee device);
    Awaitable<void> read(Ieee device);
    bool is_on(Ieee device) const;

    Core& core_;
    Devices& devices_;
    Commander& commander_;
    TaskGroup& tasks_;
    std::unordered_map<Ieee, Clock::time_point> due_;  ///< one task each
};

}  // namespace waggle::engine
