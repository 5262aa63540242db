#include "app/not_served.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

namespace waggle::app {
namespace {

using store::Settings;

bool has_files(const std::filesystem::path& folder) {
    std::error_code error;
    const std::filesystem::directory_iterator files(folder, error);
    return !error && files != std::filesystem::directory_iterator();
}

bool differs(const Settings::Ota& ota) {
    const Settings::Ota plain;
    return !ota.zigbee_ota_override_index_location.empty() ||
           ota.update_check_interval != plain.update_check_interval ||
           ota.image_block_request_timeout != plain.image_block_request_timeout ||
           ota.image_block_response_delay != plain.image_block_response_delay ||
           ota.default_maximum_data_size != plain.default_maximum_data_size;
}

/// Whether a device or group turns availability on for itself.
bool any_availability(const store::Entities& entities) {
    return std::any_of(entities.begin(), entities.end(), [](const auto& entry) {
        const auto* value = entry.second.options.if_contains("availability");
        return value != nullptr && !(value->is_bool() && !value->get_bool());
    });
}

}  // namespace

std::vector<std::string> not_served(const Settings& settings,
                                    const std::filesystem::path& data_directory) {
    std::vector<std::string> out;
    const auto add = [&](bool is_asked_for, std::string_view sentence) {
        if (is_asked_for)
            out.emplace_back(sentence);
    };
    add(settings.homeassistant.enabled,
        "homeassistant.enabled: discovery messages are not published by this version; commands "
        "that Home Assistant sends are understood");
    add(settings.availability.enabled || any_availability(settings.devices) ||
            any_availability(settings.groups),
        "availability: whether devices can be reached is not followed by this version");
    add(settings.frontend.enabled, "frontend.enabled: this version has no web frontend");
    add(differs(settings.ota), "ota: firmware is not updated by this version");
    const Settings::Health health;
    add(settings.health.interval != health.interval || settings.health.reset_on_check,
        "health: bridge/health is not published by this version");
    add(settings.advanced.adapter_delay.has_value(),
        "advanced.adapter_delay: only for coordinators of other families");
    for (const auto* folder : {"external_converters", "external_extensions"})
        add(has_files(data_directory / folder),
            fmt::format("{}: JavaScript is not run; devices come from plugins, see `waggle plugin "
                        "list`",
                        (data_directory / folder).string()));
    return out;
}

}  // namespace waggle::app
