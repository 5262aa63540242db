#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// mqtt.server of the configuration, taken apart.
namespace waggle::mqtt {

struct ServerUrl {
    std::string host;  ///< without brackets
    std::uint16_t port = 1883;
    bool tls = false;
    std::string user, password;  ///< from user:password@, percent signs decoded

    std::string text() const;  ///< "mqtts://host:8883", no credentials
};

/// mqtt:// and tcp:// (port 1883), mqtts://, ssl:// and tls:// (port 8883). The sentence in
/// `problem` says what is allowed.
std::optional<ServerUrl> parse_server_url(std::string_view text, std::string& problem);

}  // namespace waggle::mqtt
