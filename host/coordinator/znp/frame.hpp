#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.hpp"

/// UNPI, the framing of TI's Monitor and Test interface [MT 2.1]:
///
///     0xFE | length of data | type << 5 | subsystem | command | data ... | XOR of length to data
///
/// Reading is one pure function over a buffer that the link owns, so that nothing is copied and a
/// damaged frame costs exactly its start byte: the search goes on one byte behind it, and whatever
/// good frames a wrong length seemed to cover are found. (Throwing the claimed length away, as
/// other programs do, loses them.)
namespace waggle::znp {

enum class Type : std::uint8_t { poll = 0, sreq = 1, areq = 2, srsp = 3 };

enum class Subsystem : std::uint8_t {
    rpc_error = 0,
    sys = 1,
    mac = 2,
    nwk = 3,
    af = 4,
    zdo = 5,
    sapi = 6,
    util = 7,
    debug = 8,
    app = 9,
    app_config = 15,
    green_power = 21,
};

inline constexpr std::uint8_t start_byte = 0xFE;
inline constexpr std::size_t frame_overhead = 5;
inline constexpr std::size_t max_frame_data = 250;

/// A frame in somebody's buffer; `data` lives as long as that.
struct Frame {
    Type type = Type::poll;
    Subsystem subsystem = Subsystem::rpc_error;
    std::uint8_t command = 0;
    ByteView data;
};

/// Takes the next good frame that a co-processor can send (AREQ or SRSP) off the front of `bytes`,
/// with everything unusable before it. Without one, `bytes` is left at the start byte of a frame
/// that may still be completed, or empty.
std::optional<Frame> next_frame(ByteView& bytes) noexcept;

/// For a link that went silent inside a frame: gives that frame up, but only if a complete good one
/// stands behind its start byte, which says that its length was damaged.
std::optional<Frame> next_frame_behind_stall(ByteView& bytes) noexcept;

/// The bytes to send; `data` is at most max_frame_data long.
Bytes encode_frame(Type type, Subsystem subsystem, std::uint8_t command, ByteView data);

}  // namespace waggle::znp
