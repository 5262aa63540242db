#include "bridge/requests/raw_action.hpp"
#include "bridge/requests/requests.hpp"
#include "network/touchlink.hpp"

namespace json = boost::json;

namespace waggle::bridge {
namespace {

/// What this program itself offers; plugins offer more.
struct Action {
    std::string_view name;
    Awaitable<Reply> (*run)(Context&, json::object parameters);
};

constexpr Action actions[] = {{"raw", &raw_action}};

Bytes frame_of(const plugin::InterPanCommand& command) {
    zcl::Header header;
    header.type = zcl::FrameType::cluster;
    header.disable_default_response = true;
    if (command.manufacturer != 0)
        header.manufacturer = command.manufacturer;
    header.command = command.command;
    Bytes frame;
    ByteWriter out(frame);
    zcl::write_header(out, header);
    out.bytes(command.payload);
    return frame;
}

/// A plugin says what is sent; nothing comes back.
Awaitable<Reply> plugin_action(Context& context, const std::string& name,
                               const json::object& parameters) {
    const auto* radio = context.network.coordinator();
    const auto extended_pan_id = radio ? radio->network().extended_pan_id : 0;
    std::string problem;
    const auto command = context.plugins.make_action(name, parameters, extended_pan_id, problem);
    if (!command)
        co_return failure("{}", problem);
    auto frame = frame_of(*command);
    const auto sent =
        co_await context.network.touchlink().send_everywhere(command->cluster, std::move(frame));
    if (!sent)
        co_return sent.error() == Errc::busy
            ? failure("Touchlink operation already in progress")
            : failure("'{}' failed: {}", name, sent.error().message());
    co_return json::value(nullptr);
}

}  // namespace

std::vector<std::string> action_names(const Context& context) {
    std::vector<std::string> names;
    for (const auto& action : actions)
        names.emplace_back(action.name);
    for (auto& name : context.plugins.actions())
        names.push_back(std::move(name));
    return names;
}

/// {"action", "params"?} -> whatever the action results in
Awaitable<Reply> action(Context& context, const Request& request) {
    if (!request.flag("action"))
        co_return invalid_payload();
    const auto name = request.string("action");
    const auto* given = request.find("params");
    json::object parameters;
    if (given && given->is_object())
        parameters = given->get_object();
    else if (given)
        co_return invalid_payload("params must be an object");
    if (!name)
        co_return failure("Invalid action");
    for (const auto& action : actions)
        if (*name == action.name)
            co_return co_await action.run(context, std::move(parameters));
    co_return co_await plugin_action(context, *name, parameters);
}

}  // namespace waggle::bridge
