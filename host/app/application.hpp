#pragma once

#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include "app/command_line.hpp"
#include "app/firmware.hpp"
#include "app/log_setup.hpp"
#include "app/service_manager.hpp"
#include "base/task_group.hpp"
#include "bridge/availability/availability.hpp"
#include "bridge/bridge.hpp"
#include "bridge/health.hpp"
#include "bridge/homeassistant/homeassistant.hpp"
#include "engine/engine.hpp"
#include "network/network.hpp"
#include "plugin/host.hpp"
#include "store/configuration.hpp"

/// The floors put together, their start and their end.
///
/// Start: the database and the states are read, then radio and broker are sought at the same time,
/// neither waits for the other. bridge/state says online when the network is up; while the radio
/// cannot be reached it says offline, MQTT stays up, and the network floor keeps trying (people
/// pull the stick, or the NAS is up before the network coordinator is). Only what waiting does not
/// mend, a radio that holds another network, ends the process, with exit code 1.
///
/// End, on SIGTERM, SIGINT or a request: responses, plugins, states, offline, database, in this
/// order, in under a second; a second signal ends at once.
namespace waggle::app {

enum class Ending { stop, restart };

class Application {
  public:
    Application(const CommandLine& line, store::ConfigurationStore& configuration, LogSetup& log);
    ~Application();

    /// Runs until the end. -> exit code; `ending` says whether the host is to begin anew.
    int run(Ending& ending);

  private:
    bool make_parts();
    void make_home_assistant();
    void start();
    boost::asio::awaitable<void> bring_up_network();
    void network_is_up();
    void give_back_memory_soon();
    void listen_to_signals();
    void request_restart();
    void stop(Ending ending, int exit_code);
    boost::asio::awaitable<void> shut_down();
    void give_up_when_stuck();

    class LinkWatch;

    const CommandLine& line_;
    store::ConfigurationStore& configuration_;
    LogSetup& log_;
    boost::asio::io_context loop_{1};
    boost::asio::signal_set signals_;
    ServiceManager service_;
    TaskGroup tasks_;  ///< bringing the network up
    TaskGroup ending_tasks_;
    Timer restart_timer_, memory_timer_, stuck_timer_;

    // From the ground up, so that they are destroyed from the top down.
    std::unique_ptr<Network> network_;
    std::unique_ptr<bridge::MqttOutbox> outbox_;
    std::unique_ptr<plugin::Radio> radio_;
    std::unique_ptr<Engine> engine_;
    std::unique_ptr<plugin::PluginHost> plugins_;
    std::unique_ptr<Firmware> firmware_;
    std::unique_ptr<bridge::Availability> availability_;
    std::unique_ptr<bridge::Health> health_;
    std::unique_ptr<bridge::homeassistant::Broker> discovery_broker_;
    std::unique_ptr<bridge::homeassistant::HomeAssistant> home_assistant_;
    std::unique_ptr<bridge::Bridge> bridge_;
    std::unique_ptr<LinkWatch> link_watch_;

    const char* step_ = "";  ///< of the end, for the line that says what hangs
    Ending ending_ = Ending::stop;
    int exit_code_ = 0;
    bool stopping_ = false;
    Clock::time_point begun_ = Clock::now();
};

}  // namespace waggle::app
