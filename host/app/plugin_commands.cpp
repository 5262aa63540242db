#include "app/plugin_commands.hpp"

#include <cstdio>
#include <cstdlib>
#include <string>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "base/log.hpp"
#include "plugin/report.hpp"
#include "store/json_text.hpp"

namespace waggle::app {
namespace {

void print(const std::string& text) {
    std::fputs(text.c_str(), stdout);
    if (text.empty() || text.back() != '\n')
        std::fputc('\n', stdout);
}

void print_json(const boost::json::value& value) {
    std::string text;
    store::append_pretty_json(text, value, 2);
    print(text);
}

/// What is wrong with a plugin is said in the log; the answer itself goes to standard output.
void show_warnings(const CommandLine& line) {
    log::Options options;
    options.level = log::Level::warning;
    options.console = !line.json;
    log::configure(options);
}

}  // namespace

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

int list_plugins(const CommandLine& line) {
    show_warnings(line);
    auto directories = plugin_directories(line);
    plugin::PluginHostOptions options;
    options.built_in = std::move(directories.built_in);
    options.user = std::move(directories.user);
    options.extra = std::move(directories.extra);
    const auto found = plugin::find_plugins(std::move(options));
    line.json ? print_json(plugin::list_json(found)) : print(plugin::list_text(found));
    return 0;
}

int inspect_plugin(const CommandLine& line) {
    show_warnings(line);
    const auto inspection = plugin::inspect(line.file);
    line.json ? print_json(plugin::inspect_json(inspection))
              : print(plugin::inspect_text(inspection));
    return inspection.info.problem.empty() ? 0 : 1;
}

}  // namespace waggle::app
