#include "device.hpp"

#include <algorithm>
#include <utility>

#include "behaviour/behaviour.hpp"
#include "ota_client.hpp"
#include "zcl.hpp"
#include "zcl_server.hpp"

namespace waggle::sim {

Device::Device(Description description, Air& air)
    : description_(std::move(description)),
      air_(air),
      lqi_(description_.lqi),
      reporting_(*this),
      motions_(air.time()) {
    for (const AttributeDescription& attribute : description_.attributes)
        attributes_[attribute.key] = Attribute{&attribute, attribute.value};
    start_behaviours(*this);
    if (description_.ota)
        ota_ = std::make_unique<OtaClient>(*this, *description_.ota);
}

Device::~Device() = default;

std::uint16_t Device::power_descriptor() const {
    return description_.power_descriptor;
}

std::vector<zdp::SimpleDescriptor> Device::endpoints() const {
    std::vector<zdp::SimpleDescriptor> list;
    for (const EndpointDescription& endpoint : description_.endpoints) {
        zdp::SimpleDescriptor descriptor;
        descriptor.endpoint = endpoint.id;
        descriptor.profile = endpoint.profile;
        descriptor.device = endpoint.device;
        descriptor.version = endpoint.version;
        descriptor.in = endpoint.in;
        descriptor.out = endpoint.out;
        list.push_back(std::move(descriptor));
    }
    return list;
}

std::vector<std::uint16_t> Device::children() const {
    return air_.children_of(*this);
}

std::vector<zdp::Neighbour> Device::neighbours() const {
    return air_.neighbours_of(*this);
}

std::vector<zdp::Route> Device::routes() const {
    return air_.routes_of(*this);
}

void Device::leave(bool rejoin) {
    // The response to the request goes out first.
    air_.scheduler().after(Milliseconds(50), [this, rejoin] { air_.left(*this, rejoin); });
}

void Device::permit_joining(std::uint8_t seconds) {
    air_.permit_joining(*this, seconds);
}

bool Device::is_member_of(const Membership& network) const {
    return resident_ || (membership_ && *membership_ == network);
}

void Device::join(Membership network, std::uint16_t nwk, std::uint16_t parent) {
    membership_ = std::move(network);
    nwk_ = nwk;
    parent_ = parent;
    last_counter_ = 0;
    air_.state_changed();
}

void Device::move_to(std::uint16_t nwk) {
    nwk_ = nwk;
    air_.state_changed();
}

void Device::reset() {
    membership_.reset();
    nwk_ = no_nwk;
    bindings_.clear();
    groups_.clear();
    scenes_.clear();
    memory_.clear();
    reporting_.clear();
    motions_.clear();
    watchers_.clear();
    for (auto& [key, attribute] : attributes_)
        attribute.value = attribute.description->value;
    start_behaviours(*this);
    air_.state_changed();
}

bool Device::accept_counter(std::uint32_t counter) {
    if (counter <= last_counter_ && !resident_)
        return false;
    last_counter_ = counter;
    return true;
}

const Attribute* Device::find(const AttributeKey& key) const {
    const auto found = attributes_.find(key);
    return found == attributes_.end() ? nullptr : &found->second;
}

bool Device::set(const AttributeKey& key, View value, Change change) {
    const auto found = attributes_.find(key);
    if (found == attributes_.end())
        return false;
    Attribute& attribute = found->second;
    if (zcl::value_size(attribute.description->type, value) != value.size())
        return false;
    const bool differs = !std::ranges::equal(attribute.value, value);
    if (differs) {
        attribute.value.assign(value.begin(), value.end());
        if (attribute.description->persistent && !resident_)
            air_.state_changed();
        if (change == Change::reported)
            report_change(key);
    }
    if (change == Change::reported)
        tell_watchers(key);
    return true;
}

void Device::watch(const AttributeKey& key, std::function<void()> watcher) {
    watchers_[key].push_back(std::move(watcher));
}

void Device::tell_watchers(const AttributeKey& key) {
    const auto found = watchers_.find(key);
    if (found == watchers_.end())
        return;
    const auto watchers = found->second;
    for (const auto& watcher : watchers)
        watcher();
}

void Device::report_change(const AttributeKey& key) {
    if (holds_reports_) {
        held_reports_.push_back(key);
        return;
    }
    const Attribute* attribute = find(key);
    if (attribute && attribute->description->unsolicited)
        send_report(key);
    else
        reporting_.value_changed(key);
}

void Device::report_after(const std::function<void()>& work) {
    holds_reports_ = true;
    work();
    holds_reports_ = false;
    for (const AttributeKey& key : std::exchange(held_reports_, {}))
        report_change(key);
}

void Device::send_report(const AttributeKey& key, bool always) {
    const Attribute* attribute = find(key);
    if (!attribute)
        return;
    Writer payload;
    payload.u16(key.id).u8(attribute->description->type).bytes(attribute->value);
    payload.bytes(attribute->description->report_with);
    zcl::Frame frame;
    frame.control = zcl::control::from_server | zcl::control::no_default_response;
    if (key.manufacturer != 0)
        frame.control = static_cast<std::uint8_t>(frame.control | zcl::control::manufacturer);
    frame.manufacturer = key.manufacturer;
    frame.sequence = next_sequence();
    frame.command = zcl::command::report;
    frame.payload = payload.view();
    const Bytes bytes = zcl::build(frame);
    if (!send_to_bound(key.endpoint, key.cluster, bytes) &&
        (always || attribute->description->unsolicited))
        send_to_coordinator(key.endpoint, key.cluster, bytes);
}

void Device::receive(const ApsFrame& frame) {
    serve_zcl(*this, frame);
}

void Device::log(const ApsFrame& frame) {
    if (received_.size() >= log_size)
        received_.pop_front();
    received_.push_back({monotonic_ns(), frame});
}

void Device::send_to_coordinator(std::uint8_t endpoint, std::uint16_t cluster, Bytes zcl,
                                 std::uint8_t destination_endpoint) {
    ApsFrame frame;
    frame.source = nwk_;
    frame.source_endpoint = endpoint;
    frame.destination = coordinator_nwk;
    frame.destination_endpoint = destination_endpoint;
    frame.profile = profile_of(endpoint);
    frame.cluster = cluster;
    frame.data = std::move(zcl);
    air_.transmit(*this, std::move(frame));
}

void Device::send_to_group(std::uint16_t group, std::uint8_t endpoint, std::uint16_t cluster,
                           Bytes zcl) {
    ApsFrame frame;
    frame.delivery = Delivery::group;
    frame.source = nwk_;
    frame.source_endpoint = endpoint;
    frame.destination = group;
    frame.destination_endpoint = 0xFF;
    frame.profile = profile_of(endpoint);
    frame.cluster = cluster;
    frame.data = std::move(zcl);
    air_.transmit(*this, std::move(frame));
}

bool Device::send_to_bound(std::uint8_t endpoint, std::uint16_t cluster, const Bytes& zcl,
                           std::uint16_t bindings_of) {
    bool sent = false;
    for (const zdp::Binding& binding : bindings_) {
        if (binding.endpoint != endpoint || binding.cluster != bindings_of)
            continue;
        sent = true;
        if (binding.mode == zdp::Binding::to_ieee && binding.target == air_.coordinator_ieee()) {
            send_to_coordinator(endpoint, cluster, zcl, binding.target_endpoint);
            continue;
        }
        if (binding.mode == zdp::Binding::to_group) {
            send_to_group(static_cast<std::uint16_t>(binding.target), endpoint, cluster, zcl);
            continue;
        }
        ApsFrame frame;
        frame.source = nwk_;
        frame.source_endpoint = endpoint;
        frame.destination = static_cast<std::uint16_t>(binding.target);
        frame.destination_endpoint = binding.target_endpoint;
        frame.profile = profile_of(endpoint);
        frame.cluster = cluster;
        frame.data = zcl;
        air_.transmit_to_ieee(*this, binding.target, std::move(frame));
    }
    return sent;
}

void Device::send_template(const FrameTemplate& frame) {
    const std::uint8_t sequence = next_sequence();
    Bytes bytes;
    for (const std::uint16_t byte : frame.bytes)
        bytes.push_back(byte > 0xFF ? sequence : static_cast<std::uint8_t>(byte));
    if (frame.group)
        send_to_group(*frame.group, frame.endpoint, frame.cluster, std::move(bytes));
    else if (frame.to_bound)
        send_to_bound(frame.endpoint, frame.cluster, bytes,
                      frame.bindings_of.value_or(frame.cluster));
    else
        send_to_coordinator(frame.endpoint, frame.cluster, std::move(bytes));
}

bool Device::is_in_group(std::uint16_t group) const {
    return std::ranges::any_of(groups_,
                               [&](const auto& entry) { return entry.second.contains(group); });
}

const EndpointDescription* Device::endpoint(std::uint8_t id) const {
    const auto found = std::ranges::find(description_.endpoints, id, &EndpointDescription::id);
    return found == description_.endpoints.end() ? nullptr : &*found;
}

std::uint16_t Device::profile_of(std::uint8_t endpoint_id) const {
    const EndpointDescription* found = endpoint(endpoint_id);
    return found ? found->profile : std::uint16_t{0x0104};
}

}  // namespace waggle::sim
