#include "zigbee/types.hpp"

#include <array>
#include <utility>

namespace waggle {
namespace {

constexpr std::array<std::pair<DeviceType, std::string_view>, 5> device_types{{
    {DeviceType::coordinator, "Coordinator"},
    {DeviceType::router, "Router"},
    {DeviceType::end_device, "EndDevice"},
    {DeviceType::green_power, "GreenPower"},
    {DeviceType::unknown, "Unknown"},
}};

int digit(char c) noexcept {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

}  // namespace

std::optional<Ieee> Ieee::parse(std::string_view text) noexcept {
    if (text.size() != 18 || !text.starts_with("0x"))
        return std::nullopt;
    std::uint64_t value = 0;
    for (const char c : text.substr(2)) {
        const int nibble = digit(c);
        if (nibble < 0)
            return std::nullopt;
        value = value << 4 | static_cast<std::uint64_t>(nibble);
    }
    return Ieee(value);
}

std::string Ieee::to_string() const {
    static constexpr char digits[] = "0123456789abcdef";
    std::string text(18, '0');
    text[1] = 'x';
    for (std::size_t i = 0; i < 16; ++i)
        text[17 - i] = digits[value_ >> (4 * i) & 0x0F];
    return text;
}

std::string_view to_string(DeviceType type) noexcept {
    for (const auto& [known, name] : device_types)
        if (known == type)
            return name;
    return "Unknown";
}

std::optional<DeviceType> parse_device_type(std::string_view text) noexcept {
    for (const auto& [type, name] : device_types)
        if (name == text)
            return type;
    return std::nullopt;
}

}  // namespace waggle
