#include "app/command_line.hpp"

#include <cstdlib>
#include <sstream>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace waggle::app {
namespace {

constexpr const char* footer = R"(
Examples:
  waggle                                     run on ./data; the first run makes its configuration
  waggle --data /var/lib/waggle              run on another directory
  waggle --data /opt/zigbee2mqtt/data        take over a zigbee2mqtt installation, in place
  waggle --serial tcp://192.168.1.20:6638    use a network coordinator
  waggle --serial /dev/ttyUSB0 --mqtt mqtt://nas.local:1883
  waggle check-config                        say what is wrong with the configuration, if anything
  waggle migrate --check DIR                 what a zigbee2mqtt directory holds and what becomes of it
  waggle plugin list                         the plugins found and the devices they serve
  waggle plugin inspect ./acme.so            one plugin, without a network
  waggle plugin test ./acme.so cases/        what its case files expect, without a network
  waggle ota inspect FILE                    what a firmware file says of itself
  waggle ota index DIR >index.json           an index of the firmware files in a folder

Environment:
  WAGGLE_DATA, ZIGBEE2MQTT_DATA     data directory when --data is not given
  ZIGBEE2MQTT_CONFIG_...            configuration overrides, as in zigbee2mqtt
  WAGGLE_PLUGIN_PATH                more plugin directories, separated by colons

Exit codes: 0 stopped as asked, 1 could not run, 2 the configuration or the command line is wrong.
Signals: TERM and INT stop in order (a second one at once), HUP opens the log file again.
)";

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

std::string default_data_directory(bool& given) {
    for (const char* name : {"WAGGLE_DATA", "ZIGBEE2MQTT_DATA", "STATE_DIRECTORY"}) {
        if (auto value = environment(name); !value.empty()) {
            given = true;
            return value.substr(0, value.find(':'));  // STATE_DIRECTORY may list several
        }
    }
    return "data";
}

void complete(CommandLine& line) {
    if (!line.directory.empty())
        line.data = line.directory;
    line.data_was_given = !line.data.empty();
    if (line.data.empty())
        line.data = default_data_directory(line.data_was_given);
    while (line.data.size() > 1 && line.data.back() == '/')
        line.data.pop_back();
    if (line.config.empty())
        line.config = line.data + "/configuration.yaml";
}

void add_options(CLI::App& app, CommandLine& line) {
    app.add_option("--data", line.data,
                   "Directory of configuration, database and state; zigbee2mqtt's is used in place")
        ->type_name("DIR");
    app.add_option("--config", line.config, "Configuration file [DIR/configuration.yaml]")
        ->type_name("FILE");
    app.add_option("--serial", line.serial,
                   "Coordinator: a device, or tcp://host:port [serial.port of the configuration]")
        ->type_name("PORT");
    app.add_option("--mqtt", line.mqtt, "MQTT broker [mqtt.server of the configuration]")
        ->type_name("URL");
    app.add_option("--log-level", line.log_level, "error, warning, info or debug")
        ->check(CLI::IsMember({"error", "warning", "info", "debug"}))
        ->type_name("LEVEL");
    app.add_option("--plugin-path", line.plugin_path,
                   "Directory with plugins, or several separated by colons; may be repeated")
        ->type_name("DIR");
}

void add_plugin_commands(CLI::App& app, CommandLine& line) {
    auto* plugin = app.add_subcommand("plugin", "Look at plugins");
    plugin->require_subcommand(1);
    plugin->fallthrough();
    plugin->add_subcommand("list", "The plugins found, in order of precedence")->callback([&line] {
        line.command = Command::plugin_list;
    });
    plugin->add_flag("--json", line.json, "Print JSON");
    auto* inspect = plugin->add_subcommand("inspect", "The manifest and every definition of one");
    inspect->add_option("file", line.file, "The plugin")->required()->type_name("FILE");
    inspect->callback([&line] { line.command = Command::plugin_inspect; });
    auto* test =
        plugin->add_subcommand("test", "Run case files against one: exit code 1 when one fails");
    test->add_option("file", line.file, "The plugin")->required()->type_name("FILE");
    test->add_option("cases", line.cases, "Case files, or folders with them [cases beside FILE]")
        ->type_name("CASES");
    test->callback([&line] { line.command = Command::plugin_test; });
    auto* convert = plugin->add_subcommand(
        "convert", "Runs of case files as JSON lines in, what comes of them out (for tools)");
    convert->add_option("file", line.file, "The plugin")->required()->type_name("FILE");
    convert->callback([&line] { line.command = Command::plugin_convert; });
}

void add_ota_commands(CLI::App& app, CommandLine& line) {
    auto* ota = app.add_subcommand("ota", "Look at firmware files");
    ota->require_subcommand(1);
    ota->fallthrough();
    auto* inspect = ota->add_subcommand("inspect", "What one file says of itself");
    inspect->add_option("file", line.file, "The file")->required()->type_name("FILE");
    inspect->add_flag("--json", line.json, "Print JSON");
    inspect->callback([&line] { line.command = Command::ota_inspect; });
    auto* index = ota->add_subcommand(
        "index", "An index of a folder's files, for ota.zigbee_ota_override_index_location");
    index->add_option("dir", line.ota_folder, "The folder")->required()->type_name("DIR");
    index->callback([&line] { line.command = Command::ota_index; });
    ota->add_subcommand("job", "")->group("")->callback(
        [&line] { line.command = Command::ota_job; });
}

void add_commands(CLI::App& app, CommandLine& line) {
    app.require_subcommand(0, 1);
    app.fallthrough();
    app.add_subcommand("run", "Run the host (what `waggle` alone does)");
    app.add_subcommand("check-config", "Read the configuration, say what is wrong, and exit")
        ->callback([&line] { line.command = Command::check_config; });

    auto* migrate = app.add_subcommand(
        "migrate",
        "What a zigbee2mqtt directory holds, and what becomes of it; nothing is written");
    migrate
        ->add_flag("--check", line.check,
                   "Look only (there is nothing else to do: it is used in place)")
        ->required();
    migrate->add_option("dir", line.directory, "The directory [--data]")->type_name("DIR");
    migrate->callback([&line] { line.command = Command::migrate_check; });

    add_plugin_commands(app, line);
    add_ota_commands(app, line);
}

}  // namespace

Parsed parse_command_line(int argc, const char* const* argv) {
    CommandLine line;
    CLI::App app("Waggle connects Zigbee devices to MQTT, with zigbee2mqtt's topics and files.",
                 "waggle");
    app.footer(footer);
    app.set_version_flag("--version", "waggle " WAGGLE_VERSION);
    add_options(app, line);
    add_commands(app, line);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        std::ostringstream out, problem;
        const bool asked =
            app.exit(error, out, problem) == 0;  // --help and --version come here too
        return {std::nullopt, asked ? out.str() : problem.str(), asked ? 0 : 2};
    }
    complete(line);
    return {std::move(line), "", 0};
}

}  // namespace waggle::app
