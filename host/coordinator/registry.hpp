#pragma once

#include <string_view>

#include <boost/asio/any_io_executor.hpp>

#include "coordinator/coordinator.hpp"

/// The coordinator families: one row each in registry.cpp. make_coordinator() and find_adapters()
/// are declared in coordinator.hpp.
namespace waggle {

struct Family {
    std::string_view adapter;  ///< serial.adapter
    std::string_view name;
    /// Whether such a radio answers on the port.
    Awaitable<bool> (*probe)(CoordinatorOptions options);
    std::unique_ptr<Coordinator> (*make)(boost::asio::any_io_executor executor,
                                         CoordinatorOptions options,
                                         Coordinator::Listener& listener);
};

/// Errc::not_found for names that nobody knows, Errc::unsupported for the families that only
/// zigbee2mqtt supports; both with a sentence.
[[nodiscard]] Result<const Family*> find_family(std::string_view adapter, std::string& problem);

/// Completes `options` (port and adapter) as far as that can be told without opening a port: by
/// what is configured and by the USB identities in `directory`. The adapter stays empty when it has
/// to be asked.
[[nodiscard]] Result<void> choose_adapter(CoordinatorOptions& options, const std::string& directory,
                                          std::string& problem);

}  // namespace waggle
