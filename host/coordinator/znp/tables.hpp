#pragma once

#include <optional>
#include <string>
#include <vector>

#include "coordinator/znp/nv.hpp"
#include "coordinator/znp/structs.hpp"
#include "store/coordinator_backup.hpp"

/// The tables behind a network's devices and keys, between their form in Z-Stack's memory and the
/// backup's list of devices. The conversions are pure; reading and writing is in backup.cpp.
namespace waggle::znp {

struct Tables {
    std::vector<AddressManagerEntry> addresses;
    std::vector<SecurityManagerEntry> security;
    std::vector<LinkKeyEntry> link_keys;
    std::vector<TclkEntry> tclk;
    std::vector<SecurityMaterial> material;
};

/// Counters continue this far behind the saved ones: frames sent since the backup must not be
/// repeated, devices would drop them as replays.
inline constexpr std::uint32_t counter_margin = 2500;

std::vector<store::CoordinatorBackup::Device> devices_of(const Tables& tables, Product product,
                                                         const std::optional<Key>& tclk_seed);

/// The frame counter of the network `extended_pan_id`, or of any.
std::uint32_t frame_counter_of(const Tables& tables, Product product,
                               std::uint64_t extended_pan_id) noexcept;

/// Empty tables of the sizes that `sizes` has, filled from the backup.
/// Errc::too_large, with a sentence in `problem`.
[[nodiscard]] Result<Tables> tables_of(const store::CoordinatorBackup& backup, Product product,
                                       const Tables& sizes, std::string& problem);

}  // namespace waggle::znp
