#pragma once

#include "network/core.hpp"

/// coordinator_backup.json: what brings the network back when the stick dies. Written after a
/// network was formed, when it is missing, daily, when the user asks and at the end.
namespace waggle::network {

class Backup {
  public:
    explicit Backup(Core& core) : core_(&core) {}

    /// What the file holds; nothing when there is none. Errc::malformed with a sentence: the file
    /// is there and cannot be used, which must be looked at before a network is formed over it.
    [[nodiscard]] Result<std::optional<store::CoordinatorBackup>> read(std::string& problem) const;
    std::optional<store::CoordinatorBackup> read_previous() const;
    bool is_missing() const;

    /// Saves the database too. A family without backups is no error.
    [[nodiscard]] Awaitable<Result<void>> write();

    /// The daily one; ends when it is cancelled.
    Awaitable<void> run();

  private:
    Core* core_;
    bool writing_ = false;
};

}  // namespace waggle::network
