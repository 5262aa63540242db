/// The control socket: a Unix socket that takes one JSON object a line and answers each with one.
///
///     {"command": "press", "device": "qbkg04lm", "gesture": "double"}
///     {"ok": true}
///
/// Instead of named fields a request may carry "args", a list of texts in the order the command
/// names them; the command line works that way. An "id" in the request comes back in the answer.
/// Requests of one connection may be answered out of their order when one of them has to wait.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

namespace waggle::sim {

class Simulation;

class ControlServer {
  public:
    /// @throws std::runtime_error with a sentence
    ControlServer(boost::asio::io_context& context, Simulation& simulation, std::string path,
                  std::function<void()> stop);
    ~ControlServer();

    void close();

  private:
    class Implementation;
    std::unique_ptr<Implementation> implementation_;
};

/// $XDG_RUNTIME_DIR/waggle-sim.sock, or one in /tmp with the user's number.
[[nodiscard]] std::string default_control_path();

/// Sends one request and prints the answer. @return the exit code
[[nodiscard]] int run_client(const std::string& path, const std::vector<std::string>& words);

}  // namespace waggle::sim
