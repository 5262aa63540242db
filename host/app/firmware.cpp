#include "app/firmware.hpp"

#include <utility>

#include "ota/catalogue.hpp"
#include "ota/server.hpp"
#include "ota/updater.hpp"
#include "store/configuration.hpp"

namespace waggle::app {
namespace {

ota::Catalogue::Options catalogue_options(const store::ConfigurationStore& configuration) {
    ota::Catalogue::Options options;
    options.data_folder = configuration.data_directory();
    return options;
}

std::string record_of_transfers(const store::ConfigurationStore& configuration) {
    return (configuration.data_directory() / "ota" / "transfers.json").string();
}

}  // namespace

struct Firmware::Parts {
    Parts(const boost::asio::any_io_executor& executor, Network& the_network, Engine& engine,
          store::ConfigurationStore& configuration, std::function<void()> transfer)
        : network(the_network),
          catalogue(executor, catalogue_options(configuration)),
          server(executor, network, record_of_transfers(configuration)),
          updater(executor, {network, engine, configuration, catalogue, server}) {
        server.set_query_hook(
            [this](Device& device, const ota::Query& query) { updater.queried(device, query); });
        server.set_resume_hook([this](Device& device, const ota::Resume& what) {
            return updater.resumed(device, what);
        });
        server.set_transfer_hook(std::move(transfer));
    }

    Network& network;
    ota::Catalogue catalogue;
    ota::Server server;
    ota::Updater updater;
};

Firmware::Firmware(const boost::asio::any_io_executor& executor, Network& network, Engine& engine,
                   store::ConfigurationStore& configuration, std::function<void()> transfer)
    : parts_(
          std::make_unique<Parts>(executor, network, engine, configuration, std::move(transfer))) {
}

Firmware::~Firmware() = default;

ota::Updater& Firmware::updater() noexcept {
    return parts_->updater;
}

void Firmware::listen() {
    parts_->network.listen(parts_->server);
    parts_->network.listen(parts_->updater);
}

Awaitable<void> Firmware::stop() {
    parts_->server.stop();
    parts_->catalogue.stop();
    co_await parts_->updater.stop();
}

}  // namespace waggle::app
