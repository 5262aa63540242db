#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/async.hpp"
#include "coordinator/coordinator.hpp"

/// Network coordinators that announce themselves: `serial.port: mdns://slzb-06` is whoever offers the
/// service `_slzb-06._tcp` [RFC 6763], with `radio_type` (znp, ezsp, …) among its texts. Asked of the
/// Avahi daemon; a build without libavahi-client says so in a sentence.
namespace waggle {

inline constexpr std::string_view mdns_scheme = "mdns://";

struct MdnsService {
    std::string address;  ///< numeric; IPv6 without brackets
    std::uint16_t port = 0;
    std::string radio_type;
};

/// "mdns://slzb-06" -> "_slzb-06._tcp". Errc::malformed for what names no service.
[[nodiscard]] Result<std::string> mdns_service_type(std::string_view port);

/// The port becomes tcp://address:port, and the adapter what the service says unless it is configured.
[[nodiscard]] Result<void> use_mdns_service(CoordinatorOptions& options, const MdnsService& service,
                                            std::string& problem);

/// Looks for the service for two seconds. `options` and `problem` must outlive the call.
/// Errc::not_found, Errc::unsupported (no Avahi), Errc::malformed; each with a sentence.
[[nodiscard]] Awaitable<Result<void>> resolve_mdns(CoordinatorOptions& options,
                                                   std::string& problem);

}  // namespace waggle
