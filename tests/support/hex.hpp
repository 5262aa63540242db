#pragma once

#include <stdexcept>
#include <string_view>

#include "base/bytes.hpp"

/// Bytes as they stand in a specification or a capture: hex("1C 5F11 2A 0A"). A mistake in the text
/// ends the test.
namespace waggle::test {

inline Bytes hex(std::string_view text) {
    auto bytes = from_hex(text);
    if (!bytes)
        throw std::invalid_argument("not hexadecimal octets: " + std::string(text));
    return std::move(*bytes);
}

}  // namespace waggle::test
