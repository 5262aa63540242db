#include "plugin/requests.hpp"

#include <map>
#include <optional>

#include <fmt/format.h>

#include "plugin/definition.hpp"
#include "plugin/message.hpp"
#include "zigbee/clusters.hpp"

namespace waggle::plugin {
namespace {

constexpr std::uint32_t most_items = 256;
constexpr std::size_t longest_payload = 1024;
constexpr std::size_t least_request_size = offsetof(wg_request, reportings) + sizeof(wg_table);

std::optional<ManufacturerCode> manufacturer_of(const wg_request& request) {
    if (request.manufacturer == 0)
        return std::nullopt;
    return request.manufacturer;
}

template <class T>
bool is_table(const wg_table& table) noexcept {
    return table.count == 0 || (table.items && table.count <= most_items &&
                                table.item_size >= sizeof(T) && table.item_size % alignof(T) == 0);
}

bool is_well_formed(const wg_request& request, std::string& problem) {
    if (request.size < least_request_size)
        problem = "the request is too small";
    else if (!is_table<wg_attribute>(request.attributes) ||
             !is_table<wg_parameter>(request.parameters) ||
             !is_table<wg_reporting>(request.reportings))
        problem = "a table of the request cannot be read";
    else if (request.payload.length > longest_payload ||
             (request.payload.length != 0 && !request.payload.data))
        problem = "the payload cannot be read";
    return problem.empty();
}

/// What the cluster tables say of an attribute whose type the plugin leaves to them.
const zcl::AttributeDefinition* definition_of(const wg_request& request,
                                              const wg_attribute& attribute) {
    if (attribute.type != WG_TYPE_FROM_TABLE)
        return nullptr;
    const auto* cluster = zcl::find_cluster(request.cluster, request.manufacturer);
    return cluster ? cluster->attribute(attribute.id, request.manufacturer) : nullptr;
}

/// Attributes are written within the limits of their clusters; a plugin that means something else
/// says the type itself.
bool may_be_written(const zcl::AttributeDefinition& known, const zcl::Value& value) {
    return known.is_absent(value) || known.is_in_range(value);
}

Result<zcl::Records> records_of(const wg_request& request, std::string& problem) {
    zcl::Records records;
    for (const auto& attribute : Table<wg_attribute>(request.attributes)) {
        auto& record = records.emplace_back();
        record.id = attribute.id;
        record.status = static_cast<zcl::Status>(attribute.status);
        const auto* known = definition_of(request, attribute);
        const auto type = known ? known->type : static_cast<zcl::DataType>(attribute.type);
        if (!known && attribute.type == WG_TYPE_FROM_TABLE) {
            problem = fmt::format("the type of attribute 0x{:04X} is not known", attribute.id);
            return Errc::invalid_value;
        }
        if (!is_readable(attribute.value)) {
            problem = "a value cannot be read";
            return Errc::invalid_value;
        }
        auto value = to_zcl(attribute.value, type);
        if (!value) {
            problem =
                fmt::format("the value of attribute 0x{:04X} does not fit its type", attribute.id);
            return value.error();
        }
        if (known && !may_be_written(*known, *value)) {
            problem = fmt::format("the value of {} is out of its range", known->name);
            return Errc::invalid_value;
        }
        record.value = std::move(*value);
    }
    return records;
}

Result<zcl::Frame> read_frame(const wg_request& request) {
    std::vector<std::uint16_t> ids;
    for (const auto& attribute : Table<wg_attribute>(request.attributes))
        ids.push_back(attribute.id);
    return zcl::read_attributes(request.cluster, ids, manufacturer_of(request));
}

zcl::Global write_kind(wg_request_kind kind) noexcept {
    if (kind == WG_REQUEST_WRITE_UNDIVIDED)
        return zcl::Global::write_undivided;
    if (kind == WG_REQUEST_WRITE_NO_RESPONSE)
        return zcl::Global::write_no_response;
    return zcl::Global::write;
}

Result<zcl::Frame> write_frame(const wg_request& request, std::string& problem) {
    auto records = records_of(request, problem);
    if (!records)
        return records.error();
    return zcl::write_attributes(request.cluster, std::move(*records), manufacturer_of(request),
                                 write_kind(request.kind));
}

Result<zcl::Frame> read_response_frame(const wg_request& request, std::string& problem) {
    auto records = records_of(request, problem);
    if (!records)
        return records.error();
    auto frame = zcl::write_attributes(request.cluster, std::move(*records),
                                       manufacturer_of(request), zcl::Global::read_response);
    frame.header.direction = zcl::Direction::server_to_client;
    return frame;
}

Result<zcl::Parameters> parameters_of(const wg_request& request,
                                      const zcl::CommandDefinition& command, std::string& problem) {
    zcl::Parameters parameters;
    for (const auto& parameter : Table<wg_parameter>(request.parameters)) {
        const zcl::ParameterDefinition* known = nullptr;
        for (const auto& candidate : command.parameters)
            if (candidate.name == view(parameter.name))
                known = &candidate;
        if (!known || !is_readable(parameter.value)) {
            problem =
                fmt::format("command {} has no parameter '{}'", command.name, view(parameter.name));
            return Errc::invalid_value;
        }
        auto value = to_zcl(parameter.value, known->type);
        if (!value) {
            problem = fmt::format("the value of '{}' does not fit its type", known->name);
            return value.error();
        }
        parameters.push_back({known->name, std::move(*value)});
    }
    return parameters;
}

/// A command's octets as the plugin laid them out: commands no table knows, and shapes that the
/// values of this interface do not have.
zcl::Frame raw_command_frame(const wg_request& request, const zcl::CommandDefinition* known) {
    static const zcl::ParameterDefinition rest{
        "payload", zcl::DataType::octet_string, zcl::ParameterKind::buffer_rest, {}};
    static std::map<std::optional<std::uint8_t>, zcl::CommandDefinition> by_response;
    const auto response = known ? known->response : std::nullopt;
    const auto [laid_out, _] = by_response.try_emplace(
        response, zcl::CommandDefinition{0, "payload", response, 0, {&rest, 1}});
    zcl::Frame frame;
    frame.header.type = zcl::FrameType::cluster;
    frame.header.command = request.command;
    frame.header.manufacturer = manufacturer_of(request);
    if (request.flags & WG_REQUEST_SERVER_TO_CLIENT)
        frame.header.direction = zcl::Direction::server_to_client;
    frame.header.disable_default_response =
        (request.flags & WG_REQUEST_DISABLE_DEFAULT_RESPONSE) != 0 || (known && known->response);
    frame.cluster = request.cluster;
    frame.cluster_definition = zcl::find_cluster(request.cluster, request.manufacturer);
    frame.command_definition = &laid_out->second;
    zcl::Value octets;
    octets.type = zcl::DataType::octet_string;
    octets.data = Bytes(request.payload.data, request.payload.data + request.payload.length);
    frame.payload.emplace<zcl::Parameters>().push_back({rest.name, std::move(octets)});
    return frame;
}

Result<zcl::Frame> command_frame(const wg_request& request, std::string& problem) {
    const auto* cluster = zcl::find_cluster(request.cluster, request.manufacturer);
    const bool to_client = (request.flags & WG_REQUEST_SERVER_TO_CLIENT) != 0;
    const zcl::CommandDefinition* command = nullptr;
    if (cluster)
        command = to_client ? cluster->response(request.command, request.manufacturer)
                            : cluster->command(request.command, request.manufacturer);
    if (request.payload.length != 0)
        return raw_command_frame(request, command);
    if (!command) {
        problem = fmt::format("cluster 0x{:04X} has no command 0x{:02X}", request.cluster,
                              request.command);
        return Errc::unsupported;
    }
    auto parameters = parameters_of(request, *command, problem);
    if (!parameters)
        return parameters.error();
    auto frame = zcl::cluster_command(
        *cluster, *command, std::move(*parameters),
        to_client ? zcl::Direction::server_to_client : zcl::Direction::client_to_server);
    if (request.manufacturer != 0)
        frame.header.manufacturer = request.manufacturer;
    // A command with an answer of its own needs no other [ZCL8 2.4.12].
    frame.header.disable_default_response =
        (request.flags & WG_REQUEST_DISABLE_DEFAULT_RESPONSE) != 0 || command->response;
    return frame;
}

Result<zcl::Frame> frame_of(const wg_request& request, std::string& problem) {
    switch (request.kind) {
        case WG_REQUEST_READ: return read_frame(request);
        case WG_REQUEST_WRITE:
        case WG_REQUEST_WRITE_UNDIVIDED:
        case WG_REQUEST_WRITE_NO_RESPONSE: return write_frame(request, problem);
        case WG_REQUEST_READ_RESPONSE: return read_response_frame(request, problem);
        case WG_REQUEST_COMMAND: return command_frame(request, problem);
        case WG_REQUEST_CONFIGURE_REPORTING:
        case WG_REQUEST_BIND:
        case WG_REQUEST_UNBIND:
        case WG_REQUEST_ADD_TO_GROUP:
        case WG_REQUEST_REMOVE_FROM_GROUP: return zcl::Frame{};
        default: problem = "this host does not know such a request"; return Errc::unsupported;
    }
}

/// The first bad status among the records of the answer to a write.
zcl::Status refused_record(const RadioReply& answer) noexcept {
    if (const auto* records = answer.frame.records())
        for (const auto& record : *records)
            if (record.status != zcl::Status::success)
                return record.status;
    return zcl::Status::success;
}

/// Their answers give a status for each attribute. One that failed is a failure, as in zigbee2mqtt;
/// what a read did get is in the reply all the same.
bool has_statuses(wg_request_kind kind) noexcept {
    return kind == WG_REQUEST_READ || kind == WG_REQUEST_WRITE ||
           kind == WG_REQUEST_WRITE_UNDIVIDED || kind == WG_REQUEST_CONFIGURE_REPORTING;
}

}  // namespace

Result<RadioRequest> to_radio(const wg_request& request, const EntityRef& entity,
                              std::string& problem) {
    if (!is_well_formed(request, problem))
        return Errc::invalid_value;
    auto frame = frame_of(request, problem);
    if (!frame)
        return frame.error();
    RadioRequest out;
    out.kind = request.kind;
    out.entity = entity;
    out.endpoint = request.endpoint;
    if (request.source_endpoint != 0)
        out.source_endpoint = request.source_endpoint;
    out.cluster = request.cluster;
    out.group = request.group;
    out.frame = std::move(*frame);
    for (const auto& reporting : Table<wg_reporting>(request.reportings))
        out.reportings.push_back(reporting);
    out.policy = request.policy;
    out.timeout_ms = request.timeout_ms;
    out.sequence = request.sequence;
    out.no_reply = (request.flags & WG_REQUEST_NO_REPLY) != 0;
    return out;
}

wg_status status_of(const boost::system::error_code& error) noexcept {
    if (!error)
        return WG_OK;
    if (error.category() == zcl::status_category())
        return WG_REFUSED;
    if (error == Errc::cancelled || error == Errc::superseded)
        return WG_CANCELLED;
    if (error == Errc::timed_out || error == Errc::expired)
        return WG_TIMED_OUT;
    if (error == Errc::not_found)
        return WG_NOT_FOUND;
    if (error == Errc::unsupported)
        return WG_UNSUPPORTED;
    if (error == Errc::invalid_value)
        return WG_INVALID;
    if (error == Errc::busy || error == Errc::buffer_full)
        return WG_BUSY;
    return WG_DELIVERY_FAILED;
}

wg_reply to_wg(const RadioReply& answer, wg_request_kind kind, Scratch& scratch,
               std::string& text) {
    wg_reply reply{};
    reply.size = sizeof reply;
    reply.status = status_of(answer.error);
    if (reply.status == WG_REFUSED)
        reply.zcl_status = static_cast<std::uint8_t>(answer.error.value());
    if (answer.error)
        text = answer.error.message();
    if (!answer.error && has_statuses(kind))
        if (const auto refused = refused_record(answer); refused != zcl::Status::success) {
            reply.status = WG_REFUSED;
            reply.zcl_status = static_cast<std::uint8_t>(refused);
            text = make_error_code(refused).message();
        }
    reply.message = to_wg(std::string_view(text));
    reply.command = answer.frame.header.command;
    reply.attributes = attributes_of(answer.frame, scratch, false);
    reply.parameters = parameters_of(answer.frame, scratch);
    const auto payload = payload_of(answer.bytes);
    reply.payload = {payload.data(), payload.size()};
    return reply;
}

}  // namespace waggle::plugin
