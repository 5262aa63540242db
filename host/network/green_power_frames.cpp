#include "network/green_power_frames.hpp"

#include <algorithm>
#include <memory>

#include <openssl/evp.h>

#include "zigbee/zcl_frame.hpp"

namespace waggle::network::gp {

namespace {

constexpr std::uint8_t notification_command = 0x00, commissioning_notification_command = 0x04;
constexpr std::uint8_t pairing_command = 0x01, mode_command = 0x02, response_command = 0x06;
constexpr std::size_t fields_end = 15;  ///< header, options, source, counter, command, size
constexpr std::uint8_t full_encryption = 3;
constexpr std::uint16_t failed_bit = 0x200;  ///< of a commissioning notification: not decrypted
constexpr Key well_known_key = {'Z', 'i', 'g', 'B', 'e', 'e', 'A', 'l',
                                'l', 'i', 'a', 'n', 'c', 'e', '0', '9'};

std::uint8_t security_level(const Notification& notification) noexcept {
    return (notification.options >> (notification.commissioning ? 4 : 6)) & 0x03;
}

bool has_proxy(const Notification& notification) noexcept {
    return notification.options & (notification.commissioning ? 0x800 : 0x4000);
}

bool has_check_code(const Notification& notification) noexcept {
    return notification.commissioning && (notification.options & failed_bit);
}

ByteWriter begin(Bytes& out, std::uint8_t sequence, std::uint8_t command) {
    zcl::Header header;
    header.type = zcl::FrameType::cluster;
    header.direction = zcl::Direction::server_to_client;
    header.disable_default_response = true;
    header.sequence = sequence;
    header.command = command;
    ByteWriter writer(out);
    zcl::write_header(writer, header);
    return writer;
}

/// The CCM* nonce of Green Power [A.1.5.4.2]: source twice, then the counter (of a key: the source
/// again), then the security control.
std::array<std::uint8_t, 13> nonce_of(std::uint32_t source, std::uint32_t counter) noexcept {
    std::array<std::uint8_t, 13> nonce{};
    for (std::size_t i = 0; i < 4; ++i) {
        nonce[i] = nonce[i + 4] = static_cast<std::uint8_t>(source >> (8 * i));
        nonce[i + 8] = static_cast<std::uint8_t>(counter >> (8 * i));
    }
    nonce[12] = 0x05;
    return nonce;
}

/// CCM's encryption without its check code is counter mode that starts at 1 [RFC 3610 2.3].
bool crypt(const Key& key, std::uint32_t source, std::uint32_t counter, ByteView in,
           std::uint8_t* out) {
    std::array<std::uint8_t, 16> start{};
    start[0] = 0x01;
    const auto nonce = nonce_of(source, counter);
    std::copy(nonce.begin(), nonce.end(), start.begin() + 1);
    start[15] = 0x01;
    const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(
        EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
    int length = 0;
    return context &&
           EVP_EncryptInit_ex(context.get(), EVP_aes_128_ctr(), nullptr, key.data(),
                              start.data()) == 1 &&
           EVP_EncryptUpdate(context.get(), out, &length, in.data(), static_cast<int>(in.size())) ==
               1 &&
           length == static_cast<int>(in.size());
}

}  // namespace

bool Notification::is_encrypted() const noexcept {
    return security_level(*this) == full_encryption && (!commissioning || (options & failed_bit));
}

Parsed parse(ByteView frame) noexcept {
    Parsed parsed;
    ByteReader in(frame);
    const auto header = zcl::read_header(in);
    if (!header || header->type != zcl::FrameType::cluster || header->manufacturer ||
        header->direction != zcl::Direction::client_to_server)
        return parsed;
    auto& notification = parsed.notification;
    notification.commissioning = header->command == commissioning_notification_command;
    if (!notification.commissioning && header->command != notification_command)
        return parsed;
    parsed.is_notification = true;
    notification.options = in.u16();
    if ((notification.options & 0x07) != 0)
        return parsed;
    notification.source = in.u32();
    notification.frame_counter = in.u32();
    notification.command = in.u8();
    const auto size = in.u8();
    // Encrypted payloads may be longer than the size says: it ends where the trailer begins.
    const std::size_t trailer =
        (has_proxy(notification) ? 3u : 0u) + (has_check_code(notification) ? 4u : 0u);
    if (notification.is_encrypted())
        notification.payload = in.bytes(in.left() >= trailer ? in.left() - trailer : in.left());
    else
        notification.payload = in.bytes(size == 0xFF ? 0 : size);
    if (has_proxy(notification)) {
        notification.proxy = in.u16();
        in.u8();  // link quality and signal strength
    }
    parsed.supported = !in.failed();
    return parsed;
}

Result<Commissioning> parse_commissioning(ByteView payload) {
    ByteReader in(payload);
    Commissioning command;
    command.device_id = in.u8();
    command.options = in.u8();
    if (command.options & 0x80)
        command.extended_options = in.u8();
    if (command.extended_options & 0x20) {
        const auto key = in.bytes(command.key.size());
        std::copy(key.begin(), key.end(), command.key.begin());
    }
    if (command.extended_options & 0x40)
        in.u32();  // the key's check code
    if (command.extended_options & 0x80)
        command.outgoing_counter = in.u32();
    if (in.failed())
        return Errc::truncated;
    return command;
}

std::optional<Key> encrypt_key(std::uint32_t source, const Key& key) {
    Key encrypted{};
    if (!crypt(well_known_key, source, source, key, encrypted.data()))
        return std::nullopt;
    return encrypted;
}

std::optional<Bytes> decrypt(ByteView frame, const Notification& notification, const Key& key) {
    const auto used = encrypt_key(notification.source, key);
    if (!used || frame.size() < fields_end + notification.payload.size())
        return std::nullopt;
    Bytes sealed{notification.command};
    sealed.insert(sealed.end(), notification.payload.begin(), notification.payload.end());
    Bytes open(sealed.size());
    if (open.size() > 0x100 ||
        !crypt(*used, notification.source, notification.frame_counter, sealed, open.data()))
        return std::nullopt;

    Bytes plain(frame.begin(), frame.end());
    const auto options = notification.commissioning ? notification.options & ~0x30 & ~failed_bit
                                                    : notification.options & ~0xC0;
    plain[3] = static_cast<std::uint8_t>(options);
    plain[4] = static_cast<std::uint8_t>(options >> 8);
    plain[fields_end - 2] = open[0];
    plain[fields_end - 1] = static_cast<std::uint8_t>(open.size() - 1);
    std::copy(open.begin() + 1, open.end(), plain.begin() + fields_end);
    return plain;
}

Bytes pairing(std::uint8_t sequence, const Pairing& pairing) {
    const auto bit = [](bool set, unsigned place) {
        return static_cast<std::uint32_t>(set ? 1u << place : 0u);
    };
    const std::uint32_t options =
        bit(pairing.add, 3) | bit(pairing.remove, 4) | (pairing.mode & 0x03u) << 5 |
        bit(pairing.fixed, 7) | bit(pairing.sequence_capable, 8) |
        (pairing.security_level & 0x03u) << 9 | (pairing.key_type & 0x07u) << 11 |
        bit(pairing.frame_counter.has_value(), 14) | bit(pairing.key.has_value(), 15);
    Bytes out;
    auto writer = begin(out, sequence, pairing_command);
    writer.u24(options).u32(pairing.source);
    if (!pairing.remove && pairing.mode == 3)
        writer.u64(pairing.sink.value()).u16(nwk_coordinator);
    else if (!pairing.remove)
        writer.u16(group);
    if (pairing.add)
        writer.u8(pairing.device_id);
    if (pairing.frame_counter)
        writer.u32(*pairing.frame_counter);
    if (pairing.key)
        writer.bytes(*pairing.key);
    return out;
}

Bytes removal(std::uint8_t sequence, std::uint32_t source) {
    constexpr std::uint32_t remove_encrypted = 0x002550;  // as zigbee2mqtt sends it
    Bytes out;
    begin(out, sequence, pairing_command).u24(remove_encrypted).u32(source);
    return out;
}

Bytes commissioning_mode(std::uint8_t sequence, std::uint8_t seconds, bool unicast) {
    constexpr std::uint8_t window_present = 0x02, exit_on_first_pairing = 0x08;
    const auto options = static_cast<std::uint8_t>((seconds != 0 ? 0x01 : 0x00) | window_present |
                                                   exit_on_first_pairing | (unicast ? 0x20 : 0x00));
    Bytes out;
    begin(out, sequence, mode_command).u8(options).u16(seconds);
    return out;
}

Bytes response(std::uint8_t sequence, NwkAddress proxy, std::uint8_t channel_index,
               std::uint32_t source, std::uint8_t command, std::uint8_t value) {
    Bytes out;
    begin(out, sequence, response_command)
        .u8(0)
        .u16(proxy)
        .u8(channel_index)
        .u32(source)
        .u8(command)
        .u8(1)  // octets that follow
        .u8(value);
    return out;
}

}  // namespace waggle::network::gp
