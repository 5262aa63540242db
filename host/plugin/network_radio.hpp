#pragma once

#include "network/network.hpp"
#include "plugin/services.hpp"

namespace waggle::plugin {

/// Plugins' requests over the real network.
class NetworkRadio : public Radio {
  public:
    explicit NetworkRadio(Network& network) : network_(network) {}
    [[nodiscard]] Awaitable<RadioReply> perform(RadioRequest request) override;

  private:
    Awaitable<RadioReply> send(RadioRequest request);
    Awaitable<Result<void>> set_up(const RadioRequest& request);

    Network& network_;
};

}  // namespace waggle::plugin
