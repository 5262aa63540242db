#include "coordinator/znp/frame_log.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string_view>

#include <fmt/format.h>

namespace waggle::znp {
namespace {

constexpr std::size_t everything = max_frame_data;

std::string_view type_name(Type type) {
    switch (type) {
        case Type::poll: return "POLL";
        case Type::sreq: return "SREQ";
        case Type::areq: return "AREQ";
        case Type::srsp: return "SRSP";
    }
    return "?";
}

/// How much of a request stands before the stored value [MT 3.8, 3.8.15 ff.].
std::size_t request_header(const Frame& frame) {
    switch (frame.command) {
        case 0x07:  // SYS_OSAL_NV_ITEM_INIT: item, length, length of the value
            return 5;
        case 0x09:  // SYS_OSAL_NV_WRITE: item, offset, length
            return 4;
        case 0x1D:  // SYS_OSAL_NV_WRITE_EXT: item, offset, length
            return 6;
        case 0x34:  // SYS_NV_WRITE: system, item, sub-item, offset, length
            return 8;
        default: return everything;
    }
}

bool is_nv_answer(const Frame& frame) {
    const auto read = {0x08, 0x1C, 0x33};  // SYS_OSAL_NV_READ, _READ_EXT, SYS_NV_READ
    return frame.type == Type::srsp &&
           std::find(read.begin(), read.end(), frame.command) != read.end();
}

std::size_t shown_length(const Frame& frame) {
    switch (frame.subsystem) {
        case Subsystem::sys:
            if (is_nv_answer(frame))
                return 2;  // status, length
            return frame.type == Type::sreq ? request_header(frame) : everything;
        case Subsystem::sapi:  // ZB_READ_CONFIGURATION, ZB_WRITE_CONFIGURATION: configuration,
                               // length
            if (frame.command != 0x04 && frame.command != 0x05)
                return everything;
            return frame.type == Type::srsp ? 3 : 2;
        case Subsystem::app_config:  // install codes and keys
            return frame.type == Type::sreq ? 1 : everything;
        default: return everything;
    }
}

}  // namespace

std::string frame_text(const Frame& frame) {
    const auto shown = std::min(shown_length(frame), frame.data.size());
    auto text =
        fmt::format("{} {:02x}{:02x} {}", type_name(frame.type), static_cast<int>(frame.subsystem),
                    frame.command, to_hex(frame.data.first(shown)));
    if (shown < frame.data.size())
        fmt::format_to(std::back_inserter(text), " and {} bytes not shown",
                       frame.data.size() - shown);
    return text;
}

std::string frame_text(ByteView bytes) {
    if (bytes.size() < frame_overhead || bytes[0] != start_byte ||
        bytes.size() != bytes[1] + frame_overhead)
        return to_hex(bytes);
    return frame_text(
        {Type(bytes[2] >> 5), Subsystem(bytes[2] & 0x1F), bytes[3], bytes.subspan(4, bytes[1])});
}

}  // namespace waggle::znp
