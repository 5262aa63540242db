#include <algorithm>
#include <array>

#include <boost/json/object.hpp>
#include <fmt/format.h>

#include "base/clock.hpp"
#include "bridge/network_map/draw.hpp"
#include "bridge/network_map/scan.hpp"
#include "bridge/requests/requests.hpp"
#include "store/json_text.hpp"

namespace json = boost::json;

namespace waggle::bridge {
namespace {

constexpr std::array<std::string_view, 3> forms = {"raw", "graphviz", "plantuml"};

json::object graphviz_colors(Context& context) {
    const json::object* object = &context.configuration.settings().map_options;
    for (const auto* key : {"graphviz", "colors"}) {
        const auto* member = object->if_contains(key);
        if (!member || !member->is_object())
            return {};
        object = &member->get_object();
    }
    return *object;
}

/// The form asked for: "type" of an object, or the whole payload.
Field<std::string> form_of(const Request& request) {
    const auto* type = request.is_object() ? request.find("type") : &request.payload();
    const auto text = type ? name_text(*type).value_or(store::compact_json(*type)) : "undefined";
    if (std::ranges::find(forms, text) == forms.end())
        return failure("Type '{}' not supported, allowed are: {}", text, fmt::join(forms, ","));
    return text;
}

json::value drawn(Context& context, const std::string& form,
                  const network_map::Topology& topology) {
    if (form == "raw")
        return network_map::raw(topology);
    const auto now = wall_clock_ms();
    return json::string(form == "plantuml"
                            ? network_map::plantuml(topology, now)
                            : network_map::graphviz(topology, graphviz_colors(context), now));
}

}  // namespace

/// {"type": raw | graphviz | plantuml, "routes"?} or the type -> {"type", "routes", "value"}
Awaitable<Reply> networkmap(Context& context, const Request& request) {
    const auto form = form_of(request);
    if (!form)
        co_return form.error();
    const auto topology = co_await network_map::scan(context, request.flag("routes"));
    if (!topology)
        co_return failure("The network was not scanned ({})", topology.error().message());
    json::object data;
    data["type"] = *form;
    const auto* routes =
        request.is_object() ? request.payload().get_object().if_contains("routes") : nullptr;
    if (routes)
        data["routes"] = *routes;
    else if (!request.is_object())
        data["routes"] = false;
    data["value"] = drawn(context, *form, *topology);
    co_return json::value(std::move(data));
}

}  // namespace waggle::bridge
