#include "ota/facts.hpp"

#include <string>

#include "plugin/definition.hpp"

namespace waggle::ota {
namespace {

std::string either(const wg_str& of_definition, const std::optional<std::string>& own) {
    const auto text = plugin::view(of_definition);
    return text.empty() ? own.value_or(std::string()) : std::string(text);
}

std::optional<std::uint16_t> bound(std::int32_t version) {
    if (version < 0 || version > 0xFFFF)
        return std::nullopt;
    return static_cast<std::uint16_t>(version);
}

}  // namespace

DeviceFacts facts_of(const Device& device, const Query& query, const wg_ota* ota) {
    DeviceFacts facts;
    facts.ieee = device.ieee;
    facts.manufacturer = query.manufacturer;
    facts.image_type = query.image_type;
    facts.file_version = query.file_version;
    facts.hardware_version = query.hardware_version;
    facts.model_id = device.model_id.value_or(std::string());
    facts.manufacturer_name = device.manufacturer_name.value_or(std::string());
    if (!ota)
        return facts;
    facts.model_id = either(ota->model_id, device.model_id);
    facts.manufacturer_name = either(ota->manufacturer_name, device.manufacturer_name);
    facts.header_string = std::string(plugin::view(ota->header_string));
    const auto least = bound(ota->hardware_version_min), most = bound(ota->hardware_version_max);
    if (least && most) {
        facts.hardware_version_min = least;
        facts.hardware_version_max = most;
    }
    return facts;
}

}  // namespace waggle::ota
