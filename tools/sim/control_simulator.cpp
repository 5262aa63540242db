// Control commands about the simulator as a whole.
#include <boost/json/array.hpp>

#include "control_table.hpp"
#include "fault_command.hpp"
#include "zcl.hpp"

namespace waggle::sim {

namespace {

namespace json = boost::json;

using Fields = const json::object&;
using Reply = const ControlReply&;

void list(Simulation& simulation, Fields, Reply reply) {
    json::array devices;
    for (const auto& device : simulation.network().devices()) {
        json::object entry;
        entry["name"] = device->name();
        entry["ieee"] = ieee_text(device->ieee());
        entry["nwk"] = hex16(device->nwk());
        entry["member"] = simulation.network().is_member(*device);
        entry["powered"] = device->is_powered();
        devices.push_back(std::move(entry));
    }
    json::object answer;
    answer["devices"] = std::move(devices);
    reply(std::move(answer));
}

void status(Simulation& simulation, Fields, Reply reply) {
    const Ncp& ncp = simulation.ncp();
    json::object answer;
    answer["address"] = simulation.link().address();
    answer["host"] = simulation.link().is_connected();
    answer["firmware"] = simulation.firmware().name;
    answer["state"] = static_cast<unsigned>(ncp.state());
    answer["open"] = simulation.network().is_open();
    answer["ieee"] = ieee_text(ncp.ieee());
    answer["pan_id"] = ncp.nib().pan_id;
    answer["extended_pan_id"] = ieee_text(ncp.nib().extended_pan_id);
    answer["channel"] = ncp.nib().channel;
    answer["frame_counter"] = ncp.counter();
    answer["members"] = simulation.network().members().size();
    answer["damaged_frames"] = simulation.damaged_frames();
    reply(std::move(answer));
}

/// A text attribute of genBasic on the first endpoint that has it.
std::string basic_text(const Device& device, std::uint16_t id) {
    for (const auto& [key, attribute] : device.attributes())
        if (key.cluster == 0 && key.manufacturer == 0 && key.id == id) {
            const json::value value = zcl::to_json(attribute.description->type, attribute.value);
            return value.is_string() ? std::string(value.get_string()) : std::string();
        }
    return {};
}

/// Everything a host would have learnt in an interview.
json::object interviewed(const Device& device) {
    const Description& description = device.description();
    json::object entry;
    entry["name"] = device.name();
    entry["ieee"] = ieee_text(device.ieee());
    entry["nwk"] = device.nwk();
    entry["type"] = description.logical_type == LogicalType::router ? "Router" : "EndDevice";
    entry["manufacturer_code"] = description.manufacturer;
    entry["manufacturer_name"] = basic_text(device, 0x0004);
    entry["model_id"] = basic_text(device, 0x0005);
    json::array endpoints;
    for (const EndpointDescription& endpoint : description.endpoints) {
        json::object described;
        described["id"] = endpoint.id;
        described["profile"] = endpoint.profile;
        described["device"] = endpoint.device;
        described["in"] = json::array(endpoint.in.begin(), endpoint.in.end());
        described["out"] = json::array(endpoint.out.begin(), endpoint.out.end());
        endpoints.push_back(std::move(described));
    }
    entry["endpoints"] = std::move(endpoints);
    return entry;
}

void fleet(Simulation& simulation, Fields, Reply reply) {
    json::array devices;
    for (const auto& device : simulation.network().devices())
        if (device->is_resident())
            devices.push_back(interviewed(*device));
    json::object answer;
    answer["devices"] = std::move(devices);
    reply(std::move(answer));
}

void burst(Simulation& simulation, Fields fields, Reply reply) {
    const auto count = number<std::uint64_t>(fields, "count");
    const auto rate = number<std::uint32_t>(fields, "rate", 0);
    const auto done = [reply](const BurstStatistics& statistics) {
        json::object answer;
        answer["frames"] = statistics.frames;
        answer["bytes"] = statistics.bytes;
        answer["seconds"] = statistics.seconds;
        answer["frames_per_second"] =
            statistics.seconds > 0 ? static_cast<double>(statistics.frames) / statistics.seconds
                                   : 0.0;
        answer["complete"] = statistics.complete;
        reply(std::move(answer));
    };
    auto work = std::make_shared<Burst>(simulation.link(), simulation.scheduler(),
                                        simulation.trace(), count, rate, done);
    if (text(fields, "device") == "all") {
        for (const Device* device : simulation.network().members())
            work->add(*device);
    } else {
        work->add(device_of(simulation, fields));
    }
    if (work->is_empty())
        throw ControlError("none of these devices describes a burst");
    if (!simulation.link().is_connected())
        throw ControlError("no host is connected");
    simulation.start_burst(std::move(work));
}

void fault(Simulation& simulation, Fields fields, Reply reply) {
    std::vector<std::string> words;
    if (const json::array* given = optional_array(fields, "words"))
        for (const json::value& word : *given)
            words.push_back(text_of(word, "words"));
    if (!words.empty())
        add_fault(simulation, words);
    json::object answer;
    answer["faults"] = simulation.faults().list();
    reply(std::move(answer));
}

void trace(Simulation& simulation, Fields fields, Reply reply) {
    constexpr std::size_t kept = 100'000;
    const std::string action = text(fields, "action");
    Trace& record = simulation.trace();
    json::object answer;
    if (action == "start") {
        const std::string file = text(fields, "argument", "");
        if (!record.start(file, kept))
            throw ControlError("cannot write " + file);
    } else if (action == "stop") {
        record.stop();
    } else if (action == "flush") {
        record.flush();
    } else if (action == "last") {
        json::array lines;
        for (std::string& line : record.last(number<std::uint32_t>(fields, "argument", kept)))
            lines.emplace_back(std::move(line));
        answer["lines"] = std::move(lines);
    } else {
        throw ControlError("trace is followed by start [file], stop, flush or last [count]");
    }
    reply(std::move(answer));
}

void time(Simulation& simulation, Fields fields, Reply reply) {
    const std::string action = text(fields, "action");
    Scheduler& time = simulation.time();
    if (action == "hold")
        time.hold();
    else if (action == "pass")
        time.pass(time_of(fields, "ms", 1000));
    else if (action == "run")
        time.release();
    else
        throw ControlError("time is followed by hold, pass [ms] or run");
    reply({});
}

void memory(Simulation& simulation, Fields, Reply reply) {
    simulation.ncp().store();
    reply(simulation.ncp().nv().save());
}

void install_codes(Simulation& simulation, Fields, Reply reply) {
    json::array codes;
    for (const auto& [ieee, known] : simulation.ncp().install_codes()) {
        json::object entry;
        entry["ieee"] = ieee_text(ieee);
        entry["code"] = to_hex(known.code);
        entry["key"] = to_hex(known.key);
        codes.push_back(std::move(entry));
    }
    json::object answer;
    answer["install_codes"] = std::move(codes);
    reply(std::move(answer));
}

void save(Simulation& simulation, Fields, Reply reply) {
    if (!simulation.save(true))
        throw ControlError("the memory file could not be written");
    reply({});
}

constexpr ControlCommand rows[] = {
    {"list", "", "all devices", list},
    {"status", "", "the co-processor and its network", status},
    {"fleet", "", "addresses and endpoints of the devices made by --fleet", fleet},
    {"burst", "device count [rate]", "send many reports; 'all' for every member", burst},
    {"fault", "words...", "make something go wrong; without words list the faults", fault},
    {"trace", "action [argument]", "time stamps: start [file], stop, flush, last [count]", trace},
    {"time", "action [ms]", "the devices' own time: hold, pass (so much at once), run", time},
    {"memory", "", "the co-processor's non-volatile memory", memory},
    {"install-codes", "", "what the trust centre was told of devices to come", install_codes},
    {"save", "", "write the memory file now", save},
};

}  // namespace

std::span<const ControlCommand> simulator_commands() {
    return rows;
}

}  // namespace waggle::sim
