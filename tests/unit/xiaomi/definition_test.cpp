#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "plugin/device_page.hpp"
#include "plugin/report.hpp"

namespace waggle {

namespace json = boost::json;

namespace {

/// [zigbee-herdsman-converters 26.105.0 for QBKG04LM, linkquality from zigbee2mqtt 2.14.1]; order,
/// vendor and description are the device page's.
constexpr auto expected_exposes = R"json([
  {"type": "switch", "features": [
    {"name": "state", "label": "State", "access": 7, "type": "binary", "property": "state",
     "description": "On/off state of the switch",
     "value_on": "ON", "value_off": "OFF", "value_toggle": "TOGGLE"}]},
  {"name": "operation_mode", "label": "Operation mode", "access": 3, "type": "enum",
   "property": "operation_mode", "description": "Decoupled mode",
   "values": ["control_relay", "decoupled"]},
  {"name": "action", "label": "Action", "access": 1, "type": "enum", "property": "action",
   "description": "Triggered action (e.g. a button click)", "category": "diagnostic",
   "values": ["release", "hold", "double", "single", "hold_release"]},
  {"name": "linkquality", "label": "Linkquality", "access": 1, "type": "numeric",
   "property": "linkquality", "unit": "lqi", "description": "Link quality (signal strength)",
   "value_min": 0, "value_max": 255, "category": "diagnostic"}
])json";

/// The QBKG04LM among the plugin's definitions.
const plugin::Definition& definition_in(const plugin::Inspection& inspection) {
    for (const auto& definition : inspection.definitions)
        if (definition && plugin::view(definition->data().model) == "QBKG04LM")
            return *definition;
    BOOST_FAIL("no definition of QBKG04LM: " + inspection.info.problem);
    std::abort();
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_published_definition_is_the_device_page_in_zigbee2mqtts_words) {
    const auto inspection = plugin::inspect(XIAOMI_PLUGIN);
    const auto& definition = definition_in(inspection);
    const auto out = plugin::definition_json(definition, Device{}, definition.data().exposes, "");

    BOOST_TEST(out.at("source").as_string() == "native");
    BOOST_TEST(out.at("model").as_string() == "QBKG04LM");
    BOOST_TEST(out.at("vendor").as_string() == "Xiaomi");
    BOOST_TEST(out.at("description").as_string() ==
               "Aqara single key wired wall switch without neutral wire. Doesn't work as a router "
               "and doesn't support power meter");
    BOOST_TEST(out.at("supports_ota").as_bool());
    BOOST_TEST(out.at("version").as_string() == "0.0.0");
    BOOST_TEST(!out.contains("icon"));
    BOOST_TEST((out.at("exposes") == json::parse(expected_exposes)),
               json::serialize(out.at("exposes")));

    const auto& options = out.at("options").as_array();
    BOOST_REQUIRE(options.size() == 1u);
    const auto& legacy = options.front().as_object();
    BOOST_TEST(legacy.at("name").as_string() == "legacy");
    BOOST_TEST(legacy.at("type").as_string() == "binary");
    BOOST_TEST(legacy.at("access").as_int64() == 2);
    BOOST_TEST(legacy.at("value_on").as_bool());
    BOOST_TEST(!legacy.at("value_off").as_bool());
}

BOOST_AUTO_TEST_CASE(the_manifest_lists_the_models_without_loading_the_plugin) {
    std::string problem;
    const auto manifest = plugin::read_manifest(std::filesystem::path(XIAOMI_PLUGIN), problem);
    BOOST_REQUIRE_MESSAGE(manifest, problem);
    BOOST_TEST(manifest->id == "org.waggle.xiaomi");
    BOOST_TEST(manifest->has_models);
    const auto found =
        std::ranges::find(manifest->definitions, "QBKG04LM", &plugin::ManifestDefinition::model);
    BOOST_REQUIRE((found != manifest->definitions.end()));
    BOOST_TEST(found->zigbee_models == std::vector<std::string>{"lumi.ctrl_neutral1"},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_quirks_make_it_an_end_device_that_can_be_updated) {
    const auto inspection = plugin::inspect(XIAOMI_PLUGIN);
    const auto& data = definition_in(inspection).data();
    BOOST_TEST(plugin::view(data.device_type) == "EndDevice");
    BOOST_REQUIRE(data.cluster_edits.count == 1u);
    const auto& edit = plugin::Table<wg_cluster_edit>(data.cluster_edits)[0];
    BOOST_TEST(edit.kind == WG_ADD_OUTPUT);
    BOOST_TEST(edit.cluster == 0x0019);
    BOOST_TEST(edit.endpoint == 1);
    BOOST_TEST(data.bindings.count == 0u);
    BOOST_TEST(data.reportings.count == 0u);
}

BOOST_AUTO_TEST_CASE(inspect_says_in_words_what_the_plugin_serves) {
    const auto text = plugin::inspect_text(plugin::inspect(XIAOMI_PLUGIN));
    BOOST_TEST_MESSAGE(text);
    for (const auto* part :
         {"org.waggle.xiaomi", "QBKG04LM", "lumi.ctrl_neutral1",
          "action (release, hold, double, single, hold_release)",
          "legacy, default true (false where the configuration has version 2 or later)",
          "option debounce: do not use it"})
        BOOST_TEST(text.find(part) != text.npos, part);
}

BOOST_AUTO_TEST_CASE(the_device_page_is_the_definitions_and_keeps_what_was_written_by_hand) {
    const auto inspection = plugin::inspect(XIAOMI_PLUGIN);
    const auto& definition = definition_in(inspection);
    std::ifstream file(XIAOMI_CASES "/../doc/QBKG04LM.md");
    std::stringstream page;
    page << file.rdbuf();
    BOOST_TEST(plugin::device_page(definition, page.str()) == page.str());
    const auto fresh = plugin::device_page(definition, "");
    BOOST_TEST(fresh.find("Option `debounce`") != fresh.npos);
    BOOST_TEST(fresh.find("Pairing") == fresh.npos);
}

}  // namespace waggle
