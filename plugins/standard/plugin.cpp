#include "standard.hpp"

using namespace waggle;

namespace {

/// What the definition of such an endpoint depends on.
void add_wanted(const EndpointInfo& endpoint, std::vector<Reading>& list) {
    using namespace standard;
    const auto want = [&](std::uint16_t cluster, std::uint16_t attribute) {
        list.push_back({cluster, attribute, endpoint.id()});
    };
    for (const auto& what : {deciding::color_capabilities, deciding::coolest, deciding::warmest,
                             deciding::pin_users, deciding::control_sequence})
        if (endpoint.has_input(what.cluster))
            want(what.cluster, what.attribute);
    if (endpoint.has_input(cluster::electrical_measurement) &&
        !endpoint.has_input(cluster::metering))
        want(cluster::electrical_measurement, deciding::measurement_type.attribute);
    for (const auto binary : {cluster::binary_input, cluster::binary_output})
        if (endpoint.has_input(binary))
            want(binary, deciding::description);
    for (const auto analog : {cluster::analog_input, cluster::analog_output})
        if (endpoint.has_input(analog))
            for (const auto attribute :
                 {deciding::description, deciding::application_type, deciding::engineering_units,
                  deciding::minimum, deciding::maximum, deciding::resolution})
                want(analog, attribute);
}

std::vector<Reading> wants(const Device& device) {
    std::vector<Reading> list;
    for (const auto& endpoint : device.endpoints())
        add_wanted(endpoint, list);
    return list;
}

std::optional<Definition> define(const Device& device) {
    return standard::Maker(device).definition();
}

std::optional<std::string> source(const Device& device) {
    return standard::Maker(device).source();
}

constexpr Generator generator{wants, define, source};

}  // namespace

WAGGLE_PLUGIN(.id = "org.waggle.standard", .name = "Devices that follow the standard",
              .version = "0.1.0", .licence = "Apache-2.0", .generator = &generator);
