// Control commands about the frames a device sends and receives.
#include <algorithm>

#include <boost/json/array.hpp>

#include "control_table.hpp"

namespace waggle::sim {

namespace {

namespace json = boost::json;

using Fields = const json::object&;
using Reply = const ControlReply&;

void raw(Simulation& simulation, Fields fields, Reply reply) {
    Device& device = device_of(simulation, fields);
    require_member(simulation, device);
    auto bytes = from_hex(text(fields, "hex"));
    if (!bytes)
        throw ControlError("'hex' must be bytes in hexadecimal");
    ApsFrame frame;
    const auto endpoint = number<std::uint8_t>(fields, "endpoint");
    frame.source = device.nwk();
    frame.source_endpoint = endpoint;
    frame.destination_endpoint = number<std::uint8_t>(fields, "to_endpoint", 1);
    if (fields.contains("group")) {
        frame.delivery = Delivery::group;
        frame.destination = number<std::uint16_t>(fields, "group");
    }
    if (const EndpointDescription* described = device.endpoint(endpoint))
        frame.profile = described->profile;
    frame.cluster = number<std::uint16_t>(fields, "cluster");
    frame.data = std::move(*bytes);
    device.air().transmit(device, std::move(frame));
    reply({});
}

constexpr const char* delivery_names[] = {"unicast", "group", "broadcast"};

json::object frame_to_json(const ReceivedFrame& received) {
    json::object entry;
    entry["time_ns"] = received.time_ns;
    entry["delivery"] = delivery_names[static_cast<std::size_t>(received.frame.delivery)];
    if (received.frame.delivery != Delivery::unicast)
        entry["destination"] = hex16(received.frame.destination);
    entry["from_endpoint"] = received.frame.source_endpoint;
    entry["endpoint"] = received.frame.destination_endpoint;
    entry["cluster"] = hex16(received.frame.cluster);
    entry["hex"] = to_hex(received.frame.data);
    return entry;
}

void frames(Simulation& simulation, Fields fields, Reply reply) {
    Device& device = device_of(simulation, fields);
    const std::string action = text(fields, "action", "show");
    if (action != "show" && action != "clear" && action != "take")
        throw ControlError("frames is followed by show, clear or take");
    json::array list;
    if (action != "clear")
        for (const ReceivedFrame& received : device.received())
            list.push_back(frame_to_json(received));
    if (action != "show")
        device.received().clear();
    json::object answer;
    answer["frames"] = std::move(list);
    reply(std::move(answer));
}

/// Hexadecimal digits, "." standing for any.
bool matches(std::string_view hex, std::string_view pattern) {
    if (hex.size() < pattern.size())
        return false;
    return std::ranges::equal(pattern, hex.substr(0, pattern.size()),
                              [](char wanted, char is) { return wanted == '.' || wanted == is; });
}

void await_within(Simulation& simulation, Device& device, const json::object& fields,
                  Milliseconds left, const ControlReply& reply) {
    static constexpr Milliseconds step(2);
    const auto endpoint = number<std::uint8_t>(fields, "endpoint");
    const auto cluster = number<std::uint16_t>(fields, "cluster");
    std::string pattern = text(fields, "pattern");
    std::erase(pattern, ' ');
    std::ranges::transform(pattern, pattern.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    for (const ReceivedFrame& received : device.received())
        if (received.frame.destination_endpoint == endpoint && received.frame.cluster == cluster &&
            matches(to_hex(received.frame.data), pattern)) {
            json::object answer;
            answer["frame"] = frame_to_json(received);
            return reply(std::move(answer));
        }
    if (left.count() <= 0) {
        json::object answer;
        answer["ok"] = false;
        answer["error"] = "no such frame has arrived";
        return reply(std::move(answer));
    }
    simulation.scheduler().after(step, [&simulation, &device, fields, left, reply] {
        await_within(simulation, device, fields, left - step, reply);
    });
}

void await(Simulation& simulation, Fields fields, Reply reply) {
    Device& device = device_of(simulation, fields);
    await_within(simulation, device, fields, time_of(fields, "timeout_ms", 5000), reply);
}

constexpr ControlCommand rows[] = {
    {"raw", "device endpoint cluster hex [to_endpoint] [group]", "send any bytes, TT not replaced",
     raw},
    {"frames", "device [action]", "frames received: show, clear or take", frames},
    {"await", "device endpoint cluster pattern [timeout_ms]",
     "wait for a frame that begins so; '.' is any digit", await},
};

}  // namespace

std::span<const ControlCommand> frame_commands() {
    return rows;
}

}  // namespace waggle::sim
