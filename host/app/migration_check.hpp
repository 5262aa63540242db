#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "app/command_line.hpp"
#include "store/configuration.hpp"

/// `waggle migrate --check`: what a zigbee2mqtt directory holds, and what becomes of it here.
/// Nothing is written, no radio and no broker is asked, so it may be run while zigbee2mqtt runs.
namespace waggle::app {

struct DeviceFinding {
    enum class Served : std::uint8_t {
        plugin,     ///< a plugin has a definition for it
        generated,  ///< its definition is made of what it says of itself
        nobody,
    };

    std::string name, address, model_id, manufacturer;
    std::string model;   ///< of the definition; empty for nobody
    std::string plugin;  ///< id; empty for nobody
    Served served = Served::nobody;
    bool is_interviewed = false;  ///< false: it is asked again when it is next heard of
};

struct MigrationFindings {
    std::vector<std::string> facts;      ///< configuration, network, coordinator, files
    std::vector<DeviceFinding> devices;  ///< without the coordinator, in the order of the file
    std::size_t groups = 0;
    std::vector<std::string> not_done;   ///< what the configuration asks for and Waggle does not do
    std::vector<std::string> obstacles;  ///< why Waggle would not start on it as it is
};

MigrationFindings find_out_migration(const CommandLine& line,
                                     const store::ConfigurationStore& configuration);
std::string migration_text(const std::string& directory, const MigrationFindings& findings);

/// -> exit code: 1 when something stands in the way
int check_migration(const CommandLine& line, const store::ConfigurationStore& configuration);

}  // namespace waggle::app
