/// The commands of the control socket.
#pragma once

#include <functional>
#include <stdexcept>
#include <string>

#include <boost/json/object.hpp>

namespace waggle::sim {

class Simulation;

/// A sentence for whoever sent the command.
class ControlError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

using ControlReply = std::function<void(boost::json::object)>;

/// Runs the request's command. The reply may come later; it is called exactly once.
/// @throws ControlError, DescriptionError or std::runtime_error, instead of replying
void run_control(Simulation& simulation, const boost::json::object& request,
                 const ControlReply& reply);

/// One line a command, for --help.
[[nodiscard]] std::string control_help();

}  // namespace waggle::sim
