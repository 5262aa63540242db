#pragma once

#include <functional>
#include <memory>

#include <boost/asio/any_io_executor.hpp>

#include "base/async.hpp"

/// The parts that update devices' firmware, put together: where images come from, the server that
/// devices fetch them of, and the updater that decides.
namespace waggle {

class Network;
class Engine;
namespace ota {
class Updater;
}
namespace store {
class ConfigurationStore;
}

namespace app {

class Firmware {
  public:
    /// `transfer` is called when an image begins its way to a device, and when that is over.
    Firmware(const boost::asio::any_io_executor& executor, Network& network, Engine& engine,
             store::ConfigurationStore& configuration, std::function<void()> transfer);
    ~Firmware();

    ota::Updater& updater() noexcept;
    /// Hears the network from now on. After the engine: what asks is matched by then.
    void listen();
    [[nodiscard]] Awaitable<void> stop();

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace app
}  // namespace waggle
