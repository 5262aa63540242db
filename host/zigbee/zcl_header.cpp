#include "zigbee/zcl_frame.hpp"

namespace waggle::zcl {
namespace {

constexpr std::uint8_t frame_type_mask = 0x03;
constexpr std::uint8_t manufacturer_bit = 0x04;
constexpr std::uint8_t direction_bit = 0x08;
constexpr std::uint8_t disable_default_response_bit = 0x10;

}  // namespace

Result<Header> read_header(ByteReader& in) {
    const auto control = in.u8();

    Header header;
    header.type = static_cast<FrameType>(control & frame_type_mask);
    header.direction =
        control & direction_bit ? Direction::server_to_client : Direction::client_to_server;
    header.disable_default_response = control & disable_default_response_bit;
    if (control & manufacturer_bit)
        header.manufacturer = in.u16();
    header.sequence = in.u8();
    header.command = in.u8();

    if (in.failed())
        return Errc::truncated;
    return header;
}

void write_header(ByteWriter& out, const Header& header) {
    auto control = static_cast<std::uint8_t>(header.type);
    if (header.manufacturer)
        control |= manufacturer_bit;
    if (header.direction == Direction::server_to_client)
        control |= direction_bit;
    if (header.disable_default_response)
        control |= disable_default_response_bit;

    out.u8(control);
    if (header.manufacturer)
        out.u16(*header.manufacturer);
    out.u8(header.sequence).u8(header.command);
}

}  // namespace waggle::zcl
