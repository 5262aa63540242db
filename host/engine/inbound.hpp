#pragma once

#include <boost/json/object.hpp>

#include "engine/core.hpp"
#include "engine/devices.hpp"
#include "engine/gatherer.hpp"
#include "engine/publisher.hpp"

/// Radio to MQTT: one message through the device's converters and the entity's options to its
/// publication [mqtt-api 4.1, 5], in one synchronous call.
namespace waggle::engine {

class Inbound {
  public:
    Inbound(Core& core, Devices& devices, Publisher& publisher);

    void message(const ZclMessage& message);

    /// What a device's converters made, through calibration, `elapsed`, debounce and throttle. Also
    /// what a plugin publishes by itself. Changes `update`.
    void deliver(Ieee device, boost::json::object& update);

    /// Publishes the cached state with the new time, when `last_seen` is wanted.
    void publish_last_seen(const Device& device);

    /// To be told of every publication: what waits must not undo something newer.
    void published(EntityId entity, const boost::json::object& update, Reason reason);

    void flush() { gatherer_.flush(); }
    void forget(Ieee device) { gatherer_.forget(device); }

  private:
    void add_elapsed(Ieee device, boost::json::object& update);
    bool wants_last_seen() const noexcept;

    Core& core_;
    Devices& devices_;
    Publisher& publisher_;
    Gatherer gatherer_;
    plugin::Emissions emissions_;
};

}  // namespace waggle::engine
