#pragma once

#include "coordinator/znp/driver.hpp"

/// The first words with an adapter: getting it out of its boot loader, and asking what it is.
namespace waggle::znp {

struct Version {
    std::uint8_t transport = 2;
    Product product = Product::zstack_12;
    std::uint8_t major = 2, minor = 0, maintenance = 0;
    std::uint32_t revision = 0;  ///< a date, 20210708, in the usual firmware

    bool is_3x0() const noexcept { return product == Product::zstack_3x0; }
    /// Commands of the zigbee2mqtt project's firmware, by its date.
    bool can_remove_association() const noexcept { return is_3x0() && revision >= 20200805; }
    bool can_add_association() const noexcept { return is_3x0() && revision >= 20201026; }
    bool has_led() const noexcept { return !is_3x0() || revision >= 20210430; }
    bool controls_led_itself() const noexcept { return revision >= 20211029; }
};

std::string_view product_name(Product product) noexcept;  ///< "ZStack3x0", as zigbee2mqtt shows it

/// Pings; when nothing answers within 250 ms, leaves the boot loader of CC253x by its magic octet,
/// then that of CC26x2 by the control lines. Errc::timed_out when nothing on the line is a Z-Stack.
[[nodiscard]] Awaitable<Result<void>> wake(Driver& driver);

/// Firmware that does not know SYS_VERSION is Z-Stack 1.2. Errc::unsupported for unknown products.
[[nodiscard]] Awaitable<Result<Version>> read_version(Driver& driver);

}  // namespace waggle::znp
