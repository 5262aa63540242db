#include "ota/image.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace waggle::ota {
namespace {

constexpr std::array<std::uint8_t, 4> identifier = {0x1E, 0xF1, 0xEE, 0x0B};
constexpr std::size_t text_length = 32;
constexpr std::size_t least_header = 56;
constexpr std::uint16_t with_credential = 1, with_destination = 2, with_hardware = 4;

constexpr std::pair<Tag, std::string_view> names[] = {
    {Tag::upgrade_image, "upgrade image"},
    {Tag::ecdsa_signature, "ECDSA signature"},
    {Tag::ecdsa_certificate, "ECDSA signing certificate"},
    {Tag::integrity_code, "image integrity code"},
    {Tag::picture_data, "picture data"},
    {Tag::ecdsa_signature_2, "ECDSA signature (suite 2)"},
    {Tag::ecdsa_certificate_2, "ECDSA signing certificate (suite 2)"},
    {Tag::telink_aes, "Telink AES"},
    {Tag::ikea_1, "IKEA 0xFFBE"},
    {Tag::ikea_2, "IKEA 0xFFBF"},
};

std::string text_of(ByteView field) {
    auto text = as_text(field);
    text = text.substr(0, text.find('\0'));
    while (text.ends_with(' '))
        text.remove_suffix(1);
    return std::string(text);
}

void read_optional_fields(ByteReader& in, ImageHeader& header) {
    if (header.field_control & with_credential)
        header.security_credential = in.u8();
    if (header.field_control & with_destination)
        header.destination = Ieee(in.u64());
    if (header.field_control & with_hardware) {
        ImageHeader::HardwareVersions hardware;
        hardware.least = in.u16();
        hardware.most = in.u16();
        header.hardware = hardware;
    }
}

/// One element. A length beyond the image is what makers write who encrypt all that follows their
/// header, or count octets in that way: where image and file end together, the rest is the element.
Result<Element> read_element(ByteReader& in, bool ends_file, std::string& problem) {
    const auto left = in.left();
    Element element;
    element.tag = static_cast<Tag>(in.u16());
    const auto length = in.u32();
    if (element.tag == Tag::telink_aes)
        in.u16();
    element.is_cut = length > in.left();
    if (in.failed() || (element.is_cut && !ends_file)) {
        problem = fmt::format(
            "the element with tag {:#06x}, {} octets before the image's end, says that "
            "it has {}",
            static_cast<unsigned>(element.tag), left, length);
        return Errc::malformed;
    }
    element.data = in.bytes(std::min<std::size_t>(length, in.left()));
    return element;
}

/// From the end of the header to the end of the image, without a gap.
Result<std::vector<Element>> read_elements(ByteView image, std::size_t header_length,
                                           bool ends_file, std::string& problem) {
    std::vector<Element> elements;
    ByteReader in(image.subspan(header_length));
    while (!in.empty()) {
        auto element = read_element(in, ends_file, problem);
        if (!element)
            return element.error();
        elements.push_back(std::move(*element));
    }
    return elements;
}

Result<Image> image_at(ByteView file, std::size_t offset, std::string& problem) {
    const auto rest = file.subspan(offset);
    auto header = read_image_header(rest, problem);
    if (!header)
        return header.error();
    if (header->total_size > rest.size()) {
        problem = fmt::format(
            "the header says that the image has {} octets, but only {} follow: it was cut off",
            header->total_size, rest.size());
        return Errc::truncated;
    }
    Image image;
    image.bytes = rest.first(header->total_size);
    const bool ends_file = image.bytes.size() == rest.size();
    auto elements = read_elements(image.bytes, header->header_length, ends_file, problem);
    if (!elements)
        return elements.error();
    image.header = std::move(*header);
    image.elements = std::move(*elements);
    image.before = offset;
    image.after = rest.size() - image.bytes.size();
    return image;
}

}  // namespace

std::string_view to_string(Tag tag) noexcept {
    const auto* found = std::ranges::find(names, tag, &std::pair<Tag, std::string_view>::first);
    return found == std::end(names) ? std::string_view() : found->second;
}

Result<ImageHeader> read_image_header(ByteView bytes, std::string& problem) {
    ByteReader in(bytes);
    if (in.u32() != image_identifier) {
        problem = "it does not begin with the identifier of an OTA image";
        return Errc::not_found;
    }
    ImageHeader header;
    header.header_version = in.u16();
    header.header_length = in.u16();
    header.field_control = in.u16();
    header.manufacturer = in.u16();
    header.image_type = in.u16();
    header.file_version = in.u32();
    header.stack_version = in.u16();
    header.text = text_of(in.bytes(text_length));
    header.total_size = in.u32();
    read_optional_fields(in, header);
    if (in.failed()) {
        problem = fmt::format("its header is cut off after {} octets", bytes.size());
        return Errc::truncated;
    }
    const auto read = bytes.size() - in.left();
    if (header.header_length < std::max(read, least_header) ||
        header.header_length > header.total_size) {
        problem = fmt::format(
            "its header says that it has {} octets in an image of {}; its fields alone have {}",
            header.header_length, header.total_size, read);
        return Errc::malformed;
    }
    return header;
}

Result<Image> parse_image(ByteView file, std::string& problem) {
    problem = "it is no Zigbee OTA file: the identifier 0x0BEEF11E is nowhere in it";
    Result<Image> first = Errc::not_found;
    for (auto at = file.begin();; ++at) {
        at = std::search(at, file.end(), identifier.begin(), identifier.end());
        if (at == file.end())
            return first;
        // The four octets may stand in a container's own data by chance: the first that is whole counts,
        // and what is told is what was wrong with the first.
        std::string why;
        auto image = image_at(file, static_cast<std::size_t>(at - file.begin()), why);
        if (image)
            return image;
        if (first.error() == Errc::not_found) {
            first = image.error();
            problem = std::move(why);
        }
    }
}

}  // namespace waggle::ota
