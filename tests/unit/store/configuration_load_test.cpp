#include <set>

#include <boost/test/unit_test.hpp>
#include <sys/stat.h>

#include "store/configuration.hpp"
#include "store/json_text.hpp"
#include "support/temporary_folder.hpp"

using namespace waggle::store;
using waggle::test::TemporaryFolder;
namespace json = boost::json;

namespace {

const std::string key_line = "  network_key: [1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16]\n";
const std::string network =
    "advanced:\n" + key_line + "  pan_id: 6755\n  ext_pan_id: [1,2,3,4,5,6,7,8]\n";
const std::string minimal = "version: 5\nmqtt: {server: 'mqtt://x'}\n" + network;

std::unique_ptr<ConfigurationStore> load(const TemporaryFolder& folder,
                                         std::vector<std::string> environment = {},
                                         json::object overrides = {}) {
    LoadOptions options;
    options.data_directory = folder.path();
    options.environment = std::move(environment);
    options.overrides = std::move(overrides);
    return ConfigurationStore::load(options);
}

/// What the start says, without the folder's name.
std::string refusal(const std::string& yaml, std::vector<std::string> environment = {}) {
    const TemporaryFolder folder;
    folder.write("configuration.yaml", yaml);
    try {
        load(folder, std::move(environment));
    } catch (const ConfigurationError& error) {
        std::string text = error.what();
        const auto prefix = folder.path().string() + "/";
        for (auto at = text.find(prefix); at != std::string::npos; at = text.find(prefix))
            text.erase(at, prefix.size());
        return text;
    }
    return "was loaded";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(configuration_load)

BOOST_AUTO_TEST_CASE(values_are_typed_and_defaults_hold_elsewhere) {
    const TemporaryFolder folder;
    folder.write("configuration.yaml", minimal + R"(  transmit_power: -5
  last_seen: ISO_8601_local
  output: attribute
  log_namespaced_levels: {mqtt: debug}
serial: {port: tcp://10.0.0.2:6638, adapter: zstack, baudrate: 460800, rtscts: true}
devices:
  '0x00158d0001020304': {friendly_name: lamp, retain: true, qos: 1, filtered_cache: [a, b]}
groups:
  '3': {friendly_name: hall, off_state: last_member_state}
)");
    const auto store = load(folder);
    const auto& settings = store->settings();
    BOOST_TEST(settings.mqtt.base_topic == "zigbee2mqtt");
    BOOST_TEST(settings.advanced.transmit_power.value() == -5);
    BOOST_TEST(!settings.advanced.adapter_concurrent.has_value());
    BOOST_TEST((settings.advanced.last_seen == LastSeen::iso_8601_local));
    BOOST_TEST((settings.advanced.output == Output::attribute));
    BOOST_TEST(settings.advanced.log_namespaced_levels.at("mqtt") == "debug");
    BOOST_TEST(settings.serial.baudrate.value() == 460800u);
    BOOST_TEST(settings.advanced.pan_id == 6755);
    BOOST_TEST(settings.advanced.network_key[15] == 16);
    const auto* lamp = store->find_device("lamp");
    BOOST_REQUIRE(lamp != nullptr);
    BOOST_TEST(lamp->id == "0x00158d0001020304");
    BOOST_TEST(bool_option(lamp->options, "retain").value());
    BOOST_TEST(number_option(lamp->options, "qos").value() == 1);
    BOOST_TEST(text_list_option(lamp->options, "filtered_cache").size() == 2u);
    BOOST_TEST(!text_option(lamp->options, "qos").has_value());
    BOOST_TEST(store->find_device("0x00158d0001020304") == lamp);
    BOOST_TEST(store->find_group("3")->friendly_name == "hall");
    BOOST_TEST(store->find_group("lamp") == nullptr);
}

BOOST_AUTO_TEST_CASE(every_fault_is_told_at_once_with_file_line_key_and_what_is_allowed) {
    BOOST_TEST(
        refusal(R"(version: 5
mqtt:
  server: 5
  keepalive: 1.5
advanced:
  channel: 42
  log_level: loud
  network_key: [1, 2]
  pan_id: ABC
homeassistant:
  enabled: "yes"
devices:
  '0x00158d0001020304':
    friendly_name: a/1
    qos: 3
  '0x00158d0001020305': {friendly_name: same, icon: x}
  '0x00158d0001020306':
    friendly_name: same
    retention: 5
)") ==
        R"(configuration.yaml:11: homeassistant.enabled: "yes" is not allowed, must be true or false
configuration.yaml:3: mqtt.server: 5 is not allowed, must be a text
configuration.yaml:15: devices.0x00158d0001020304.qos: 3 is not allowed, must be one of 0, 1, 2
configuration.yaml:7: advanced.log_level: "loud" is not allowed, must be one of error, warning, info, debug
configuration.yaml:6: advanced.channel: 42 is not allowed, must be a number from 11 to 26
configuration.yaml:8: advanced.network_key: must be GENERATE or a list of 16 whole numbers from 0 to 255
configuration.yaml:9: advanced.pan_id: "ABC" is not allowed, must be GENERATE or a whole number from 1 to 65534
configuration.yaml:4: mqtt.keepalive: 1.5 is not allowed, must be a whole number from 0 to 65535
configuration.yaml:14: devices.0x00158d0001020304.friendly_name: "a/1" is not allowed, Friendly name cannot end with a "/DIGIT" ('a/1')
configuration.yaml:16: devices.0x00158d0001020305.icon: "x" is not allowed, must begin with http://, https:// or device_icons/
configuration.yaml:18: devices.0x00158d0001020306.friendly_name: "same" is not allowed, Duplicate friendly_name 'same' found, already used by devices.0x00158d0001020305
configuration.yaml:19: devices.0x00158d0001020306.retention: 5 is not allowed, needs mqtt.version: 5)");
}

BOOST_AUTO_TEST_CASE(a_file_that_is_no_configuration_is_refused_in_one_sentence) {
    BOOST_TEST(refusal("version: 5\n") == "configuration.yaml: needs the key `mqtt`");
    BOOST_TEST(refusal("version: 5\nmqtt: {}\n") ==
               "configuration.yaml:2: mqtt: needs the key `server`");
    BOOST_TEST(refusal("- 1\n") == "configuration.yaml:1: must be a map of keys and values");
    BOOST_TEST(refusal("mqtt: [\n").starts_with("configuration.yaml:"));
    BOOST_TEST(
        refusal("mqtt:\n  server: a\n server: b\n").starts_with("configuration.yaml:3: not valid"));
    BOOST_TEST(
        refusal(minimal, {"ZIGBEE2MQTT_CONFIG_ADVANCED_CHANNEL=9"}) ==
        "environment variable ZIGBEE2MQTT_CONFIG_ADVANCED_CHANNEL: advanced.channel: 9 is not "
        "allowed, must be a number from 11 to 26");
    const TemporaryFolder folder;
    BOOST_CHECK_THROW(load(folder), ConfigurationError);
}

BOOST_AUTO_TEST_CASE(a_secret_is_not_repeated_in_a_message) {
    const auto text = refusal("version: 5\nmqtt: {server: 'mqtt://x', password: 12345}\n");
    BOOST_TEST(text.find("mqtt.password") != std::string::npos);
    BOOST_TEST(text.find("12345") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(every_truncation_of_a_file_is_loaded_or_refused_and_never_more) {
    const std::string whole =
        minimal + "devices:\n  '0x00158d0001020304':\n    friendly_name: lamp\n";
    for (std::size_t n = 0; n < whole.size(); ++n) {
        const TemporaryFolder folder;
        folder.write("configuration.yaml", whole.substr(0, n));
        LoadOptions options;
        options.data_directory = folder.path();
        options.read_only = true;
        try {
            (void)ConfigurationStore::load(options);
        } catch (const ConfigurationError& error) {
            BOOST_TEST(!error.problems().empty());
        }
        BOOST_TEST(folder.read("configuration.yaml") == whole.substr(0, n));
    }
}

BOOST_AUTO_TEST_CASE(references_are_resolved_and_a_missing_one_is_named) {
    const TemporaryFolder folder;
    folder.write(
        "configuration.yaml",
        "version: 5\nmqtt:\n  server: '!secret server'\n  user: !other.yml me\n" + network);
    folder.write("secret.yaml", "server: mqtt://nas\n");
    folder.write("other.yml", "me: bee\n");
    const auto store = load(folder);
    BOOST_TEST(store->settings().mqtt.server == "mqtt://nas");
    BOOST_TEST(store->settings().mqtt.user == "bee");
    BOOST_TEST(
        refusal("version: 5\nmqtt:\n  server: '!secret server'\n")
            .starts_with("configuration.yaml:3: mqtt.server: '!secret server' refers to the key "
                         "`server` of secret.yaml, which does not exist"));
}

BOOST_AUTO_TEST_CASE(a_fault_behind_a_reference_is_placed_in_the_other_file) {
    const TemporaryFolder folder;
    folder.write(
        "configuration.yaml",
        "version: 5\nmqtt: {server: '!secret a'}\ndevices: [d1.yaml, d2.yaml, none.yaml]\n");
    folder.write("secret.yaml", "# x\na: 5\n");
    folder.write("d1.yaml", "'0x00158d0001020304': {friendly_name: a}\n");
    folder.write("d2.yaml", "\n'0x00158d0001020305':\n  friendly_name: b\n  retain: 1\n");
    try {
        load(folder);
        BOOST_ERROR("was loaded");
    } catch (const ConfigurationError& error) {
        BOOST_REQUIRE(error.problems().size() == 2u);
        BOOST_TEST(error.problems()[0].file == (folder / "secret.yaml").string());
        BOOST_TEST(error.problems()[0].line == 2);
        BOOST_TEST(error.problems()[1].file == (folder / "d2.yaml").string());
        BOOST_TEST(error.problems()[1].line == 4);
    }
}

BOOST_AUTO_TEST_CASE(the_environment_and_the_command_line_lie_over_the_file_and_are_not_written) {
    const TemporaryFolder folder;
    folder.write("configuration.yaml", minimal);
    json::object overrides;
    overrides["serial"] = json::object{{"port", "/dev/ttyX"}};
    const auto store =
        load(folder,
             {"ZIGBEE2MQTT_CONFIG_MQTT_SERVER=mqtt://env", "PATH=x",
              "ZIGBEE2MQTT_CONFIG_ADVANCED_CHANNEL=20", "WAGGLE_CONFIG_ADVANCED_CHANNEL=25",
              "ZIGBEE2MQTT_CONFIG_HOMEASSISTANT_ENABLED=TRUE",
              "ZIGBEE2MQTT_CONFIG_PASSLIST=[\"0x1\"]", "ZIGBEE2MQTT_CONFIG_SERIAL_PORT=/dev/env",
              "ZIGBEE2MQTT_CONFIG_MQTT_USER=", "ZIGBEE2MQTT_CONFIG_AVAILABILITY_ACTIVE_TIMEOUT=3",
              "DEBUG=1", "WAGGLE_CONFIG_NONSENSE=1"},
             overrides);
    const auto& settings = store->settings();
    BOOST_TEST(settings.mqtt.server == "mqtt://env");
    BOOST_TEST(settings.advanced.channel == 25);
    BOOST_TEST(settings.homeassistant.enabled);
    BOOST_TEST(settings.passlist.size() == 1u);
    BOOST_TEST(settings.serial.port == "/dev/ttyX");
    BOOST_TEST(settings.availability.active.timeout == 3);
    BOOST_TEST(settings.advanced.log_level == "debug");
    BOOST_TEST(store->warnings().size() == 1u);
    BOOST_REQUIRE(store->add_device("0x00158d0001020304").has_value());
    BOOST_TEST(folder.read("configuration.yaml") ==
               minimal +
                   "devices:\n  '0x00158d0001020304':\n    friendly_name: '0x00158d0001020304'\n");
}

BOOST_AUTO_TEST_CASE(generate_becomes_random_numbers_in_the_file_at_once) {
    const TemporaryFolder folder;
    const std::string text =
        "version: 5 # 5\nmqtt: {server: 'mqtt://x'}\nadvanced:\n  # my network\n"
        "  network_key: '!secret key' # hidden\n  pan_id: GENERATE # soon\n  ext_pan_id: "
        "GENERATE\n";
    folder.write("configuration.yaml", text);
    folder.write("secret.yaml", "# keep\nkey: GENERATE\n");
    const auto first = load(folder);
    const auto& advanced = first->settings().advanced;
    BOOST_TEST(advanced.network_key.size() == 16u);
    BOOST_TEST((advanced.network_key != Settings{}.advanced.network_key));
    BOOST_TEST(advanced.ext_pan_id.size() == 8u);
    BOOST_TEST(advanced.pan_id > 0);
    const auto second = load(folder);
    BOOST_TEST((second->settings().advanced.network_key == advanced.network_key));
    BOOST_TEST((second->settings().advanced.ext_pan_id == advanced.ext_pan_id));
    BOOST_TEST(second->settings().advanced.pan_id == advanced.pan_id);
    const auto written = folder.read("configuration.yaml");
    BOOST_TEST(written.find("network_key: '!secret key' # hidden\n") != std::string::npos);
    BOOST_TEST(written.find("# soon\n") != std::string::npos);
    BOOST_TEST(written.find("GENERATE") == std::string::npos);
    BOOST_TEST(folder.read("secret.yaml").starts_with("# keep\nkey: ["));
    struct stat status {};
    BOOST_REQUIRE(::stat((folder / "secret.yaml").c_str(), &status) == 0);
    BOOST_TEST((status.st_mode & 0777u) == 0600u);
}

BOOST_AUTO_TEST_CASE(generate_from_the_environment_is_generated_once) {
    const TemporaryFolder folder;
    folder.write("configuration.yaml", "version: 5\nmqtt: {server: 'mqtt://x'}\n");
    folder.write("database.db", "");
    const std::vector<std::string> environment = {
        "ZIGBEE2MQTT_CONFIG_ADVANCED_NETWORK_KEY=GENERATE"};
    const auto key = load(folder, environment)->settings().advanced.network_key;
    BOOST_TEST((key != Settings{}.advanced.network_key));
    BOOST_TEST((load(folder, environment)->settings().advanced.network_key == key));
}

BOOST_AUTO_TEST_CASE(
    a_new_network_never_gets_the_well_known_key_and_an_old_one_keeps_it_with_a_warning) {
    const TemporaryFolder fresh;
    fresh.write("configuration.yaml", "version: 5\nmqtt: {server: 'mqtt://x'}\n");
    const auto made = load(fresh);
    BOOST_TEST((made->settings().advanced.network_key != Settings{}.advanced.network_key));
    BOOST_TEST(made->well_known_network_values().empty());
    BOOST_TEST(fresh.read("configuration.yaml").find("network_key: [") != std::string::npos);

    const TemporaryFolder old;
    old.write("configuration.yaml",
              "version: 5\nmqtt: {server: 'mqtt://x'}\nadvanced: {pan_id: 7}\n");
    old.write("database.db", "");
    const auto kept = load(old);
    BOOST_TEST((kept->settings().advanced.network_key == Settings{}.advanced.network_key));
    BOOST_TEST(kept->well_known_network_values().size() == 2u);
    BOOST_TEST(kept->warnings().size() == 1u);
    BOOST_TEST(old.read("configuration.yaml") ==
               "version: 5\nmqtt: {server: 'mqtt://x'}\nadvanced: {pan_id: 7}\n");
}

BOOST_AUTO_TEST_CASE(checking_writes_nothing) {
    const TemporaryFolder folder;
    const std::string text =
        "mqtt: {server: 'mqtt://x'}\nadvanced: {network_key: GENERATE}\nban: [x]\n";
    folder.write("configuration.yaml", text);
    LoadOptions options;
    options.data_directory = folder.path();
    options.read_only = true;
    BOOST_TEST(ConfigurationStore::load(options)->settings().blocklist.size() == 1u);
    BOOST_TEST(folder.read("configuration.yaml") == text);
}

BOOST_AUTO_TEST_CASE(unknown_keys_are_told_once_and_have_no_effect) {
    const TemporaryFolder folder;
    folder.write("configuration.yaml", minimal + "  fancy: 1\nunknown: {a: 1}\nonboarding: true\n");
    const auto store = load(folder);
    BOOST_REQUIRE(store->warnings().size() == 1u);
    BOOST_TEST(store->warnings()[0].ends_with(
        "unknown keys, without effect: advanced.fancy (line 7), unknown (line 8)"));
}

BOOST_AUTO_TEST_CASE(the_first_configuration_loads_and_is_nobody_elses_to_read) {
    const TemporaryFolder folder;
    FirstConfiguration first;
    first.mqtt_server = "mqtt://nas:1883";
    first.serial_port = "/dev/serial/by-id/usb-Texas Instruments: #1";
    first.serial_adapter = "zstack";
    first.mqtt_password = "it's # \"complicated\"";
    first.mqtt_user = "me";
    const auto path = folder / "configuration.yaml";
    BOOST_REQUIRE(create_first_configuration(path, first).has_value());
    BOOST_TEST(create_first_configuration(path, first).has_error());
    struct stat status {};
    BOOST_REQUIRE(::stat(path.c_str(), &status) == 0);
    BOOST_TEST((status.st_mode & 0777u) == 0600u);
    const auto text = folder.read("configuration.yaml");
    const auto store = load(folder);
    BOOST_TEST(folder.read("configuration.yaml") == text);  // complete as it is
    BOOST_TEST(store->warnings().empty());
    BOOST_TEST(store->settings().serial.port == first.serial_port);
    BOOST_TEST(store->settings().mqtt.password == first.mqtt_password);
    BOOST_TEST(!store->settings().advanced.enable_external_js);
    BOOST_TEST((store->settings().advanced.network_key != Settings{}.advanced.network_key));

    const TemporaryFolder bare;
    BOOST_REQUIRE(create_first_configuration(bare / "configuration.yaml", {}).has_value());
    BOOST_TEST(load(bare)->settings().serial.port.empty());
}

BOOST_AUTO_TEST_SUITE_END()
