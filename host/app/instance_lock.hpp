#pragma once

#include <string>

#include "base/result.hpp"

/// One host a data directory: two would write the same database and fight for the same radio. An
/// advisory lock (flock) on DIR/.waggle.lock, which the kernel drops when the process ends in
/// whatever way; the file stays and holds the process id, for the sentence that refuses the second.
namespace waggle::app {

class InstanceLock {
  public:
    InstanceLock() = default;
    ~InstanceLock();
    InstanceLock(const InstanceLock&) = delete;
    InstanceLock& operator=(const InstanceLock&) = delete;

    /// Errc::busy when another process holds it, Errc::io_error when the file cannot be made; then
    /// `problem` says so in a sentence.
    [[nodiscard]] Result<void> take(const std::string& directory, std::string& problem);

  private:
    int file_ = -1;
};

}  // namespace waggle::app
