#include "app/plugin_commands.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include "base/log.hpp"
#include "plugin/cases.hpp"
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

/// Case files as named, and those in folders; without any, the folder `cases` beside the plugin.
std::vector<std::filesystem::path> case_files(const CommandLine& line) {
    std::vector<std::filesystem::path> found;
    auto places = line.cases;
    if (places.empty())
        places.push_back((std::filesystem::path(line.file).parent_path() / "cases").string());
    for (const auto& place : places) {
        std::error_code error;
        if (!std::filesystem::is_directory(place, error)) {
            found.emplace_back(place);
            continue;
        }
        for (const auto& entry : std::filesystem::directory_iterator(place, error))
            if (entry.path().extension() == ".json")
                found.push_back(entry.path());
    }
    std::sort(found.begin(), found.end());
    return found;
}

struct Tally {
    std::size_t passed = 0, failed = 0;
};

void test_file(const CommandLine& line, const std::filesystem::path& file, Tally& tally) {
    std::ifstream in(file, std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(in), {});
    std::string problem = in ? "" : "it cannot be read";
    const auto results = in ? plugin::run_cases(line.file, text, problem)
                            : Result<std::vector<plugin::CaseResult>>(Errc::not_found);
    if (!results) {
        print(fmt::format("FAILED  {}: {}", file.string(), problem));
        ++tally.failed;
        return;
    }
    for (const auto& result : *results) {
        ++(result.passed() ? tally.passed : tally.failed);
        print(result.passed() ? fmt::format("ok      {}: {}", file.stem().string(), result.name)
                              : fmt::format("FAILED  {}: {}\n        {}", file.stem().string(),
                                            result.name, result.problem));
    }
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

int test_plugin(const CommandLine& line) {
    show_warnings(line);
    Tally tally;
    for (const auto& file : case_files(line))
        test_file(line, file, tally);
    print(fmt::format("{} passed, {} failed", tally.passed, tally.failed));
    return tally.failed == 0 && tally.passed != 0 ? 0 : 1;
}

int convert_lines(const CommandLine& line) {
    log::Options quiet;
    quiet.console = false;
    log::configure(quiet);
    plugin::Converter converter(line.file);
    for (std::string text; std::getline(std::cin, text);)
        print(converter.run(text));
    return 0;
}

}  // namespace waggle::app
