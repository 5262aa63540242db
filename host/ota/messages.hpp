#pragma once

#include <cstdint>
#include <optional>

#include "ota/types.hpp"
#include "zigbee/zcl_frame.hpp"

/// Frames of the OTA upgrade cluster [ZCL8 11.13], as its server reads and writes them. Read by hand
/// rather than by the cluster's table: a block is a frame like thousands before it, and makers
/// leave out at the end what the table wants. Makers' extra octets at the end are ignored.
namespace waggle::ota {

inline constexpr ClusterId ota_cluster = 0x0019;

/// [ZCL8 table 11-12]
enum class Command : std::uint8_t {
    image_notify = 0x00,
    query_next_image_request = 0x01,
    query_next_image_response = 0x02,
    image_block_request = 0x03,
    image_page_request = 0x04,
    image_block_response = 0x05,
    upgrade_end_request = 0x06,
    upgrade_end_response = 0x07,
};

/// Query Next Image Request [ZCL8 11.13.4]: what the device says that it runs.
struct Query {
    EndpointId endpoint = 0;
    std::uint8_t sequence = 0;  ///< the answer carries it
    ManufacturerCode manufacturer = 0;
    std::uint16_t image_type = 0;
    std::uint32_t file_version = 0;
    std::optional<std::uint16_t> hardware_version;
};

/// Image Block Request and Image Page Request [ZCL8 11.13.6, 11.13.7].
struct BlockRequest {
    EndpointId endpoint = 0;
    std::uint8_t sequence = 0;
    ManufacturerCode manufacturer = 0;
    std::uint16_t image_type = 0;
    std::uint32_t file_version = 0;
    std::uint32_t offset = 0;
    std::uint8_t maximum_data_size = 0;
    std::optional<std::uint16_t> page_size;  ///< octets that may be sent without being asked again
};

/// Upgrade End Request [ZCL8 11.13.9].
struct EndRequest {
    EndpointId endpoint = 0;
    std::uint8_t sequence = 0;
    zcl::Status status{};
    ManufacturerCode manufacturer = 0;
    std::uint16_t image_type = 0;
    std::uint32_t file_version = 0;
};

/// Payloads, without the frame's header; `endpoint` and `sequence` are the caller's to fill in.
/// Errc::truncated when they are too short.
[[nodiscard]] Result<Query> read_query(ByteView payload);
[[nodiscard]] Result<BlockRequest> read_block_request(ByteView payload, bool page);
[[nodiscard]] Result<EndRequest> read_end_request(ByteView payload);

/// The number goes in when it is sent.
[[nodiscard]] zcl::Frame image_notify();
[[nodiscard]] zcl::Frame no_image();
[[nodiscard]] zcl::Frame image_offered(const ImageHeader& header);
/// The fields of the request come back in it.
[[nodiscard]] zcl::Frame block_response(const BlockRequest& request, std::uint32_t offset,
                                        ByteView data);
[[nodiscard]] zcl::Frame block_aborted();
/// To be run in a second from now.
[[nodiscard]] zcl::Frame upgrade_end_response(const ImageHeader& header);
[[nodiscard]] zcl::Frame end_acknowledged();
/// The request makes no sense: there is nothing at its offset.
[[nodiscard]] zcl::Frame request_malformed(const BlockRequest& request);

}  // namespace waggle::ota
