#pragma once

#include <string>
#include <vector>

#include "zigbee/types.hpp"

namespace waggle {

/// The addresses among texts; others are left out: the configuration's check has named them.
inline std::vector<Ieee> parse_addresses(const std::vector<std::string>& texts) {
    std::vector<Ieee> found;
    for (const auto& text : texts)
        if (const auto ieee = Ieee::parse(text))
            found.push_back(*ieee);
    return found;
}

}  // namespace waggle
