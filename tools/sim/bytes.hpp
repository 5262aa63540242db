/// Reading and writing little-endian bytes, and hexadecimal text.
///
/// The simulator keeps its own copy of such small things on purpose: it is the independent second
/// opinion on the host's codecs, so it shares none of them.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace waggle::sim {

using Bytes = std::vector<std::uint8_t>;
using View = std::span<const std::uint8_t>;

/// Takes values from the front. One that ran out returns zeros and stays failed, so that a parser
/// checks once at its end.
class Reader {
  public:
    explicit Reader(View bytes) : rest_(bytes) {}

    std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
    std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
    std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
    std::uint64_t u64() { return number(8); }
    View take(std::size_t count);
    View rest() const { return rest_; }
    std::size_t left() const { return rest_.size(); }
    bool failed() const { return failed_; }

  private:
    std::uint64_t number(std::size_t size);

    View rest_;
    bool failed_ = false;
};

/// Appends values; calls can be chained.
class Writer {
  public:
    Writer& u8(std::integral auto value) { return number(static_cast<std::uint64_t>(value), 1); }
    Writer& u16(std::integral auto value) { return number(static_cast<std::uint64_t>(value), 2); }
    Writer& u32(std::integral auto value) { return number(static_cast<std::uint64_t>(value), 4); }
    Writer& u64(std::uint64_t value) { return number(value, 8); }
    Writer& bytes(View bytes);
    Writer& fill(std::size_t count, std::uint8_t value);

    View view() const { return bytes_; }
    std::size_t size() const { return bytes_.size(); }
    Bytes take() { return std::move(bytes_); }

  private:
    Writer& number(std::uint64_t value, std::size_t size);

    Bytes bytes_;
};

[[nodiscard]] std::string to_hex(View bytes);

/// Pairs of digits, spaces allowed anywhere between them, an optional leading "0x".
[[nodiscard]] std::optional<Bytes> from_hex(std::string_view text);

/// "0x00158d0001020304"
[[nodiscard]] std::string ieee_text(std::uint64_t ieee);
[[nodiscard]] std::string hex16(std::uint16_t value);

/// Decimal or 0x-prefixed hexadecimal.
[[nodiscard]] std::optional<std::uint64_t> parse_number(std::string_view text);

}  // namespace waggle::sim
