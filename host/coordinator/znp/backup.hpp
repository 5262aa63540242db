#pragma once

#include <optional>
#include <string>
#include <vector>

#include "coordinator/znp/driver.hpp"
#include "coordinator/znp/identify.hpp"
#include "coordinator/znp/nv.hpp"
#include "store/coordinator_backup.hpp"
#include "zigbee/types.hpp"

/// The network on an adapter as the open coordinator backup format has it, both ways.
namespace waggle::znp {

/// Reads it. Z-Stack sometimes loses devices from its tables: those of `previous` that have a link
/// key and are `known` (in the database) stay in.
/// Errc::unavailable when the adapter holds no network.
[[nodiscard]] Awaitable<Result<store::CoordinatorBackup>> read_backup(
    Driver& driver, Nv& nv, Product product, std::optional<store::CoordinatorBackup> previous,
    std::vector<Ieee> known);

/// Writes it over a freshly formed network; takes effect with the next reset. Not on Z-Stack 1.2.
/// Errc::too_large, with a sentence in `problem`, when the adapter's tables are too small.
[[nodiscard]] Awaitable<Result<void>> write_backup(Nv& nv, Product product,
                                                   store::CoordinatorBackup backup,
                                                   std::string& problem);

}  // namespace waggle::znp
