#pragma once

#include <optional>
#include <string>
#include <vector>

/// The command line: which command, where the data is, and what overrides the configuration.
/// Nothing is done here; the result is data that `run_command` acts on.
namespace waggle::app {

enum class Command {
    run,
    check_config,
    migrate_check,
    plugin_list,
    plugin_inspect,
    plugin_test,
    plugin_convert,
    ota_inspect,
    ota_index,
    ota_job
};

struct CommandLine {
    Command command = Command::run;
    std::string data;                      ///< data directory; never empty after parse()
    std::string config;                    ///< configuration file; never empty after parse()
    std::string serial;                    ///< overrides serial.port for this run
    std::string mqtt;                      ///< overrides mqtt.server for this run
    std::string log_level;                 ///< overrides advanced.log_level for this run
    std::vector<std::string> plugin_path;  ///< searched before WAGGLE_PLUGIN_PATH
    bool json = false;                     ///< of `plugin list`, `plugin inspect`, `ota inspect`
    std::string file;                ///< of `plugin inspect`, `test`, `convert`, `ota inspect`
    std::vector<std::string> cases;  ///< of `plugin test`: files and folders
    std::string directory;           ///< of `migrate`: in place of --data
    std::string ota_folder;          ///< of `ota index`
    bool check = false;              ///< of `migrate`
    bool data_was_given = false;     ///< by option or environment, not by default
};

struct Parsed {
    std::optional<CommandLine> line;  ///< absent: nothing to do but print `text` and exit
    std::string text;                 ///< help, version, or what is wrong
    int exit_code = 0;
};

/// Reads the arguments and the environment variables WAGGLE_DATA and ZIGBEE2MQTT_DATA. The data
/// directory is, in this order: --data, WAGGLE_DATA, ZIGBEE2MQTT_DATA, STATE_DIRECTORY (set by
/// systemd for a unit with StateDirectory=), ./data.
Parsed parse_command_line(int argc, const char* const* argv);

}  // namespace waggle::app
