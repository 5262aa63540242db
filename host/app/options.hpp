#pragma once

#include "app/command_line.hpp"
#include "coordinator/coordinator.hpp"
#include "mqtt/client.hpp"
#include "network/network.hpp"
#include "plugin/host.hpp"
#include "store/configuration.hpp"

/// What of the configuration each floor is given at the start, in its own terms.
namespace waggle::app {

NetworkOptions network_options(const store::ConfigurationStore& configuration);
CoordinatorOptions coordinator_options(const store::Settings& settings);
mqtt::Options mqtt_options(const store::Settings::Mqtt& settings);
plugin::PluginHostOptions plugin_options(const CommandLine& line,
                                         const store::ConfigurationStore& configuration);

}  // namespace waggle::app
