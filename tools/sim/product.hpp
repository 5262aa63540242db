/// The firmware generations the simulator can be.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "nv_layout.hpp"

namespace waggle::sim {

/// Values are SYS_VERSION's product ids.
enum class Product : std::uint8_t { zstack_12 = 0, zstack_3x0 = 1, zstack_30x = 2 };

struct Firmware {
    Product product;
    std::string_view name;
    std::uint8_t minor, maintenance;  // major is 2
    std::uint32_t revision;
    std::uint16_t capabilities;
    Alignment alignment;
    std::uint16_t address_entries, tclk_entries, aps_key_entries, material_entries;

    bool has_extended_nv() const { return product == Product::zstack_3x0; }
    bool has_bdb() const { return product != Product::zstack_12; }
};

/// "3.x.0", "3.0.x" or "1.2".
[[nodiscard]] const Firmware* firmware_by_name(std::string_view name);

}  // namespace waggle::sim
