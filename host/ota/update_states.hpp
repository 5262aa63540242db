#pragma once

#include <cstdint>
#include <string_view>

#include "engine/engine.hpp"
#include "ota/server.hpp"
#include "ota/types.hpp"

/// The property `update` in the state of a device, as clients of zigbee2mqtt know it [ota.md 5.1]:
///
///     state                 idle, available, updating, scheduled
///     installed_version     what the device last said that it runs; absent until it said so
///     latest_version        of the image that was found last
///     latest_source, latest_release_notes   its address and what is new in it, or null
///     progress, remaining   percent and seconds, only while it is updated
///
/// Of a device that is gone nothing is published.
namespace waggle::ota {

class UpdateStates {
  public:
    UpdateStates(Network& network, Engine& engine) : network_(network), engine_(engine) {}

    /// What is known of versions stays as it is.
    void publish(Ieee ieee, std::string_view state);
    void publish_progress(Ieee ieee, Progress progress);
    /// It waits for others.
    void publish_waiting(Ieee ieee);
    /// What came of looking for an image for a device that runs `version`.
    void publish_found(Ieee ieee, std::uint32_t version, const Found& found);
    /// It runs `version`, and nothing else is known to be better.
    void publish_installed(Ieee ieee, std::uint32_t version);
    /// It runs `version`, though it was given another one.
    void publish_surprise(Ieee ieee, std::uint32_t version);

    /// States are merged: what is over has to be taken out.
    void forget_progress(Ieee ieee);

  private:
    void send(Ieee ieee, boost::json::object update);
    boost::json::object known(Ieee ieee, std::string_view state) const;

    Network& network_;
    Engine& engine_;
};

}  // namespace waggle::ota
