#include "store/configuration.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "store/json_text.hpp"
#include "support/temporary_folder.hpp"

using namespace waggle::store;
using waggle::test::TemporaryFolder;
namespace json = boost::json;

namespace {

const std::string base = R"(version: 5
mqtt:
  server: mqtt://x # nas
  password: '!secret password'
advanced:
  network_key: [1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16]
  pan_id: 6755
  ext_pan_id: [1,2,3,4,5,6,7,8]
  log_level: info
devices:
  # hall
  '0x00158d0001020304':
    friendly_name: lamp
    retain: true
    homeassistant:
      name: Lamp
groups:
  '1':
    friendly_name: hall
)";

struct Fixture {
    Fixture() {
        folder.write("configuration.yaml", base);
        folder.write("secret.yaml", "password: old # do not tell\n");
        reload();
    }
    void reload() {
        LoadOptions options;
        options.data_directory = folder.path();
        store = ConfigurationStore::load(options);
    }
    std::string text() const { return folder.read("configuration.yaml"); }
    static json::object object(std::string_view text) { return json::parse(text).as_object(); }
    static std::string with(std::string_view from, std::string_view to) {
        auto out = base;
        const auto at = out.find(from);
        BOOST_REQUIRE(at != std::string::npos);
        return out.replace(at, from.size(), to);
    }

