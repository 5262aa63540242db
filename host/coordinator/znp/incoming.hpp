#pragma once

#include <cstdint>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "coordinator/coordinator.hpp"

/// Decoders of what Z-Stack reports by itself. All views point into the frame that was given.
namespace waggle::znp {

/// AF_INCOMING_MSG [MT 3.2.2.3]. Errc::truncated.
[[nodiscard]] Result<ApsIndication> read_incoming_msg(ByteView data);

/// AF_INCOMING_MSG_EXT [MT 3.2.2.4]: inter-PAN messages, and messages too long for one frame, whose
/// payload has to be fetched by AF_DATA_RETRIEVE.
struct IncomingExt {
    ApsIndication indication;  ///< payload empty when it must be fetched
    std::uint32_t timestamp = 0;
    std::uint16_t length = 0;
    bool must_be_fetched = false;
};
[[nodiscard]] Result<IncomingExt> read_incoming_msg_ext(ByteView data);

struct JoinedDevice {
    NwkAddress address = 0;
    Ieee ieee;
};
/// ZDO_TC_DEV_IND and the front of ZDO_CONCENTRATOR_IND.
[[nodiscard]] Result<JoinedDevice> read_device_ind(ByteView data);

struct LeaveInd {
    NwkAddress address = 0;
    Ieee ieee;
    bool rejoin = false;
};
[[nodiscard]] Result<LeaveInd> read_leave_ind(ByteView data);

/// AF_DATA_RETRIEVE's reply: the block. The status as an error; Errc::mismatch when the block has
/// not `expected` octets.
[[nodiscard]] Result<ByteView> read_retrieved(ByteView data, std::size_t expected);

}  // namespace waggle::znp
