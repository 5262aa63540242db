#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

/// configuration.yaml as types: what the file says, references and environment applied, laid over
/// the defaults. The rest of the host reads these; it changes them through ConfigurationStore only.
/// Durations keep the file's unit, which each name or comment says.
namespace waggle::store {

/// One device or group of the configuration. `options` is the entry without friendly_name; the
/// options that every device takes are read from it with the functions below, those of a definition
/// by the engine.
struct EntityEntry {
    std::string id;  ///< key of the entry: "0x..." of a device, decimal number of a group
    std::string friendly_name;
    boost::json::object options;
};

/// By key; devices and groups each.
using Entities = std::map<std::string, EntityEntry, std::less<>>;

enum class LastSeen : std::uint8_t { disable, iso_8601, iso_8601_local, epoch };
enum class Output : std::uint8_t { json, attribute, attribute_and_json };

struct Settings {
    int version = 5;

    struct HomeAssistant {
        bool enabled = false;
        std::string discovery_topic = "homeassistant";
        std::string status_topic = "homeassistant/status";
        bool legacy_action_sensor = false;
        bool experimental_event_entities = false;
    } homeassistant;

    struct Availability {
        bool enabled = false;
        struct Active {
            double timeout = 10;        ///< minutes
            double max_jitter = 30000;  ///< milliseconds
            bool backoff = true;
            double pause_on_backoff_gt = 0;  ///< 0 = never
        } active;
        struct Passive {
            double timeout = 1500;  ///< minutes
        } passive;
    } availability;

    struct Mqtt {
        std::string base_topic = "zigbee2mqtt";
        std::string server;
        std::string user, password;  ///< a password without a user is not used
        std::string client_id;       ///< empty: the client makes one
        std::string ca, key, cert;   ///< paths; empty = unset
        bool reject_unauthorized = true;
        std::string server_name;
        double keepalive = 60;  ///< seconds
        int version = 4;        ///< 3, 4 (3.1.1) or 5
        bool include_device_information = false;
        bool force_disable_retain = false;
        std::uint32_t maximum_packet_size = 1048576;
    } mqtt;

    struct Serial {
        std::string port;     ///< path, tcp://host:port, mdns://service; empty = find one
        std::string adapter;  ///< zstack, ember, ...; empty = find out
        std::optional<std::uint32_t> baudrate;
        std::optional<bool> rtscts;
        bool disable_led = false;
    } serial;

    std::vector<std::string> passlist, blocklist;

    struct Ota {
        double update_check_interval = 1440;  ///< minutes
        bool disable_automatic_update_check = false;
        std::string zigbee_ota_override_index_location;      ///< file or URL; empty = unset
        std::uint32_t image_block_request_timeout = 150000;  ///< milliseconds
        std::uint32_t image_block_response_delay = 250;      ///< milliseconds
        std::uint8_t default_maximum_data_size = 50;
    } ota;

    struct Frontend {
        bool enabled = false;
        std::string package = "zigbee2mqtt-windfront";
        std::uint16_t port = 8080;
        std::string host;  ///< empty = all; begins with '/': Unix socket
        std::string auth_token, url;
        std::string base_url = "/";
        std::string ssl_cert, ssl_key;
        std::vector<std::string> notification_filter;
        bool disable_ui_serving = false;
    } frontend;

    struct Advanced {
        std::vector<std::string> log_output = {"console", "file"};
        std::string log_level = "info";
        std::map<std::string, std::string, std::less<>> log_namespaced_levels;
        std::string log_debug_namespace_ignore;
        bool log_debug_to_mqtt_frontend = false;
        std::string log_directory;  ///< default <data>/log/%TIMESTAMP%
        std::string log_file = "log.log";
        bool log_rotation = true;
        bool log_symlink_current = false;
        int log_directories_to_keep = 10;
        bool log_console_json = false;
        boost::json::object log_syslog;
        std::string timestamp_format = "YYYY-MM-DD HH:mm:ss";
        std::uint16_t pan_id = 0x1A62;
        std::vector<std::uint8_t> ext_pan_id = std::vector<std::uint8_t>(8, 0xDD);  ///< text order
        std::vector<std::uint8_t> network_key = {1, 3, 5, 7, 9, 11, 13, 15,
                                                 0, 2, 4, 6, 8, 10, 12, 13};
        std::uint8_t channel = 11;
        std::optional<int> adapter_concurrent;
        std::optional<int> adapter_delay;
        std::optional<int> transmit_power;  ///< dBm
        bool cache_state = true;
        bool cache_state_persistent = true;
        bool cache_state_send_on_startup = true;
        LastSeen last_seen = LastSeen::disable;
        bool elapsed = false;
        Output output = Output::json;
        bool enable_external_js = true;
    } advanced;

    struct Health {
        double interval = 10;  ///< minutes
        bool reset_on_check = false;
    } health;

    boost::json::object map_options;     ///< only the network map reads it
    boost::json::object device_options;  ///< defaults of every device
    Entities devices, groups;
};

/// Reads `merged`, which is valid and has every default in it (see configuration.hpp).
Settings read_settings(const boost::json::object& merged);

/// An option of an entry, or nothing when it is absent or of another type.
std::optional<bool> bool_option(const boost::json::object& options, std::string_view key);
std::optional<double> number_option(const boost::json::object& options, std::string_view key);
std::optional<std::string_view> text_option(const boost::json::object& options,
                                            std::string_view key);
std::vector<std::string> text_list_option(const boost::json::object& options, std::string_view key);

}  // namespace waggle::store
