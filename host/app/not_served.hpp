#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "store/settings.hpp"

/// What a configuration asks for that this version of Waggle does not do, one sentence each, for
/// the log at start: nothing is accepted and silently ignored.
namespace waggle::app {

std::vector<std::string> not_served(const store::Settings& settings,
                                    const std::filesystem::path& data_directory);

}  // namespace waggle::app
