#include "ncp.hpp"

#include <algorithm>

namespace waggle::sim {

namespace {

/// The largest payload of AF_INCOMING_MSG; more comes as AF_INCOMING_MSG_EXT.
constexpr std::size_t max_short_message = 223;
/// Where frames go that are for a group no endpoint is in. zigbee2mqtt's firmware hands all of them
/// up: hosts bind remotes to group 901 without joining it.
constexpr std::uint8_t default_endpoint = 1;
constexpr std::size_t max_huge_messages = 16;

}  // namespace

Ncp::Ncp(Scheduler& scheduler, Network& network, NvMemory& nv, Faults& faults, Trace& trace,
         const Firmware& firmware, const Timing& timing, std::uint64_t factory_ieee)
    : scheduler_(scheduler),
      network_(network),
      nv_(nv),
      faults_(faults),
      trace_(trace),
      firmware_(firmware),
      timing_(timing),
      factory_ieee_(factory_ieee),
      security_(nv, firmware) {
    network_.attach(*this);
}

void Ncp::receive(const MtFrame& frame) {
    if (is_resetting_ || faults_.is_silent())
        return;
    auto delay = timing_.response;
    if (const auto fault = faults_.take_command(frame.code)) {
        switch (fault->action) {
            case Faults::OnCommand::Action::drop: return;
            case Faults::OnCommand::Action::delay: delay = fault->delay; break;
            case Faults::OnCommand::Action::refuse:
                respond(frame.code, Bytes{fault->status});
                return;
        }
    }
    if (delay.count() == 0)
        return handle(frame);
    later(delay, [this, frame] { handle(frame); });
}

void Ncp::handle(const MtFrame& frame) {
    const MtCommand* command = find_command(frame.code);
    const bool expects_answer = frame.type() == MtType::request;
    if (!command || !command->run) {
        if (expects_answer)
            reject(mt::RpcError::command, frame.code);
        return;
    }
    if (frame.data.size() < command->min_size) {
        if (expects_answer)
            reject(mt::RpcError::length, frame.code);
        return;
    }
    Reader in(frame.data);
    Writer out;
    command->run(*this, in, out);
    if (expects_answer)
        respond(frame.code, out.view());
}

void Ncp::respond(std::uint16_t code, View data) {
    write(static_cast<std::uint16_t>((code & 0x1FFF) | 0x6000), data);
}

void Ncp::reject(mt::RpcError error, std::uint16_t code) {
    Writer out;
    out.u8(static_cast<unsigned>(error)).u8(code >> 8).u8(code & 0xFF);
    write(mt::rpc_error, out.view());
}

void Ncp::indicate(std::uint16_t code, View data) {
    if (const auto fault = faults_.take_command(code)) {
        if (fault->action == Faults::OnCommand::Action::drop)
            return;
        if (fault->action == Faults::OnCommand::Action::delay) {
            later(fault->delay,
                  [this, code, bytes = Bytes(data.begin(), data.end())] { write(code, bytes); });
            return;
        }
    }
    write(code, data);
}

void Ncp::write(std::uint16_t code, View data) {
    if (!output_ || faults_.is_silent())
        return;
    buffer_.clear();
    append_unpi(buffer_, code, data);
    faults_.spoil(buffer_);
    output_(buffer_);
}

void Ncp::later(Timing::Milliseconds delay, Scheduler::Task task) {
    scheduler_.after(delay, [this, generation = generation_, task = std::move(task)] {
        if (generation == generation_)
            task();
    });
}

std::uint32_t Ncp::uptime_seconds() const {
    const auto up = Scheduler::Clock::now() - booted_;
    return static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::seconds>(up).count());
}

/// Units of 320 µs, the MAC's backoff period.
std::uint32_t Ncp::timestamp() const {
    const auto up = Scheduler::Clock::now() - booted_;
    return static_cast<std::uint32_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(up).count() / 320);
}

std::uint32_t Ncp::next_counter() {
    constexpr std::uint32_t save_every = 1000;  // less than the step at boot
    if (++counter_ % save_every == 0)
        store();
    return counter_;
}

void Ncp::store() {
    if (!has_network())
        return;
    security_.save_counter(membership_.extended_pan_id, counter_);
    KeyDescriptor key;
    key.key = membership_.key;
    nv_.set(nv::nwkkey, encode_active_key(key, counter_, firmware_.alignment));
}

bool Ncp::is_in_group(std::uint16_t group) const {
    return std::ranges::any_of(groups_,
                               [&](const auto& entry) { return entry.second.contains(group); });
}

// Data.

