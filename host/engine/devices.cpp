#include "engine/devices.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <boost/json/array.hpp>

#include "engine/group_states.hpp"

namespace json = boost::json;

namespace waggle::engine {
namespace {

constexpr std::string_view default_endpoint_name = "default";
constexpr std::string_view unchanging_version = "0.0.0";  // never a reason to configure again

std::optional<EndpointId> parse_endpoint(std::string_view text) noexcept {
    EndpointId id = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return id;
}

}  // namespace

std::vector<CalibratedProperty> calibrated_properties(const json::array& exposes) {
    std::vector<CalibratedProperty> result;
    for (const auto& expose : exposes) {
        const auto* object = expose.if_object();
        const auto* name = object ? object->if_contains("name") : nullptr;
        const auto* property = object ? object->if_contains("property") : nullptr;
        if (!name || !property || !name->is_string() || !property->is_string())
            continue;
        if (auto entry = calibrated_property(property->get_string(), name->get_string()))
            result.push_back(std::move(*entry));
    }
    return result;
}

plugin::BoundDevice* Devices::find(Ieee device) const noexcept {
    return core_.plugins ? core_.plugins->find(device) : nullptr;
}

const plugin::Definition* Devices::definition(Ieee device) const noexcept {
    const auto* found = find(device);
    return found ? &found->definition() : nullptr;
}

plugin::BoundDevice* Devices::bound(Device& device) {
    if (device.type == DeviceType::coordinator || !is_interviewed(device))
        return find(device.ieee);
    const auto& known = record(device.ieee);
    const auto model = device.model_id ? std::string_view(*device.model_id) : std::string_view();
    if (known.tried && known.model == model)
        return find(device.ieee);
    return match(device);
}

plugin::BoundDevice* Devices::match(Device& device) {
    if (!core_.plugins || device.type == DeviceType::coordinator || !is_interviewed(device))
        return nullptr;
    const auto before = core_.plugins->definition_of(device.ieee);
    auto* bound = core_.plugins->bind(device);
    auto& matched = record(device.ieee);
    matched.tried = true;
    matched.model = device.model_id.value_or(std::string());
    matched.calibrated.clear();
    matched.light_features = 0;
    matched.needs_configure = false;
    if (!bound || core_.plugins->definition_of(device.ieee) != before)
        matched.started = false;
    if (bound) {
        matched.calibrated = calibrated_of(device, *bound);
        matched.light_features = light_features(core_.plugins->exposes_of(*bound));
        look_whether_configured(device, *bound, matched);
        if (!core_.network.meta(device, "configured").empty() && bound->apply_quirks(device))
            core_.network.changed(device);
    }
    for (auto* listener : core_.listeners)
        listener->definition_changed(device);
    return bound;
}

void Devices::exposes_changed(Device& device) {
    if (const auto* bound = find(device.ieee)) {
        record(device.ieee).calibrated = calibrated_of(device, *bound);
        record(device.ieee).light_features = light_features(core_.plugins->exposes_of(*bound));
    }
    for (auto* listener : core_.listeners)
        listener->definition_changed(device);
}

std::vector<CalibratedProperty> Devices::calibrated_of(const Device& device,
                                                       const plugin::BoundDevice& bound) const {
    const auto& data = bound.definition().data();
    if (!data.exposes_of)
        return calibrated_properties(plugin::exposes_json(data.exposes));
    auto published = core_.plugins->definition_json(device, {});
    const auto* exposes = published.if_contains("exposes");
    return exposes && exposes->is_array() ? calibrated_properties(exposes->get_array())
                                          : std::vector<CalibratedProperty>();
}

void Devices::look_whether_configured(const Device& device, const plugin::BoundDevice& bound,
                                      Record& record) const {
    const auto configured = core_.network.meta(device, "configured");
    const auto version = bound.definition().version();
    record.needs_configure = bound.definition().can_configure() &&
                             (configured.empty() ||
                              (version != unchanging_version && configured != '"' + version + '"'));
}

void Devices::event(Device& device, wg_event_type type) {
    if (core_.entities.options(EntityId::of(device.ieee)).disabled)
        return;
    auto* found = bound(device);
    if (!found)
        return;
    if (!std::exchange(record(device.ieee).started, true) && type != WG_EVENT_STARTED) {
        found->event(WG_EVENT_STARTED);
        found = find(device.ieee);
    }
    if (found)
        found->event(type);
}

Endpoint* Devices::endpoint(Device& device, std::string_view name_or_number) const {
    const auto* known = definition(device.ieee);
    if (name_or_number.empty())
        name_or_number = default_endpoint_name;
    else if (const auto id = parse_endpoint(name_or_number))
        return device.endpoint(*id);
    if (known)
        if (const auto id = known->endpoint(name_or_number))
            return device.endpoint(*id);
    if (name_or_number != default_endpoint_name || device.endpoints.empty())
        return nullptr;
    return &device.endpoints.begin()->second;
}

std::string_view Devices::endpoint_name(Ieee device, EndpointId endpoint) const {
    const auto* known = definition(device);
    const auto name = known ? known->endpoint_name(endpoint) : std::string_view();
    return name == default_endpoint_name ? std::string_view() : name;
}

std::vector<std::string> Devices::endpoint_names(Ieee device) const {
    std::vector<std::string> names;
    if (const auto* known = definition(device))
        for (const auto& entry : known->endpoint_names())
            if (const auto name = plugin::view(entry.name); name != default_endpoint_name)
                names.emplace_back(name);
    return names;
}

}  // namespace waggle::engine
