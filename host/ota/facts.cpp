#include "ota/facts.hpp"

#include <string>

#include "plugin/definition.hpp"

namespace waggle::ota {
namespace {

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
    facts.definition_model_id = std::string(plugin::view(ota->model_id));
    facts.definition_manufacturer_name = std::string(plugin::view(ota->manufacturer_name));
    facts.header_string = std::string(plugin::view(ota->header_string));
    facts.hardware_version_min = bound(ota->hardware_version_min);
    facts.hardware_version_max = bound(ota->hardware_version_max);
    return facts;
}

}  // namespace waggle::ota
