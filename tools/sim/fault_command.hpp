/// Faults as people write them: "refuse AF_DATA_REQUEST 0x11 3", "silent 2000", … README.md lists
/// them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace waggle::sim {

class Simulation;

/// @throws std::runtime_error with a sentence
void add_fault(Simulation& simulation, const std::vector<std::string>& words);
void add_fault(Simulation& simulation, std::string_view text);

}  // namespace waggle::sim
