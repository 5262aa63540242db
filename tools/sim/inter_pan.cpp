#include "inter_pan.hpp"

#include "ncp.hpp"
#include "zcl.hpp"

namespace waggle::sim {

namespace {

constexpr std::uint16_t touchlink = 0x1000;
constexpr std::uint8_t touchlink_endpoint = 0xFE;
constexpr std::uint8_t scan_request = 0x00, scan_response = 0x01, identify_request = 0x06,
                       reset_to_factory_new = 0x07;
constexpr std::chrono::seconds transaction_life{8};  // aplcInterPANTransIdLifetime
constexpr std::chrono::milliseconds answer_delay{30};
constexpr AttributeKey no_identify{};

/// Of the first endpoint that can identify itself.
AttributeKey identify_time(const Device& device) {
    for (const auto& [key, attribute] : device.attributes())
        if (key.cluster == 0x0003 && key.id == 0x0000)
            return key;
    return no_identify;
}

/// What a device without a network of its own says, until it has one: "factory_new" in its memory.
bool is_factory_new(Device& device) {
    return device.memory().contains("factory_new") ||
           (!device.is_joined() && device.description().touchlink->factory_new);
}

}  // namespace

bool InterPan::set_channel(std::uint8_t channel) {
    if (channel < 11 || channel > 26)
        return false;
    channel_ = channel;
    return true;
}

void InterPan::reset() {
    channel_.reset();
    endpoint_.reset();
    heard_.clear();
}

bool InterPan::hears(const Device& device) const {
    const auto& description = device.description();
    if (!description.touchlink || !device.is_powered() || !channel_)
        return false;
    const bool here = ncp_.network().is_member(device);
    return *channel_ == (here ? ncp_.nib().channel : description.touchlink->channel);
}

void InterPan::send(std::optional<std::uint64_t> to, const ApsFrame& frame) {
    for (const auto& device : ncp_.network().devices()) {
        if (!hears(*device) || (to && *to != device->ieee()))
            continue;
        device->log(frame);
        ncp_.later(answer_delay, [this, target = device.get(), frame] { receive(*target, frame); });
    }
}

void InterPan::receive(Device& device, const ApsFrame& frame) {
    const auto zcl = zcl::parse(frame.data);
    if (frame.cluster != touchlink || !zcl || zcl->is_global() || zcl->manufacturer != 0)
        return;
    Reader in(zcl->payload);
    const std::uint32_t transaction = in.u32();
    if (in.failed() || transaction == 0)
        return;
    switch (zcl->command) {
        case scan_request: answer_scan(device, transaction); break;
        case identify_request: {
            const std::uint16_t duration = in.u16();
            const auto key = identify_time(device);
            constexpr std::uint16_t own_time = 0xFFFF, usual_seconds = 3;
            if (!in.failed() && knows(device, transaction) && key != no_identify)
                device.set(key,
                           Writer().u16(duration == own_time ? usual_seconds : duration).view(),
                           Change::silent);
            break;
        }
        case reset_to_factory_new:
            if (!knows(device, transaction))
                break;
            if (ncp_.network().is_member(device))
                ncp_.network().left(device, false);
            else
                device.reset();
            device.memory()["factory_new"] = {1};
            device.air().state_changed();
            break;
        default: break;
    }
}

bool InterPan::knows(const Device& device, std::uint32_t transaction) const {
    const auto found = heard_.find(&device);
    return found != heard_.end() && found->second.id == transaction &&
           Scheduler::Clock::now() < found->second.until;
}

/// [ZCL8 13.2.3.1.7]; with one endpoint its descriptor follows.
void InterPan::answer_scan(const Device& device, std::uint32_t transaction) {
    heard_[&device] = {transaction, Scheduler::Clock::now() + transaction_life};
    const auto& description = device.description();
    const bool here = ncp_.network().is_member(device);
    const bool factory_new = is_factory_new(*ncp_.network().by_ieee(device.ieee()));
    constexpr std::uint8_t rssi_correction = 0, key_bitmask_master = 0x10;
    const unsigned information = description.logical_type == LogicalType::router ? 0x05 : 0x06;
    Writer out;
    out.u8(zcl::control::cluster_specific | zcl::control::from_server |
           zcl::control::no_default_response);
    out.u8(0).u8(scan_response).u32(transaction).u8(rssi_correction).u8(information);
    out.u8(factory_new ? 0x01 : 0x00).u16(key_bitmask_master).u32(~transaction);
    out.u64(factory_new ? 0 : here ? ncp_.nib().extended_pan_id : device.ieee());
    out.u8(0).u8(here ? ncp_.nib().channel : description.touchlink->channel);
    out.u16(factory_new ? 0xFFFF : here ? ncp_.nib().pan_id : 0x1A2B).u16(device.nwk());
    out.u8(description.endpoints.size()).u8(0);
    if (description.endpoints.size() == 1) {
        const auto& endpoint = description.endpoints.front();
        out.u8(endpoint.id).u16(endpoint.profile).u16(endpoint.device).u8(2).u8(0);
    }
    indicate(device, out.view());
}

void InterPan::indicate(const Device& device, View zcl) {
    if (!endpoint_ || !channel_)
        return;
    constexpr std::uint8_t mode_ieee = 3;
    constexpr std::uint16_t foreign_pan = 0x1A2B;
    Writer out;
    out.u16(0).u16(touchlink).u8(mode_ieee).u64(device.ieee()).u8(touchlink_endpoint);
    out.u16(foreign_pan).u8(*endpoint_).u8(0).u8(device.description().lqi).u8(0).u32(0).u8(0);
    out.u16(zcl.size()).bytes(zcl);
    ncp_.indicate(mt::incoming_msg_ext, out.view());
}

}  // namespace waggle::sim
