#include "coordinator/mdns.hpp"

#include <algorithm>
#include <cctype>
#include <functional>
#include <stop_token>
#include <utility>

#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include "base/background.hpp"
#include "base/log.hpp"
#include "coordinator/mdns_browse.hpp"

namespace waggle {
namespace {

constexpr auto ns = "coordinator";
constexpr std::chrono::milliseconds look_for{2000};

/// What coordinators call themselves, where that is not zigbee2mqtt's name.
std::string adapter_of(std::string_view radio_type) {
    if (radio_type == "znp")
        return "zstack";
    return std::string(radio_type == "ezsp" ? "ember" : radio_type);
}

}  // namespace

Result<std::string> mdns_service_type(std::string_view port) {
    const auto name = port.substr(std::min(mdns_scheme.size(), port.size()));
    constexpr std::size_t longest = 15;  // [RFC 6335 5.1], most devices keep to it
    const bool fits = !name.empty() && name.size() <= 4 * longest &&
                      std::ranges::all_of(name, [](unsigned char c) {
                          return std::isalnum(c) != 0 || c == '-' || c == '_';
                      });
    if (!port.starts_with(mdns_scheme) || !fits)
        return Errc::malformed;
    return fmt::format("_{}._tcp", name);
}

Result<void> use_mdns_service(CoordinatorOptions& options, const MdnsService& service,
                              std::string& problem) {
    if (service.port == 0 || service.radio_type.empty()) {
        problem = fmt::format(
            "What answers for {} gives no port or no `radio_type`; set serial.port to "
            "tcp://<host>:<port> and serial.adapter",
            options.port);
        return Errc::malformed;
    }
    const bool is_v6 = service.address.find(':') != std::string::npos;
    options.port = fmt::format(fmt::runtime(is_v6 ? "tcp://[{}]:{}" : "tcp://{}:{}"),
                               service.address, service.port);
    if (options.adapter.empty() || options.adapter == "auto")
        options.adapter = adapter_of(service.radio_type);
    return {};
}

Awaitable<Result<void>> resolve_mdns(CoordinatorOptions& options, std::string& problem) {
    const auto type = mdns_service_type(options.port);
    if (!type) {
        problem = fmt::format("serial.port '{}' names no service: mdns://<name>", options.port);
        co_return type.error();
    }
    log::info(ns, "Looking for a coordinator that offers {}", *type);
    const auto executor = co_await boost::asio::this_coro::executor;
    Background background;
    std::function<MdnsAnswer(std::stop_token)> look = [type = *type](std::stop_token stop) {
        return browse_mdns(type, look_for, std::move(stop));
    };
    auto answer = co_await background.run<MdnsAnswer>(executor, std::move(look), look_for * 2);
    if (!answer)
        co_return answer.error();
    if (!answer->service) {
        problem = fmt::format("{}: {}", options.port, answer->problem);
        co_return answer->error;
    }
    const auto used = use_mdns_service(options, *answer->service, problem);
    if (used)
        log::info(ns, "Found {} ({})", options.port, options.adapter);
    co_return used;
}

}  // namespace waggle