void Ncp::send_data(ApsFrame frame, std::uint8_t transaction) {
    const std::uint8_t endpoint = frame.source_endpoint;
    const auto confirm = [this, endpoint, transaction](std::uint8_t status) {
        const Bytes data{status, endpoint, transaction};
        indicate(mt::data_confirm, data);
    };
    if (frame.delivery == Delivery::unicast) {
        const Device* device = network_.by_nwk(frame.destination);
        if (const auto status = faults_.take_confirm(device ? device->ieee() : 0)) {
            later(timing_.confirm, [confirm, status] { confirm(*status); });
            return;
        }
        if (frame.destination == coordinator_nwk) {  // to itself
            later(timing_.confirm, [this, confirm, frame] {
                confirm(confirm::success);
                incoming(frame, 0);
            });
            return;
        }
    }
    network_.send(std::move(frame), [this, generation = generation_, confirm](std::uint8_t status) {
        if (generation == generation_)
            confirm(status);
    });
}

void Ncp::incoming(const ApsFrame& frame, std::uint8_t lqi) {
    if (!is_running())
        return;
    trace_.record(Trace::Direction::out, frame.source, frame.source_endpoint, frame.cluster,
                  frame.data);
    if (frame.delivery == Delivery::group) {
        if (!is_in_group(frame.destination) && registered_.contains(default_endpoint))
            return deliver(frame, default_endpoint, lqi);
        for (const auto& [endpoint, groups] : groups_)
            if (groups.contains(frame.destination))
                deliver(frame, endpoint, lqi);
        return;
    }
    if (frame.destination_endpoint != 0xFF) {
        if (registered_.contains(frame.destination_endpoint))
            deliver(frame, frame.destination_endpoint, lqi);
        return;
    }
    for (const auto& [endpoint, descriptor] : registered_)
        if (descriptor.profile == frame.profile)
            deliver(frame, endpoint, lqi);
}

void Ncp::deliver(const ApsFrame& frame, std::uint8_t endpoint, std::uint8_t lqi) {
    const std::uint16_t group =
        frame.delivery == Delivery::group ? frame.destination : std::uint16_t{0};
    const unsigned broadcast = frame.delivery == Delivery::unicast ? 0 : 1;
    const std::uint8_t sequence = aps_sequence_++;
    const std::uint32_t time = timestamp();
    Writer out;
    if (frame.data.size() <= max_short_message) {
        out.u16(group).u16(frame.cluster).u16(frame.source).u8(frame.source_endpoint);
        out.u8(endpoint).u8(broadcast).u8(lqi).u8(frame.aps_secured ? 1 : 0).u32(time);
        out.u8(sequence).u8(frame.data.size()).bytes(frame.data);
        out.u16(frame.source).u8(29);  // last hop, remaining radius
        indicate(mt::incoming_msg, out.view());
        return;
    }
    if (huge_messages_.size() >= max_huge_messages)
        huge_messages_.erase(huge_messages_.begin());
    huge_messages_[time] = frame.data;
    out.u16(group).u16(frame.cluster).u8(2).u64(frame.source).u8(frame.source_endpoint).u16(0);
    out.u8(endpoint).u8(broadcast).u8(lqi).u8(frame.aps_secured ? 1 : 0).u32(time);
    out.u8(sequence).u16(frame.data.size()).u16(frame.source).u8(29);
    indicate(mt::incoming_msg_ext, out.view());
}

// ZDP.

namespace {

/// Responses that have an indication of their own, and its id.
std::optional<std::uint16_t> indication_of(std::uint16_t cluster) {
    switch (cluster & 0x7FFF) {
        case zdp::cluster::nwk_address: return 0x4580;
        case zdp::cluster::ieee_address: return 0x4581;
        case zdp::cluster::node_descriptor: return 0x4582;
        case zdp::cluster::power_descriptor: return 0x4583;
        case zdp::cluster::simple_descriptor: return 0x4584;
        case zdp::cluster::active_endpoints: return 0x4585;
        case zdp::cluster::match_descriptors: return 0x4586;
        case zdp::cluster::bind: return 0x45A1;
        case zdp::cluster::unbind: return 0x45A2;
        case zdp::cluster::lqi_table: return 0x45B1;
        case zdp::cluster::routing_table: return 0x45B2;
        case zdp::cluster::binding_table: return 0x45B3;
        case zdp::cluster::leave: return 0x45B4;
        case zdp::cluster::permit_joining: return 0x45B6;
        case zdp::cluster::nwk_update: return 0x45B8;
        default: return std::nullopt;
    }
}

/// Address responses in MT have the start index before the number of devices, and always both.
Bytes address_indication(View response) {
    constexpr std::size_t fixed = 11;  // status, IEEE and nwk address
    const View head = response.first(std::min(fixed, response.size()));
    Writer out;
    out.bytes(head);
    if (response.size() < fixed + 2)
        return out.u8(0).u8(0).take();
    const View list = response.subspan(fixed + 2);
    out.u8(response[fixed + 1]).u8(list.size() / 2).bytes(list);
    return out.take();
}

}  // namespace

