#include "network/inbound.hpp"

#include "base/log.hpp"
#include "network/identity.hpp"

namespace waggle::network {

namespace {

constexpr ClusterId poll_control_cluster = 0x0020, green_power_cluster = 0x0021;

}  // namespace

void Inbound::message(const ApsIndication& indication) {
    if (indication.cluster == Touchlink::cluster)
        return touchlink_->received(indication);
    // A frame of a Green Power device comes through a proxy; its source is the proxy's address.
    if (indication.cluster == green_power_cluster) {
        const bool taken = green_power_->message(
            indication,
            [this](Device& device, const ApsIndication& again) { deliver(device, again); });
        if (taken)
            return;
    }
    if (auto* device = sender_of(indication))
        deliver(*device, indication);
    else
        membership_->identify(indication, [this](Device& known, const ApsIndication& again) {
            deliver(known, again);
        });
}

/// Some routers send on what end devices say under their own address; the group id is then the end
/// device's address [zigbee-flows 1.2]. Their definition says so.
Device* Inbound::sender_of(const ApsIndication& indication) {
    auto* device = core_->devices.find(indication.source);
    if (indication.group != 0 && device && device->type == DeviceType::router &&
        device->relays_as_group)
        return core_->devices.find(NwkAddress{indication.group});
    return device;
}

void Inbound::deliver(Device& device, const ApsIndication& indication) {
    const auto frame = zcl::decode(indication.payload, indication.cluster, device.custom_clusters);
    device.last_seen = wall_clock_ms();
    device.link_quality = indication.link_quality;
    core_->database.touched();
    auto& endpoint = endpoint_of(device, indication.source_endpoint);
    if (frame && (frame->is(zcl::Global::report) || frame->is(zcl::Global::read_response)))
        learn(device, endpoint, *frame);

    core_->events.device_seen(device);
    const ZclMessage message{device,
                             endpoint,
                             indication.cluster,
                             indication.group,
                             indication.link_quality,
                             indication.broadcast,
                             frame ? &*frame : nullptr,
                             indication.payload};
    core_->events.message(message);
    // A check-in says itself what is to be sent now.
    if (indication.cluster != poll_control_cluster)
        queue_->device_awake(device);
    if (!frame) {
        log::debug(ns, "A frame of {} could not be read: {}", device.ieee.to_string(),
                   frame.error().message());
        core_->transactions.unreadable(device.ieee, endpoint.id, indication.cluster,
                                       indication.payload, frame.error());
        return;
    }
    core_->transactions.received(device.ieee, endpoint.id, *frame);
    services_->received(message, indication.destination_endpoint);
}

Endpoint& Inbound::endpoint_of(Device& device, EndpointId id) {
    if (auto* known = device.endpoint(id))
        return *known;
    log::debug(ns, "{} has an endpoint {} that was not known", device.ieee.to_string(), id);
    auto& made = device.endpoints[id];
    made.id = id;
    core_->database.changed();
    core_->events.device_changed(device);
    return made;
}

/// Values go into the endpoint's cache, those of genBasic into the device's own fields as well.
/// What is outside the range that the specification gives is not believed.
void Inbound::learn(Device& device, Endpoint& endpoint, const zcl::Frame& frame) {
    const auto code = frame.header.manufacturer.value_or(0);
    const auto* records = frame.records();
    if (!records)
        return;
    bool identity = false;
    for (const auto& record : *records) {
        if (record.status != zcl::Status::success)
            continue;
        const auto* attribute = frame.cluster_definition
                                    ? frame.cluster_definition->attribute(record.id, code)
                                    : nullptr;
        if (attribute && attribute->limits && !attribute->is_absent(record.value) &&
            !attribute->is_in_range(record.value))
            continue;
        const ManufacturerCode manufacturer = attribute ? attribute->manufacturer : 0;
        endpoint.remember(frame.cluster, record.id, record.value, manufacturer);
        if (frame.cluster == basic_cluster && attribute && manufacturer == 0)
            identity |= update_identity(device, record.id, record.value);
    }
    if (identity)
        identity_changed(device);
}

void Inbound::identity_changed(Device& device) {
    core_->database.changed();
    // The interview asks for one attribute after another and says once when it is done.
    if (device.interview != InterviewState::in_progress)
        core_->events.device_changed(device);
}

}  // namespace waggle::network
