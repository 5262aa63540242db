/// Bytes as they stand in a specification or a capture: octets("FE 00 21 01 20"). A mistake in the
/// text ends the test. The simulator's own byte tools, for it shares none with the host.
#pragma once

#include <stdexcept>
#include <string>

#include <bytes.hpp>

namespace waggle::sim {

inline Bytes octets(std::string_view text) {
    auto bytes = from_hex(text);
    if (!bytes)
        throw std::invalid_argument("not hexadecimal octets: " + std::string(text));
    return std::move(*bytes);
}

}  // namespace waggle::sim
