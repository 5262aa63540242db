#include "coordinator/registry.hpp"

#include <algorithm>
#include <filesystem>

#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include "base/log.hpp"
#include "coordinator/mdns.hpp"
#include "coordinator/usb.hpp"
#include "coordinator/znp/family.hpp"

namespace waggle {
namespace {

constexpr std::string_view ns = "coordinator";
constexpr const char* by_id = "/dev/serial/by-id";

constexpr Family families[] = {
    {"zstack", "TI Z-Stack (ZNP)", znp::probe, znp::make},
};

/// Other values of serial.adapter that a zigbee2mqtt configuration may hold.
constexpr std::string_view known_elsewhere[] = {"ember",  "ezsp",  "deconz",
                                                "zigate", "zboss", "zoh"};

std::string supported() {
    std::string list;
    for (const auto& family : families)
        list += fmt::format("{}{} ({})", list.empty() ? "" : ", ", family.adapter, family.name);
    return list;
}

const Family* find(std::string_view adapter) {
    const auto* family = std::ranges::find(families, adapter, &Family::adapter);
    return family == std::end(families) ? nullptr : family;
}

std::string canonical(const std::string& path) {
    std::error_code error;
    auto real = std::filesystem::canonical(path, error);
    return error ? path : real.string();
}

/// With no port configured: the best adapter that this program supports.
Result<void> choose_port(CoordinatorOptions& options, const std::string& directory,
                         std::string& problem) {
    const auto adapters = find_usb_adapters(directory);
    for (const auto& adapter : adapters) {
        if (!find(adapter.match.family) ||
            (!options.adapter.empty() && options.adapter != adapter.match.family))
            continue;
        log::info(ns, "Found {} ({}) on {}", adapter.match.name, adapter.match.family,
                  adapter.port);
        options.port = adapter.port;
        options.adapter = adapter.match.family;
        return {};
    }
    problem = fmt::format(
        "No coordinator was found in {}. Plug one in, or set serial.port to a device path or "
        "tcp://<host>:<port>",
        directory);
    if (!adapters.empty()) {
        const auto& other = adapters.front();
        problem = fmt::format(
            "The only coordinator found is {} on {}, of the family '{}'. "
            "Supported are: {}",
            other.match.name, other.port, other.match.family, supported());
    }
    return Errc::not_found;
}

void recognise_port(CoordinatorOptions& options, const std::string& directory) {
    const auto device = canonical(options.port);
    for (const auto& adapter : find_usb_adapters(directory)) {
        if (adapter.device != device && adapter.port != options.port)
            continue;
        log::info(ns, "{} is {} ({})", options.port, adapter.match.name, adapter.match.family);
        options.adapter = adapter.match.family;
        return;
    }
}

}  // namespace

Result<const Family*> find_family(std::string_view adapter, std::string& problem) {
    if (const auto* family = find(adapter))
        return family;
    const bool elsewhere = std::ranges::find(known_elsewhere, adapter) != std::end(known_elsewhere);
    if (elsewhere) {
        problem = fmt::format(
            "The adapter family '{}' works with zigbee2mqtt but is not supported by this program. "
            "Supported are: {}",
            adapter, supported());
        return Errc::unsupported;
    }
    problem =
        fmt::format("serial.adapter '{}' is not known. Supported are: {}", adapter, supported());
    return Errc::not_found;
}

Result<void> choose_adapter(CoordinatorOptions& options, const std::string& directory,
                            std::string& problem) {
    if (options.adapter == "auto")
        options.adapter.clear();
    if (!options.adapter.empty()) {
        if (const auto family = find_family(options.adapter, problem); !family)
            return family.error();
    }
    if (options.port.empty())
        return choose_port(options, directory, problem);
    if (options.adapter.empty() && options.port.find("://") == std::string::npos)
        recognise_port(options, directory);
    if (!options.adapter.empty()) {
        if (const auto family = find_family(options.adapter, problem); !family)
            return family.error();
    }
    return {};
}

Awaitable<Result<std::unique_ptr<Coordinator>>> make_coordinator(CoordinatorOptions options,
                                                                 Coordinator::Listener& listener,
                                                                 std::string& problem) {
    problem.clear();
    if (options.port.starts_with(mdns_scheme)) {
        const auto found = co_await resolve_mdns(options, problem);
        if (!found)
            co_return found.error();
    }
    auto chosen = choose_adapter(options, by_id, problem);
    if (!chosen)
        co_return chosen.error();
    const auto executor = co_await boost::asio::this_coro::executor;
    for (const auto& family : families) {
        bool is_it = family.adapter == options.adapter;
        if (options.adapter.empty())
            is_it = co_await family.probe(options);
        if (!is_it)
            continue;
        auto made = family.make(executor, std::move(options), listener);
        co_return made;
    }
    problem = fmt::format(
        "Nothing on {} answers as a coordinator that this program supports. Check serial.port and "
        "serial.baudrate, or set serial.adapter. Supported are: {}",
        options.port, supported());
    co_return Errc::not_found;
}

std::vector<FoundAdapter> find_adapters(const std::string& directory) {
    std::vector<FoundAdapter> found;
    for (auto& adapter : find_usb_adapters(directory))
        found.push_back({std::move(adapter.port), std::string(adapter.match.family),
                         std::string(adapter.match.name)});
    std::ranges::stable_partition(found,
                                  [](const auto& entry) { return find(entry.adapter) != nullptr; });
    return found;
}

}  // namespace waggle
