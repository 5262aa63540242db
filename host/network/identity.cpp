#include "network/identity.hpp"

#include <array>
#include <string>

namespace waggle::network {

namespace {

constexpr std::array<std::string_view, 7> power_sources = {"",
                                                           "Mains (single phase)",
                                                           "Mains (3 phase)",
                                                           "Battery",
                                                           "DC Source",
                                                           "Emergency mains constantly powered",
                                                           "Emergency mains and transfer switch"};

bool set_text(std::optional<std::string>& field, const zcl::Value& value) {
    const auto* text = value.text();
    if (!text || field == *text)
        return false;
    field = *text;
    return true;
}

bool set_number(std::optional<std::int64_t>& field, const zcl::Value& value) {
    const auto number = value.integer();
    if (!number || field == number)
        return false;
    field = number;
    return true;
}

bool set_power_source(Device& device, const zcl::Value& value) {
    const auto number = value.integer();
    if (!number)
        return false;
    const auto name = power_source_name(*number);
    if (name ? device.power_source == *name : !device.power_source)
        return false;
    if (name)
        device.power_source = std::string(*name);
    else
        device.power_source.reset();
    return true;
}

bool has_text(const std::optional<std::string>& field) noexcept {
    return field && !field->empty();
}

}  // namespace

bool update_identity(Device& device, std::uint16_t attribute, const zcl::Value& value) {
    switch (attribute) {
        case basic::zcl_version: return set_number(device.zcl_version, value);
        case basic::application_version: return set_number(device.application_version, value);
        case basic::stack_version: return set_number(device.stack_version, value);
        case basic::hardware_version: return set_number(device.hardware_version, value);
        case basic::manufacturer_name: return set_text(device.manufacturer_name, value);
        case basic::model_id: return set_text(device.model_id, value);
        case basic::date_code: return set_text(device.date_code, value);
        case basic::power_source: return set_power_source(device, value);
        case basic::software_build_id: return set_text(device.software_build_id, value);
        default: return false;
    }
}

bool is_known(const Device& device, std::uint16_t attribute) noexcept {
    switch (attribute) {
        case basic::zcl_version: return device.zcl_version.has_value();
        case basic::application_version: return device.application_version.has_value();
        case basic::stack_version: return device.stack_version.has_value();
        case basic::hardware_version: return device.hardware_version.has_value();
        case basic::manufacturer_name: return has_text(device.manufacturer_name);
        case basic::model_id: return has_text(device.model_id);
        case basic::date_code: return has_text(device.date_code);
        case basic::power_source: return device.power_source.has_value();
        case basic::software_build_id: return has_text(device.software_build_id);
        default: return false;
    }
}

std::optional<std::string_view> power_source_name(std::int64_t number) noexcept {
    const auto source = static_cast<std::size_t>(number & 0x7F);
    if (source == 0 || source >= power_sources.size())
        return std::nullopt;
    return power_sources[source];
}

}  // namespace waggle::network
