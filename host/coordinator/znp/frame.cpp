#include "coordinator/znp/frame.hpp"

#include <algorithm>

namespace waggle::znp {
namespace {

enum class Verdict { good, damaged, incomplete };

bool co_processor_sends(std::uint8_t control) noexcept {
    const auto type = Type(control >> 5);
    return type == Type::areq || type == Type::srsp;
}

std::uint8_t checksum(ByteView bytes) noexcept {
    std::uint8_t sum = 0;
    for (const auto byte : bytes)
        sum ^= byte;
    return sum;
}

/// Looks at the frame that starts with the first of `bytes`, which is a start byte.
Verdict inspect(ByteView bytes) noexcept {
    if (bytes.size() > 1 && bytes[1] > max_frame_data)
        return Verdict::damaged;
    if (bytes.size() > 2 && !co_processor_sends(bytes[2]))
        return Verdict::damaged;
    if (bytes.size() < 2 || bytes.size() < bytes[1] + frame_overhead)
        return Verdict::incomplete;
    const std::size_t end = bytes[1] + frame_overhead - 1;
    return checksum(bytes.subspan(1, end - 1)) == bytes[end] ? Verdict::good : Verdict::damaged;
}

Frame take(ByteView& bytes) noexcept {
    const std::size_t length = bytes[1];
    Frame frame;
    frame.type = Type(bytes[2] >> 5);
    frame.subsystem = Subsystem(bytes[2] & 0x1F);
    frame.command = bytes[3];
    frame.data = bytes.subspan(4, length);
    bytes = bytes.subspan(length + frame_overhead);
    return frame;
}

void skip_to_start_byte(ByteView& bytes) noexcept {
    const auto start = std::find(bytes.begin(), bytes.end(), start_byte);
    bytes = bytes.subspan(static_cast<std::size_t>(start - bytes.begin()));
}

}  // namespace

std::optional<Frame> next_frame(ByteView& bytes) noexcept {
    for (skip_to_start_byte(bytes); !bytes.empty(); skip_to_start_byte(bytes)) {
        switch (inspect(bytes)) {
            case Verdict::good: return take(bytes);
            case Verdict::incomplete: return std::nullopt;
            case Verdict::damaged: bytes = bytes.subspan(1); break;
        }
    }
    return std::nullopt;
}

std::optional<Frame> next_frame_behind_stall(ByteView& bytes) noexcept {
    ByteView ahead = bytes;
    for (skip_to_start_byte(ahead); !ahead.empty(); skip_to_start_byte(ahead)) {
        if (inspect(ahead) == Verdict::good) {
            bytes = ahead;
            return take(bytes);
        }
        ahead = ahead.subspan(1);
    }
    return std::nullopt;
}

Bytes encode_frame(Type type, Subsystem subsystem, std::uint8_t command, ByteView data) {
    Bytes out;
    out.reserve(data.size() + frame_overhead);
    const auto control = static_cast<unsigned>(type) << 5 | static_cast<unsigned>(subsystem);
    ByteWriter(out)
        .u8(start_byte)
        .u8(static_cast<std::uint8_t>(data.size()))
        .u8(static_cast<std::uint8_t>(control))
        .u8(command)
        .bytes(data);
    out.push_back(checksum(ByteView(out).subspan(1)));
    return out;
}

}  // namespace waggle::znp
