#include "network/quirks.hpp"

#include <regex>

namespace waggle::network {

namespace {

/// Compiled on each use: this happens when an interview fails, and the table may be long.
bool contains(const std::optional<std::string>& text, const std::string& pattern) {
    if (pattern.empty())
        return true;
    if (!text)
        return false;
    try {
        return std::regex_search(*text, std::regex(pattern, std::regex::ECMAScript));
    } catch (const std::regex_error&) {
        return false;
    }
}

bool matches(const InterviewQuirk& quirk, const Device& device) {
    if (quirk.manufacturer_code && quirk.manufacturer_code != device.manufacturer)
        return false;
    if (quirk.type && quirk.type != device.type)
        return false;
    return contains(device.model_id, quirk.model) &&
           contains(device.manufacturer_name, quirk.manufacturer_name);
}

template <class Field>
void fill(std::optional<Field>& field, const std::optional<Field>& value, bool is_missing,
          bool overwrite) {
    if (value && (is_missing || overwrite))
        field = value;
}

bool is_missing(const std::optional<std::string>& text) noexcept {
    return !text || text->empty();
}

void apply(const InterviewQuirk::Fill& values, Device& device) {
    const bool overwrite = values.overwrite;
    if (values.type && (overwrite || device.type == DeviceType::unknown))
        device.type = *values.type;
    fill(device.manufacturer, values.manufacturer_code, device.manufacturer.value_or(0) == 0,
         overwrite);
    fill(device.manufacturer_name, values.manufacturer_name, is_missing(device.manufacturer_name),
         overwrite);
    fill(device.model_id, values.model_id, is_missing(device.model_id), overwrite);
    fill(device.power_source, values.power_source, is_missing(device.power_source), overwrite);
}

}  // namespace

bool accept_by_quirk(const std::vector<InterviewQuirk>& quirks, Device& device) {
    for (const auto& quirk : quirks) {
        if (!quirk.accept_failure || !matches(quirk, device))
            continue;
        apply(quirk.fill, device);
        return true;
    }
    return false;
}

const InterviewQuirk* preparation_quirk(const std::vector<InterviewQuirk>& quirks,
                                        const Device& device) {
    for (const auto& quirk : quirks)
        if ((quirk.pause.count() != 0 || quirk.read_identity_early) && matches(quirk, device))
            return &quirk;
    return nullptr;
}

}  // namespace waggle::network
