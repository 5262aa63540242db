#include <algorithm>

#include "base/log.hpp"
#include "plugin/host_impl.hpp"
#include "plugin/value.hpp"

/// What plugins offer to do for bridge/request/action, see wg_actions.
namespace waggle::plugin {

namespace {

bool has(const std::vector<std::string>& names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

bool is_in_use(const PluginInfo& info) noexcept {
    return info.state == PluginInfo::State::indexed || info.state == PluginInfo::State::loaded;
}

}  // namespace

std::vector<std::string> PluginHost::actions() const {
    std::vector<std::string> names;
    for (const auto& file : impl_->files)
        if (is_in_use(file.info))
            names.insert(names.end(), file.info.manifest.actions.begin(),
                         file.info.manifest.actions.end());
    std::ranges::sort(names);
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

std::optional<InterPanCommand> PluginHost::make_action(std::string_view name,
                                                       const boost::json::object& parameters,
                                                       std::uint64_t extended_pan_id,
                                                       std::string& problem) {
    for (std::uint32_t number = 0; number < impl_->files.size(); ++number) {
        const auto& file = impl_->files[number];
        if (!is_in_use(file.info) || !has(file.info.manifest.actions, name))
            continue;
        auto* module = impl_->load(number);
        const auto* actions =
            module ? static_cast<const wg_actions*>(module->extension(WG_EXTENSION_ACTIONS))
                   : nullptr;
        if (!actions || !WG_HAS(actions, wg_actions, make) || !actions->make) {
            log::error("plugin", "'{}' says that it has the action '{}', which it does not",
                       file.info.path.string(), name);
            continue;
        }
        ScratchScope scope(impl_->scratch);
        const boost::json::value holder(parameters);
        const auto value = to_wg(holder, impl_->scratch);
        wg_inter_pan_command made{};
        const CallSite site{"action", name, nullptr, Ieee(), true};
        const auto status = module->call(site, [&] {
            return actions->make({name.data(), name.size()}, &value, extended_pan_id, &made);
        });
        if (status != WG_OK) {
            problem = module->error();
            return std::nullopt;
        }
        InterPanCommand command{made.cluster, made.manufacturer, made.command, {}};
        if (made.payload.data)
            command.payload.assign(made.payload.data, made.payload.data + made.payload.length);
        return command;
    }
    problem = "Invalid action";
    return std::nullopt;
}

}  // namespace waggle::plugin
