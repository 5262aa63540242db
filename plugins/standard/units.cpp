#include "standard.hpp"

namespace standard {
namespace {

/// By BACnet's numbers [ANSI/ASHRAE 135, BACnetEngineeringUnits]; "" where it says nothing.
// clang-format off
constexpr std::string_view engineering_units[] = {
    "m²", "ft²", "mA", "A", "Ω", "V", "kV", "MV", "VA", "kVA", "MVA", "var", "kvar", "Mvar",
    "°phase", "pf", "J", "kJ", "Wh", "kWh", "Btu", "therm", "ton·h", "J/kg", "Btu/lb",
    "cycles/h", "cycles/min", "Hz", "g/kg", "%", "mm", "m", "in", "ft", "W/ft²", "W/m²", "lm",
    "lx", "fc", "kg", "lb", "tons", "kg/s", "kg/min", "kg/h", "lb/min", "lb/h", "W", "kW", "MW",
    "Btu/h", "hp", "ton", "Pa", "kPa", "bar", "psi", "cm H₂O", "in H₂O", "mmHg", "cm Hg",
    "in Hg", "°C", "K", "°F", "°C·d", "°F·d", "years", "months", "weeks", "days", "hours",
    "minutes", "seconds", "m/s", "km/h", "ft/s", "ft/min", "mph", "ft³", "m³", "imp gal", "L",
    "gal", "ft³/min", "m³/s", "imp gal/min", "L/s", "L/min", "gal/min", "°", "°C/h", "°C/min",
    "°F/h", "°F/min", "", "ppm", "ppb", "%", "%/s", "1/min", "1/s", "psi/°F", "rad", "rpm",
    "currency", "currency", "currency", "currency", "currency", "currency", "currency",
    "currency", "currency", "currency", "in²", "cm²", "Btu/lb", "cm", "lb/s", "Δ°F", "ΔK", "kΩ",
    "MΩ", "mV", "kJ/kg", "MJ", "J/K", "J/(kg·K)", "kHz", "MHz", "1/h", "mW", "hPa", "mbar",
    "m³/h", "L/h", "kWh/m²", "kWh/ft²", "MJ/m²", "MJ/ft²", "W/(m²·K)", "ft³/s",
    "% obscuration/ft", "% obscuration/m", "mΩ", "MWh", "kBtu", "MBtu", "kJ/kg_dry", "MJ/kg_dry",
    "kJ/K", "MJ/K", "N", "g/s", "g/min", "tons/h", "kBtu/h", "1/100 s", "ms", "N·m", "mm/s",
    "mm/min", "m/min", "m/h", "m³/min", "m/s²", "A/m", "A/m²", "A·m²", "F", "H", "Ω·m", "",
    "S/m", "T", "V/K", "V/m", "Wb", "cd", "cd/m²", "K/h", "K/min", "J·s", "rad/s", "m²/N",
    "kg/m³", "N·s", "N/m", "W/(m·K)", "µS/cm", "ft³/h", "gal/h", "km", "µm", "g", "mg", "mL",
    "mL/s", "dB", "dBm", "dBV", "mS/cm", "var·h", "kvar·h", "Mvar·h", "mm H₂O", "‰", "g/g",
    "kg/kg", "g/kg", "mg/g", "mg/kg", "g/mL", "g/L", "mg/L", "µg/L", "g/m³", "mg/m³", "µg/m³",
    "ng/m³", "g/cm³", "Bq", "kBq", "MBq", "Gy", "mGy", "µGy", "Sv", "mSv", "µSv", "µSv/h", "dBA",
    "NTU", "pH", "g/m²", "min/K", "Ω·m²/m", "A·s", "VA·h", "kVA·h", "MVA·h", "var·h", "kvar·h",
    "Mvar·h", "V²·h", "A²·h", "J/h", "ft³/d", "m³/d", "Wh/m³", "J/m³", "mol%", "Pa·s", "MMSCFM",
};
// clang-format on

/// By the type in bits 16 to 23 of ApplicationType [ZCL8 3.14.11.19].
constexpr std::string_view type_units[] = {"°C", "%", "Pa", "L/s", "%", "ppm",   "rpm", "A",
                                           "Hz", "W", "kW", "kWh", "",  "kJ/kg", "s"};

}  // namespace

std::string_view unit_of(std::optional<std::int64_t> application_type,
                         std::optional<std::int64_t> engineering_unit) {
    if (application_type) {
        const auto type = static_cast<std::size_t>(*application_type >> 16 & 0xFF);
        if (type < std::size(type_units) && !type_units[type].empty())
            return type_units[type];
    }
    if (engineering_unit && *engineering_unit >= 0 &&
        *engineering_unit < std::int64_t{std::size(engineering_units)})
        return engineering_units[*engineering_unit];
    return {};
}

}  // namespace standard
