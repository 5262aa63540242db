#include "mqtt/server_url.hpp"

#include <charconv>

#include "base/bytes.hpp"

namespace waggle::mqtt {
namespace {

constexpr std::string_view allowed =
    "allowed are mqtt://host, tcp://host (port 1883), mqtts://host, ssl://host and tls://host "
    "(port 8883), each with an optional :port";

std::string percent_decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = text[i] == '%' && i + 2 < text.size() ? from_hex(text.substr(i + 1, 2))
                                                                : Errc::malformed;
        if (byte && byte->size() == 1) {
            out += static_cast<char>(byte->front());
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

bool read_port(std::string_view text, std::uint16_t& port) {
    const auto result = std::from_chars(text.data(), text.data() + text.size(), port);
    return result.ec == std::errc{} && result.ptr == text.data() + text.size() && port != 0;
}

/// "host", "host:port", "[v6]" or "[v6]:port".
bool read_host(std::string_view text, ServerUrl& url) {
    std::string_view port;
    bool has_port = false;
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == std::string_view::npos)
            return false;
        url.host = text.substr(1, end - 1);
        auto rest = text.substr(end + 1);
        has_port = !rest.empty();
        if (has_port && rest.front() != ':')
            return false;
        port = has_port ? rest.substr(1) : rest;
    } else {
        const auto colon = text.find(':');
        url.host = text.substr(0, colon);
        has_port = colon != std::string_view::npos;
        port = has_port ? text.substr(colon + 1) : std::string_view();
    }
    if (url.host.empty() || url.host.find_first_of(" \t[]@") != std::string::npos)
        return false;
    return !has_port || read_port(port, url.port);
}

}  // namespace

std::string ServerUrl::text() const {
    const auto shown = host.find(':') == std::string::npos ? host : "[" + host + "]";
    return std::string(tls ? "mqtts" : "mqtt") + "://" + shown + ":" + std::to_string(port);
}

std::optional<ServerUrl> parse_server_url(std::string_view text, std::string& problem) {
    const auto separator = text.find("://");
    const auto scheme = text.substr(0, separator);
    if (scheme == "ws" || scheme == "wss") {
        problem =
            "mqtt.server: websockets (" + std::string(scheme) +
            "://) are not supported by the MQTT library of this system; use the broker's MQTT "
            "port: " +
            std::string(allowed);
        return std::nullopt;
    }
    ServerUrl url;
    url.tls = scheme == "mqtts" || scheme == "ssl" || scheme == "tls";
    url.port = url.tls ? 8883 : 1883;
    const bool is_known = url.tls || scheme == "mqtt" || scheme == "tcp";
    auto rest =
        separator == std::string_view::npos ? std::string_view() : text.substr(separator + 3);
    rest = rest.substr(0, rest.find_first_of("/?#"));
    if (const auto at = rest.rfind('@'); at != std::string_view::npos) {
        const auto credentials = rest.substr(0, at);
        const auto colon = credentials.find(':');
        url.user = percent_decoded(credentials.substr(0, colon));
        if (colon != std::string_view::npos)
            url.password = percent_decoded(credentials.substr(colon + 1));
        rest.remove_prefix(at + 1);
    }
    if (!is_known || !read_host(rest, url)) {
        problem = "mqtt.server is not an address of a broker; " + std::string(allowed);
        return std::nullopt;
    }
    return url;
}

}  // namespace waggle::mqtt
