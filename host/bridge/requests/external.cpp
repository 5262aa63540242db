#include <boost/json/object.hpp>

#include "bridge/requests/requests.hpp"

namespace json = boost::json;

namespace waggle::bridge {

/// {"id"} -> {"id", "source"}: a plugin for the device as it describes itself, to begin with.
Awaitable<Reply> generate_external_definition(Context& context, const Request& request) {
    if (!request.has("id"))
        co_return invalid_payload();
    const auto id = request.id();
    if (!id)
        co_return id.error();
    const auto entity = device_named(context, *id);
    if (!entity)
        co_return entity.error();
    const auto* device = context.network.find(entity->ieee());
    auto source = device ? context.plugins.source_for(*device) : std::string();
    if (source.empty())
        co_return failure("No definition can be made of what '{}' says of itself",
                          context.engine.entities().name(*entity));
    json::object data;
    data["id"] = *request.find("id");
    data["source"] = source;
    co_return json::value(std::move(data));
}

/// converter/save, converter/remove, extension/save, extension/remove: no program arrives over MQTT.
Awaitable<Reply> refuse_javascript(Context&, const Request&) {
    co_return failure(
        "JavaScript is not run by this program: put a plugin into the folder 'plugins' of the data "
        "folder instead, see `waggle plugin` and device/generate_external_definition");
}

}  // namespace waggle::bridge
