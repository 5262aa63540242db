#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "zigbee/types.hpp"

/// Firmware images for the Zigbee OTA upgrade cluster: the file format of [ZCL8 11.4] (document
/// 07-5123-08, "OTA File Format"). Nothing is copied: an image is a view into the file's bytes.
///
/// Makers wrap their files: IKEA signs a container that holds the image, others put a boot loader's
/// header in front or pad the end. The image is looked for by its identifier, and what stands before
/// and after it is told, not refused.
namespace waggle::ota {

inline constexpr std::uint32_t image_identifier = 0x0BEEF11E;

/// Tags of sub-elements [ZCL8 table 11-4], and those that makers added.
enum class Tag : std::uint16_t {
    upgrade_image = 0x0000,
    ecdsa_signature = 0x0001,  ///< crypto suite 1
    ecdsa_certificate = 0x0002,
    integrity_code = 0x0003,
    picture_data = 0x0004,
    ecdsa_signature_2 = 0x0005,  ///< crypto suite 2
    ecdsa_certificate_2 = 0x0006,
    telink_aes = 0xF000,  ///< two more octets stand between its length and its data
    ikea_1 = 0xFFBE,
    ikea_2 = 0xFFBF,
};
/// "upgrade image"; empty for a tag that nobody described.
std::string_view to_string(Tag tag) noexcept;

struct ImageHeader {
    std::uint16_t header_version = 0x0100;
    std::uint16_t header_length = 0;
    std::uint16_t field_control = 0;  ///< bit 0 credential, 1 destination, 2 hardware versions
    ManufacturerCode manufacturer = 0;
    std::uint16_t image_type = 0;
    std::uint32_t file_version = 0;
    std::uint16_t stack_version = 0;  ///< 2: Zigbee PRO
    std::string text;                 ///< header string up to its first NUL, without blanks behind
    std::uint32_t total_size = 0;     ///< of the image with its header
    std::optional<std::uint8_t> security_credential;
    std::optional<Ieee> destination;
    struct HardwareVersions {
        std::uint16_t least = 0, most = 0;
        bool operator==(const HardwareVersions&) const = default;
    };
    std::optional<HardwareVersions> hardware;
};

struct Element {
    Tag tag{};
    ByteView data;
    bool is_cut = false;  ///< its length says more than there is, see parse_image
};

struct Image {
    ImageHeader header;
    std::vector<Element> elements;
    ByteView bytes;          ///< what a device gets: header and elements
    std::size_t before = 0;  ///< octets in the file before the image, of a container
    std::size_t after = 0;   ///< and after it
};

/// The header at the beginning of `bytes`, without looking at what follows it.
[[nodiscard]] Result<ImageHeader> read_image_header(ByteView bytes, std::string& problem);

/// The first image in the file that is whole. Of the public images every tenth says more of its last
/// element than there is, among them all of Hue's, whose elements are encrypted with their lengths:
/// it is taken to the end where the file ends there, too. `problem` is a sentence without the file's name.
/// Errc::not_found   no identifier: not a Zigbee OTA file
/// Errc::truncated   the header promises more than there is
/// Errc::malformed   lengths contradict each other
[[nodiscard]] Result<Image> parse_image(ByteView file, std::string& problem);

}  // namespace waggle::ota
