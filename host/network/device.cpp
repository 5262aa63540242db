#include "network/device.hpp"

#include <algorithm>

namespace waggle {

namespace {

struct AttributeKey {
    ClusterId cluster;
    std::uint16_t id;
    ManufacturerCode manufacturer;
    auto operator<=>(const AttributeKey&) const = default;
};

AttributeKey key_of(const CachedAttribute& cached) noexcept {
    return {cached.cluster, cached.attribute, cached.manufacturer};
}

template <class Attributes>
auto position(Attributes& attributes, const AttributeKey& key) noexcept {
    return std::lower_bound(attributes.begin(), attributes.end(), key,
                            [](const CachedAttribute& cached, const AttributeKey& wanted) {
                                return key_of(cached) < wanted;
                            });
}

}  // namespace

std::string_view to_string(InterviewState state) noexcept {
    switch (state) {
        case InterviewState::pending: return "PENDING";
        case InterviewState::in_progress: return "IN_PROGRESS";
        case InterviewState::successful: return "SUCCESSFUL";
        case InterviewState::failed: return "FAILED";
    }
    return "PENDING";
}

bool Endpoint::has_input(ClusterId cluster) const noexcept {
    return std::find(inputs.begin(), inputs.end(), cluster) != inputs.end();
}

bool Endpoint::has_output(ClusterId cluster) const noexcept {
    return std::find(outputs.begin(), outputs.end(), cluster) != outputs.end();
}

const zcl::Value* Endpoint::attribute(ClusterId cluster, std::uint16_t attribute_id,
                                      ManufacturerCode manufacturer) const noexcept {
    const auto found = position(attributes, {cluster, attribute_id, manufacturer});
    if (found == attributes.end() || found->cluster != cluster || found->attribute != attribute_id)
        return nullptr;
    if (manufacturer != 0 && found->manufacturer != manufacturer)
        return nullptr;
    return &found->value;
}

void Endpoint::remember(ClusterId cluster, std::uint16_t attribute_id, const zcl::Value& value,
                        ManufacturerCode manufacturer) {
    const AttributeKey key{cluster, attribute_id, manufacturer};
    const auto found = position(attributes, key);
    if (found != attributes.end() && key_of(*found) == key)
        found->value = value;  // in place: the text's or the octets' memory is used again
    else
        attributes.insert(found, {cluster, attribute_id, value, manufacturer});
}

Endpoint* Device::endpoint(EndpointId id) noexcept {
    const auto found = endpoints.find(id);
    return found == endpoints.end() ? nullptr : &found->second;
}

const Endpoint* Device::endpoint(EndpointId id) const noexcept {
    const auto found = endpoints.find(id);
    return found == endpoints.end() ? nullptr : &found->second;
}

const Endpoint* Device::endpoint_with_input(ClusterId cluster) const noexcept {
    for (const auto& [id, endpoint] : endpoints)
        if (endpoint.has_input(cluster))
            return &endpoint;
    return nullptr;
}

}  // namespace waggle
