#include "ota_description.hpp"

#include <algorithm>
#include <string>

#include "json_fields.hpp"

namespace waggle::sim {

namespace {

struct Row {
    std::string_view name;
    std::uint32_t OtaDescription::*value;
};

constexpr Row rows[] = {
    {"endpoint", &OtaDescription::endpoint},
    {"manufacturer", &OtaDescription::manufacturer},
    {"image_type", &OtaDescription::image_type},
    {"file_version", &OtaDescription::file_version},
    {"hardware_version", &OtaDescription::hardware_version},
    {"answers_notify", &OtaDescription::answers_notify},
    {"query_delay_ms", &OtaDescription::query_delay_ms},
    {"query_every_ms", &OtaDescription::query_every_ms},
    {"block_size", &OtaDescription::block_size},
    {"page_size", &OtaDescription::page_size},
    {"response_spacing_ms", &OtaDescription::response_spacing_ms},
    {"minimum_block_period", &OtaDescription::minimum_block_period},
    {"with_ieee", &OtaDescription::with_ieee},
    {"pace_ms", &OtaDescription::pace_ms},
    {"retry_ms", &OtaDescription::retry_ms},
    {"retries", &OtaDescription::retries},
    {"lose_every", &OtaDescription::lose_every},
    {"restart_at", &OtaDescription::restart_at},
    {"restart_ms", &OtaDescription::restart_ms},
    {"restart_forgets", &OtaDescription::restart_forgets},
    {"refuse", &OtaDescription::refuse},
    {"version_after", &OtaDescription::version_after},
    {"apply_ms", &OtaDescription::apply_ms},
};

}  // namespace

std::uint32_t* ota_setting(OtaDescription& description, std::string_view name) {
    const auto found = std::ranges::find(rows, name, &Row::name);
    return found == std::end(rows) ? nullptr : &(description.*found->value);
}

OtaDescription parse_ota(const boost::json::value& value) {
    OtaDescription description;
    for (const auto& [name, number] : object_of(value, "ota")) {
        auto* setting = ota_setting(description, name);
        if (!setting)
            throw DescriptionError("'ota' has no setting '" + std::string(name) + "'");
        *setting = number_of<std::uint32_t>(number, name);
    }
    return description;
}

void ota_settings_to_json(const OtaDescription& description, boost::json::object& out) {
    for (const Row& row : rows)
        if (description.*row.value != OtaDescription::none)
            out[row.name] = description.*row.value;
}

}  // namespace waggle::sim
