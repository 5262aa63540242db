#pragma once

#include <string>

#include "base/async.hpp"
#include "base/task_group.hpp"
#include "engine/core.hpp"
#include "engine/devices.hpp"

/// When and how often a device is configured [zigbee-flows 3.1]: routers one after the other once
/// the host is up, everything else when it shows a sign of life, until it succeeded; after three
/// failures not before a restart or a user's word. A success is remembered in database.db
/// (`meta.configured` = the definition's version).
namespace waggle::engine {

class Configurer {
  public:
    Configurer(Core& core, Devices& devices, TaskGroup& tasks)
        : core_(core), devices_(devices), tasks_(tasks) {}

    void start();
    /// The device spoke: configures it when that is due. Cheap when it is not.
    void seen(Device& device);
    /// It joined: whatever was configured before is gone.
    void joined(Device& device);
    /// Something undid what configure did.
    void reconfigure(Device& device);

    bool can_configure(Ieee device) const;
    [[nodiscard]] Awaitable<Result<void>> configure(Ieee device, bool force, std::string& problem);

  private:
    bool is_due(const Device& device);
    void forget_configured(Device& device);
    void spawn(Ieee device);
    Awaitable<void> configure_routers();
    Awaitable<Result<void>> run(Ieee device, std::string& problem);
    void failed(Ieee ieee, const std::string& name, const std::string& problem);

    Core& core_;
    Devices& devices_;
    TaskGroup& tasks_;
};

}  // namespace waggle::engine
