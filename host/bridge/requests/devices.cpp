#include <boost/json/object.hpp>
#include <fmt/format.h>

#include "base/log.hpp"
#include "bridge/requests/requests.hpp"
#include "zigbee/addresses.hpp"

namespace json = boost::json;

namespace waggle::bridge {
namespace {

constexpr auto ns = "bridge";

struct RemoveOptions {
    explicit RemoveOptions(const Request& request)
        : block(request.flag("block")),
          force(request.flag("force")),
          keep_config(request.flag("keep_config")),
          clear_cache(request.flag("clear_cache")),
          asked_for(request.is_object()) {}

    /// As it stands in log lines and errors; nothing when only an id came.
    std::string text() const {
        if (!asked_for)
            return "";
        return fmt::format(" (block: {}, force: {}, keep config: {}, clear cache: {})", block,
                           force, keep_config, clear_cache);
    }

    bool block, force, keep_config, clear_cache, asked_for;
};

/// The device may not come back, not even while it is being removed.
store::Outcome<> block(Context& context, Ieee ieee) {
    auto blocked = context.configuration.block_device(ieee.to_string());
    if (!blocked)
        return blocked;
    const auto& settings = context.configuration.settings();
    context.network.set_lists(parse_addresses(settings.passlist),
                              parse_addresses(settings.blocklist));
    return {};
}

/// After the device left: its topics, its state, its entry in the configuration.
store::Outcome<> forget(Context& context, engine::EntityId entity, const std::string& name,
                        bool keep_config) {
    clear_retained(context, entity, name);
    context.engine.removed(entity, name);
    store::Outcome<> forgotten;
    if (!keep_config && context.configuration.find_device(entity.key()))
        forgotten = context.configuration.remove_device(entity.key());
    for (const auto document : {Document::groups, Document::devices, Document::definitions,
                                Document::info, Document::plugins})
        context.announcer.changed(document);
    return forgotten;
}

json::object removal_data(const Request& request, const RemoveOptions& how) {
    auto data = id_data(request);
    data["block"] = how.block;
    data["force"] = how.force;
    data["keep_config"] = how.keep_config;
    data["clear_cache"] = how.clear_cache;
    return data;
}

}  // namespace

json::object id_data(const Request& request) {
    json::object data;
    data["id"] = request.is_object() ? *request.find("id") : request.payload();
    return data;
}

/// {"id", "block"?, "force"?, "keep_config"?, "clear_cache"?} or the id
Awaitable<Reply> device_remove(Context& context, const Request& request) {
    const auto id = request.id();
    if (!id)
        co_return id.error();
    const auto entity = device_named(context, *id);
    if (!entity)
        co_return entity.error();
    const auto ieee = entity->ieee();
    if (const auto* device = context.network.find(ieee);
        device && device->type == DeviceType::coordinator)
        co_return failure("The coordinator cannot be removed");

    const RemoveOptions how(request);
    const std::string name = context.engine.entities().name(*entity);
    const auto failed = [&](std::string_view reason) {
        return failure("Failed to remove device '{}'{} ({})", name, how.text(), reason);
    };
    log::info(ns, "Removing device '{}'{}", name, how.text());
    if (how.block)
        if (const auto blocked = block(context, ieee); !blocked)
            co_return failed(blocked.error().message);
    const auto left = co_await context.network.remove_device(ieee, how.force);
    if (!left)
        co_return failed(left.error().message());
    const auto forgotten = forget(context, *entity, name, how.keep_config);
    if (!forgotten)
        co_return failed(forgotten.error().message);
    log::info(ns, "Successfully removed device '{}'{}", name, how.text());
    co_return json::value(removal_data(request, how));
}

/// {"id"} -> {"id"} when the interview has ended well
Awaitable<Reply> device_interview(Context& context, const Request& request) {
    if (!request.has("id"))
        co_return invalid_payload();
    const auto id = request.id();
    if (!id)
        co_return id.error();
    const auto entity = device_named(context, *id);
    if (!entity)
        co_return entity.error();

    const std::string name = context.engine.entities().name(*entity);
    log::info(ns, "Interviewing '{}'", name);
    const auto done = co_await context.network.interview(entity->ieee(), true);
    if (!done)
        co_return failure("Interview of '{}' ({}) failed: {}", name, entity->ieee().to_string(),
                          done.error().message());
    log::info(ns, "Successfully interviewed '{}'", name);
    co_return json::value(id_data(request));
}

/// {"id"} or the id -> {"id"} when the definition's configure step has ended well
Awaitable<Reply> device_configure(Context& context, const Request& request) {
    const auto id = request.id();
    if (!id)
        co_return id.error();
    const auto entity = device_named(context, *id);
    if (!entity)
        co_return entity.error();
    if (!context.engine.can_configure(entity->ieee()))
        co_return failure("Device '{}' cannot be configured",
                          context.engine.entities().name(*entity));

    std::string problem;
    const auto done = co_await context.engine.configure(entity->ieee(), true, problem);
    if (!done)
        co_return failure("Failed to configure ({})",
                          problem.empty() ? done.error().message() : problem);
    co_return json::value(id_data(request));
}

}  // namespace waggle::bridge
