#include "bytes.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>

namespace waggle::sim {

View Reader::take(std::size_t count) {
    if (count > rest_.size()) {
        failed_ = true;
        rest_ = {};
        return {};
    }
    const View taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
}

std::uint64_t Reader::number(std::size_t size) {
    std::uint64_t value = 0;
    const View taken = take(size);
    for (std::size_t i = 0; i < taken.size(); ++i)
        value |= static_cast<std::uint64_t>(taken[i]) << (8 * i);
    return value;
}

Writer& Writer::bytes(View bytes) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    return *this;
}

Writer& Writer::fill(std::size_t count, std::uint8_t value) {
    bytes_.insert(bytes_.end(), count, value);
    return *this;
}

Writer& Writer::number(std::uint64_t value, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i)
        bytes_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    return *this;
}

std::string to_hex(View bytes) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const std::uint8_t byte : bytes) {
        text.push_back(digits[byte >> 4]);
        text.push_back(digits[byte & 15]);
    }
    return text;
}

std::optional<Bytes> from_hex(std::string_view text) {
    if (text.starts_with("0x") || text.starts_with("0X"))
        text.remove_prefix(2);
    const auto digit = [](char c) {
        if (c >= '0' && c <= '9')
            return c - '0';
        if (c >= 'a' && c <= 'f')
            return c - 'a' + 10;
        if (c >= 'A' && c <= 'F')
            return c - 'A' + 10;
        return -1;
    };
    Bytes bytes;
    int high = -1;
    for (const char c : text) {
        if (c == ' ' && high < 0)
            continue;
        const int value = digit(c);
        if (value < 0)
            return std::nullopt;
        if (high < 0) {
            high = value;
            continue;
        }
        bytes.push_back(static_cast<std::uint8_t>(high * 16 + value));
        high = -1;
    }
    if (high >= 0)
        return std::nullopt;
    return bytes;
}

std::string ieee_text(std::uint64_t ieee) {
    char text[19];
    std::snprintf(text, sizeof text, "0x%016llx", static_cast<unsigned long long>(ieee));
    return text;
}

std::string hex16(std::uint16_t value) {
    char text[7];
    std::snprintf(text, sizeof text, "0x%04x", static_cast<unsigned>(value));
    return text;
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
    int base = 10;
    if (text.starts_with("0x") || text.starts_with("0X")) {
        text.remove_prefix(2);
        base = 16;
    }
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc{} || end != text.data() + text.size() || text.empty())
        return std::nullopt;
    return value;
}

}  // namespace waggle::sim
