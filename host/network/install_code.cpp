// OpenSSL 3 calls what is older than EVP deprecated; EVP loads its providers, 2 MB of them.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "network/install_code.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <openssl/aes.h>

namespace waggle::network {
namespace {

constexpr std::size_t block_size = 16, crc_size = 2;
constexpr std::size_t address_digits = 16;
constexpr std::size_t code_sizes[] = {6, 8, 12, 16};  ///< without CRC

struct Parts {
    std::string_view address, code;
};

bool is_alphanumeric(char c) noexcept {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// The letters and digits that `text` begins with.
std::string_view word(std::string_view text) noexcept {
    const auto end = std::find_if_not(text.begin(), text.end(), is_alphanumeric);
    return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

bool skip(std::string_view& text, std::string_view prefix) noexcept {
    if (!text.starts_with(prefix))
        return false;
    text.remove_prefix(prefix.size());
    return true;
}

/// Exactly 16 letters and digits, which are taken off.
std::optional<std::string_view> take_address(std::string_view& text) noexcept {
    const auto address = text.substr(0, address_digits);
    if (word(address).size() != address_digits)
        return std::nullopt;
    text.remove_prefix(address_digits);
    return address;
}

std::optional<Parts> parts_from(std::string_view text, std::string_view separator) noexcept {
    const auto address = take_address(text);
    if (!address || !skip(text, separator) || word(text).empty())
        return std::nullopt;
    return Parts{*address, word(text)};
}

/// …<mark><address>$I:<code>…, at whichever mark it fits.
std::optional<Parts> marked(std::string_view text, std::string_view mark) noexcept {
    for (auto at = text.find(mark); at != std::string_view::npos; at = text.find(mark, at + 1))
        if (const auto parts = parts_from(text.substr(at + mark.size()), "$I:"))
            return parts;
    return std::nullopt;
}

std::optional<Parts> barred(std::string_view text) noexcept {
    skip(text, "|");
    const auto parts = parts_from(text, "|");
    if (!parts)
        return std::nullopt;
    const auto rest = text.substr(address_digits + 1 + parts->code.size());
    return rest.empty() || rest == "|" ? parts : std::nullopt;
}

std::optional<Parts> aqara(std::string_view text) noexcept {
    if (!skip(text, "G$M:") || text.empty())
        return std::nullopt;
    const auto parts = marked(text.substr(1), "$A:");
    return parts && text.ends_with(parts->code) ? parts : std::nullopt;
}

std::optional<Parts> hue(std::string_view text) noexcept {
    if (!skip(text, "HUE:Z:"))
        return std::nullopt;
    const auto code = word(text);
    text.remove_prefix(code.size());
    if (code.empty() || !skip(text, " M:"))
        return std::nullopt;
    const auto address = take_address(text);
    return address ? std::optional(Parts{*address, code}) : std::nullopt;
}

std::optional<Parts> of_fixed_length(std::string_view text) noexcept {
    constexpr std::size_t with_crc = 95, without = 91, before_code = 3;
    if (text.size() != with_crc && text.size() != without)
        return std::nullopt;
    const std::size_t begin = text.size() - (text.size() == with_crc ? 36 : 32);
    return Parts{text.substr(begin - before_code - address_digits, address_digits),
                 text.substr(begin)};
}

std::optional<Parts> parts_of(std::string_view text) noexcept {
    if (const auto parts = marked(text, "Z:"))
        return parts;
    for (const auto form : {barred, aqara, hue, of_fixed_length})
        if (const auto parts = form(text))
            return parts;
    return std::nullopt;
}

/// The code with its CRC, from what was typed.
Result<InstallCode> completed(InstallCode code) {
    const auto is_size = [](std::size_t size) {
        return std::ranges::find(code_sizes, size) != std::end(code_sizes);
    };
    auto size = code.given.size();
    // 8 octets are a code of 6 with its CRC or one of 8 without: the first is what labels have.
    const bool has_crc = size > crc_size && is_size(size - crc_size);
    if (!has_crc && !is_size(size))
        return Errc::invalid_value;
    if (has_crc)
        size -= crc_size;
    code.code.assign(code.given.begin(), code.given.begin() + static_cast<std::ptrdiff_t>(size));
    ByteWriter(code.code).u16(crc16_x25(ByteView(code.given).first(size)));
    if (!has_crc)
        code.crc = InstallCode::Crc::was_missing;
    else if (code.code != code.given)
        code.crc = InstallCode::Crc::was_wrong;
    return code;
}

void hash_block(std::array<std::uint8_t, block_size>& hash, const std::uint8_t* block) {
    AES_KEY key;
    AES_set_encrypt_key(hash.data(), 128, &key);
    AES_encrypt(block, hash.data(), &key);
    for (std::size_t i = 0; i < block_size; ++i)
        hash[i] ^= block[i];
}

}  // namespace

std::uint16_t crc16_x25(ByteView bytes) noexcept {
    std::uint16_t crc = 0xFFFF;
    for (const auto byte : bytes) {
        crc = static_cast<std::uint16_t>(crc ^ byte);
        for (int bit = 0; bit < 8; ++bit)
            crc = static_cast<std::uint16_t>((crc & 1) ? (crc >> 1) ^ 0x8408 : crc >> 1);
    }
    return static_cast<std::uint16_t>(~crc);
}

std::array<std::uint8_t, 16> aes_mmo(ByteView message) {
    // A one bit, zeros, and the length in bits, so that whole blocks come out.
    Bytes padded(message.begin(), message.end());
    padded.push_back(0x80);
    while (padded.size() % block_size != block_size - 2)
        padded.push_back(0);
    const auto bits = message.size() * 8;
    padded.push_back(static_cast<std::uint8_t>(bits >> 8));
    padded.push_back(static_cast<std::uint8_t>(bits));
    std::array<std::uint8_t, block_size> hash{};
    for (std::size_t at = 0; at < padded.size(); at += block_size)
        hash_block(hash, padded.data() + at);
    return hash;
}

Result<InstallCode> parse_install_code(std::string_view text, std::string& problem) {
    const auto parts = parts_of(text);
    if (!parts) {
        problem = fmt::format(
            "Unsupported install code, got {} chars, expected 95 or 91 chars, or known format",
            text.size());
        return Errc::malformed;
    }
    InstallCode code;
    const auto ieee = Ieee::parse("0x" + std::string(parts->address));
    const auto bytes = from_hex(parts->code);
    if (!ieee || !bytes) {
        problem = fmt::format(
            "The {} of the install code has letters that are no hexadecimal "
            "digits, or an odd number of them",
            ieee ? "secret" : "address");
        return Errc::malformed;
    }
    code.ieee = *ieee;
    code.given = *bytes;
    auto result = completed(std::move(code));
    if (!result)
        problem = fmt::format(
            "An install code of {} octets has an invalid size; it has 6, 8, 12 or "
            "16, with or without the 2 of its CRC",
            bytes->size());
    return result;
}

}  // namespace waggle::network