void Ncp::send_zdp(std::uint16_t destination, std::uint16_t cluster, View payload) {
    Bytes request(payload.begin(), payload.end());
    if (destination == coordinator_nwk || is_broadcast(destination)) {
        later(Timing::Milliseconds(0), [this, cluster, request] {
            if (const auto response = zdp::answer(*this, cluster, request))
                zdp_response(coordinator_nwk, cluster, *response);
        });
        if (destination == coordinator_nwk)
            return;
    }
    network_.zdp_request(destination, cluster, std::move(request),
                         [this, destination, cluster, generation = generation_](Bytes response) {
                             if (generation != generation_ || !is_running())
                                 return;
                             std::uint16_t source = destination;
                             if (is_broadcast(destination) && response.size() >= 11)
                                 source = Reader(View(response).subspan(9)).u16();
                             zdp_response(source, cluster, response);
                         });
}

void Ncp::zdp_response(std::uint16_t source, std::uint16_t cluster, View response) {
    const auto answer_cluster = static_cast<std::uint16_t>(cluster | zdp::cluster::response);
    incoming_zdp(source, answer_cluster, response, false);
}

void Ncp::incoming_zdp(std::uint16_t source, std::uint16_t cluster, View payload, bool broadcast) {
    if (!is_running())
        return;
    if (callbacks_.contains(cluster) || callbacks_.contains(0xFFFF)) {
        Writer out;
        out.u16(source).u8(broadcast ? 1 : 0).u16(cluster).u8(0).u8(aps_sequence_);
        out.u16(broadcast ? 0xFFFD : coordinator_nwk).bytes(payload);
        indicate(mt::msg_cb_incoming, out.view());
    }
    if (nv_.byte(nv::zdo_direct_cb) == 0)
        return;
    if (cluster == zdp::cluster::device_announce) {
        Writer out;
        out.u16(source).bytes(payload);
        indicate(mt::end_device_annce_ind, out.view());
        return;
    }
    const auto code = (cluster & zdp::cluster::response) ? indication_of(cluster) : std::nullopt;
    if (!code)
        return;
    const auto request = static_cast<std::uint16_t>(cluster & 0x7FFF);
    if (request == zdp::cluster::nwk_address || request == zdp::cluster::ieee_address) {
        indicate(*code, address_indication(payload));
        return;
    }
    Writer out;
    out.u16(source).bytes(payload);
    indicate(*code, out.view());
}

void Ncp::open_joining(std::uint8_t seconds) {
    network_.open_coordinator(seconds);
    indicate(mt::permit_join_ind, Bytes{seconds});
}

void Ncp::joining_closed() {
    indicate(mt::permit_join_ind, Bytes{0});
}

Bytes Ncp::node_descriptor() const {
    Writer out;
    out.u8(0).u8(0x40).u8(0x8F).u16(0).u8(0x50).u16(0x00A0);
    out.u16(firmware_.has_bdb() ? 0x2A41 : 0x0041).u16(0x00A0).u8(0);
    return out.take();
}

std::vector<zdp::SimpleDescriptor> Ncp::endpoints() const {
    std::vector<zdp::SimpleDescriptor> list;
    for (const auto& [id, descriptor] : registered_)
        list.push_back(descriptor);
    return list;
}

std::vector<std::uint16_t> Ncp::children() const {
    return network_.coordinator_children();
}

std::vector<zdp::Neighbour> Ncp::neighbours() const {
    return network_.coordinator_neighbours();
}

std::vector<zdp::Route> Ncp::routes() const {
    return network_.coordinator_routes();
}

// Devices coming and going.

void Ncp::associate(const Device& device) {
    if (device.parent() != coordinator_nwk) {
        associations_.erase(device.ieee());
        return;
    }
    AssocEntry entry;
    entry.ieee = device.ieee();
    entry.nwk = device.nwk();
    entry.relation = device.description().routes              ? 4
                     : device.description().rx_on_when_idle() ? 2
                                                              : 1;
    associations_[device.ieee()] = entry;
}

void Ncp::fill_associations() {
    associations_.clear();
    for (const Device* device : network_.members())
        associate(*device);
}

void Ncp::device_joined(const Device& device) {
    const bool is_child = device.parent() == coordinator_nwk && !device.description().routes;
    security_.add_device(device.ieee(), device.nwk(), is_child,
                         device.description().zigbee3 && firmware_.has_bdb());
    associate(device);
    Writer out;
    out.u16(device.nwk()).u64(device.ieee()).u16(device.parent());
    indicate(mt::tc_device_ind, out.view());
}

void Ncp::device_left(const Device& device, bool rejoin) {
    if (!rejoin) {
        security_.remove_device(device.ieee());
        associations_.erase(device.ieee());
    }
    Writer out;
    out.u16(device.nwk()).u64(device.ieee()).u8(0).u8(0).u8(rejoin ? 1 : 0);
    indicate(mt::leave_ind, out.view());
}

}  // namespace waggle::sim
