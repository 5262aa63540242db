#pragma once

#include <optional>

#include "base/bytes.hpp"
#include "coordinator/znp/commands.hpp"
#include "zigbee/types.hpp"
#include "zigbee/zdo.hpp"

/// Between standard ZDO messages and Z-Stack's own form of each [MT 3.12]: every request is an MT
/// command of its own, with the destination in front and here and there other fields; responses
/// have the sender in front.
namespace waggle::znp {

/// A request ready to send, and how to know its response.
struct MtZdoRequest {
    Command command{Type::sreq, Subsystem::zdo, 0, {}};
    Bytes payload;
    Command response{Type::areq, Subsystem::zdo, 0, {}};  ///< the AREQ that answers it
    std::uint64_t key = 0;  ///< what the response must carry at key_offset, key_width octets
    std::size_t key_offset = 0;
    std::size_t key_width = 2;
    std::optional<std::uint8_t> part;  ///< and, in a success, at part_offset: table start, endpoint
    std::size_t part_offset = 0;

    bool answered_by(ByteView response_data) const noexcept;
};

/// Errc::unsupported for clusters that Z-Stack has no command for, Errc::truncated for a payload
/// that is too short to send.
[[nodiscard]] Result<MtZdoRequest> to_mt(NwkAddress destination, zdo::Cluster cluster,
                                         ByteView payload);

/// A ZDO message as the standard has it, without the sequence number.
struct ZdoMessage {
    NwkAddress source = nwk_unknown;
    std::uint16_t cluster = 0;
    Bytes payload;
};

/// Nothing for AREQs that carry no ZDO message; Errc::truncated.
[[nodiscard]] std::optional<Result<ZdoMessage>> from_mt(const Frame& frame);

}  // namespace waggle::znp
