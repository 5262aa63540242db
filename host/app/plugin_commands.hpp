#pragma once

#include <filesystem>
#include <vector>

#include "app/command_line.hpp"

/// `waggle plugin …`: looking at plugins without a network.
namespace waggle::app {

struct PluginDirectories {
    std::vector<std::filesystem::path> built_in;
    std::filesystem::path user;
    std::vector<std::filesystem::path> extra;
};

/// Where this command line and WAGGLE_PLUGIN_PATH have plugins looked for.
PluginDirectories plugin_directories(const CommandLine& line);

int list_plugins(const CommandLine& line);  ///< -> exit code
/// -> exit code: 1 when the file was refused
int inspect_plugin(const CommandLine& line);
/// Every case of every file -> exit code: 1 when one fails, or there is none.
int test_plugin(const CommandLine& line);
/// Standard input to standard output, a line each; see plugin::Converter. -> exit code
int convert_lines(const CommandLine& line);

}  // namespace waggle::app
