#pragma once

#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "engine/engine.hpp"
#include "engine/entities.hpp"
#include "engine/outbox.hpp"
#include "engine/state_cache.hpp"
#include "network/network.hpp"
#include "store/configuration.hpp"

/// What the parts of the engine share.
namespace waggle::engine {

struct Core {
    Core(boost::asio::any_io_executor the_executor, Network& the_network,
         store::ConfigurationStore& the_configuration, Outbox& the_outbox, std::string state_path)
        : executor(std::move(the_executor)),
          network(the_network),
          configuration(the_configuration),
          outbox(the_outbox),
          entities(the_network, the_configuration),
          cache(std::move(state_path)) {}

    const store::Settings& settings() const noexcept { return configuration.settings(); }

    boost::asio::any_io_executor executor;
    Network& network;
    store::ConfigurationStore& configuration;
    Outbox& outbox;
    Entities entities;
    StateCache cache;
    std::vector<Events*> listeners;
    plugin::PluginHost* plugins = nullptr;  ///< absent until attached
};

}  // namespace waggle::engine
