#include <algorithm>
#include <charconv>

#include <waggle/sdk.hpp>

using namespace waggle;

/// Hue lights can be taken back from a network that is gone: whoever knows the serial number on the
/// lamp may tell it, without being in its network, to forget it.
namespace {

constexpr std::uint16_t pairing_cluster = 0x1000, signify = 0x100B;
constexpr std::uint8_t reset_request = 0x00;

template <class T>
void append(Bytes& out, T number) {
    for (std::size_t i = 0; i < sizeof(T); ++i)
        out.push_back(static_cast<std::uint8_t>(number >> (8 * i)));
}

/// Exactly so many hexadecimal digits.
std::optional<std::uint64_t> hexadecimal(std::string_view text, std::size_t digits) {
    std::uint64_t number = 0;
    const auto* const end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, number, 16);
    if (text.size() != digits || parsed.ec != std::errc() || parsed.ptr != end)
        return std::nullopt;
    return number;
}

/// {"serial_numbers": ["0a1b2c", …], "extended_pan_id"?: "0x…"}: the network the lights are for from
/// then on; this one unless it is given.
InterPanCommand factory_reset(const ValueView& parameters, std::uint64_t extended_pan_id) {
    constexpr std::size_t serial_digits = 6, pan_digits = 16, most = 10;
    if (const auto given = parameters["extended_pan_id"]; !given.is_null()) {
        const auto text = given.text().value_or("");
        const auto number =
            text.starts_with("0x") ? hexadecimal(text.substr(2), pan_digits) : std::nullopt;
        if (!number)
            throw Refused("extended_pan_id must be 0x and 16 hexadecimal digits");
        extended_pan_id = *number;
    }
    const auto serials = parameters["serial_numbers"];
    const auto count = serials.raw().kind == WG_ARRAY ? serials.size() : 0;
    constexpr auto wrong = "serial_numbers must be an array of 6-character hex strings";
    if (count == 0)
        throw Refused(wrong);
    Bytes payload;
    append(payload, extended_pan_id);
    payload.push_back(static_cast<std::uint8_t>(count));
    for (std::uint32_t i = 0; i < std::min<std::uint32_t>(count, most); ++i) {
        const auto number = hexadecimal(serials.at(i).text().value_or(""), serial_digits);
        if (!number)
            throw Refused(wrong);
        append(payload, static_cast<std::uint32_t>(*number));
    }
    if (count > most)
        throw Refused("serial_numbers must not be more than 10");
    return {.cluster = pairing_cluster,
            .manufacturer = signify,
            .command = reset_request,
            .payload = payload};
}

}  // namespace

WAGGLE_PLUGIN(.id = "org.waggle.philips", .name = "Philips Hue", .version = "0.1.0",
              .licence = "Apache-2.0", .actions = {{"philips_hue_factory_reset", factory_reset}});
