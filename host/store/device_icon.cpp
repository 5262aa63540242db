#include "store/device_icon.hpp"

#include <algorithm>
#include <array>

#include <openssl/evp.h>

#include "base/bytes.hpp"
#include "store/atomic_file.hpp"

namespace waggle::store {
namespace {

std::string md5(std::string_view text) {
    std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_md5(), nullptr);
    return to_hex({digest.data(), length});
}

/// Nothing when it is not base64.
std::optional<std::string> decoded(std::string_view text) {
    if (text.empty() || text.size() % 4 != 0)
        return std::nullopt;
    std::string bytes(text.size() / 4 * 3, '\0');
    const auto length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                        reinterpret_cast<const unsigned char*>(text.data()),
                                        static_cast<int>(text.size()));
    if (length < 0)
        return std::nullopt;
    const auto padding = text.size() - 1 - text.find_last_not_of('=');
    bytes.resize(static_cast<std::size_t>(length) - std::min<std::size_t>(padding, 2));
    return bytes;
}

/// The extension becomes part of a file name.
bool is_extension(std::string_view text) {
    return !text.empty() && text.size() <= 16 && text.front() != '.' &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '+' || c == '-' || c == '.';
           });
}

}  // namespace

Outcome<std::optional<std::string>> save_device_icon(const std::filesystem::path& data_directory,
                                                     std::string_view icon) {
    constexpr std::string_view prefix = "data:image/", middle = ";base64,";
    const auto split = icon.find(middle);
    if (!icon.starts_with(prefix) || split == std::string_view::npos)
        return std::optional<std::string>();
    const auto extension = icon.substr(prefix.size(), split - prefix.size());
    const auto data = icon.substr(split + middle.size());
    const auto image = decoded(data);
    if (!is_extension(extension) || !image)
        return fail("the icon is not an image in base64");
    const auto name = "device_icons/" + md5(data) + "." + std::string(extension);
    std::error_code error;
    std::filesystem::create_directories(data_directory / "device_icons", error);
    if (auto written = write_file(data_directory / name, *image); !written)
        return written.error();
    return std::optional(name);
}

}  // namespace waggle::store
