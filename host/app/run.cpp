#include "app/run.hpp"

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <unistd.h>

#include <boost/json/object.hpp>
#include <fmt/format.h>

#include "app/application.hpp"
#include "app/command_line.hpp"
#include "app/first_start.hpp"
#include "app/instance_lock.hpp"
#include "app/log_setup.hpp"
#include "app/memory.hpp"
#include "app/migration_check.hpp"
#include "app/ota_commands.hpp"
#include "app/plugin_commands.hpp"
#include "base/log.hpp"
#include "store/configuration.hpp"

namespace json = boost::json;

namespace waggle::app {
namespace {

void print(std::FILE* out, const std::string& text) {
    std::fputs(text.c_str(), out);
    if (text.empty() || text.back() != '\n')
        std::fputc('\n', out);
}

store::LoadOptions load_options(const CommandLine& line) {
    store::LoadOptions options;
    options.data_directory = line.data;
    options.file = line.config;
    options.environment = store::process_environment();
    const auto override_with = [&](const char* section, const char* key, const std::string& value) {
        if (value.empty())
            return;
        json::object inner;
        inner[key] = value;
        options.overrides[section] = std::move(inner);
    };
    override_with("serial", "port", line.serial);
    override_with("mqtt", "server", line.mqtt);
    override_with("advanced", "log_level", line.log_level);
    return options;
}

std::unique_ptr<store::ConfigurationStore> read_configuration(const CommandLine& line) {
    auto options = load_options(line);
    options.read_only = true;
    return store::ConfigurationStore::load(std::move(options));
}

int check_configuration(const CommandLine& line) {
    const auto configuration = read_configuration(line);
    for (const auto& warning : configuration->warnings())
        print(stdout, "warning: " + warning);
    print(stdout,
          fmt::format("{}: the configuration is valid ({} devices, {} groups)",
                      configuration->path().string(), configuration->settings().devices.size(),
                      configuration->settings().groups.size()));
    return 0;
}

void say(const FirstStart& first) {
    for (const auto& sentence : first.said)
        log::info("waggle", "{}", sentence);
    for (const auto& sentence : first.warnings)
        log::warning("waggle", "{}", sentence);
}

void warn_of_well_known_network(const store::ConfigurationStore& configuration) {
    std::string names;
    for (const auto& name : configuration.well_known_network_values())
        names += (names.empty() ? "" : ", ") + name;
    if (!names.empty())
        log::warning("waggle",
                     "The configuration does not set {}: the values everybody knows are used",
                     names);
}

int run_host(const CommandLine& line, Ending& ending) {
    const auto first = ensure_configuration(line);
    if (!first) {
        print(stderr, "waggle: " + first.error().message);
        return 1;
    }
    InstanceLock lock;
    std::string problem;
    if (!lock.take(line.data, problem)) {
        print(stderr, "waggle: " + problem);
        return 1;
    }
    const auto configuration = store::ConfigurationStore::load(load_options(line));
    LogSetup log(configuration->settings(), configuration->data_directory(),
                 wall_clock_ms() / 1000);
    log.apply();
    log::info("waggle", "Waggle {} on '{}'", WAGGLE_VERSION, line.data);
    say(*first);
    warn_of_well_known_network(*configuration);

    Application application(line, *configuration, log);
    return application.run(ending);
}

/// The same command again in this process: systemd and containers keep their process id, and a new
/// binary, installed meanwhile, is taken. -> only when that failed
int start_again(const std::filesystem::path& binary, char** argv) {
    close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
    execv(binary.c_str(), argv);
    print(stderr, fmt::format("waggle: cannot start '{}' again", binary.string()));
    return 1;
}

int execute(const CommandLine& line, char** argv) {
    std::error_code ignored;
    const auto binary = std::filesystem::read_symlink("/proc/self/exe", ignored);
    switch (line.command) {
        case Command::check_config: return check_configuration(line);
        case Command::migrate_check: return check_migration(line, *read_configuration(line));
        case Command::plugin_list: return list_plugins(line);
        case Command::plugin_inspect: return inspect_plugin(line);
        case Command::plugin_test: return test_plugin(line);
        case Command::plugin_convert: return convert_lines(line);
        case Command::ota_inspect: return inspect_image(line);
        case Command::ota_index: return index_images(line);
        case Command::ota_job: return do_ota_job(line);
        case Command::run: break;
    }
    Ending ending = Ending::stop;
    const int code = run_host(line, ending);
    return ending == Ending::restart ? start_again(binary, argv) : code;
}

}  // namespace

int run(int argc, char** argv) {
    keep_memory_small();
    std::signal(SIGPIPE, SIG_IGN);
    const auto parsed = parse_command_line(argc, argv);
    if (!parsed.line) {
        print(parsed.exit_code == 0 ? stdout : stderr, parsed.text);
        return parsed.exit_code;
    }
    try {
        return execute(*parsed.line, argv);
    } catch (const store::ConfigurationError& error) {
        print(stderr, error.what());
        return 2;
    } catch (const std::exception& error) {
        print(stderr, fmt::format("waggle: {}", error.what()));
        return 1;
    }
}

}  // namespace waggle::app
