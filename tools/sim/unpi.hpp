/// TI's serial framing between a host and a network co-processor [MT 2.1]:
///
///     0xFE · length of data · cmd0 (type << 5 | subsystem) · cmd1 · data · XOR of length…data
///
/// A frame whose check fails is not skipped as a whole, for its length may be what was damaged:
/// the search for the next start byte begins right behind the failed one.
#pragma once

#include <functional>

#include "bytes.hpp"

namespace waggle::sim {

inline constexpr std::uint8_t unpi_start = 0xFE;
inline constexpr std::size_t unpi_max_data = 250;

enum class MtType : std::uint8_t { poll = 0, request = 1, indication = 2, response = 3 };

/// A command code is cmd0 and cmd1 as they stand on the wire: 0x2101 is SREQ SYS_PING.
struct MtFrame {
    std::uint16_t code = 0;
    Bytes data;

    MtType type() const { return static_cast<MtType>(code >> 13); }
    std::uint8_t subsystem() const { return static_cast<std::uint8_t>((code >> 8) & 0x1F); }
    std::uint8_t id() const { return static_cast<std::uint8_t>(code); }
};

/// Appends the frame to `out`. `data` is at most unpi_max_data bytes.
void append_unpi(Bytes& out, std::uint16_t code, View data);

class UnpiParser {
  public:
    using OnFrame = std::function<void(const MtFrame&)>;

    explicit UnpiParser(OnFrame on_frame) : on_frame_(std::move(on_frame)) {}

    /// Delivers every complete frame; keeps an unfinished one for the next call.
    void feed(View bytes);
    void reset() { buffer_.clear(); }
    std::size_t damaged() const { return damaged_; }

  private:
    OnFrame on_frame_;
    Bytes buffer_;
    std::size_t damaged_ = 0;
};

}  // namespace waggle::sim