    TemporaryFolder folder;
    std::unique_ptr<ConfigurationStore> store;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(configuration, Fixture)

BOOST_AUTO_TEST_CASE(options_are_merged_checked_written_and_say_whether_to_restart) {
    BOOST_TEST(!store->apply(object(R"({"advanced":{"log_level":"debug"}})")).value());
    BOOST_TEST(store->settings().advanced.log_level == "debug");
    BOOST_TEST(text() == with("log_level: info", "log_level: debug"));
    BOOST_TEST(store->apply(object(R"({"advanced":{"channel":15}})")).value());
    BOOST_TEST(store->settings().advanced.channel == 15);
    const auto before = text();
    const auto refused = store->apply(object(R"({"advanced":{"channel":"x","log_level":"info"}})"));
    BOOST_REQUIRE(refused.has_error());
    BOOST_TEST(refused.error().message == "advanced/channel must be number");
    BOOST_TEST(text() == before);
    BOOST_TEST(store->settings().advanced.log_level == "debug");
}

BOOST_AUTO_TEST_CASE(null_removes_a_key_except_below_homeassistant) {
    BOOST_REQUIRE(store->apply(object(R"({"advanced":{"log_level":null}})")).has_value());
    BOOST_TEST(text() == with("  log_level: info\n", ""));
    BOOST_REQUIRE(store
                      ->change_entity_options(
                          "lamp", object(R"({"retain":null,"homeassistant":{"name":null}})"))
                      .has_value());
    const auto* lamp = store->find_device("lamp");
    BOOST_TEST(compact_json(lamp->options) == R"({"homeassistant":{"name":null}})");
    reload();
    BOOST_TEST(compact_json(store->find_device("lamp")->options) ==
               R"({"homeassistant":{"name":null}})");
}

BOOST_AUTO_TEST_CASE(a_referenced_value_is_changed_where_it_lives) {
    BOOST_REQUIRE(store->apply(object(R"({"mqtt":{"password":"new"}})")).has_value());
    BOOST_TEST(text() == base);
    BOOST_TEST(folder.read("secret.yaml") == "password: new # do not tell\n");
    BOOST_REQUIRE(store->apply(object(R"({"mqtt":{"password":null}})")).has_value());
    BOOST_TEST(text() == with("  password: '!secret password'\n", ""));
}

BOOST_AUTO_TEST_CASE(options_of_devices_and_groups_are_merged) {
    BOOST_TEST(
        !store->change_entity_options("lamp", object(R"({"qos":2,"friendly_name":"x"})")).value());
    BOOST_TEST(store->change_entity_options("lamp", object(R"({"debounce":1})")).value());
    BOOST_TEST(text() ==
               with("      name: Lamp\n", "      name: Lamp\n    qos: 2\n    debounce: 1\n"));
    BOOST_TEST(
        store->change_entity_options("1", object(R"({"off_state":"last_member_state"})")).value());
    BOOST_TEST(store->change_entity_options("none", {}).error().message ==
               "Device or group 'none' does not exist");
    BOOST_TEST(store->change_entity_options("lamp", object(R"({"qos":5})")).has_error());
    BOOST_TEST(store->device_options("0x00158d0001020304").at("qos").as_int64() == 2);
}

BOOST_AUTO_TEST_CASE(devices_come_are_renamed_and_go) {
    BOOST_REQUIRE(store->add_device("0x00158d0001020305").has_value());
    BOOST_TEST(store->find_device("0x00158d0001020305")->friendly_name == "0x00158d0001020305");
    BOOST_TEST(store->add_device("0x00158d0001020305").has_error());
    BOOST_REQUIRE(store->rename_entity("0x00158d0001020305", "kitchen/switch").has_value());
    BOOST_TEST(text() == with("groups:",
                              "  '0x00158d0001020305':\n    friendly_name: "
                              "'kitchen/switch'\ngroups:"));
    BOOST_TEST(store->rename_entity("lamp", "kitchen/switch").error().message ==
               "friendly_name 'kitchen/switch' is already in use");
    BOOST_TEST(store->rename_entity("lamp", "hall").has_error());
    BOOST_TEST(store->rename_entity("lamp", "a+b").error().message ==
               "MQTT wildcard (+ and #) not allowed in friendly_name ('a+b')");
    BOOST_TEST(store->rename_entity("none", "x").has_error());
    BOOST_REQUIRE(store->remove_device("kitchen/switch").has_value());
    BOOST_TEST(text() == base);
    BOOST_REQUIRE(store->remove_device("lamp").has_value());
    BOOST_TEST(store->settings().devices.empty());
    reload();
    BOOST_TEST(store->settings().devices.empty());
    BOOST_REQUIRE(store->add_device("0x00158d0001020306").has_value());
    reload();
    BOOST_TEST(store->settings().devices.size() == 1u);
}

BOOST_AUTO_TEST_CASE(groups_get_the_first_free_id) {
    BOOST_TEST(store->add_group("kitchen").value() == "2");
    BOOST_TEST(store->add_group("bath", "7").value() == "7");
    BOOST_TEST(store->add_group("x", "7").error().message == "Group ID '7' is already in use");
    BOOST_TEST(store->add_group("lamp").error().message ==
               "friendly_name 'lamp' is already in use");
    BOOST_TEST(store->add_group("y", "seven").has_error());
    BOOST_REQUIRE(store->remove_group("kitchen").has_value());
    BOOST_TEST(store->remove_group("kitchen").error().message == "Group 'kitchen' does not exist");
    BOOST_TEST(store->add_group("cellar").value() == "2");
    reload();
    BOOST_TEST(store->settings().groups.size() == 3u);
}

BOOST_AUTO_TEST_CASE(a_blocked_device_is_listed_once) {
    BOOST_REQUIRE(store->block_device("0x00158d0001020304").has_value());
    BOOST_REQUIRE(store->block_device("0x00158d0001020304").has_value());
    BOOST_TEST(store->settings().blocklist.size() == 1u);
    BOOST_TEST(text() == base + "blocklist:\n  - '0x00158d0001020304'\n");
}

BOOST_AUTO_TEST_CASE(what_the_user_edits_meanwhile_is_kept) {
    folder.write("configuration.yaml",
                 with("info", "warning # by hand") + "health: {interval: 5}\n");
    BOOST_REQUIRE(store->add_group("kitchen").has_value());
    BOOST_TEST(text() == with("info", "warning # by hand") +
                             "  '2':\n    friendly_name: kitchen\nhealth: {interval: 5}\n");
}

BOOST_AUTO_TEST_CASE(a_file_that_became_unreadable_is_left_alone_and_the_change_refused) {
    folder.write("configuration.yaml", "mqtt: [\n");
    const auto refused = store->add_group("kitchen");
    BOOST_REQUIRE(refused.has_error());
    BOOST_TEST(refused.error().message.find("it was left as it is") != std::string::npos);
    BOOST_TEST(text() == "mqtt: [\n");
    BOOST_TEST(store->find_group("kitchen") == nullptr);
}

BOOST_AUTO_TEST_CASE(single_values_are_set_and_erased_by_path) {
    const std::vector<std::string> path = {"device_options", "legacy"};
    BOOST_REQUIRE(store->set(path, false).has_value());
    BOOST_TEST(store->device_options("0x00158d0001020304").at("legacy").as_bool() == false);
    BOOST_REQUIRE(store->erase(path).has_value());
    const std::vector<std::string> bad = {"advanced", "channel"};
    BOOST_TEST(store->set(bad, 99).error().message == "advanced/channel must be <= 26");
}

BOOST_AUTO_TEST_CASE(the_shown_configuration_holds_no_secret) {
    BOOST_REQUIRE(store
                      ->apply(object(R"({"mqtt":{"server":"mqtt://u:p@nas:1883"},
        "frontend":{"auth_token":"t"}})"))
                      .has_value());
    const auto text = sorted_json(store->info_config());
    for (const auto* secret : {"network_key", "password", "auth_token", "u:p"})
        BOOST_TEST(text.find(secret) == std::string::npos, secret);
    BOOST_TEST(text.find("mqtt://nas:1883") != std::string::npos);
    BOOST_TEST(text.find("\"friendly_name\":\"lamp\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(many_devices_come_in_one_change_and_known_ones_stay_as_they_are) {
    const auto before = store->revision();
    const std::string addresses[] = {"0x00158d0001020304", "0x00158d0001020305",
                                     "0x00158d0001020306"};
    BOOST_REQUIRE(store->add_devices(addresses).has_value());
    BOOST_TEST(store->revision() == before + 1);
    BOOST_TEST(store->find_device("lamp")->id == "0x00158d0001020304");
    reload();
    BOOST_TEST(store->settings().devices.size() == 3u);
    const auto known = store->revision();
    BOOST_REQUIRE(store->add_devices(addresses).has_value());
    BOOST_TEST(store->revision() == known);
}

BOOST_AUTO_TEST_CASE(split_files_are_written_where_each_entry_lives) {
    folder.write("configuration.yaml", with(base.substr(base.find("devices:")),
                                            "devices: [a.yaml, b.yaml]\ngroups: g.yaml\n"));
    folder.write("a.yaml", "# first\n'0x00158d0001020304': {friendly_name: lamp}\n");
    folder.write("b.yaml", "# second\n'0x00158d0001020305':\n  friendly_name: switch # b\n");
    const auto main = text();
    reload();
    BOOST_TEST(store->settings().devices.size() == 2u);
    BOOST_REQUIRE(store->rename_entity("switch", "button").has_value());
    BOOST_REQUIRE(store->add_device("0x00158d0001020306").has_value());
    BOOST_TEST(store->add_group("hall").value() == "1");
    BOOST_TEST(text() == main);
    BOOST_TEST(folder.read("b.yaml") ==
               "# second\n'0x00158d0001020305':\n  friendly_name: button # b\n");
    BOOST_TEST(folder.read("a.yaml") ==
               "# first\n'0x00158d0001020304': {friendly_name: lamp}\n'0x00158d0001020306':\n"
               "  friendly_name: '0x00158d0001020306'\n");
    BOOST_TEST(folder.read("g.yaml") == "'1':\n  friendly_name: hall\n");
    reload();
    BOOST_TEST(store->settings().devices.size() == 3u);
    BOOST_TEST(store->find_device("button") != nullptr);
    BOOST_REQUIRE(store->remove_device("button").has_value());
    reload();
    BOOST_TEST(store->settings().devices.size() == 2u);
}

BOOST_AUTO_TEST_CASE(friendly_names_follow_zigbee2mqtts_rules) {
    BOOST_TEST(friendly_name_problem("").value() == "friendly_name must be at least 1 char long");
    BOOST_TEST(friendly_name_problem("/a").value() ==
               "friendly_name is not allowed to end or start with /");
    BOOST_TEST(friendly_name_problem("a\x01").value() ==
               "friendly_name is not allowed to contain control char");
    BOOST_TEST(friendly_name_problem("a/12").value() ==
               "Friendly name cannot end with a \"/DIGIT\" ('a/12')");
    for (const auto* name : {"a", "a/b", "a/b1", "12", "é 😀", "a b"})
        BOOST_TEST(!friendly_name_problem(name).has_value(), name);
    for (const auto* name : {"a/", "a#", "+", "\xC2\x80", "\xEF\xBF\xBF", "\x7f"})
        BOOST_TEST(friendly_name_problem(name).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
