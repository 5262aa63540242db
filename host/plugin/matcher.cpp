#include "plugin/matcher.hpp"

#include <algorithm>
#include <regex>

#include "plugin/definition.hpp"

namespace waggle::plugin {
namespace {

char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lowered(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), lower);
    return result;
}

/// Without the first NUL and what follows, without blanks at both ends; case kept.
std::string_view trimmed(std::string_view text) noexcept {
    constexpr std::string_view blanks = " \t\r\n\v\f";
    text = text.substr(0, text.find('\0'));
    const auto first = text.find_first_not_of(blanks);
    if (first == text.npos)
        return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool agrees(const wg_str& wanted, const std::optional<std::string>& actual) {
    return wanted.length == 0 || (actual && *actual == view(wanted));
}
bool agrees(std::int32_t wanted, const std::optional<std::int64_t>& actual) {
    return wanted < 0 || (actual && *actual == wanted);
}

bool same_set(const wg_table& wanted, const std::vector<ClusterId>& actual) {
    const Table<ClusterId> list(wanted);
    if (list.size() != actual.size())
        return false;
    return std::all_of(actual.begin(), actual.end(), [&](ClusterId cluster) {
        return std::any_of(list.begin(), list.end(), [&](ClusterId c) { return c == cluster; });
    });
}

bool endpoint_matches(const wg_endpoint_match& wanted, const Device& device) {
    const auto* endpoint = device.endpoint(wanted.id);
    if (!endpoint)
        return false;
    return (!wanted.has_profile || endpoint->profile == wanted.profile) &&
           (!wanted.has_device_id || endpoint->device_id == wanted.device_id) &&
           (!wanted.has_inputs || same_set(wanted.inputs, endpoint->inputs)) &&
           (!wanted.has_outputs || same_set(wanted.outputs, endpoint->outputs));
}

bool endpoints_match(const wg_table& wanted, const Device& device) {
    const Table<wg_endpoint_match> list(wanted);
    if (list.empty())
        return true;
    return list.size() == device.endpoints.size() &&
           std::all_of(list.begin(), list.end(),
                       [&](const auto& endpoint) { return endpoint_matches(endpoint, device); });
}

bool ieee_matches(const wg_str& pattern, const Device& device) {
    if (pattern.length == 0)
        return true;
    try {
        const std::regex expression(pattern.data, pattern.length);
        return std::regex_search(device.ieee.to_string(), expression);
    } catch (const std::regex_error&) {
        return false;  // checked when the definition was loaded
    }
}

}  // namespace

std::string normalised_model(std::string_view model_id) {
    return lowered(trimmed(model_id));
}

void MatchIndex::clear() {
    models_.clear();
    manufacturers_.clear();
    anything_.clear();
}

void MatchIndex::add(std::uint32_t plugin, const std::vector<ManifestDefinition>& definitions) {
    for (std::uint32_t index = 0; index < definitions.size(); ++index) {
        const DefinitionRef ref{plugin, index};
        const auto put = [&](Map& map, std::string key) {
            auto& list = map[std::move(key)];
            if (list.empty() || list.back() != ref)
                list.push_back(ref);
        };
        for (const auto& model : definitions[index].zigbee_models)
            put(models_, lowered(model));
        for (const auto& manufacturer : definitions[index].manufacturers)
            put(manufacturers_, manufacturer);
        if (definitions[index].matches_anything)
            anything_.push_back(ref);
    }
}

std::vector<DefinitionRef> MatchIndex::candidates(const Device& device) const {
    if (device.model_id) {
        if (const auto found = models_.find(lowered(*device.model_id)); found != models_.end())
            return found->second;
        if (const auto found = models_.find(normalised_model(*device.model_id));
            found != models_.end())
            return found->second;
    }
    std::vector<DefinitionRef> result;
    if (device.manufacturer_name)
        if (const auto found = manufacturers_.find(*device.manufacturer_name);
            found != manufacturers_.end())
            result = found->second;
    result.insert(result.end(), anything_.begin(), anything_.end());
    return result;
}

