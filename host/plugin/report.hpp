#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <boost/json/fwd.hpp>

#include "plugin/host.hpp"

/// `waggle plugin list` and `waggle plugin inspect FILE`: what there is, for people and as JSON.
namespace waggle::plugin {

/// The files found, highest precedence first. Loads only plugins that bring no list of models. The
/// crash marker of the options is not touched: a host may be running.
std::vector<PluginInfo> find_plugins(PluginHostOptions options);
std::string list_text(const std::vector<PluginInfo>& plugins);
boost::json::array list_json(const std::vector<PluginInfo>& plugins);

/// One file, loaded without a network: its manifest and every definition.
struct Inspection {
    PluginInfo info;  ///< `problem` is set when it was refused
    std::vector<std::shared_ptr<const Definition>>
        definitions;  ///< null: cannot be used, see the log
};
Inspection inspect(const std::filesystem::path& file);
std::string inspect_text(const Inspection& inspection);
boost::json::object inspect_json(const Inspection& inspection);

}  // namespace waggle::plugin
