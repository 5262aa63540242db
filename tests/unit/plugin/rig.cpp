#include "rig.hpp"

#include <boost/json/serialize.hpp>

#include "base/log.hpp"
#include "support/hex.hpp"

namespace waggle::test {

void RecordingServices::publish(const plugin::EntityRef&, boost::json::object& properties) {
    published.push_back(boost::json::serialize(properties));
}

const boost::json::value* RecordingServices::option(const plugin::EntityRef&,
                                                    std::string_view name) {
    return options.if_contains(name);
}

const boost::json::value* RecordingServices::state(const plugin::EntityRef&,
                                                   std::string_view name) {
    return cached.if_contains(name);
}

std::string RecordingServices::stored(const plugin::EntityRef&, std::string_view key) {
    const auto found = kept.find(key);
    return found == kept.end() ? std::string() : found->second;
}

void RecordingServices::store(const plugin::EntityRef&, std::string_view key,
                              std::string_view json) {
    kept[std::string(key)] = json;
}

void ScriptedRadio::Waiting::fulfil(plugin::RadioReply reply) const {
    slot_.fulfil(std::make_shared<plugin::RadioReply>(std::move(reply)));
}

Awaitable<Result<std::shared_ptr<plugin::RadioReply>>> ScriptedRadio::Waiting::wait() const {
    return slot_.within(std::chrono::minutes(5));
}

Awaitable<plugin::RadioReply> ScriptedRadio::perform(plugin::RadioRequest request) {
    requests.push_back(std::move(request));
    const auto answer = waiting.emplace_back(executor_);
    const auto result = co_await answer.wait();
    if (!result)
        co_return plugin::RadioReply(result.error());
    co_return std::move(**result);
}

Rig::Rig() : radio(loop.executor()) {
    log::set_tap(
        [this](log::Level level, std::string_view, std::string_view message) {
            if (level <= log::Level::warning)
                logged += std::string(message) + "\n";
        },
        false);
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

Rig::~Rig() {
    log::set_tap({}, false);
}

void Rig::start(plugin::PluginHostOptions options) {
    host = std::make_unique<plugin::PluginHost>(
        loop.executor(), std::move(options), services, radio,
        [this](Ieee ieee) { return ieee == device.ieee && present ? &device : nullptr; },
        [](GroupId) -> Group* { return nullptr; });
    host->discover();
}

void Rig::start_with(std::vector<std::filesystem::path> files) {
    plugin::PluginHostOptions options;
    options.extra = std::move(files);
    start(std::move(options));
}

plugin::BoundDevice* Rig::bind(std::string model) {
    device.model_id = std::move(model);
    return host->bind(device);
}

std::string Rig::receive(EndpointId endpoint, ClusterId cluster, std::string_view frame_hex) {
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

void Rig::set(std::string key, boost::json::value value,
              std::optional<plugin::CommandOutcome>& to) {
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

std::filesystem::path bad_plugin(std::string_view name) {
    return std::filesystem::path(BAD_PLUGINS) / (std::string(name) + ".so");
}

}  // namespace waggle::test
