/// One function a behaviour, for the table in registry.cpp.
#pragma once

#include "behaviour.hpp"

namespace waggle::sim {

const Behaviour& basic_behaviour();
const Behaviour& groups_behaviour();
const Behaviour& identify_behaviour();
const Behaviour& level_behaviour();
const Behaviour& on_off_behaviour();
const Behaviour& scenes_behaviour();

}  // namespace waggle::sim
