#include "values.hpp"

#include <cmath>

#include <boost/json/value.hpp>

namespace waggle::sim {

double Values::number(std::uint16_t id, double fallback) const {
    const Attribute* attribute = device_.find(key(id));
    if (!attribute)
        return fallback;
    return zcl::to_number(attribute->description->type, attribute->value).value_or(fallback);
}

int Values::integer(std::uint16_t id, int fallback) const {
    return static_cast<int>(std::lround(number(id, fallback)));
}

void Values::set(std::uint16_t id, double value, Change change) const {
    const Attribute* attribute = device_.find(key(id));
    if (!attribute)
        return;
    const auto bytes = zcl::from_json(attribute->description->type, boost::json::value(value));
    if (bytes)
        device_.set(key(id), *bytes, change);
}

void Values::watch(std::uint16_t id, std::function<void()> watcher) const {
    device_.watch(key(id), std::move(watcher));
}

bool executes_if_off(const Values& cluster, std::uint16_t options, Reader& in) {
    const unsigned own = static_cast<unsigned>(cluster.integer(options));
    if (in.left() < 2)
        return (own & 1) != 0;
    const unsigned mask = in.u8();
    const unsigned instead = in.u8();
    return (((own & ~mask) | (instead & mask)) & 1) != 0;
}

void notify(const Values& cluster, std::uint8_t command, Bytes payload, Notify whom) {
    Device& device = cluster.device();
    const AttributeKey place = cluster.key(0);
    const auto send = [&device, place, command, whom, payload = std::move(payload)] {
        zcl::Frame frame;
        frame.control = zcl::control::cluster_specific | zcl::control::from_server |
                        zcl::control::no_default_response;
        frame.sequence = device.next_sequence();
        frame.command = command;
        frame.payload = payload;
        if (whom == Notify::bound)
            device.send_to_bound(place.endpoint, place.cluster, zcl::build(frame));
        else
            device.send_to_coordinator(place.endpoint, place.cluster, zcl::build(frame));
    };
    device.air().scheduler().after(Milliseconds(0), send);
}

double setting(Device& device, std::uint8_t endpoint, const char* name, double fallback) {
    const EndpointDescription* description = device.endpoint(endpoint);
    return description ? description->setting(name, fallback) : fallback;
}

}  // namespace waggle::sim
