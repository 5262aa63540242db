#include <array>
#include <filesystem>
#include <memory>

#include <fmt/format.h>
#include <openssl/evp.h>

#include "base/bytes.hpp"
#include "bridge/requests/requests.hpp"
#include "store/atomic_file.hpp"

namespace waggle::bridge {
namespace {

/// The md5 sum names the file as zigbee2mqtt names it; it protects nothing.
std::string md5(std::string_view text) {
    Bytes sum(EVP_MAX_MD_SIZE);
    unsigned length = 0;
    if (EVP_Digest(text.data(), text.size(), sum.data(), &length, EVP_md5(), nullptr) != 1)
        return "";
    sum.resize(length);
    return to_hex(sum);
}

std::optional<std::string> from_base64(std::string_view text) {
    if (text.empty() || text.size() % 4 != 0)
        return std::nullopt;
    std::string out(text.size() / 4 * 3, '\0');
    const int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                       reinterpret_cast<const unsigned char*>(text.data()),
                                       static_cast<int>(text.size()));
    if (length < 0)
        return std::nullopt;
    std::size_t padding = 0;
    while (padding < 2 && text[text.size() - 1 - padding] == '=')
        ++padding;
    out.resize(static_cast<std::size_t>(length) - padding);
    return out;
}

}  // namespace

Field<std::optional<std::string>> save_icon(Context& context, std::string_view value) {
    constexpr std::string_view start = "data:image/", middle = ";base64,";
    const auto split = value.find(middle);
    if (!value.starts_with(start) || split == std::string_view::npos)
        return std::optional<std::string>();
    const auto extension = value.substr(start.size(), split - start.size());
    const bool plain = !extension.empty() && extension.size() <= 8 &&
                       extension.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789") ==
                           std::string_view::npos;
    const auto data = value.substr(split + middle.size());
    const auto image = plain ? from_base64(data) : std::nullopt;
    if (!image)
        return failure("The icon is not a base64 image");

    const auto name = fmt::format("device_icons/{}.{}", md5(data), extension);
    const auto path = context.configuration.data_directory() / name;
    std::error_code error;
    std::filesystem::create_directories(path.parent_path(), error);
    if (const auto written = store::write_file(path, *image); !written)
        return written.error();
    return std::optional<std::string>(name);
}

}  // namespace waggle::bridge
