#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/log.hpp"
#include "plugin/host.hpp"
#include "plugin/idle.hpp"
#include "support/hex.hpp"
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

    void publish(const plugin::EntityRef&, boost::json::object& properties) override {
        published.push_back(boost::json::serialize(properties));
    }
    const boost::json::value* option(const plugin::EntityRef&, std::string_view name) override {
        return options.if_contains(name);
    }
    const boost::json::value* state(const plugin::EntityRef&, std::string_view name) override {
        return cached.if_contains(name);
    }
    std::string friendly_name(const plugin::EntityRef&) override { return "hall"; }
    std::string stored(const plugin::EntityRef&, std::string_view key) override {
        const auto found = kept.find(key);
        return found == kept.end() ? std::string() : found->second;
    }
    void store(const plugin::EntityRef&, std::string_view key, std::string_view json) override {
        kept[std::string(key)] = json;
    }
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
        void fulfil(plugin::RadioReply reply) const {
            slot_.fulfil(std::make_shared<plugin::RadioReply>(std::move(reply)));
        }
        Awaitable<Result<std::shared_ptr<plugin::RadioReply>>> wait() const {
            return slot_.within(std::chrono::minutes(5));
        }

      private:
        OneShot<std::shared_ptr<plugin::RadioReply>> slot_;
    };
    std::vector<Waiting> waiting;

    Awaitable<plugin::RadioReply> perform(plugin::RadioRequest request) override {
        requests.push_back(std::move(request));
        const auto answer = waiting.emplace_back(executor_);
        const auto result = co_await answer.wait();
        if (!result)
            co_return plugin::RadioReply(result.error());
        co_return std::move(**result);
    }

  private:
    boost::asio::any_io_executor executor_;
};

struct Rig {
    Rig() : radio(loop.executor()) {
        log::set_tap([this](log::Level level, std::string_view, std::string_view message) {
            if (level <= log::Level::warning)
                logged += std::string(message) + "\n";
        }, false);
        device.ieee = device_ieee;
        device.address = 0x1234;
        device.type = DeviceType::router;
        device.interview = InterviewState::successful;
        for (EndpointId id = 1; id <= 3; ++id) {
            auto& endpoint = device.endpoints[id];
            endpoint.id = id;
            endpoint.profile = profile_home_automation;
            endpoint.inputs = {0, 6};
        }
    }
    ~Rig() { log::set_tap({}, false); }

    void start(plugin::PluginHostOptions options) {
        host = std::make_unique<plugin::PluginHost>(
            loop.executor(), std::move(options), services, radio,
            [this](Ieee ieee) { return ieee == device.ieee && present ? &device : nullptr; },
            [](GroupId) -> Group* { return nullptr; });
        host->discover();
    }
    void start_with(std::vector<std::filesystem::path> files) {
        plugin::PluginHostOptions options;
        options.extra = std::move(files);
        start(std::move(options));
    }
    plugin::BoundDevice* bind(std::string model) {
        device.model_id = std::move(model);
        return host->bind(device);
    }

    /// What one frame gave, as JSON; "" when nothing.
    std::string receive(EndpointId endpoint, ClusterId cluster, std::string_view frame_hex) {
        const auto bytes = hex(frame_hex);
        const auto frame = zcl::decode(bytes, cluster);
        const ZclMessage message{.device = device,
                                 .endpoint = device.endpoints[endpoint],
                                 .cluster = cluster,
                                 .link_quality = 100,
                                 .frame = frame ? &*frame : nullptr,
                                 .raw = bytes};
        emissions.clear();
        host->find(device.ieee)->convert(message, emissions);
        return emissions.empty() ? "" : boost::json::serialize(emissions.properties());
    }

    /// Starts a set; the outcome appears when the plugin answered.
    void set(std::string key, boost::json::value value, std::optional<plugin::CommandOutcome>& to) {
        auto definition = host->definition_of(device.ieee);
        const auto* row = definition->to_device(key, "");
        plugin::Command command;
        command.endpoint = definition->default_endpoint(device);
        command.key = key;
        command.value = std::move(value);
        command.message[key] = command.value;
        loop.start(host->set(plugin::EntityRef::device(device.ieee), std::move(definition), row,
                             std::move(command)),
                   to);
        loop.settle();
    }
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

inline std::filesystem::path bad_plugin(std::string_view name) {
    return std::filesystem::path(BAD_PLUGINS) / (std::string(name) + ".so");
}

}  // namespace waggle::test
