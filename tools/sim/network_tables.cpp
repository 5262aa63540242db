// What nodes answer when asked for their neighbours, routes and children.
#include "network.hpp"

namespace waggle::sim {

namespace {

zdp::Neighbour as_neighbour(const Device& device, std::uint8_t relationship) {
    zdp::Neighbour entry;
    entry.ieee = device.ieee();
    entry.nwk = device.nwk();
    entry.type = static_cast<std::uint8_t>(device.description().routes ? 1 : 2);
    entry.rx_on_when_idle = device.description().rx_on_when_idle();
    entry.relationship = relationship;
    entry.permit_joining = device.description().routes ? 2 : 0;
    entry.lqi = device.lqi();
    return entry;
}

}  // namespace

std::vector<zdp::Neighbour> Network::coordinator_neighbours() const {
    std::vector<zdp::Neighbour> list;
    for (const Device* device : members()) {
        const bool child = device->parent() == coordinator_nwk;
        if (device->description().routes || child)
            list.push_back(as_neighbour(*device, device->description().routes ? 2 : 1));
    }
    return list;
}

std::vector<zdp::Neighbour> Network::neighbours_of(const Device& device) {
    std::vector<zdp::Neighbour> list;
    if (!device.description().routes)
        return list;
    zdp::Neighbour coordinator;
    coordinator.ieee = coordinator_->ieee();
    coordinator.nwk = coordinator_nwk;
    coordinator.relationship = device.parent() == coordinator_nwk ? 0 : 2;
    coordinator.depth = 0;
    coordinator.lqi = device.lqi();
    list.push_back(coordinator);
    for (const Device* other : members()) {
        if (other == &device)
            continue;
        const bool child = other->parent() == device.nwk();
        if (other->description().routes || child)
            list.push_back(as_neighbour(*other, child ? 1 : 2));
    }
    return list;
}

std::vector<zdp::Route> Network::coordinator_routes() const {
    std::vector<zdp::Route> list;
    for (const Device* device : members())
        if (device->description().routes)
            list.push_back({device->nwk(), 0, device->nwk()});
    return list;
}

std::vector<zdp::Route> Network::routes_of(const Device& device) {
    if (!device.description().routes)
        return {};
    return {{coordinator_nwk, 0, coordinator_nwk}};
}

std::vector<std::uint16_t> Network::children_of(const Device& device) {
    std::vector<std::uint16_t> list;
    for (const Device* other : members())
        if (other->parent() == device.nwk() && !other->description().routes)
            list.push_back(other->nwk());
    return list;
}

std::vector<std::uint16_t> Network::coordinator_children() const {
    std::vector<std::uint16_t> list;
    for (const Device* other : members())
        if (other->parent() == coordinator_nwk && !other->description().routes)
            list.push_back(other->nwk());
    return list;
}

}  // namespace waggle::sim
