#include <boost/json/object.hpp>

#include "base/log.hpp"
#include "bridge/homeassistant/homeassistant.hpp"
#include "bridge/requests/requests.hpp"
#include "zigbee/addresses.hpp"

namespace json = boost::json;

namespace waggle::bridge {
namespace {

log::Level level_named(std::string_view name) {
    for (const auto level :
         {log::Level::error, log::Level::warning, log::Level::info, log::Level::debug})
        if (log::to_string(level) == name)
            return level;
    return log::Level::info;
}

void ignore_debug_of(const std::string& pattern) {
    try {
        log::set_debug_ignore(pattern);
    } catch (const std::exception& error) {
        log::warning("bridge", "log_debug_namespace_ignore '{}' is no regular expression: {}",
                     pattern, error.what());
    }
}

/// What takes effect without a restart.
void apply_now(Context& context, const json::object& changes) {
    const auto& settings = context.configuration.settings();
    const auto* advanced = changes.if_contains("advanced");
    if (advanced && advanced->is_object()) {
        const auto& keys = advanced->get_object();
        if (keys.contains("log_level"))
            log::set_level(level_named(settings.advanced.log_level));
        if (keys.contains("log_namespaced_levels")) {
            std::map<std::string, log::Level, std::less<>> levels;
            for (const auto& [ns, name] : settings.advanced.log_namespaced_levels)
                levels[ns] = level_named(name);
            log::set_namespaced_levels(std::move(levels));
        }
        if (keys.contains("log_debug_namespace_ignore"))
            ignore_debug_of(settings.advanced.log_debug_namespace_ignore);
    }
    if (changes.contains("passlist") || changes.contains("blocklist"))
        context.network.set_lists(parse_addresses(settings.passlist),
                                  parse_addresses(settings.blocklist));
}

}  // namespace

/// {"options": {…}} merged into the configuration -> {"restart_required"}
Awaitable<Reply> options(Context& context, const Request& request) {
    const auto* changes = request.find("options");
    if (!changes || !changes->is_object())
        co_return invalid_payload();
    const auto restart_needed = context.configuration.apply(changes->get_object());
    if (!restart_needed)
        co_return restart_needed.error();

    context.restart_required = context.restart_required || *restart_needed;
    if (changes->get_object().contains("homeassistant"))
        if (const auto problem = homeassistant::refusal(context.configuration.settings()))
            co_return failure("{}", *problem);
    apply_now(context, changes->get_object());
    context.engine.settings_changed(changes->get_object());
    log::info("bridge", "{}",
              *restart_needed ? "Changes require restart to take effect"
                              : "Successfully changed options");
    context.announcer.changed(Document::info);
    context.announcer.changed(Document::devices);
    json::object data;
    data["restart_required"] = context.restart_required;
    co_return json::value(std::move(data));
}

/// -> {}; half a second later the host ends in order and begins anew.
Awaitable<Reply> restart(Context& context, const Request&) {
    log::info("bridge", "Restarting");
    context.restart();
    co_return json::value(json::object());
}

}  // namespace waggle::bridge
