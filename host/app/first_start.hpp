#pragma once

#include <string>
#include <vector>

#include "app/command_line.hpp"
#include "store/failure.hpp"

/// The first start: a data directory and a configuration are made from the command line and from
/// what is found on the machine. Network parameters are random; the file is readable to its owner
/// only and explains itself.
namespace waggle::app {

struct FirstStart {
    bool created = false;
    std::vector<std::string> said;      ///< sentences for the log, once there is one
    std::vector<std::string> warnings;  ///< the same, for what the user has to do
};

/// Does nothing when the configuration is there already. Takes up to 300 ms when it is not.
[[nodiscard]] store::Outcome<FirstStart> ensure_configuration(const CommandLine& line);

/// Whether something accepts connections there within 300 ms.
bool accepts_connections(const std::string& host, unsigned short port);

}  // namespace waggle::app
