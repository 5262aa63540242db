#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json/object.hpp>

#include "plugin/host.hpp"
#include "plugin/idle.hpp"
#include "support/virtual_loop.hpp"

/// A plugin host around one device, with lists of what it published, sent and logged.
namespace waggle::test {

inline constexpr Ieee device_ieee(0x00158d0001020304);

class RecordingServices : public plugin::IdleServices {
  public:
    boost::json::object options, cached;
    std::map<std::string, std::string, std::less<>> kept;
    std::vector<std::string> published;
    unsigned exposes_changes = 0;

    void publish(const plugin::EntityRef& entity, boost::json::object& properties) override;
    const boost::json::value* option(const plugin::EntityRef& entity,
                                     std::string_view name) override;
    const boost::json::value* state(const plugin::EntityRef& entity,
                                    std::string_view name) override;
    std::string friendly_name(const plugin::EntityRef&) override { return "hall"; }
    std::string stored(const plugin::EntityRef& entity, std::string_view key) override;
    void store(const plugin::EntityRef& entity, std::string_view key,
               std::string_view json) override;
    void exposes_changed(const plugin::EntityRef&) override { ++exposes_changes; }
};

/// Answers when told to.
class ScriptedRadio : public plugin::Radio {
  public:
    explicit ScriptedRadio(boost::asio::any_io_executor executor) : executor_(executor) {}
    std::vector<plugin::RadioRequest> requests;
    /// One a request that is under way or was; answered in any order.
    class Waiting {
      public:
        explicit Waiting(const boost::asio::any_io_executor& executor) : slot_(executor) {}
        void fulfil(plugin::RadioReply reply) const;
        Awaitable<Result<std::shared_ptr<plugin::RadioReply>>> wait() const;

      private:
        OneShot<std::shared_ptr<plugin::RadioReply>> slot_;
    };
    std::vector<Waiting> waiting;

    Awaitable<plugin::RadioReply> perform(plugin::RadioRequest request) override;

  private:
    boost::asio::any_io_executor executor_;
};

struct Rig {
    Rig();
    ~Rig();

    void start(plugin::PluginHostOptions options);
    void start_with(std::vector<std::filesystem::path> files);
    plugin::BoundDevice* bind(std::string model);

    /// What one frame gave, as JSON; "" when nothing.
    std::string receive(EndpointId endpoint, ClusterId cluster, std::string_view frame_hex);
    /// Starts a set; the outcome appears when the plugin answered.
    void set(std::string key, boost::json::value value, std::optional<plugin::CommandOutcome>& to);
    std::string take(std::string& text) { return std::exchange(text, {}); }
    bool has_logged(std::string_view part) const { return logged.find(part) != logged.npos; }

    VirtualLoop loop;
    RecordingServices services;
    ScriptedRadio radio;
    Device device;
    bool present = true;
    std::string logged;
    plugin::Emissions emissions;
    std::unique_ptr<plugin::PluginHost> host;
};

std::filesystem::path bad_plugin(std::string_view name);

}  // namespace waggle::test
