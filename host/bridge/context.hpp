#pragma once

#include <functional>
#include <optional>

#include "base/background.hpp"
#include "engine/engine.hpp"
#include "network/network.hpp"
#include "plugin/host.hpp"
#include "store/configuration.hpp"

namespace waggle::ota {
class Updater;
}

/// What a request may use: the services below, and the bridge's own few states.
namespace waggle::bridge {

enum class Document : std::uint8_t { info, devices, groups, definitions, plugins };

/// Where a document is announced to have changed: it is published once, in a later turn of the
/// loop, however often it was announced until then.
class Announcer {
  public:
    virtual ~Announcer() = default;
    virtual void changed(Document document) = 0;
    /// Publishes what has changed now, for whoever publishes something that refers to it.
    virtual void publish_changes() = 0;
};

struct Context {
    Context(Network& the_network, Engine& the_engine, plugin::PluginHost& the_plugins,
            store::ConfigurationStore& the_configuration, Outbox& the_outbox,
            Announcer& the_announcer, ota::Updater& the_updater)
        : network(the_network),
          engine(the_engine),
          plugins(the_plugins),
          configuration(the_configuration),
          outbox(the_outbox),
          announcer(the_announcer),
          updater(the_updater) {}

    Network& network;
    Engine& engine;
    plugin::PluginHost& plugins;
    store::ConfigurationStore& configuration;
    Outbox& outbox;
    Announcer& announcer;
    ota::Updater& updater;

    std::function<void()> restart;    ///< ends the host in order and starts it again
    bool restart_required = false;    ///< for the life of the process
    std::optional<Ieee> last_joined;  ///< for device/rename {"last": true}
    Background background;            ///< what would hold the loop
};

}  // namespace waggle::bridge
