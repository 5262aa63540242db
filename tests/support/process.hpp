#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// A child process with its output in a file, ended by its pid at the latest in the destructor.
namespace waggle::test {

class Process {
  public:
    /// Starts `command[0]`; stdout and stderr go to `log`. Throws std::system_error if it cannot.
    Process(std::vector<std::string> command, std::filesystem::path log,
            std::map<std::string, std::string> environment = {});
    ~Process();
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    int pid() const noexcept { return pid_; }
    bool is_running();
    void signal(int number) const;
    /// The exit code, or minus the signal that ended it; nullopt when it still runs after `limit`.
    std::optional<int> wait(std::chrono::milliseconds limit);
    /// SIGTERM, and SIGKILL when that did not help within `limit`.
    std::optional<int> stop(std::chrono::milliseconds limit = std::chrono::seconds(10));
    void kill();  ///< SIGKILL, and waits

    std::string output() const;  ///< everything printed so far
    /// Waits until the output contains `text`; false after `limit`.
    bool wait_for_output(const std::string& text, std::chrono::milliseconds limit);
    long resident_kb() const;  ///< VmRSS

  private:
    std::filesystem::path log_;
    int pid_ = -1;
    std::optional<int> result_;
};

/// A TCP port on loopback that was free a moment ago.
unsigned short free_port();

}  // namespace waggle::test
