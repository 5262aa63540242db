#include "app/application.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>

#include <fmt/format.h>

#include "app/memory.hpp"
#include "app/not_served.hpp"
#include "app/options.hpp"
#include "base/log.hpp"
#include "bridge/homeassistant/outbox_broker.hpp"
#include "plugin/network_radio.hpp"

namespace waggle::app {
namespace {

constexpr auto ns = "waggle";
constexpr auto stop_limit = std::chrono::milliseconds(950);
constexpr auto restart_delay = std::chrono::milliseconds(500);

}  // namespace

/// bridge/state says whether the radio can be reached.
class Application::LinkWatch final : public network::Events {
  public:
    explicit LinkWatch(mqtt::Client& client) : client_(client) {}
    void link_lost(std::string_view) override { client_.set_online(false); }
    void link_restored() override { client_.set_online(true); }

  private:
    mqtt::Client& client_;
};

Application::Application(const CommandLine& line, store::ConfigurationStore& configuration,
                         LogSetup& log)
    : line_(line),
      configuration_(configuration),
      log_(log),
      signals_(loop_, SIGTERM, SIGINT, SIGHUP),
      service_(loop_.get_executor()),
      tasks_(loop_.get_executor()),
      ending_tasks_(loop_.get_executor()),
      restart_timer_(loop_.get_executor()),
      memory_timer_(loop_.get_executor()),
      stuck_timer_(loop_.get_executor()) {
}

Application::~Application() = default;

int Application::run(Ending& ending) {
    listen_to_signals();
    if (!make_parts())
        return 1;
    start();
    loop_.run();
    ending = ending_;
    return exit_code_;
}

bool Application::make_parts() {
    const auto executor = loop_.get_executor();
    const auto& settings = configuration_.settings();
    std::string problem;
    outbox_ = bridge::MqttOutbox::create(executor, mqtt_options(settings.mqtt), problem);
    if (!outbox_) {
        log::error(ns, "mqtt: {}", problem);
        return false;
    }
    network_ = std::make_unique<Network>(executor, network_options(configuration_),
                                         coordinator_options(settings));
    radio_ = std::make_unique<plugin::NetworkRadio>(*network_);
    EngineOptions engine_options;
    engine_options.state_path = configuration_.data_directory() / "state.json";
    engine_ = std::make_unique<Engine>(executor, *network_, configuration_, *outbox_,
                                       std::move(engine_options));
    plugins_ = std::make_unique<plugin::PluginHost>(
        executor, plugin_options(line_, configuration_), engine_->services(), *radio_,
        [this](Ieee ieee) { return network_->find(ieee); },
        [this](GroupId id) { return network_->find_group(id); });
    engine_->attach(*plugins_);
    firmware_ = std::make_unique<Firmware>(executor, *network_, *engine_, configuration_,
                                           [this] { give_back_memory_soon(); });
    availability_ = std::make_unique<bridge::Availability>(
        executor, bridge::Availability::Parts{*network_, *engine_, configuration_, *outbox_});
    bridge::Health::Sources sources;
    sources.mqtt = [this] { return outbox_->client().statistics(); };
    sources.reset_mqtt = [this] { outbox_->client().reset_counters(); };
    health_ =
        std::make_unique<bridge::Health>(executor, configuration_, *outbox_, std::move(sources));
    bridge_ = std::make_unique<bridge::Bridge>(
        executor,
        bridge::Bridge::Parts{*network_, *engine_, *plugins_, configuration_, *outbox_,
                              firmware_->updater()},
        [this] { request_restart(); });
    bridge_->add_source([this](auto topic) { return availability_->regenerate(topic); });
    bridge_->add_source([this](auto topic) { return health_->regenerate(topic); });
    make_home_assistant();
    link_watch_ = std::make_unique<LinkWatch>(outbox_->client());
    return true;
}

void Application::make_home_assistant() {
    using bridge::homeassistant::HomeAssistant;
    discovery_broker_ = std::make_unique<bridge::homeassistant::OutboxBroker>(*outbox_);
    HomeAssistant::Parts parts{*network_, *engine_,           configuration_,
                               *outbox_,  *discovery_broker_, [this] { give_back_memory_soon(); }};
    home_assistant_ = std::make_unique<HomeAssistant>(loop_.get_executor(), std::move(parts));
    bridge::MqttOutbox::Elsewhere handlers;
    handlers.message = [this](auto topic, auto payload, bool retained) {
        return home_assistant_->receive(topic, payload, retained);
    };
    handlers.lost = [this](auto topic) { return home_assistant_->lost(topic); };
    handlers.connected = [this] { home_assistant_->connected(); };
    outbox_->set_elsewhere(std::move(handlers));
}

void Application::start() {
    for (const auto& sentence :
         not_served(configuration_.settings(), configuration_.data_directory()))
        log::warning(ns, "{}", sentence);
    bridge_->start();
    outbox_->client().start();
    std::string problem;
    const auto loaded = network_->load(problem);
    if (!problem.empty())
        log::warning(ns, "{}", problem);
    if (!loaded) {
        log::error(ns, "The database cannot be read: {}", loaded.error().message());
        return stop(Ending::stop, 1);
    }
    plugins_->discover();
    network_->listen(*link_watch_);
    engine_->load();
    firmware_->listen();
    network_->listen(*availability_);
    network_->listen(*bridge_);  // after the engine: what it shows has been matched by then
    engine_->listen(*bridge_);
    engine_->listen(*availability_);
    network_->listen(*health_);
    network_->listen(*home_assistant_);
    engine_->listen(*home_assistant_);
    tasks_.spawn("start", [this] { return bring_up_network(); });
}

boost::asio::awaitable<void> Application::bring_up_network() {
    std::string problem;
    const auto started = co_await network_->start(problem);
    if (stopping_)
        co_return;
    if (started) {
        network_is_up();
        co_return;
    }
    log::error(ns, "The coordinator was not started: {}",
               problem.empty() ? started.error().message() : problem);
    stop(Ending::stop, 1);
}

void Application::network_is_up() {
    engine_->start();
    outbox_->client().set_online(true);
    bridge_->network_up();
    availability_->start();
    health_->start();
    home_assistant_->network_up();
    engine_->publish_cached_on_start();
    service_.ready();
    give_back_memory_soon();
    const auto took =
        std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begun_).count();
    // The coordinator is a row of the table, too.
    const auto devices = network_->device_count();
    log::info(ns, "Started in {} ms; {} devices are joined", took, devices > 0 ? devices - 1 : 0);
}

