#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

/// What the ZCL and the ZDO status categories share: a sorted table of names, and the text of a
/// number that has none.
namespace waggle {

struct StatusName {
    std::uint8_t value;
    std::string_view name;
};

inline std::string_view find_status_name(std::span<const StatusName> names,
                                         std::uint8_t value) noexcept {
    const auto found = std::ranges::lower_bound(names, value, {}, &StatusName::value);
    return found != names.end() && found->value == value ? found->name : std::string_view{};
}

inline std::string status_text(std::span<const StatusName> names, int value) {
    const auto number = static_cast<std::uint8_t>(value);
    if (const auto name = find_status_name(names, number); !name.empty())
        return std::string(name);
    return "0x" + to_hex(ByteView(&number, 1));
}

}  // namespace waggle