bool fingerprint_matches(const wg_fingerprint& fingerprint, const Device& device) {
    return agrees(fingerprint.model_id, device.model_id) &&
           agrees(fingerprint.manufacturer_name, device.manufacturer_name) &&
           agrees(fingerprint.power_source, device.power_source) &&
           agrees(fingerprint.date_code, device.date_code) &&
           agrees(fingerprint.software_build_id, device.software_build_id) &&
           (fingerprint.device_type.length == 0 ||
            view(fingerprint.device_type) == to_string(device.type)) &&
           (fingerprint.manufacturer < 0 || device.manufacturer == fingerprint.manufacturer) &&
           agrees(fingerprint.hardware_version, device.hardware_version) &&
           agrees(fingerprint.application_version, device.application_version) &&
           agrees(fingerprint.stack_version, device.stack_version) &&
           agrees(fingerprint.zcl_version, device.zcl_version) &&
           endpoints_match(fingerprint.endpoints, device) &&
           ieee_matches(fingerprint.ieee_pattern, device);
}

bool manufacturer_allowed(const wg_definition& definition, const Device& device) {
    const Table<wg_str> names(definition.manufacturer_names);
    return names.empty() || (device.manufacturer_name &&
                             std::any_of(names.begin(), names.end(), [&](const wg_str& name) {
                                 return view(name) == *device.manufacturer_name;
                             }));
}

std::size_t choose(const std::vector<const wg_definition*>& candidates, const Device& device) {
    std::vector<std::size_t> allowed;
    for (std::size_t i = 0; i < candidates.size(); ++i)
        if (candidates[i] && manufacturer_allowed(*candidates[i], device))
            allowed.push_back(i);
    if (allowed.size() == 1) {
        const auto& only = *candidates[allowed.front()];
        if (only.zigbee_models.count != 0)
            return allowed.front();
    }

    auto best = candidates.size();
    std::int32_t best_priority = 0;
    for (const auto i : allowed)
        for (const auto& fingerprint : Table<wg_fingerprint>(candidates[i]->fingerprints))
            if ((best == candidates.size() || fingerprint.priority > best_priority) &&
                fingerprint_matches(fingerprint, device)) {
                best = i;
                best_priority = fingerprint.priority;
            }
    if (best != candidates.size())
        return best;

    for (const auto i : allowed) {
        const auto& definition = *candidates[i];
        if (device.model_id)
            for (const auto& model : Table<wg_str>(definition.zigbee_models))
                if (view(model) == *device.model_id || view(model) == trimmed(*device.model_id))
                    return i;
        // A manufacturer alone is a match for a definition that asks for nothing else.
        if (definition.zigbee_models.count == 0 && definition.fingerprints.count == 0 &&
            definition.manufacturer_names.count != 0)
            return i;
    }
    return candidates.size();
}

ManifestDefinition describe(const wg_definition& definition) {
    ManifestDefinition result;
    result.model = view(definition.model);
    result.vendor = view(definition.vendor);
    for (const auto& model : Table<wg_str>(definition.zigbee_models))
        result.zigbee_models.emplace_back(view(model));
    for (const auto& fingerprint : Table<wg_fingerprint>(definition.fingerprints)) {
        if (fingerprint.model_id.length != 0)
            result.zigbee_models.emplace_back(view(fingerprint.model_id));
        else if (fingerprint.manufacturer_name.length != 0)
            result.manufacturers.emplace_back(view(fingerprint.manufacturer_name));
        else
            result.matches_anything = true;
    }
    if (definition.zigbee_models.count == 0 && definition.fingerprints.count == 0)
        for (const auto& name : Table<wg_str>(definition.manufacturer_names))
            result.manufacturers.emplace_back(view(name));
    return result;
}

}  // namespace waggle::plugin
