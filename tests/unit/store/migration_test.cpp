#include "store/migration.hpp"

#include <fstream>
#include <iterator>

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "store/configuration.hpp"
#include "store/device_icon.hpp"
#include "store/json_merge.hpp"
#include "store/json_text.hpp"
#include "store/yaml_document.hpp"
#include "store/yaml_edit.hpp"
#include "support/temporary_folder.hpp"

using namespace waggle::store;
using waggle::test::TemporaryFolder;
namespace json = boost::json;

namespace {

json::array vectors() {
    std::ifstream file(WAGGLE_TEST_FILES "/settings_vectors.json");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    return json::parse(text).as_array();
}

/// The one place where Waggle keeps what zigbee2mqtt drops; see the test below.
void without_legacy(json::object& configuration) {
    auto* options = configuration.if_contains("device_options");
    if (options == nullptr || !options->is_object())
        return;
    options->get_object().erase("legacy");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(migration)

BOOST_AUTO_TEST_CASE(legacy_stays_as_it_was_before_version_2) {
    const auto legacy_after = [](std::string_view yaml) {
        auto configuration = parse_yaml(yaml)->value.as_object();
        BOOST_REQUIRE(migrate(configuration, {}).has_value());
        const auto* value = value_at(configuration, {"device_options", "legacy"});
        return value == nullptr ? std::string("not there") : sorted_json(*value);
    };
    BOOST_TEST(legacy_after("mqtt: {server: mqtt://x}\n") == "true");
    BOOST_TEST(legacy_after("mqtt: {server: mqtt://x}\ndevice_options: {legacy: false}\n") ==
               "false");
    BOOST_TEST(legacy_after("mqtt: {server: mqtt://x}\nversion: 2\n") == "not there");
}

// What the real zigbee2mqtt 2.14 made of the same files.
BOOST_AUTO_TEST_CASE(old_files_become_what_zigbee2mqtt_makes_of_them) {
    for (const auto& vector : vectors()) {
        auto document = parse_yaml(vector.at("yaml").as_string());
        BOOST_REQUIRE(document.has_value());
        auto configuration = document->value.as_object();
        const auto done = migrate(configuration, {});
        BOOST_REQUIRE(done.has_value());
        without_legacy(configuration);
        if (!vector.at("persisted").as_object().contains("device_options"))
            configuration.erase("device_options");
        BOOST_TEST(sorted_json(configuration) == sorted_json(vector.at("persisted")),
                   vector.at("name").as_string());
    }
}

BOOST_AUTO_TEST_CASE(a_loaded_configuration_is_shown_as_zigbee2mqtt_shows_it) {
    for (const auto& vector : vectors()) {
        const TemporaryFolder folder;
        folder.write("configuration.yaml", vector.at("yaml").as_string());
        folder.write("database.db", "");  // an old network: nothing is generated
        LoadOptions options;
        options.data_directory = folder.path();
        const auto store = ConfigurationStore::load(options);
        auto config = store->info_config();
        without_legacy(config);
        set_at(config, {"advanced", "log_directory"}, "DIR");
        BOOST_TEST(sorted_json(config) == sorted_json(vector.at("info")),
                   vector.at("name").as_string());
    }
}

BOOST_AUTO_TEST_CASE(the_file_is_migrated_in_place_and_the_old_one_kept) {
    const TemporaryFolder folder;
    const std::string old =
        "# mine\npermit_join: true # always\nmqtt:\n  server: mqtt://x # nas\nadvanced:\n"
        "  log_level: warn\n  baudrate: 115200\n  # the key\n  network_key: '!secret key'\n";
    folder.write("configuration.yaml", old);
    folder.write("secret.yaml", "key: [1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16]\n");
    folder.write("database.db", "");
    folder.write("state.json", R"({"0x1":{"state":"ON","update":{"state":"idle"}}})");
    LoadOptions options;
    options.data_directory = folder.path();
    const auto store = ConfigurationStore::load(options);
    BOOST_TEST(store->settings().version == 5);
    BOOST_TEST(store->settings().serial.baudrate.value() == 115200u);
    BOOST_TEST(folder.read("configuration_backup_v1.yaml") == old);
    BOOST_TEST(folder.read("configuration.yaml") ==
               "# mine\nmqtt:\n  server: mqtt://x # nas\nadvanced:\n  log_level: warning\n"
               "  # the key\n  network_key: '!secret key'\nserial:\n  baudrate: 115200\n"
               "device_options:\n  legacy: true\nversion: 5\n");
    BOOST_TEST(folder.read("state.json").find("update") == std::string::npos);
    const auto written = folder.read("configuration.yaml");
    (void)ConfigurationStore::load(options);
    BOOST_TEST(folder.read("configuration.yaml") == written);
}

BOOST_AUTO_TEST_CASE(an_unknown_version_is_refused_with_its_line) {
    const TemporaryFolder folder;
    folder.write("configuration.yaml", "mqtt: {server: mqtt://x}\nversion: 6\n");
    LoadOptions options;
    options.data_directory = folder.path();
    try {
        (void)ConfigurationStore::load(options);
        BOOST_ERROR("was loaded");
    } catch (const ConfigurationError& error) {
        BOOST_TEST(
            error.what() ==
            (folder / "configuration.yaml").string() +
                ":2: version: version 6 is not known to this program, must be 2 to 5 or left out");
    }
}

BOOST_AUTO_TEST_CASE(an_icon_in_base64_becomes_a_file_named_by_its_md5) {
    const TemporaryFolder folder;
    // MD5 of the base64 text "aGVsbG8=", by md5sum
    const auto saved = save_device_icon(folder.path(), "data:image/png;base64,aGVsbG8=");
    BOOST_REQUIRE(saved.has_value());
    BOOST_TEST(saved->value() == "device_icons/0733351879b2fa9bd05c7ca3061529c0.png");
    BOOST_TEST(folder.read(saved->value()) == "hello");
    BOOST_TEST(!save_device_icon(folder.path(), "https://x/y.png")->has_value());
    BOOST_TEST(save_device_icon(folder.path(), "data:image/../../x;base64,aGVsbG8=").has_error());
    BOOST_TEST(save_device_icon(folder.path(), "data:image/png;base64,%%%%").has_error());
}

BOOST_AUTO_TEST_SUITE_END()
