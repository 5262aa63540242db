#include "store/defaults.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

namespace waggle::store {
namespace {

constexpr std::string_view defaults_text = R"({
  "homeassistant": {"enabled": false, "discovery_topic": "homeassistant",
    "status_topic": "homeassistant/status", "legacy_action_sensor": false,
    "experimental_event_entities": false},
  "availability": {"enabled": false,
    "active": {"timeout": 10, "max_jitter": 30000, "backoff": true, "pause_on_backoff_gt": 0},
    "passive": {"timeout": 1500}},
  "frontend": {"enabled": false, "package": "zigbee2mqtt-windfront", "port": 8080, "base_url": "/"},
  "mqtt": {"base_topic": "zigbee2mqtt", "include_device_information": false,
    "force_disable_retain": false, "maximum_packet_size": 1048576, "keepalive": 60,
    "reject_unauthorized": true, "version": 4},
  "serial": {"disable_led": false},
  "passlist": [],
  "blocklist": [],
  "map_options": {"graphviz": {"colors": {
    "fill": {"enddevice": "#fff8ce", "coordinator": "#e04e5d", "router": "#4ea3e0"},
    "font": {"coordinator": "#ffffff", "router": "#ffffff", "enddevice": "#000000"},
    "line": {"active": "#009900", "inactive": "#994444"}}}},
  "ota": {"update_check_interval": 1440, "disable_automatic_update_check": false,
    "image_block_request_timeout": 150000, "image_block_response_delay": 250,
    "default_maximum_data_size": 50},
  "device_options": {},
  "advanced": {"log_rotation": true, "log_console_json": false, "log_symlink_current": false,
    "log_output": ["console", "file"], "log_file": "log.log", "log_level": "info",
    "log_namespaced_levels": {}, "log_syslog": {}, "log_debug_to_mqtt_frontend": false,
    "log_debug_namespace_ignore": "", "log_directories_to_keep": 10, "pan_id": 6754,
    "ext_pan_id": [221, 221, 221, 221, 221, 221, 221, 221], "channel": 11, "cache_state": true,
    "cache_state_persistent": true, "cache_state_send_on_startup": true, "last_seen": "disable",
    "elapsed": false, "network_key": [1, 3, 5, 7, 9, 11, 13, 15, 0, 2, 4, 6, 8, 10, 12, 13],
    "timestamp_format": "YYYY-MM-DD HH:mm:ss", "output": "json", "enable_external_js": true},
  "health": {"interval": 10, "reset_on_check": false},
  "devices": {},
  "groups": {}
})";

}  // namespace

boost::json::object default_configuration(const std::filesystem::path& data_directory) {
    auto defaults = boost::json::parse(defaults_text).get_object();
    defaults["advanced"].get_object()["log_directory"] =
        (data_directory / "log" / "%TIMESTAMP%").string();
    return defaults;
}

}  // namespace waggle::store
