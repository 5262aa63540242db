#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

/// Bytes in and out. Only ByteReader reads bytes that came from outside: it never passes the end,
/// and it remembers that it would have, so that code reads like the specification's table and checks
/// once at the end. All integers are little endian, as everything in Zigbee and in MT and EZSP is.
namespace waggle {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

class ByteReader {
  public:
    explicit ByteReader(ByteView bytes) noexcept : rest_(bytes) {}

    /// Past the end each returns 0 and failed() stays true from then on.
    std::uint8_t u8() noexcept { return static_cast<std::uint8_t>(little_endian(1)); }
    std::uint16_t u16() noexcept { return static_cast<std::uint16_t>(little_endian(2)); }
    std::uint32_t u24() noexcept { return static_cast<std::uint32_t>(little_endian(3)); }
    std::uint32_t u32() noexcept { return static_cast<std::uint32_t>(little_endian(4)); }
    std::uint64_t u64() noexcept { return little_endian(8); }

    /// An unsigned integer of `width` octets, 1 to 8.
    std::uint64_t little_endian(std::size_t width) noexcept {
        if (rest_.size() < width) {
            fail();
            return 0;
        }
        std::uint64_t value = 0;
        for (std::size_t i = width; i-- > 0;)
            value = value << 8 | rest_[i];
        rest_ = rest_.subspan(width);
        return value;
    }

    /// A two's complement integer of `width` octets, 1 to 8.
    std::int64_t little_endian_signed(std::size_t width) noexcept {
        const auto value = little_endian(width);
        const auto shift = 64 - 8 * width;
        return static_cast<std::int64_t>(value << shift) >> shift;
    }

    /// A view of the next `count` octets; empty, and failed, when there are fewer.
    ByteView bytes(std::size_t count) noexcept {
        if (rest_.size() < count) {
            fail();
            return {};
        }
        const auto view = rest_.first(count);
        rest_ = rest_.subspan(count);
        return view;
    }

    ByteView rest() const noexcept { return rest_; }
    std::size_t left() const noexcept { return rest_.size(); }
    bool empty() const noexcept { return rest_.empty(); }
    bool failed() const noexcept { return failed_; }
    void fail() noexcept {
        failed_ = true;
        rest_ = {};
    }

  private:
    ByteView rest_;
    bool failed_ = false;
};

/// Appends to a buffer that the caller owns and may reuse.
class ByteWriter {
  public:
    explicit ByteWriter(Bytes& out) noexcept : out_(&out) {}

    ByteWriter& u8(std::uint8_t value) { return little_endian(value, 1); }
    ByteWriter& u16(std::uint16_t value) { return little_endian(value, 2); }
    ByteWriter& u24(std::uint32_t value) { return little_endian(value, 3); }
    ByteWriter& u32(std::uint32_t value) { return little_endian(value, 4); }
    ByteWriter& u64(std::uint64_t value) { return little_endian(value, 8); }

    ByteWriter& little_endian(std::uint64_t value, std::size_t width) {
        for (std::size_t i = 0; i < width; ++i, value >>= 8)
            out_->push_back(static_cast<std::uint8_t>(value));
        return *this;
    }
    ByteWriter& bytes(ByteView view) {
        out_->insert(out_->end(), view.begin(), view.end());
        return *this;
    }

    Bytes& out() noexcept { return *out_; }

  private:
    Bytes* out_;
};

/// "1a2b" for {0x1A, 0x2B}; for logs and files.
std::string to_hex(ByteView bytes);

/// The reverse; blanks between octets are allowed. Errc::malformed for anything else.
[[nodiscard]] Result<Bytes> from_hex(std::string_view text);

inline ByteView as_bytes(std::string_view text) noexcept {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(ByteView bytes) noexcept {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace waggle
