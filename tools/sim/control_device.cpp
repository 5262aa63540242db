// Control commands about one device.

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include "control_table.hpp"
#include "gestures.hpp"
#include "zcl.hpp"

namespace waggle::sim {

namespace {

namespace json = boost::json;

using Fields = const json::object&;
using Reply = const ControlReply&;

void reply_address(const Device& device, Reply reply) {
    json::object answer;
    answer["device"] = device.name();
    answer["ieee"] = ieee_text(device.ieee());
    answer["nwk"] = hex16(device.nwk());
    reply(std::move(answer));
}

/// Waits until the network opens, at most `left`.
void join_within(Simulation& simulation, Device& device, const Device* via, Milliseconds left,
                 const ControlReply& reply) {
    static constexpr Milliseconds step(20);
    const JoinError error = simulation.network().join(device, via);
    if (error == JoinError::none)
        return reply_address(device, reply);
    const bool may_pass = error != JoinError::already_joined && left.count() > 0;
    if (!may_pass) {
        json::object answer;
        answer["ok"] = false;
        answer["error"] = sentence(error);
        return reply(std::move(answer));
    }
    simulation.scheduler().after(step, [&simulation, &device, via, left, reply] {
        join_within(simulation, device, via, left - step, reply);
    });
}

void join(Simulation& simulation, Fields fields, Reply reply) {
    Device& device = device_of(simulation, fields);
    const Device* via = nullptr;
    const std::string router = text(fields, "via", "-");
    if (router != "-")
        via = &device_of(simulation, fields, "via");
    join_within(simulation, device, via, time_of(fields, "wait_ms", 0), reply);
}

void leave(Simulation& simulation, Fields fields, Reply reply) {
    Device& device = device_of(simulation, fields);
    require_member(simulation, device);
    simulation.network().left(device, false);
    reply({});
}

/// The device forgets its network without a word, as when reset far away.
void forget(Simulation& simulation, Fields fields, Reply reply) {
    device_of(simulation, fields).reset();
    simulation.network().load_addresses();
    reply({});
}

void announce(Simulation& simulation, Fields fields, Reply reply) {
    Device& device = device_of(simulation, fields);
    require_member(simulation, device);
    simulation.network().announce(device);
    reply({});
}

void rejoin_at(Simulation& simulation, Device& device, std::optional<std::uint16_t> nwk,
               Reply reply) {
    require_member(simulation, device);
    simulation.network().rejoin(device, nwk);
    reply_address(device, reply);
}

void rejoin(Simulation& simulation, Fields fields, Reply reply) {
    Device& device = device_of(simulation, fields);
    rejoin_at(simulation, device, device.nwk(), reply);
}

void move(Simulation& simulation, Fields fields, Reply reply) {
    std::optional<std::uint16_t> nwk;
    if (fields.contains("nwk"))
        nwk = number<std::uint16_t>(fields, "nwk");
    rejoin_at(simulation, device_of(simulation, fields), nwk, reply);
}

/// A new address that nobody is told about.
void move_silently(Simulation& simulation, Fields fields, Reply reply) {
    Device& device = device_of(simulation, fields);
    device.move_to(number<std::uint16_t>(fields, "nwk"));
    simulation.network().load_addresses();
    reply_address(device, reply);
}

void power(Simulation& simulation, Fields fields, Reply reply) {
    const std::string state = text(fields, "state");
    if (state != "on" && state != "off")
        throw ControlError("power is on or off");
    device_of(simulation, fields).set_powered(state == "on");
    reply({});
}

void wake(Simulation& simulation, Fields fields, Reply reply) {
    simulation.network().wake(device_of(simulation, fields), time_of(fields, "ms", 1000));
    reply({});
}

void set_lqi(Simulation& simulation, Fields fields, Reply reply) {
    device_of(simulation, fields).set_lqi(number<std::uint8_t>(fields, "value"));
    reply({});
}

void press(Simulation& simulation, Fields fields, Reply reply) {
    Device& device = device_of(simulation, fields);
    const std::string name = text(fields, "gesture");
    const auto& gestures = device.description().gestures;
    const auto found = gestures.find(name);
    if (found == gestures.end()) {
        std::string known;
        for (const auto& [gesture, steps] : gestures)
            known += (known.empty() ? "" : ", ") + gesture;
        throw ControlError("the device has no gesture '" + name + "'; it has: " + known);
    }
    require_member(simulation, device);
    play(device, found->second, [reply] { reply({}); });
}

AttributeKey key_of(Fields fields) {
    AttributeKey key;
    key.endpoint = number<std::uint8_t>(fields, "endpoint");
    key.cluster = number<std::uint16_t>(fields, "cluster");
    key.id = number<std::uint16_t>(fields, "attribute");
    key.manufacturer = number<std::uint16_t>(fields, "manufacturer", 0);
    return key;
}

/// The command line gives everything as text: read numbers and literals as JSON where they are it.
Bytes value_of(Fields fields, std::uint8_t type) {
    json::value value = fields.at("value");
    if (value.is_string()) {
        boost::system::error_code error;
        const json::value parsed = json::parse(std::string_view(value.get_string()), error);
        if (!error && (parsed.is_number() || parsed.is_bool()) && type < 0x41)
            value = parsed;
    }
    const auto bytes = zcl::from_json(type, value);
    if (!bytes)
        throw ControlError("the value does not fit the attribute's type");
    return *bytes;
}

const Attribute& attribute_of(const Device& device, const AttributeKey& key) {
    const Attribute* attribute = device.find(key);
    if (!attribute)
        throw ControlError("the device has no such attribute");
    return *attribute;
}

void get(Simulation& simulation, Fields fields, Reply reply) {
    const Attribute& attribute = attribute_of(device_of(simulation, fields), key_of(fields));
    json::object answer;
    answer["value"] = zcl::to_json(attribute.description->type, attribute.value);
    answer["hex"] = to_hex(attribute.value);
    reply(std::move(answer));
}

void set(Simulation& simulation, Fields fields, Reply reply) {
    Device& device = device_of(simulation, fields);
    const AttributeKey key = key_of(fields);
    const std::uint8_t type = attribute_of(device, key).description->type;
    device.set(key, value_of(fields, type), Change::reported);
    reply({});
}

/// Without type and value the attribute as it stands; with them, those, whatever the device has.
void report(Simulation& simulation, Fields fields, Reply reply) {
    Device& device = device_of(simulation, fields);
    const AttributeKey key = key_of(fields);
    require_member(simulation, device);
    Writer payload;
    if (!fields.contains("type")) {
        const Attribute& attribute = attribute_of(device, key);
        payload.u16(key.id).u8(attribute.description->type).bytes(attribute.value);
    } else {
        const auto type = zcl::type_by_name(text(fields, "type"));
        if (!type)
            throw ControlError("there is no such type");
        const Bytes value = value_of(fields, *type);
        device.set(key, value, Change::silent);
        payload.u16(key.id).u8(*type).bytes(value);
    }
    zcl::Frame frame;
    frame.control =
        static_cast<std::uint8_t>(zcl::control::from_server | zcl::control::no_default_response |
                                  (key.manufacturer != 0 ? zcl::control::manufacturer : 0));
    frame.manufacturer = key.manufacturer;
    frame.sequence = device.next_sequence();
    frame.command = zcl::command::report;
    frame.payload = payload.view();
    const Bytes bytes = zcl::build(frame);
    device.send_to_coordinator(key.endpoint, key.cluster, bytes);
    json::object answer;
    answer["hex"] = to_hex(bytes);
    reply(std::move(answer));
}

json::object describe_endpoint(const EndpointDescription& endpoint) {
    json::object entry;
    entry["id"] = endpoint.id;
    entry["profile"] = endpoint.profile;
    entry["device"] = endpoint.device;
    entry["in"] = json::array(endpoint.in.begin(), endpoint.in.end());
    entry["out"] = json::array(endpoint.out.begin(), endpoint.out.end());
    return entry;
}

void show(Simulation& simulation, Fields fields, Reply reply) {
    const Device& device = device_of(simulation, fields);
    const Description& description = device.description();
    json::object answer = device.save();
    answer["name"] = description.name;
    answer["ieee"] = ieee_text(description.ieee);
    answer["manufacturer"] = description.manufacturer;
    answer["member"] = simulation.network().is_member(device);
    answer["lqi"] = device.lqi();
    json::array endpoints;
    for (const EndpointDescription& endpoint : description.endpoints)
        endpoints.push_back(describe_endpoint(endpoint));
    answer["endpoints"] = std::move(endpoints);
    json::array gestures;
    for (const auto& [name, steps] : description.gestures)
        gestures.emplace_back(name);
    answer["gestures"] = std::move(gestures);
    reply(std::move(answer));
}

/// The device, as a router, tells its addresses in a many-to-one route request.
void concentrator(Simulation& simulation, Fields fields, Reply reply) {
    const Device& device = device_of(simulation, fields);
    require_member(simulation, device);
    Writer out;
    out.u16(device.nwk()).u64(device.ieee()).u8(1);
    simulation.ncp().indicate(mt::concentrator_ind, out.view());
    reply({});
}

/// A route record: the relays a frame of the device has passed, nearest to the device first.
void route(Simulation& simulation, Fields fields, Reply reply) {
    const Device& device = device_of(simulation, fields);
    require_member(simulation, device);
    std::vector<std::uint16_t> relays;
    if (const json::array* names = optional_array(fields, "relays"))
        for (const json::value& name : *names) {
            json::object relay;
            relay["device"] = name;
            relays.push_back(device_of(simulation, relay).nwk());
        }
    Writer out;
    out.u16(device.nwk()).u8(relays.size());
    for (const std::uint16_t relay : relays)
        out.u16(relay);
    simulation.ncp().indicate(mt::src_rtg_ind, out.view());
    reply({});
}

constexpr ControlCommand rows[] = {
    {"join", "device [wait_ms] [via]", "join, waiting for the network to open; via a router", join},
    {"leave", "device", "leave the network, telling it", leave},
    {"forget", "device", "reset the device without a word", forget},
    {"announce", "device", "send a device announce", announce},
    {"rejoin", "device", "join again with the same address", rejoin},
    {"move", "device [nwk]", "join again with another network address", move},
    {"move-silently", "device nwk", "take another address, telling nobody", move_silently},
    {"power", "device state", "on or off: an unpowered device neither hears nor speaks", power},
    {"wake", "device [ms]", "a sleepy device listens for that long", wake},
    {"lqi", "device value", "link quality of its frames, 0 to 255", set_lqi},
    {"press", "device gesture", "play a gesture of the device file", press},
    {"get", "device endpoint cluster attribute [manufacturer]", "an attribute's value", get},
    {"set", "device endpoint cluster attribute value [manufacturer]",
     "change an attribute; reported as configured", set},
    {"report", "device endpoint cluster attribute [type] [value] [manufacturer]",
     "report an attribute, of any type and value", report},
    {"show", "device", "everything about a device", show},
    {"concentrator", "device", "a concentrator indication for it", concentrator},
    {"route", "device relays...", "a source route indication for it", route},
};

}  // namespace

std::span<const ControlCommand> device_commands() {
    return rows;
}

}  // namespace waggle::sim
