#pragma once

#include <boost/json/value.hpp>

#include "plugin/services.hpp"

namespace waggle::plugin {

/// No network and no configuration: for looking at plugins.
class IdleServices : public Services {
  public:
    void publish(const EntityRef&, boost::json::object&) override {}
    const boost::json::value* option(const EntityRef&, std::string_view) override {
        return nullptr;
    }
    const boost::json::value* state(const EntityRef&, std::string_view) override { return nullptr; }
    std::string friendly_name(const EntityRef& entity) override { return entity.ieee.to_string(); }
    std::string stored(const EntityRef&, std::string_view) override { return {}; }
    void store(const EntityRef&, std::string_view, std::string_view) override {}
    void exposes_changed(const EntityRef&) override {}
};

class IdleRadio : public Radio {
  public:
    Awaitable<RadioReply> perform(RadioRequest) override {
        co_return RadioReply(Errc::unavailable);
    }
};

}  // namespace waggle::plugin
