#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/command.hpp"
#include "engine/entities.hpp"
#include "engine/global_commands.hpp"
#include "engine/scene_content.hpp"
#include "engine/zcl_json.hpp"
#include "plugin/value.hpp"

// A command as it comes from MQTT: topic, line break, payload. Its parts are taken apart as for a
// device with endpoint names, and its values are made into ZCL commands of every cluster that the
// payload names; into foundation commands; and into a scene with the colours that it has.

namespace {

using namespace waggle;

void as_zcl(const boost::json::object& request) {
    std::string problem;
    const auto* cluster = request.if_contains("cluster");
    const auto named = cluster ? engine::cluster_of(*cluster, 0, problem) : std::nullopt;
    const auto* payload = request.if_contains("payload");
    if (!named || !named->definition || !payload || !payload->is_object())
        return;
    for (const auto& command : named->definition->commands) {
        auto parameters = engine::parameters_of(command, payload->get_object(), problem);
        if (!parameters)
            continue;
        const auto frame =
            zcl::cluster_command(*named->definition, command, std::move(*parameters));
        Bytes bytes;
        (void)zcl::encode(bytes, frame);
    }
    for (const auto& member : payload->get_object()) {
        const boost::json::value name(member.key());
        if (const auto attribute = engine::attribute_of(*named, name, 0))
            (void)engine::to_zcl(member.value(), attribute->definition ? attribute->definition->type
                                                                       : zcl::DataType::uint8);
    }
}

void as_global(const boost::json::object& request) {
    std::string problem;
    const auto* command = request.if_contains("command");
    const auto* payload = request.if_contains("payload");
    if (!command || !payload)
        return;
    const auto frame = engine::global_frame({}, *command, *payload, {}, problem);
    Bytes bytes;
    if (frame)
        (void)zcl::encode(bytes, *frame);
}

void as_scene(const boost::json::object& request) {
    std::string problem;
    engine::SceneTraits traits;
    traits.range = {153, 500};
    auto content = engine::scene_content(request, traits, problem);
    if (!content)
        return;
    engine::add_color_mode(content->state);
    engine::synchronise_color(content->state, request, traits.range);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const auto line = input.find('\n');
    const auto topic = engine::parse_command_topic(input.substr(0, line));
    if (!topic || line == std::string_view::npos)
        return 0;
    const auto payload = input.substr(line + 1);
    if (!plugin::is_utf8(payload))
        return 0;
    const auto message = engine::parse_command_payload(topic->attribute, payload);
    if (!message)
        return 0;
    const std::vector<std::string> endpoints = {"left", "right", "l1"};
    for (const auto& key : engine::command_order(*message)) {
        const auto suffixed = engine::split_key(key, endpoints);
        (void)engine::with_suffix(engine::without_suffix(*message, suffixed.endpoint), "left");
        if (const auto* request = message->at(key).if_object()) {
            as_zcl(*request);
            as_global(*request);
            as_scene(*request);
        }
    }
    return 0;
}
