#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "store/failure.hpp"
#include "store/migration.hpp"
#include "store/settings.hpp"

/// The configuration: loaded and checked once at start, then changed by requests.
///
/// configuration.yaml belongs to the user. A change touches only the lines it is about, so that
/// comments, order and formatting stay; the alternative, writing the whole document again as
/// zigbee2mqtt does, loses them. Values that live elsewhere (`!secret key`, split device and group
/// files) are changed where they live. What the environment overrides is never written.
namespace waggle::store {

/// One fault of the configuration, with its place.
struct ConfigurationProblem {
    std::string file;  ///< as the user would type it
    int line = 0;      ///< from 1; 0 = no line, for instance an environment variable
    std::string key;   ///< dotted path, "advanced.log_level"; empty = the file as a whole
    std::string text;  ///< what is wrong and what is allowed

    /// "configuration.yaml:12: advanced.channel: 42 is not allowed, must be a number from 11 to 26"
    std::string sentence() const;
};

/// Start-up only: everything that is wrong, one sentence a line in what().
class ConfigurationError : public std::runtime_error {
  public:
    explicit ConfigurationError(std::vector<ConfigurationProblem> problems);
    const std::vector<ConfigurationProblem>& problems() const noexcept { return problems_; }

  private:
    std::vector<ConfigurationProblem> problems_;
};

/// What to read and what lies over it.
struct LoadOptions {
    std::filesystem::path data_directory;
    std::filesystem::path file;  ///< empty = <data_directory>/configuration.yaml
    /// NAME=VALUE; ZIGBEE2MQTT_CONFIG_... and WAGGLE_CONFIG_... count, the latter wins.
    std::vector<std::string> environment;
    /// Laid over everything, never written; for the command line (--serial, --mqtt, --log-level).
    boost::json::object overrides;
    /// check-config: nothing is written, GENERATE is accepted and left alone.
    bool read_only = false;
};

/// "NAME=VALUE" of this process, for LoadOptions.
std::vector<std::string> process_environment();

class ConfigurationStore {
  public:
    /// Reads, migrates older versions, generates what says GENERATE, checks. Throws
    /// ConfigurationError with every problem found. Warnings are logged, and kept in warnings().
    static std::unique_ptr<ConfigurationStore> load(LoadOptions options);
    ~ConfigurationStore();

    const Settings& settings() const noexcept;
    /// Grows with every change; for whoever keeps something derived.
    std::uint64_t revision() const noexcept;
    const std::filesystem::path& path() const noexcept;
    const std::filesystem::path& data_directory() const noexcept;
    const std::vector<std::string>& warnings() const noexcept;
    /// What the file was before it was read, and what changed in meaning since; for `migrate --check`
    /// nothing of it is on disk.
    const Migration& migration() const noexcept;
    /// The file said nothing about these and zigbee2mqtt's public defaults hold: network_key,
    /// pan_id, ...
    const std::vector<std::string>& well_known_network_values() const noexcept;

    /// `config` of bridge/info: every default merged in, secrets removed.
    boost::json::object info_config() const;

    // By key or by friendly name; null when there is none. Pointers hold until the next change.
    const EntityEntry* find_device(std::string_view id_or_name) const;
    const EntityEntry* find_group(std::string_view id_or_name) const;
    /// device_options with the device's own options over them.
    boost::json::object device_options(std::string_view id) const;

    // Each of these checks first, then writes the file, then changes settings(). The failure text
    // is meant for the answer to a request.

    /// bridge/request/options: deep merge; arrays are replaced; null deletes, except below a key
    /// `homeassistant`. -> whether one of the keys named needs a restart to take effect.
    Outcome<bool> apply(const boost::json::object& changes);
    /// device/options and group/options, same merge. friendly_name and devices are not options and
    /// are left out. -> restart needed.
    Outcome<bool> change_entity_options(std::string_view id_or_name,
                                        const boost::json::object& options);
    Outcome<> rename_entity(std::string_view id_or_name, std::string_view new_name);
    /// With the address as its friendly name, as zigbee2mqtt does.
    Outcome<> add_device(std::string_view ieee);
    /// Those that are not there yet, in one change: a file is written once, not once for each.
    Outcome<> add_devices(std::span<const std::string> ieees);
    Outcome<> remove_device(std::string_view id_or_name);
    Outcome<> block_device(std::string_view ieee);
    /// Without an id the first free one from 1. -> the id
    Outcome<std::string> add_group(std::string_view name, std::optional<std::string> id = {});
    Outcome<> remove_group(std::string_view id_or_name);
    /// One value at a key path; no schema check beyond the whole file's.
    Outcome<> set(std::span<const std::string> key_path, boost::json::value value);
    Outcome<> erase(std::span<const std::string> key_path);

  private:
    struct Impl;
    explicit ConfigurationStore(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

/// The JSON schema of configuration.yaml, minified, keys sorted: `config_schema` of bridge/info.
std::string_view configuration_schema_text() noexcept;

/// The first rule that `name` breaks, or nothing.
std::optional<std::string> friendly_name_problem(std::string_view name);

/// What a first start knows; the network parameters are random.
struct FirstConfiguration {
    std::string mqtt_server = "mqtt://localhost:1883";
    std::string mqtt_user, mqtt_password;  ///< left out when empty
    std::string base_topic = "zigbee2mqtt";
    std::string serial_port, serial_adapter;  ///< left out, as a comment, when empty
    int channel = 11;
    bool homeassistant = false;
    bool frontend = false;
};

/// Writes a commented configuration.yaml, mode 0600. Fails when the file exists.
Outcome<> create_first_configuration(const std::filesystem::path& file,
                                     const FirstConfiguration& first);

}  // namespace waggle::store
