#include "zcl_server.hpp"

#include <algorithm>

#include "behaviour/behaviour.hpp"
#include "ota_client.hpp"
#include "zcl.hpp"

namespace waggle::sim {

namespace {

using zcl::Status;
namespace cmd = zcl::command;

constexpr std::uint16_t ota_cluster = 0x0019;
constexpr std::size_t max_response = 100;  // what fits one unfragmented frame, with some room

/// One request at one endpoint.
struct Request {
    Device& device;
    const EndpointDescription& endpoint;
    const ApsFrame& aps;
    const zcl::Frame& zcl;

    bool is_unicast() const { return aps.delivery == Delivery::unicast; }
    AttributeKey key(std::uint16_t id) const {
        return AttributeKey{endpoint.id, aps.cluster, zcl.manufacturer, id};
    }
};

void reply(const Request& request, bool cluster_specific, std::uint8_t command, View payload) {
    zcl::Frame frame;
    unsigned control = zcl::control::no_default_response;
    if (cluster_specific)
        control |= zcl::control::cluster_specific;
    if (!request.zcl.is_from_server())
        control |= zcl::control::from_server;
    control |= request.zcl.control & zcl::control::manufacturer;
    frame.control = static_cast<std::uint8_t>(control);
    frame.manufacturer = request.zcl.manufacturer;
    frame.sequence = request.zcl.sequence;
    frame.command = command;
    frame.payload = payload;
    ApsFrame answer;
    answer.source = request.device.nwk();
    answer.source_endpoint = request.endpoint.id;
    answer.destination = request.aps.source;
    answer.destination_endpoint = request.aps.source_endpoint;
    answer.profile = request.endpoint.profile;
    answer.cluster = request.aps.cluster;
    answer.data = zcl::build(frame);
    request.device.air().transmit(request.device, std::move(answer));
}

void default_response(const Request& request, Status status) {
    if (!request.is_unicast())
        return;
    if (status == Status::success && !request.zcl.wants_default_response())
        return;
    const Bytes payload{request.zcl.command, static_cast<std::uint8_t>(status)};
    reply(request, false, cmd::default_response, payload);
}

void read(const Request& request) {
    Reader in(request.zcl.payload);
    Writer out;
    while (in.left() >= 2 && out.size() < max_response) {
        const std::uint16_t id = in.u16();
        out.u16(id);
        const Attribute* attribute = request.device.find(request.key(id));
        if (!attribute)
            out.u8(static_cast<unsigned>(Status::unsupported_attribute));
        else if (!attribute->description->readable)
            out.u8(static_cast<unsigned>(Status::write_only));
        else
            out.u8(0).u8(attribute->description->type).bytes(attribute->value);
    }
    reply(request, false, cmd::read_response, out.view());
}

struct WriteRecord {
    std::uint16_t id = 0;
    std::uint8_t type = 0;
    View value;
    Status status = Status::success;
};

Status check_write(const Request& request, const WriteRecord& record) {
    DeviceFaults& faults = request.device.faults;
    if (faults.refused_writes > 0) {
        --faults.refused_writes;
        return static_cast<Status>(faults.write_status);
    }
    const Attribute* attribute = request.device.find(request.key(record.id));
    if (!attribute)
        return Status::unsupported_attribute;
    if (!attribute->description->writable)
        return Status::read_only;
    return attribute->description->type == record.type ? Status::success : Status::invalid_type;
}

/// False when the payload is not a whole number of records.
bool parse_writes(const Request& request, std::vector<WriteRecord>& records) {
    Reader in(request.zcl.payload);
    while (in.left() > 0) {
        WriteRecord record;
        record.id = in.u16();
        record.type = in.u8();
        const auto size = zcl::value_size(record.type, in.rest());
        if (in.failed() || !size)
            return false;
        record.value = in.take(*size);
        record.status = check_write(request, record);
        records.push_back(record);
    }
    return !records.empty();
}

void apply_writes(const Request& request, const std::vector<WriteRecord>& records) {
    for (const WriteRecord& record : records) {
        if (record.status != Status::success)
            continue;
        const AttributeKey key = request.key(record.id);
        request.device.set(key, record.value, Change::reported);
        if (request.device.on_written)
            request.device.on_written(key, record.value);
    }
}

void write(const Request& request) {
    std::vector<WriteRecord> records;
    if (!parse_writes(request, records))
        return default_response(request, Status::malformed_command);
    Writer failures;
    for (const WriteRecord& record : records)
        if (record.status != Status::success)
            failures.u8(static_cast<unsigned>(record.status)).u16(record.id);
    const bool undivided = request.zcl.command == cmd::write_undivided;
    if (!undivided || failures.size() == 0)
        apply_writes(request, records);
    if (request.zcl.command == cmd::write_no_response || !request.is_unicast())
        return;
    if (failures.size() == 0)
        failures.u8(0);
    reply(request, false, cmd::write_response, failures.view());
}

/// Reads one record behind its direction and id; nothing when it is cut short.
std::optional<ReportConfiguration> parse_configuration(Reader& in) {
    ReportConfiguration configuration;
    configuration.type = in.u8();
    configuration.minimum = in.u16();
    configuration.maximum = in.u16();
    if (zcl::is_analog(configuration.type)) {
        const auto size = zcl::value_size(configuration.type, in.rest());
        if (!size)
            return std::nullopt;
        const View change = in.take(*size);
        configuration.change.assign(change.begin(), change.end());
    }
    if (in.failed())
        return std::nullopt;
    return configuration;
}

Status configure(const Request& request, std::uint16_t id, ReportConfiguration configuration) {
    const Attribute* attribute = request.device.find(request.key(id));
    if (!attribute)
        return Status::unsupported_attribute;
    if (!attribute->description->reportable)
        return Status::unreportable_attribute;
    if (attribute->description->type != configuration.type)
        return Status::invalid_type;
    if (configuration.maximum != 0 && configuration.maximum < configuration.minimum)
        return Status::invalid_value;
    request.device.reporting().configure(request.key(id), std::move(configuration));
    return Status::success;
}

void configure_reporting(const Request& request) {
    Reader in(request.zcl.payload);
    Writer failures;
    while (in.left() > 0) {
        const std::uint8_t direction = in.u8();
        const std::uint16_t id = in.u16();
        Status status = Status::success;
        if (direction == 0) {
            auto configuration = parse_configuration(in);
            if (!configuration)
                return default_response(request, Status::malformed_command);
            status = configure(request, id, std::move(*configuration));
        } else {
            in.u16();  // how long to wait for reports of the other side: not watched
        }
        if (in.failed())
            return default_response(request, Status::malformed_command);
        if (status != Status::success)
            failures.u8(static_cast<unsigned>(status)).u8(direction).u16(id);
    }
    if (failures.size() == 0)
        failures.u8(0);
    reply(request, false, cmd::configure_reporting_response, failures.view());
}

void read_reporting(const Request& request) {
    Reader in(request.zcl.payload);
    Writer out;
    while (in.left() >= 3) {
        const std::uint8_t direction = in.u8();
        const std::uint16_t id = in.u16();
        const Attribute* attribute = request.device.find(request.key(id));
        const ReportConfiguration* found = request.device.reporting().find(request.key(id));
        const Status status = !attribute ? Status::unsupported_attribute
                              : !found   ? Status::not_found
                                         : Status::success;
        out.u8(static_cast<unsigned>(status)).u8(direction).u16(id);
        if (found)
            out.u8(found->type).u16(found->minimum).u16(found->maximum).bytes(found->change);
    }
    reply(request, false, cmd::read_reporting_response, out.view());
}

void discover_attributes(const Request& request, bool extended) {
    Reader in(request.zcl.payload);
    const std::uint16_t start = in.u16();
    const std::uint8_t limit = in.u8();
    if (in.failed())
        return default_response(request, Status::malformed_command);
    Writer list;
    std::size_t count = 0;
    bool complete = true;
    for (const auto& [key, attribute] : request.device.attributes()) {
        if (key != request.key(key.id) || key.id < start)
            continue;
        if (count++ >= limit) {
            complete = false;
            break;
        }
        const AttributeDescription& described = *attribute.description;
        list.u16(key.id).u8(described.type);
        if (extended)
            list.u8((described.readable ? 1 : 0) | (described.writable ? 2 : 0) |
                    (described.reportable ? 4 : 0));
    }
    Writer out;
    out.u8(complete ? 1 : 0).bytes(list.view());
    reply(request, false, extended ? cmd::discover_extended_response : cmd::discover_response,
          out.view());
}

void discover_commands(const Request& request, bool generated) {
    Reader in(request.zcl.payload);
    const std::uint8_t start = in.u8();
    const std::uint8_t limit = in.u8();
    if (in.failed())
        return default_response(request, Status::malformed_command);
    const Behaviour* behaviour = behaviour_of(request.endpoint, request.aps.cluster);
    Bytes ids;
    if (behaviour)
        ids = generated ? behaviour->generated() : behaviour->received();
    std::erase_if(ids, [&](std::uint8_t id) { return id < start; });
    const bool complete = ids.size() <= limit;
    ids.resize(std::min<std::size_t>(ids.size(), limit));
    Writer out;
    out.u8(complete ? 1 : 0).bytes(ids);
    reply(request, false,
          generated ? cmd::discover_generated_response : cmd::discover_received_response,
          out.view());
}

void run_cluster_command(const Request& request) {
    if (request.zcl.is_from_server()) {  // an answer to something the device asked
        OtaClient* ota = request.device.ota();
        if (ota && request.aps.cluster == ota_cluster &&
            request.endpoint.id == ota->settings.endpoint)
            ota->receive(request.zcl.sequence, request.zcl.command, request.zcl.payload);
        return default_response(request, Status::success);
    }
    const Behaviour* behaviour = behaviour_of(request.endpoint, request.aps.cluster);
    if (!behaviour)
        return default_response(request, Status::unsupported_command);
    Command command;
    command.endpoint = request.endpoint.id;
    command.id = request.zcl.command;
    command.manufacturer = request.zcl.manufacturer;
    command.payload = request.zcl.payload;
    const Outcome outcome = behaviour->run(request.device, command);
    if (outcome.response && request.is_unicast())
        return reply(request, true, *outcome.response, outcome.payload);
    default_response(request, outcome.status);
}

void run_general_command(const Request& request) {
    switch (request.zcl.command) {
        case cmd::read: return read(request);
        case cmd::write:
        case cmd::write_undivided:
        case cmd::write_no_response: return write(request);
        case cmd::configure_reporting: return configure_reporting(request);
        case cmd::read_reporting: return read_reporting(request);
        case cmd::discover: return discover_attributes(request, false);
        case cmd::discover_extended: return discover_attributes(request, true);
        case cmd::discover_received: return discover_commands(request, false);
        case cmd::discover_generated: return discover_commands(request, true);
        case cmd::read_response:
        case cmd::write_response:
        case cmd::configure_reporting_response:
        case cmd::read_reporting_response:
        case cmd::report:
        case cmd::default_response:
        case cmd::discover_response:
        case cmd::discover_received_response:
        case cmd::discover_generated_response:
        case cmd::discover_extended_response: return;
        default: return default_response(request, Status::unsupported_command);
    }
}

bool has_cluster(const EndpointDescription& endpoint, std::uint16_t cluster) {
    return std::ranges::find(endpoint.in, cluster) != endpoint.in.end() ||
           std::ranges::find(endpoint.out, cluster) != endpoint.out.end();
}

void serve_endpoint(const Request& request) {
    const bool is_answer =
        request.zcl.is_global() &&
        (request.zcl.command == cmd::default_response || request.zcl.command == cmd::read_response);
    if (!has_cluster(request.endpoint, request.aps.cluster)) {
        if (!is_answer)
            default_response(request, Status::unsupported_cluster);
        return;
    }
    if (request.zcl.is_global())
        run_general_command(request);
    else
        run_cluster_command(request);
}

/// Whether a multicast reaches the endpoint; those that lack the cluster keep silent.
bool is_addressed(Device& device, const EndpointDescription& endpoint, const ApsFrame& frame) {
    switch (frame.delivery) {
        case Delivery::unicast:
            return frame.destination_endpoint == endpoint.id || frame.destination_endpoint == 0xFF;
        case Delivery::group:
            return device.groups(endpoint.id).contains(frame.destination) &&
                   has_cluster(endpoint, frame.cluster);
        case Delivery::broadcast:
            return (frame.destination_endpoint == endpoint.id ||
                    frame.destination_endpoint == 0xFF) &&
                   has_cluster(endpoint, frame.cluster);
    }
    return false;
}

}  // namespace

void serve_zcl(Device& device, const ApsFrame& frame) {
    const auto parsed = zcl::parse(frame.data);
    if (!parsed)
        return;
    for (const EndpointDescription& endpoint : device.description().endpoints)
        if (is_addressed(device, endpoint, frame))
            device.report_after([&] { serve_endpoint(Request{device, endpoint, frame, *parsed}); });
}

}  // namespace waggle::sim
