#pragma once

#include <optional>
#include <string>

#include "coordinator/coordinator.hpp"
#include "coordinator/znp/commands.hpp"
#include "coordinator/znp/structs.hpp"

/// What to do with an adapter at start: the comparison of three networks (the configured one, the
/// adapter's, the one in coordinator_backup.json) that zigbee2mqtt makes, so that either program
/// takes over where the other stopped. Pure, no input or output.
namespace waggle::znp {

struct WantedNetwork {
    std::uint16_t pan_id = 0;
    std::uint64_t extended_pan_id = 0;     ///< 0x1122334455667788 for the text "0x1122334455667788"
    bool default_extended_pan_id = false;  ///< configured as eight 0xDD: the adapter's address
    std::uint32_t channels = 0;
    Key key{};
};

/// Eight 0xDD stand for the adapter's own address and match any.
WantedNetwork wanted_network(const NetworkParameters& parameters, std::uint64_t adapter_ieee);
bool asks_for_adapter_address(const NetworkParameters& parameters) noexcept;

/// What the adapter's memory says. On Z-Stack 1.2 there is only the pre-configured key.
struct AdapterState {
    Product product = Product::zstack_3x0;
    bool configured = false;
    std::optional<Nib> nib;
    std::optional<Key> preconfigured_key, active_key, alternate_key;
};

enum class Action { resume, restore, form, refuse };

struct Decision {
    Action action = Action::refuse;
    std::string problem;  ///< of refuse: a sentence for the user
    std::string warning;  ///< of resume: something odd that does no harm
};

Decision decide(const WantedNetwork& wanted, const AdapterState& adapter,
                const std::optional<store::CoordinatorBackup>& backup);

}  // namespace waggle::znp
