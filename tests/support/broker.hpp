#pragma once

#include <memory>
#include <string>
#include <vector>

#include "support/process.hpp"
#include "support/temporary_folder.hpp"

/// A real mosquitto on a loopback port of its own, ended by its pid.
namespace waggle::test {

struct BrokerOptions {
    bool persistence = false;  ///< keeps retained messages over a restart
    bool anonymous = true;
    std::vector<std::string> more_lines{};  ///< of its configuration, behind the listener
};

class Broker {
  public:
    /// Writes the configuration and takes a port, but does not start.
    explicit Broker(BrokerOptions options = {});

    /// Starts and waits until connections are taken. Throws with the broker's words if it does not.
    void start();
    void stop();          ///< cleanly: saves what is persistent
    void kill();          ///< SIGKILL
    void freeze() const;  ///< SIGSTOP: connections stay and nothing is read
    void thaw() const;

    unsigned short port() const noexcept { return port_; }
    std::string url() const { return "mqtt://127.0.0.1:" + std::to_string(port_); }
    const TemporaryFolder& folder() const noexcept { return folder_; }
    std::string log() const;

  private:
    TemporaryFolder folder_;
    unsigned short port_;
    std::unique_ptr<Process> process_;
};

/// Runs a program to its end; throws with what it printed unless it succeeds.
void run_program(const std::vector<std::string>& command, const TemporaryFolder& folder);

/// An authority and a server certificate for localhost and 127.0.0.1, made with openssl: ca.pem,
/// server.pem, server.key, and client.pem, client.key by the same authority.
void make_certificates(const TemporaryFolder& folder);

}  // namespace waggle::test
