#include "plugin/setup.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "zigbee/zcl_frame.hpp"

namespace waggle::plugin {
namespace {

/// A binding or a reporting of the definition as a request.
RadioRequest setup_request(wg_request_kind kind, const EntityRef& entity, EndpointId endpoint,
                           ClusterId cluster) {
    RadioRequest request;
    request.kind = kind;
    request.entity = entity;
    request.endpoint = endpoint;
    request.cluster = cluster;
    return request;
}

/// The endpoints that a binding, reporting or reading means; empty when none has the cluster.
std::vector<EndpointId> setup_endpoints(const Definition* definition, const Device& device,
                                        EndpointId wanted, ClusterId cluster) {
    if (wanted == 0 && definition)
        return {definition->default_endpoint(device)};
    const bool client = wanted == WG_EVERY_CLIENT_ENDPOINT;
    if (!client && wanted != WG_EVERY_ENDPOINT && wanted != WG_FIRST_ENDPOINT)
        return {wanted};
    std::vector<EndpointId> found;
    for (const auto& [id, endpoint] : device.endpoints)
        if (client ? endpoint.has_output(cluster) : endpoint.has_input(cluster))
            found.push_back(id);
    if (wanted == WG_FIRST_ENDPOINT && found.size() > 1)
        found.resize(1);
    return found;
}

}  // namespace

std::vector<RadioRequest> Setup::requests(std::string& problem) {
    for (const auto& binding : Table<wg_binding>(definition_->data().bindings))
        for (const auto id : endpoints(binding.endpoint, binding.cluster, problem))
            if (!is_bound(id, binding.cluster))  // parts of a definition may share a cluster
                add(WG_REQUEST_BIND, id, binding.cluster);
    for (const auto& reporting : Table<wg_reporting>(definition_->data().reportings))
        for (const auto id : endpoints(reporting.endpoint, reporting.cluster, problem))
            add(WG_REQUEST_CONFIGURE_REPORTING, id, reporting.cluster)
                .reportings.push_back(reporting);
    auto asked = std::exchange(requests_, {});
    auto read = readings(definition_->data().readings);
    requests_ = std::move(asked);
    interleave(std::move(read));
    return std::move(requests_);
}

/// An attribute is read once it was asked to be reported, one that is not reported after the one
/// that stands before it: each part of a definition is prepared as a whole.
void Setup::interleave(std::vector<RadioRequest> readings) {
    auto place = std::find_if(requests_.begin(), requests_.end(), [](const RadioRequest& known) {
        return known.kind != WG_REQUEST_BIND;
    });
    for (auto& reading : readings) {
        const auto attribute = reading.frame.records()->front().id;
        const auto reported =
            std::find_if(requests_.begin(), requests_.end(), [&](const RadioRequest& known) {
                return known.kind == WG_REQUEST_CONFIGURE_REPORTING &&
                       known.endpoint == reading.endpoint && known.cluster == reading.cluster &&
                       known.reportings.front().attribute == attribute;
            });
        if (reported != requests_.end())
            place = reported + 1;
        place = requests_.insert(place, std::move(reading)) + 1;
    }
}

std::vector<RadioRequest> Setup::readings(const wg_table& readings) {
    constexpr std::size_t most = 4;
    std::string ignored;
    for (const auto& reading : Table<wg_reading>(readings))
        for (const auto id : endpoints(reading.endpoint, reading.cluster, ignored))
            read(id, reading, most);
    return std::move(requests_);
}

std::vector<EndpointId> Setup::endpoints(EndpointId wanted, ClusterId cluster,
                                         std::string& problem) {
    auto found = setup_endpoints(definition_, device_, wanted, cluster);
    if (found.empty())
        problem = fmt::format("no endpoint has the cluster 0x{:04X}", cluster);
    return found;
}

bool Setup::is_bound(EndpointId endpoint, ClusterId cluster) const {
    return std::any_of(requests_.begin(), requests_.end(), [&](const RadioRequest& known) {
        return known.endpoint == endpoint && known.cluster == cluster;
    });
}

RadioRequest& Setup::add(wg_request_kind kind, EndpointId endpoint, ClusterId cluster) {
    return requests_.emplace_back(
        setup_request(kind, EntityRef::device(device_.ieee), endpoint, cluster));
}

void Setup::read(EndpointId endpoint, const wg_reading& reading, std::size_t most) {
    std::optional<ManufacturerCode> manufacturer;
    if (reading.manufacturer != 0)
        manufacturer = reading.manufacturer;
    std::vector<std::uint16_t> ids;
    auto* last = requests_.empty() ? nullptr : &requests_.back();
    if ((reading.flags & WG_READING_JOINED) && last && last->endpoint == endpoint &&
        last->cluster == reading.cluster && last->frame.header.manufacturer == manufacturer &&
        last->frame.records()->size() < most) {
        for (const auto& record : *last->frame.records())
            ids.push_back(record.id);
    } else {
        last = &add(WG_REQUEST_READ, endpoint, reading.cluster);
    }
    ids.push_back(reading.attribute);
    last->frame = zcl::read_attributes(reading.cluster, ids, manufacturer);
}

}  // namespace waggle::plugin
