#include "coordinator/transport.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "coordinator/link_types.hpp"

namespace waggle {

Result<TcpAddress> parse_tcp_address(std::string_view url) {
    const auto scheme = url.find("://");
    if (scheme == std::string_view::npos)
        return Errc::malformed;
    url.remove_prefix(scheme + 3);
    while (url.ends_with('/'))
        url.remove_suffix(1);
    const auto colon = url.rfind(':');
    if (colon == std::string_view::npos || colon == 0)
        return Errc::malformed;
    auto host = url.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']'))
        host = host.substr(1, host.size() - 2);
    const auto digits = url.substr(colon + 1);
    TcpAddress address;
    const auto* const end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, address.port);
    if (host.empty() || error != std::errc{} || stop != end || address.port == 0)
        return Errc::malformed;
    address.host = host;
    return address;
}

Result<std::unique_ptr<Transport>> make_transport(boost::asio::any_io_executor executor,
                                                  const LinkOptions& options,
                                                  std::string& problem) {
    const std::string_view port = options.port;
    if (port.starts_with("tcp://") || port.starts_with("socket://")) {
        auto address = parse_tcp_address(port);
        if (!address) {
            problem = fmt::format("serial.port '{}' is not of the form tcp://<host>:<port>", port);
            return address.error();
        }
        return make_tcp_transport(std::move(executor), std::move(*address));
    }
    if (port.find("://") != std::string_view::npos) {
        problem = fmt::format(
            "serial.port '{}' is not supported: use a device path such as /dev/serial/by-id/... or "
            "tcp://<host>:<port>",
            port);
        return Errc::unsupported;
    }
    return make_serial_transport(std::move(executor), options);
}

}  // namespace waggle
