#pragma once

#include <initializer_list>
#include <optional>
#include <vector>

#include "coordinator_fixture.hpp"

/// A coordinator that is up, on a co-processor that confirms what it is given to send.
namespace waggle::test {

namespace mt {

inline constexpr std::uint16_t data_request = 0x2401, data_request_ext = 0x2402,
                               data_store = 0x2411, nwk_addr_req = 0x2500, node_desc_req = 0x2502,
                               permit_req = 0x2536, nwk_update = 0x2537, route_disc = 0x2545,
                               assoc_get = 0x274A, assoc_remove = 0x2763, assoc_add = 0x2764,
                               led_control = 0x270A, install_code = 0x2F04, inter_pan = 0x2410;

}

/// AF_DATA_CONFIRM.
Bytes confirm(std::uint8_t status, std::uint8_t transaction);

struct SendingRig : CoordinatorFixture {
    using Sent = std::optional<Result<void>>;

    SendingRig();

    /// Takes each unicast and confirms it with the next of `statuses`; the last one stays.
    void confirm_with(std::initializer_list<int> statuses);
    void confirm_with(int status) { confirm_with({status}); }
    /// Takes unicasts and says no more.
    void never_confirm();

    /// For options that count from the beginning.
    void replace();
    Result<void> send(ApsRequest request);
    Result<void> send_to(NwkAddress address, bool recover = true);
    ApsRequest groupcast() const;

    std::vector<int> outcomes;
};

}  // namespace waggle::test
