// AF: endpoints and their data [MT 3.1].
#include <algorithm>

#include "ncp.hpp"

namespace waggle::sim {

namespace {

using mt::Status;

constexpr std::uint8_t option_ack = 0x10, option_security = 0x40;
constexpr std::uint8_t mode_group = 1, mode_nwk = 2, mode_ieee = 3, mode_broadcast = 15;

void put(Writer& out, Status status) {
    out.u8(static_cast<unsigned>(status));
}

std::vector<std::uint16_t> clusters(Reader& in) {
    std::vector<std::uint16_t> list(in.u8());
    for (std::uint16_t& cluster : list)
        cluster = in.u16();
    return list;
}

void register_endpoint(Ncp& ncp, Reader& in, Writer& out) {
    zdp::SimpleDescriptor descriptor;
    descriptor.endpoint = in.u8();
    descriptor.profile = in.u16();
    descriptor.device = in.u16();
    descriptor.version = in.u8();
    in.u8();  // latency
    descriptor.in = clusters(in);
    descriptor.out = clusters(in);
    if (in.failed() || descriptor.endpoint == 0 || descriptor.endpoint == 0xFF)
        return put(out, Status::invalid_parameter);
    if (ncp.registered().contains(descriptor.endpoint))
        return put(out, Status::duplicate);
    ncp.registered()[descriptor.endpoint] = descriptor;
    put(out, Status::success);
}

void delete_endpoint(Ncp& ncp, Reader& in, Writer& out) {
    put(out, ncp.registered().erase(in.u8()) ? Status::success : Status::invalid_parameter);
}

/// Status of the answer; the confirm follows on its own when it is success.
Status submit(Ncp& ncp, ApsFrame frame, std::uint8_t transaction) {
    ncp.trace().record(Trace::Direction::in, frame.destination, frame.destination_endpoint,
                       frame.cluster, frame.data);
    if (ncp.faults().take_buffer_full())
        return Status::buffer_full;
    if (!ncp.is_running())
        return Status::invalid_request;
    const auto source = ncp.registered().find(frame.source_endpoint);
    if (source == ncp.registered().end())
        return Status::invalid_parameter;
    frame.profile = source->second.profile;
    ncp.send_data(std::move(frame), transaction);
    return Status::success;
}

void take_options(ApsFrame& frame, std::uint8_t options) {
    frame.wants_ack = options & option_ack;
    frame.aps_secured = options & option_security;
}

void set_destination(ApsFrame& frame, std::uint16_t nwk) {
    frame.destination = nwk;
    frame.delivery = is_broadcast(nwk) ? Delivery::broadcast : Delivery::unicast;
}

void data_request(Ncp& ncp, Reader& in, Writer& out) {
    ApsFrame frame;
    set_destination(frame, in.u16());
    frame.destination_endpoint = in.u8();
    frame.source_endpoint = in.u8();
    frame.cluster = in.u16();
    const std::uint8_t transaction = in.u8();
    take_options(frame, in.u8());
    in.u8();  // radius
    const View data = in.take(in.u8());
    if (in.failed())
        return put(out, Status::invalid_parameter);
    frame.data.assign(data.begin(), data.end());
    put(out, submit(ncp, std::move(frame), transaction));
}

void data_request_source_routed(Ncp& ncp, Reader& in, Writer& out) {
    ApsFrame frame;
    set_destination(frame, in.u16());
    frame.destination_endpoint = in.u8();
    frame.source_endpoint = in.u8();
    frame.cluster = in.u16();
    const std::uint8_t transaction = in.u8();
    take_options(frame, in.u8());
    in.u8();
    in.take(std::size_t{2} * in.u8());  // relays
    const View data = in.take(in.u8());
    if (in.failed())
        return put(out, Status::invalid_parameter);
    frame.data.assign(data.begin(), data.end());
    put(out, submit(ncp, std::move(frame), transaction));
}

/// False when the address means nothing to the stack.
bool read_destination(Ncp& ncp, Reader& in, ApsFrame& frame) {
    const std::uint8_t mode = in.u8();
    const std::uint64_t address = in.u64();
    if (mode == mode_group) {
        frame.delivery = Delivery::group;
        frame.destination = static_cast<std::uint16_t>(address);
        return true;
    }
    if (mode == mode_nwk || mode == mode_broadcast) {
        set_destination(frame, static_cast<std::uint16_t>(address));
        return true;
    }
    if (mode != mode_ieee)
        return false;
    const Device* device = ncp.network().by_ieee(address);
    frame.destination_ieee = address;
    set_destination(frame, device ? device->nwk() : no_nwk);
    return true;
}

void between_networks(Ncp& ncp, Reader& in, std::uint16_t size, ApsFrame frame, Writer& out) {
    const View data = in.take(size);
    if (in.failed())
        return put(out, Status::invalid_parameter);
    if (!ncp.inter_pan().channel())
        return put(out, Status::invalid_request);
    ncp.trace().record(Trace::Direction::in, frame.destination, frame.destination_endpoint,
                       frame.cluster, data);
    frame.data.assign(data.begin(), data.end());
    ncp.inter_pan().send(frame.destination_ieee, frame);
    put(out, Status::success);
}

void data_request_ext(Ncp& ncp, Reader& in, Writer& out) {
    ApsFrame frame;
    const bool known_mode = read_destination(ncp, in, frame);
    frame.destination_endpoint = in.u8();
    const std::uint16_t pan = in.u16();
    frame.source_endpoint = in.u8();
    frame.cluster = in.u16();
    const std::uint8_t transaction = in.u8();
    take_options(frame, in.u8());
    in.u8();
    const std::uint16_t size = in.u16();
    if (in.failed() || !known_mode)
        return put(out, Status::invalid_parameter);
    if (pan != 0)
        return between_networks(ncp, in, size, std::move(frame), out);
    if (in.left() < size) {  // the data follows with AF_DATA_STORE
        if (ncp.huge_request())
            return put(out, Status::memory);
        HugeRequest request;
        request.frame = std::move(frame);
        request.frame.data.resize(size);
        request.transaction = transaction;
        ncp.huge_request() = std::move(request);
        return put(out, Status::success);
    }
    const View data = in.take(size);
    frame.data.assign(data.begin(), data.end());
    put(out, submit(ncp, std::move(frame), transaction));
}

/// A chunk of length zero sends what was stored.
void data_store(Ncp& ncp, Reader& in, Writer& out) {
    const std::uint16_t index = in.u16();
    const View chunk = in.take(in.u8());
    std::optional<HugeRequest>& request = ncp.huge_request();
    if (in.failed() || !request)
        return put(out, Status::failure);
    if (!chunk.empty()) {
        if (index + chunk.size() > request->frame.data.size())
            return put(out, Status::invalid_parameter);
        std::ranges::copy(chunk, request->frame.data.begin() + index);
        return put(out, Status::success);
    }
    HugeRequest complete = std::move(*request);
    request.reset();
    put(out, submit(ncp, std::move(complete.frame), complete.transaction));
}

/// A length of zero frees the message.
void data_retrieve(Ncp& ncp, Reader& in, Writer& out) {
    const std::uint32_t timestamp = in.u32();
    const std::uint16_t index = in.u16();
    const std::uint8_t size = in.u8();
    const auto found = ncp.huge_messages().find(timestamp);
    if (found == ncp.huge_messages().end() || index > found->second.size()) {
        put(out, Status::failure);
        out.u8(0);
        return;
    }
    put(out, Status::success);
    if (size == 0) {
        ncp.huge_messages().erase(found);
        out.u8(0);
        return;
    }
    const View rest = View(found->second).subspan(index);
    const View part = rest.first(std::min<std::size_t>(rest.size(), size));
    out.u8(part.size()).bytes(part);
}

void inter_pan(Ncp& ncp, Reader& in, Writer& out) {
    constexpr std::uint8_t clear = 0, set_channel = 1, register_endpoint = 2, check = 3;
    const std::uint8_t command = in.u8();
    const std::uint8_t argument = in.left() > 0 ? in.u8() : std::uint8_t{0};
    bool done = command == clear || command == check;
    if (command == clear)
        ncp.inter_pan().leave();
    if (command == set_channel)
        done = ncp.inter_pan().set_channel(argument);
    if (command == register_endpoint && ncp.registered().contains(argument)) {
        ncp.inter_pan().register_endpoint(argument);
        done = true;
    }
    put(out, done ? Status::success : Status::invalid_parameter);
}

void fragmentation_set(Ncp&, Reader&, Writer& out) {
    put(out, Status::success);
}

void fragmentation_get(Ncp&, Reader&, Writer& out) {
    out.u8(50).u8(1).u8(0);
}

constexpr MtCommand commands[] = {
    {0x2400, "AF_REGISTER", 9, register_endpoint},
    {0x2401, "AF_DATA_REQUEST", 10, data_request},
    {0x2402, "AF_DATA_REQUEST_EXT", 20, data_request_ext},
    {0x2403, "AF_DATA_REQUEST_SRC_RTG", 11, data_request_source_routed},
    {0x2404, "AF_DELETE", 1, delete_endpoint},
    {0x2410, "AF_INTER_PAN_CTL", 1, inter_pan},
    {0x2411, "AF_DATA_STORE", 3, data_store},
    {0x2412, "AF_DATA_RETRIEVE", 7, data_retrieve},
    {0x2413, "AF_APSF_CONFIG_SET", 3, fragmentation_set},
    {0x2414, "AF_APSF_CONFIG_GET", 1, fragmentation_get},
};

}  // namespace

std::span<const MtCommand> af_commands() {
    return commands;
}

}  // namespace waggle::sim
