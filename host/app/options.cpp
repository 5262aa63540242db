#include "app/options.hpp"

#include <algorithm>

#include "app/plugin_commands.hpp"
#include "zigbee/addresses.hpp"

namespace waggle::app {
NetworkOptions network_options(const store::ConfigurationStore& configuration) {
    const auto& settings = configuration.settings();
    NetworkOptions options;
    options.passlist = parse_addresses(settings.passlist);
    options.blocklist = parse_addresses(settings.blocklist);
    options.database_path = configuration.data_directory() / "database.db";
    options.backup_path = configuration.data_directory() / "coordinator_backup.json";
    options.parameters.pan_id = settings.advanced.pan_id;
    options.parameters.channel = settings.advanced.channel;
    std::copy_n(settings.advanced.ext_pan_id.begin(),
                std::min<std::size_t>(settings.advanced.ext_pan_id.size(), 8),
                options.parameters.extended_pan_id.begin());
    std::copy_n(settings.advanced.network_key.begin(),
                std::min<std::size_t>(settings.advanced.network_key.size(), 16),
                options.parameters.network_key.begin());
    return options;
}

CoordinatorOptions coordinator_options(const store::Settings& settings) {
    CoordinatorOptions options;
    options.port = settings.serial.port;
    options.adapter = settings.serial.adapter;
    options.baud_rate = settings.serial.baudrate.value_or(0);
    options.hardware_flow_control = settings.serial.rtscts.value_or(false);
    options.disable_led = settings.serial.disable_led;
    if (settings.advanced.adapter_concurrent)
        options.concurrency = static_cast<unsigned>(*settings.advanced.adapter_concurrent);
    options.transmit_power = settings.advanced.transmit_power;
    return options;
}

mqtt::Options mqtt_options(const store::Settings::Mqtt& settings) {
    mqtt::Options options;
    options.server = settings.server;
    options.user = settings.user;
    options.password = settings.password;
    options.client_id = settings.client_id;
    options.ca = settings.ca;
    options.certificate = settings.cert;
    options.key = settings.key;
    options.reject_unauthorized = settings.reject_unauthorized;
    options.server_name = settings.server_name;
    options.keepalive = std::chrono::seconds(static_cast<int>(settings.keepalive));
    options.version = settings.version;
    options.maximum_packet_size = settings.maximum_packet_size;
    options.force_disable_retain = settings.force_disable_retain;
    options.base_topic = settings.base_topic;
    options.online_at_once = false;  // the radio has to be there first
    return options;
}

plugin::PluginHostOptions plugin_options(const CommandLine& line,
                                         const store::ConfigurationStore& configuration) {
    const auto directories = plugin_directories(line);
    plugin::PluginHostOptions options;
    options.built_in = directories.built_in;
    options.user = directories.user;
    options.extra = directories.extra;
    options.crash_marker = configuration.data_directory() / "plugin.running";
    options.configuration_version = static_cast<std::uint32_t>(configuration.settings().version);
    return options;
}

}  // namespace waggle::app
