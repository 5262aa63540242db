#include "zigbee/zcl_frame.hpp"

#include <utility>

#include "zigbee/zcl_codec.hpp"

namespace waggle::zcl {
namespace {

const CommandDefinition* find_command(const ClusterDefinition& cluster, const Header& header) {
    const auto manufacturer = header.manufacturer.value_or(0);
    return header.direction == Direction::client_to_server
               ? cluster.command(header.command, manufacturer)
               : cluster.response(header.command, manufacturer);
}

Result<void> read_cluster_command(ByteReader& in, Frame& frame) {
    if (frame.cluster_definition)
        frame.command_definition = find_command(*frame.cluster_definition, frame.header);
    if (!frame.command_definition)
        return Errc::unsupported;
    return read_parameters(in, *frame.command_definition, frame.payload.emplace<Parameters>());
}

Result<void> write_cluster_command(ByteWriter& out, const Frame& frame) {
    static const Parameters none;
    const auto* given = frame.parameters();
    if (!given && !std::holds_alternative<std::monostate>(frame.payload))
        return Errc::invalid_value;
    if (!frame.command_definition)
        return Errc::unsupported;
    return write_parameters(out, *frame.command_definition, given ? *given : none);
}

Frame global(ClusterId cluster, Global command, std::optional<ManufacturerCode> manufacturer) {
    Frame frame;
    frame.header.type = FrameType::global;
    frame.header.disable_default_response = true;
    frame.header.manufacturer = manufacturer;
    frame.header.command = static_cast<std::uint8_t>(command);
    frame.cluster = cluster;
    frame.cluster_definition = find_cluster(cluster, manufacturer.value_or(0));
    return frame;
}

bool has_own_response(const Frame& frame) noexcept {
    if (frame.header.type == FrameType::cluster)
        return frame.command_definition && frame.command_definition->response;
    switch (static_cast<Global>(frame.header.command)) {
        case Global::read:
        case Global::write:
        case Global::write_undivided:
        case Global::configure_reporting:
        case Global::read_reporting:
        case Global::write_structured: return true;
        default: return false;
    }
}

}  // namespace

const Value* Frame::parameter(std::string_view name) const noexcept {
    const auto* all = parameters();
    return all ? find_parameter(*all, name) : nullptr;
}

Result<Frame> decode(ByteView bytes, ClusterId cluster, std::span<const ClusterDefinition> custom) {
    ByteReader in(bytes);
    const auto header = read_header(in);
    if (!header)
        return header.error();

    Result<Frame> result{Frame{}};
    auto& frame = *result;
    frame.header = *header;
    frame.cluster = cluster;
    frame.cluster_definition = find_cluster(cluster, header->manufacturer.value_or(0), custom);
    frame.raw = bytes;

    Result<void> read{Errc::unsupported};
    if (header->type == FrameType::global)
        read = read_global(in, frame);
    else if (header->type == FrameType::cluster)
        read = read_cluster_command(in, frame);
    if (!read)
        return read.error();
    return result;
}

Result<void> encode(Bytes& out, const Frame& frame) {
    ByteWriter writer(out);
    const auto before = out.size();
    write_header(writer, frame.header);

    Result<void> written{Errc::invalid_value};
    if (frame.header.type == FrameType::global)
        written = write_global(writer, frame);
    else if (frame.header.type == FrameType::cluster)
        written = write_cluster_command(writer, frame);
    if (!written)
        out.resize(before);
    return written;
}

Frame read_attributes(ClusterId cluster, std::span<const std::uint16_t> ids,
                      std::optional<ManufacturerCode> manufacturer) {
    auto frame = global(cluster, Global::read, manufacturer);
    auto& records = frame.payload.emplace<Records>();
    for (const auto id : ids)
        records.emplace_back().id = id;
    return frame;
}

Frame write_attributes(ClusterId cluster, Records records,
                       std::optional<ManufacturerCode> manufacturer, Global kind) {
    auto frame = global(cluster, kind, manufacturer);
    frame.payload = std::move(records);
    return frame;
}

Frame configure_reporting(ClusterId cluster, Records records,
                          std::optional<ManufacturerCode> manufacturer) {
    auto frame = global(cluster, Global::configure_reporting, manufacturer);
    frame.payload = std::move(records);
    return frame;
}

Frame default_response(const Header& to, ClusterId cluster, Status status) {
    auto frame = global(cluster, Global::default_response, to.manufacturer);
    frame.header.direction = to.direction == Direction::client_to_server
                                 ? Direction::server_to_client
                                 : Direction::client_to_server;
    frame.header.sequence = to.sequence;
    frame.payload = DefaultResponse{to.command, status};
    return frame;
}

bool wants_default_response(const Frame& frame, bool was_broadcast, Status status) noexcept {
    if (was_broadcast || frame.is(Global::default_response) || has_own_response(frame))
        return false;
    return !frame.header.disable_default_response || status != Status::success;
}

Frame cluster_command(const ClusterDefinition& cluster, const CommandDefinition& command,
                      Parameters parameters, Direction direction) {
    Frame frame;
    frame.header.type = FrameType::cluster;
    frame.header.direction = direction;
    frame.header.disable_default_response =
        direction == Direction::server_to_client || command.response.has_value();
    if (const auto code = command.manufacturer ? command.manufacturer : cluster.manufacturer)
        frame.header.manufacturer = code;
    frame.header.command = command.id;
    frame.cluster = cluster.id;
    frame.cluster_definition = &cluster;
    frame.command_definition = &command;
    frame.payload = std::move(parameters);
    return frame;
}

}  // namespace waggle::zcl
