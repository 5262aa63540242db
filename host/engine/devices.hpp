#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include <boost/json/fwd.hpp>

#include "engine/calibration.hpp"
#include "engine/core.hpp"
#include "plugin/host.hpp"

/// Which definition each device has, and what its plugin hears of the device's life. A device is
/// matched once its interview has ended (well or not), and again when its model id changes.
namespace waggle::engine {

class Devices {
  public:
    struct Record {
        bool tried = false;    ///< matched, with or without success, under `model`
        bool started = false;  ///< its plugin was told
        bool needs_configure = false;
        bool configuring = false;
        std::uint8_t attempts = 0;        ///< failed configures in this process's life
        std::uint8_t light_features = 0;  ///< see group_states.hpp
        std::int64_t last_published = 0;  ///< ms, for `elapsed`
        std::string model;
        std::vector<CalibratedProperty> calibrated;
    };

    explicit Devices(Core& core) : core_(core) {}

    Record& record(Ieee device) { return records_[device]; }
    void forget(Ieee device) { records_.erase(device); }

    /// The device's definition, matched now if that is due; nullptr: none.
    plugin::BoundDevice* bound(Device& device);
    /// Matches whatever was matched before. Listeners hear of it.
    plugin::BoundDevice* match(Device& device);
    /// What its definition exposes depends on the device, and that changed.
    void exposes_changed(Device& device);
    /// Without matching anything.
    plugin::BoundDevice* find(Ieee device) const noexcept;
    const plugin::Definition* definition(Ieee device) const noexcept;

    /// Tells the plugin; "started" comes before whatever else comes first. Disabled devices are
    /// left alone.
    void event(Device& device, wg_event_type type);

    // Endpoints by the definition's names [mqtt-api 4]
    Endpoint* endpoint(Device& device, std::string_view name_or_number) const;
    std::string_view endpoint_name(Ieee device, EndpointId endpoint) const;
    std::vector<std::string> endpoint_names(Ieee device) const;

    static bool is_interviewed(const Device& device) noexcept {
        return device.interview == InterviewState::successful ||
               device.interview == InterviewState::failed;
    }

  private:
    std::vector<CalibratedProperty> calibrated_of(const Device& device,
                                                  const plugin::BoundDevice& bound) const;
    void look_whether_configured(const Device& device, const plugin::BoundDevice& bound,
                                 Record& record) const;

    Core& core_;
    std::unordered_map<Ieee, Record> records_;
};

/// Numeric exposes that calibration and rounding apply to.
std::vector<CalibratedProperty> calibrated_properties(const boost::json::array& exposes);

}  // namespace waggle::engine
