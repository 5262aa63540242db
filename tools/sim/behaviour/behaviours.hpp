/// One function a behaviour, for the table in registry.cpp.
#pragma once

#include "behaviour.hpp"

namespace waggle::sim {

const Behaviour& basic_behaviour();
const Behaviour& color_behaviour();
const Behaviour& door_lock_behaviour();
const Behaviour& fan_behaviour();
const Behaviour& groups_behaviour();
const Behaviour& ias_warning_behaviour();
const Behaviour& ias_zone_behaviour();
const Behaviour& identify_behaviour();
const Behaviour& level_behaviour();
const Behaviour& lumi_curtain_behaviour();
const Behaviour& lumi_meter_behaviour();
const Behaviour& metering_behaviour();
const Behaviour& on_off_behaviour();
const Behaviour& scenes_behaviour();
const Behaviour& thermostat_behaviour();
const Behaviour& window_covering_behaviour();

}  // namespace waggle::sim
