#include "coordinator/znp/decision.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

namespace waggle::znp {
namespace {

using store::CoordinatorBackup;

constexpr std::uint8_t default_octet = 0xDD;

std::uint64_t reversed(std::uint64_t value) noexcept {
    return __builtin_bswap64(value);
}

bool extended_pan_id_matches(const WantedNetwork& wanted, std::uint64_t other) noexcept {
    return wanted.default_extended_pan_id || wanted.extended_pan_id == other ||
           wanted.extended_pan_id == reversed(other);
}

/// Enough to recognise a key by, without giving it away in a log.
std::string hint(const std::optional<Key>& key) {
    if (!key)
        return "none";
    return fmt::format("{:02x}{:02x}..{:02x}{:02x}", (*key)[0], (*key)[1], (*key)[14], (*key)[15]);
}

/// The fields in which the adapter differs from the configuration, each with both values.
std::vector<std::string> differences(const WantedNetwork& wanted, const AdapterState& adapter) {
    std::vector<std::string> found;
    const auto& nib = *adapter.nib;
    if (wanted.pan_id != nib.pan_id)
        found.push_back(
            fmt::format("pan_id is {} (0x{:04x}) in the configuration but {} (0x{:04x}) "
                        "on the adapter",
                        wanted.pan_id, wanted.pan_id, nib.pan_id, nib.pan_id));
    if (!extended_pan_id_matches(wanted, nib.extended_pan_id))
        found.push_back(
            fmt::format("ext_pan_id is 0x{:016x} in the configuration but 0x{:016x} on "
                        "the adapter",
                        wanted.extended_pan_id, nib.extended_pan_id));
    const auto compare_key = [&](const std::optional<Key>& key, std::string_view which) {
        if (key != wanted.key)
            found.push_back(
                fmt::format("network_key is {} in the configuration but {} on the "
                            "adapter ({} key)",
                            hint(wanted.key), hint(key), which));
    };
    // Only on 1.2 is the pre-configured key the one in use; 3.x may keep a firmware default there.
    if (adapter.product == Product::zstack_12) {
        compare_key(adapter.preconfigured_key, "pre-configured");
    } else {
        compare_key(adapter.active_key, "active");
        if (adapter.alternate_key != adapter.active_key || adapter.active_key == wanted.key)
            compare_key(adapter.alternate_key, "alternate");
    }
    return found;
}

bool backup_matches_adapter(const CoordinatorBackup& backup, const AdapterState& adapter) {
    const auto& nib = *adapter.nib;
    const auto& key =
        adapter.product == Product::zstack_12 ? adapter.preconfigured_key : adapter.active_key;
    return backup.pan_id == nib.pan_id && backup.extended_pan_id == nib.extended_pan_id &&
           channel_mask(backup.channel_mask) == nib.channel_mask && key == backup.network_key;
}

bool backup_matches_wanted(const CoordinatorBackup& backup, const WantedNetwork& wanted) {
    return backup.pan_id == wanted.pan_id &&
           extended_pan_id_matches(wanted, backup.extended_pan_id) &&
           backup.network_key == wanted.key && channel_mask(backup.channel_mask) == wanted.channels;
}

/// Z-Stack 1.2 forms the network again with the same parameters; what a newer stack saved, which
/// has link keys, would be lost by that.
Decision restore(const CoordinatorBackup& backup, const AdapterState& adapter) {
    const int saved_by = backup.znp_version.value_or(0);
    if (adapter.product == Product::zstack_12 && saved_by != 0)
        return {Action::refuse,
                "coordinator_backup.json was made by a newer stack (Z-Stack 3) and cannot be "
                "restored onto this adapter, which runs Z-Stack 1.2. Flash Z-Stack 3 firmware, or "
                "remove coordinator_backup.json to form a new network (all devices have to be "
                "paired again)",
                {}};
    return {Action::restore, {}, {}};
}

std::string refusal(const std::vector<std::string>& fields) {
    std::string list;
    for (const auto& field : fields)
        list += (list.empty() ? "" : "; ") + field;
    return fmt::format(
        "The configuration does not describe the network that the adapter and "
        "coordinator_backup.json hold: {}. To keep the network, put the adapter's value into "
        "configuration.yaml (the whole key is in coordinator_backup.json); to form a new one, for "
        "which all devices have to be paired again, remove coordinator_backup.json",
        list);
}

std::string oddities(const WantedNetwork& wanted, const AdapterState& adapter) {
    if (wanted.extended_pan_id != adapter.nib->extended_pan_id &&
        wanted.extended_pan_id == reversed(adapter.nib->extended_pan_id))
        return fmt::format(
            "The extended PAN id on the adapter is reversed (configured "
            "0x{:016x}, adapter 0x{:016x}); this does no harm",
            wanted.extended_pan_id, adapter.nib->extended_pan_id);
    return {};
}

}  // namespace

bool asks_for_adapter_address(const NetworkParameters& parameters) noexcept {
    return std::ranges::all_of(parameters.extended_pan_id,
                               [](std::uint8_t octet) { return octet == default_octet; });
}

WantedNetwork wanted_network(const NetworkParameters& parameters, std::uint64_t adapter_ieee) {
    WantedNetwork wanted;
    wanted.pan_id = parameters.pan_id;
    for (const auto octet : parameters.extended_pan_id)
        wanted.extended_pan_id = wanted.extended_pan_id << 8 | octet;
    wanted.default_extended_pan_id = asks_for_adapter_address(parameters);
    if (wanted.default_extended_pan_id)
        wanted.extended_pan_id = adapter_ieee;
    wanted.channels = channel_mask({&parameters.channel, 1});
    wanted.key = parameters.network_key;
    return wanted;
}

Decision decide(const WantedNetwork& wanted, const AdapterState& adapter,
                const std::optional<CoordinatorBackup>& backup) {
    const bool config_matches_backup = backup && backup_matches_wanted(*backup, wanted);
    if (!adapter.configured || !adapter.nib) {
        if (config_matches_backup)
            return restore(*backup, adapter);
        return {Action::form, {}, {}};
    }
    if (adapter.product != Product::zstack_12 && !adapter.active_key)
        return {Action::refuse,
                "The adapter has a network but its key cannot be read. Update its firmware, or "
                "erase its memory to form a new network",
                {}};
    const auto differing = differences(wanted, adapter);
    if (differing.empty())
        return {Action::resume, {}, oddities(wanted, adapter)};
    if (!backup)
        return {Action::form, {}, {}};
    if (backup_matches_adapter(*backup, adapter))
        return {Action::refuse, refusal(differing), {}};
    if (config_matches_backup)
        return restore(*backup, adapter);
    return {Action::form, {}, {}};
}

}  // namespace waggle::znp
