#include "app/plugin_commands.hpp"

#include <cstdlib>

#include "plugin/host.hpp"

namespace waggle::app {

PluginDirectories plugin_directories(const CommandLine& line) {
    PluginDirectories found;
    found.built_in = plugin::built_in_directories();
    found.user = std::filesystem::path(line.data) / "plugins";
    const auto add = [&](std::string_view list) {
        for (auto& directory : plugin::split_path(list))
            found.extra.push_back(std::move(directory));
    };
    for (const auto& list : line.plugin_path)
        add(list);
    if (const char* list = std::getenv("WAGGLE_PLUGIN_PATH"))
        add(list);
    return found;
}

}  // namespace waggle::app
