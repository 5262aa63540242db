#pragma once

#include "coordinator/znp/sender.hpp"

/// What Sender remembers between the attempts of one unicast (recovery.cpp).
namespace waggle::znp {

/// A device in the coordinator's table of its children.
struct Sender::Association {
    NwkAddress address = nwk_unknown;
    std::uint8_t relation = 0xFF;

    static constexpr std::uint8_t sleepy_child = 1;  ///< CHILD_RFD
    bool exists() const noexcept { return address != nwk_unknown && relation != 0xFF; }
};

/// Each measure is tried once, in this order, from the second failure on.
struct Sender::Recovery {
    int attempt = 0;
    bool tried_association = false;
    bool discovered_route = false;
    bool looked_up_address = false;
    std::optional<Association> removed;  ///< to be put back after a further failure
};

}  // namespace waggle::znp
