#include "ota/messages.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace waggle::ota {
namespace {

constexpr std::uint8_t hardware_version_present = 0x01;
constexpr std::uint8_t any_jitter = 100;

/// One parameter that is the whole payload: the codec writes it as it is, and nothing is named.
constexpr zcl::ParameterDefinition payload_parameter[] = {
    {"payload", zcl::DataType::octet_string, zcl::ParameterKind::buffer_rest, {}}};

constexpr zcl::CommandDefinition definition_of(Command command, std::string_view name) {
    return {static_cast<std::uint8_t>(command), name, std::nullopt, 0, payload_parameter};
}
constexpr zcl::CommandDefinition responses[] = {
    definition_of(Command::image_notify, "imageNotify"),
    definition_of(Command::query_next_image_response, "queryNextImageResponse"),
    definition_of(Command::image_block_response, "imageBlockResponse"),
    definition_of(Command::upgrade_end_response, "upgradeEndResponse"),
};
constexpr zcl::ClusterDefinition cluster = {ota_cluster, 0, "genOta", {}, {}, responses};

zcl::Frame to_device(Command command, Bytes payload) {
    zcl::Frame frame;
    frame.header.type = zcl::FrameType::cluster;
    frame.header.direction = zcl::Direction::server_to_client;
    frame.header.disable_default_response = true;
    frame.header.command = static_cast<std::uint8_t>(command);
    frame.cluster = ota_cluster;
    frame.cluster_definition = &cluster;
    frame.command_definition = cluster.response(frame.header.command);
    auto& parameters = frame.payload.emplace<zcl::Parameters>();
    parameters.push_back({"payload", zcl::make_octets(std::move(payload))});
    return frame;
}

zcl::Frame status_alone(Command command, zcl::Status status) {
    return to_device(command, Bytes{static_cast<std::uint8_t>(status)});
}

zcl::Frame default_response(std::uint8_t command, zcl::Status status) {
    zcl::Frame frame;
    frame.header.type = zcl::FrameType::global;
    frame.header.direction = zcl::Direction::server_to_client;
    frame.header.disable_default_response = true;
    frame.header.command = static_cast<std::uint8_t>(zcl::Global::default_response);
    frame.cluster = ota_cluster;
    frame.payload = zcl::DefaultResponse{command, status};
    return frame;
}

}  // namespace

Result<Query> read_query(ByteView payload) {
    ByteReader in(payload);
    const auto control = in.u8();
    Query query;
    query.manufacturer = in.u16();
    query.image_type = in.u16();
    query.file_version = in.u32();
    if (in.failed())
        return Errc::truncated;
    if (control & hardware_version_present) {
        query.hardware_version = in.u16();
        if (in.failed())
            return Errc::truncated;
    }
    return query;
}

/// What follows, the device's address and its wish for a pace, is not needed; some devices announce
/// it in the first octet and leave it out.
Result<BlockRequest> read_block_request(ByteView payload, bool page) {
    ByteReader in(payload);
    in.u8();
    BlockRequest request;
    request.manufacturer = in.u16();
    request.image_type = in.u16();
    request.file_version = in.u32();
    request.offset = in.u32();
    request.maximum_data_size = in.u8();
    if (page) {
        request.page_size = in.u16();
        in.u16();  // spacing of the blocks: the server's own pace counts
    }
    if (in.failed())
        return Errc::truncated;
    return request;
}

Result<EndRequest> read_end_request(ByteView payload) {
    ByteReader in(payload);
    EndRequest request;
    request.status = static_cast<zcl::Status>(in.u8());
    request.manufacturer = in.u16();
    request.image_type = in.u16();
    request.file_version = in.u32();
    if (in.failed())
        return Errc::truncated;
    return request;
}

zcl::Frame image_notify() {
    constexpr std::uint8_t jitter_only = 0;
    return to_device(Command::image_notify, Bytes{jitter_only, any_jitter});
}

zcl::Frame no_image() {
    return status_alone(Command::query_next_image_response, zcl::Status::no_image_available);
}

zcl::Frame image_offered(const ImageHeader& header) {
    Bytes payload;
    ByteWriter out(payload);
    out.u8(static_cast<std::uint8_t>(zcl::Status::success)).u16(header.manufacturer);
    out.u16(header.image_type).u32(header.file_version).u32(header.total_size);
    return to_device(Command::query_next_image_response, std::move(payload));
}

zcl::Frame block_response(const BlockRequest& request, std::uint32_t offset, ByteView data) {
    constexpr std::size_t fields = 14;
    Bytes payload;
    payload.reserve(fields + data.size());
    ByteWriter out(payload);
    out.u8(static_cast<std::uint8_t>(zcl::Status::success)).u16(request.manufacturer);
    out.u16(request.image_type).u32(request.file_version).u32(offset);
    out.u8(static_cast<std::uint8_t>(data.size())).bytes(data);
    return to_device(Command::image_block_response, std::move(payload));
}

zcl::Frame block_aborted() {
    return status_alone(Command::image_block_response, zcl::Status::abort);
}

zcl::Frame upgrade_end_response(const ImageHeader& header) {
    constexpr std::uint32_t from_now = 0, seconds = 1;
    Bytes payload;
    ByteWriter out(payload);
    out.u16(header.manufacturer).u16(header.image_type).u32(header.file_version);
    out.u32(from_now).u32(seconds);
    return to_device(Command::upgrade_end_response, std::move(payload));
}

zcl::Frame end_acknowledged() {
    return default_response(static_cast<std::uint8_t>(Command::upgrade_end_request),
                            zcl::Status::success);
}

zcl::Frame request_malformed(const BlockRequest& request) {
    const auto command =
        request.page_size ? Command::image_page_request : Command::image_block_request;
    return default_response(static_cast<std::uint8_t>(command), zcl::Status::malformed_command);
}

}  // namespace waggle::ota
