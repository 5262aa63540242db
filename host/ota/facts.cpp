#include "ota/facts.hpp"

#include <algorithm>
#include <cstddef>
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

void refine(ServeOptions& options, const wg_ota* ota) {
    if (!ota || ota->size < offsetof(wg_ota, reserved))
        return;
    const std::chrono::milliseconds timeout = std::chrono::seconds(ota->block_timeout);
    options.block_timeout = std::max(options.block_timeout, timeout);
    if (ota->maximum_data_size > 0)
        options.maximum_data_size = std::min(options.maximum_data_size, ota->maximum_data_size);
    options.device_chooses_size = (ota->flags & WG_OTA_DEVICE_CHOOSES_SIZE) != 0;
}

}  // namespace waggle::ota
