#pragma once

#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "engine/core.hpp"
#include "engine/devices.hpp"
#include "engine/inbound.hpp"
#include "engine/publisher.hpp"
#include "plugin/services.hpp"

/// What plugins ask of the engine. Their persistent values stand in database.db, in the member
/// "waggle" of the device's `meta`, an object a plugin: zigbee2mqtt carries it along untouched.
namespace waggle::engine {

class PluginServices final : public plugin::Services {
  public:
    PluginServices(Core& core, Devices& devices, Publisher& publisher, Inbound& inbound)
        : core_(core), devices_(devices), publisher_(publisher), inbound_(inbound) {}

    void publish(const plugin::EntityRef& entity, boost::json::object& properties) override;
    const boost::json::value* option(const plugin::EntityRef& entity,
                                     std::string_view name) override;
    const boost::json::value* state(const plugin::EntityRef& entity,
                                    std::string_view property) override;
    std::string friendly_name(const plugin::EntityRef& entity) override;
    std::string stored(const plugin::EntityRef& entity, std::string_view key) override;
    void store(const plugin::EntityRef& entity, std::string_view key,
               std::string_view json) override;
    void exposes_changed(const plugin::EntityRef& entity) override;

  private:
    boost::json::object read_store(const plugin::EntityRef& entity) const;
    void write_store(const plugin::EntityRef& entity, const boost::json::object& store);

    Core& core_;
    Devices& devices_;
    Publisher& publisher_;
    Inbound& inbound_;
};

}  // namespace waggle::engine