/// When what follows a start is over: the broker has taken everything, devices were greeted. Likewise
/// when an image has begun its way to a device: a job was run for it, and much was published.
void Application::give_back_memory_soon() {
    constexpr std::chrono::seconds settled{3};
    memory_timer_.expires_after(settled);
    memory_timer_.async_wait([](const boost::system::error_code& error) {
        if (!error)
            give_back_memory();
    });
}

// The end

void Application::listen_to_signals() {
    signals_.async_wait([this](const boost::system::error_code& error, int number) {
        if (error)
            return;
        if (number == SIGHUP) {
            log_.reopen();
        } else if (stopping_) {
            log::warning(ns, "Ended at once by a second signal");
            log::flush();
            std::_Exit(1);
        } else {
            stop(Ending::stop, 0);
        }
        listen_to_signals();
    });
}

void Application::request_restart() {
    restart_timer_.expires_after(restart_delay);  // the response goes out first
    restart_timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error)
            stop(Ending::restart, 0);
    });
}

void Application::stop(Ending ending, int exit_code) {
    if (std::exchange(stopping_, true))
        return;
    ending_ = ending;
    exit_code_ = exit_code;
    log::info(ns, "Stopping");
    if (ending == Ending::stop)
        service_.stopping();
    give_up_when_stuck();
    ending_tasks_.spawn("stop", [this] { return shut_down(); });
}

boost::asio::awaitable<void> Application::shut_down() {
    const auto begun = Clock::now();
    step_ = "the start";
    co_await tasks_.stop();
    step_ = "the requests";
    co_await bridge_->stop();
    home_assistant_->stop();
    health_->stop();
    co_await availability_->stop();
    step_ = "the updates";
    co_await firmware_->stop();
    step_ = "the plugins and states";
    co_await engine_->stop();
    step_ = "the MQTT connection";
    co_await outbox_->client().stop(std::chrono::milliseconds(300));
    step_ = "the network";
    co_await network_->stop();
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begun);
    log::info(ns, "Stopped in {} ms", took.count());
    log::flush();
    loop_.stop();
}

void Application::give_up_when_stuck() {
    stuck_timer_.expires_after(stop_limit);
    stuck_timer_.async_wait([this](const boost::system::error_code& error) {
        if (error)
            return;
        log::error(ns, "Stopping {} takes too long; ending now", step_);
        if (const auto saved = network_->save_now(); !saved)
            log::error(ns, "The database was not saved: {}", saved.error().message());
        log::flush();
        std::_Exit(exit_code_);
    });
}

}  // namespace waggle::app
