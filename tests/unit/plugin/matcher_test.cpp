#include "plugin/matcher.hpp"

#include <boost/test/unit_test.hpp>

#include "plugin/definition.hpp"

namespace waggle {

using namespace plugin;

namespace {

ManifestDefinition models(std::vector<std::string> list) {
    ManifestDefinition definition;
    definition.zigbee_models = std::move(list);
    return definition;
}

Device device(std::optional<std::string> model, std::optional<std::string> manufacturer = {}) {
    Device result;
    result.ieee = Ieee(0x00158d0001020304);
    result.type = DeviceType::router;
    result.model_id = std::move(model);
    result.manufacturer_name = std::move(manufacturer);
    return result;
}

template <class T, std::size_t N>
wg_table table(const T (&items)[N]) {
    return {items, N, sizeof(T)};
}

wg_fingerprint any_fingerprint() {
    wg_fingerprint fingerprint{};
    fingerprint.size = sizeof fingerprint;
    fingerprint.manufacturer = -1;
    fingerprint.hardware_version = fingerprint.application_version = -1;
    fingerprint.stack_version = fingerprint.zcl_version = -1;
    return fingerprint;
}

}  // namespace

BOOST_AUTO_TEST_CASE(model_ids_are_looked_up_in_lower_case_and_without_what_follows_a_nul) {
    MatchIndex index;
    index.add(0, {models({"lumi.ctrl_neutral1"}), models({"TS0601"})});
    const std::vector<DefinitionRef> first{{0, 0}}, second{{0, 1}};
    BOOST_TEST((index.candidates(device("lumi.ctrl_neutral1")) == first));
    BOOST_TEST((index.candidates(device("LUMI.ctrl_neutral1")) == first));
    BOOST_TEST((index.candidates(device(std::string("lumi.ctrl_neutral1\0xyz", 22))) == first));
    BOOST_TEST((index.candidates(device("  TS0601\n")) == second));
    BOOST_TEST(index.candidates(device("lumi.ctrl_neutral2")).empty());
    BOOST_TEST(index.candidates(device({})).empty());
}

BOOST_AUTO_TEST_CASE(plugins_of_higher_precedence_come_first) {
    MatchIndex index;
    index.add(0, {models({"a"})});
    index.add(1, {models({"b"}), models({"A", "a"})});
    const std::vector<DefinitionRef> both{{0, 0}, {1, 1}};
    BOOST_TEST((index.candidates(device("a")) == both));
}

BOOST_AUTO_TEST_CASE(without_a_known_model_the_manufacturer_and_what_matches_anything_are_asked) {
    ManifestDefinition by_maker, anything;
    by_maker.manufacturers = {"LUMI"};
    anything.matches_anything = true;
    MatchIndex index;
    index.add(0, {anything, by_maker});
    const std::vector<DefinitionRef> maker_first{{0, 1}, {0, 0}}, only_anything{{0, 0}};
    BOOST_TEST((index.candidates(device("unknown", "LUMI")) == maker_first));
    BOOST_TEST((index.candidates(device({}, "IKEA")) == only_anything));
}

BOOST_AUTO_TEST_CASE(every_field_of_a_fingerprint_must_agree) {
    auto known = device("m", "LUMI");
    known.manufacturer = 0x1037;
    known.date_code = "04-25-2018";
    known.hardware_version = 18;
    auto wanted = any_fingerprint();
    BOOST_TEST(fingerprint_matches(wanted, known));
    wanted.model_id = to_wg("m");
    wanted.manufacturer_name = to_wg("LUMI");
    wanted.date_code = to_wg("04-25-2018");
    wanted.device_type = to_wg("Router");
    wanted.manufacturer = 0x1037;
    wanted.hardware_version = 18;
    wanted.ieee_pattern = to_wg("^0x00158d");
    BOOST_TEST(fingerprint_matches(wanted, known));

    const auto differs = [&](auto change) {
        auto other = wanted;
        change(other);
        return !fingerprint_matches(other, known);
    };
    BOOST_TEST(differs([](auto& f) { f.model_id = to_wg("M"); }));
    BOOST_TEST(differs([](auto& f) { f.manufacturer_name = to_wg("lumi"); }));
    BOOST_TEST(differs([](auto& f) { f.power_source = to_wg("Battery"); }));
    BOOST_TEST(differs([](auto& f) { f.date_code = to_wg("04-25-2019"); }));
    BOOST_TEST(differs([](auto& f) { f.software_build_id = to_wg("1"); }));
    BOOST_TEST(differs([](auto& f) { f.device_type = to_wg("EndDevice"); }));
    BOOST_TEST(differs([](auto& f) { f.manufacturer = 0; }));
    BOOST_TEST(differs([](auto& f) { f.hardware_version = 0; }));
    BOOST_TEST(differs([](auto& f) { f.application_version = 1; }));
    BOOST_TEST(differs([](auto& f) { f.stack_version = 1; }));
    BOOST_TEST(differs([](auto& f) { f.zcl_version = 1; }));
    BOOST_TEST(differs([](auto& f) { f.ieee_pattern = to_wg("^0x00124b"); }));
}

BOOST_AUTO_TEST_CASE(endpoints_of_a_fingerprint_are_all_the_device_has_and_clusters_are_sets) {
    auto known = device("m");
    for (EndpointId id = 1; id <= 2; ++id) {
        known.endpoints[id].id = id;
        known.endpoints[id].profile = 0x0104;
        known.endpoints[id].device_id = 0x0051;
        known.endpoints[id].inputs = {0, 6, 4};
    }
    const std::uint16_t clusters[] = {4, 0, 6}, fewer[] = {4, 0};
    wg_endpoint_match endpoints[2]{};
    for (std::uint8_t i = 0; i < 2; ++i) {
        endpoints[i].id = static_cast<std::uint8_t>(i + 1);
        endpoints[i].has_profile = endpoints[i].has_inputs = 1;
        endpoints[i].profile = 0x0104;
        endpoints[i].inputs = table(clusters);
    }
    auto wanted = any_fingerprint();
    wanted.endpoints = table(endpoints);
    BOOST_TEST(fingerprint_matches(wanted, known));
    endpoints[1].inputs = table(fewer);
    BOOST_TEST(!fingerprint_matches(wanted, known));
    endpoints[1].inputs = table(clusters);
    wanted.endpoints.count = 1;
    BOOST_TEST(!fingerprint_matches(wanted, known));
}

BOOST_AUTO_TEST_CASE(a_single_candidate_with_models_wins_then_fingerprints_then_the_exact_model) {
    const wg_str small[] = {to_wg("ts0601")}, exact[] = {to_wg("TS0601")};
    wg_definition one{}, two{}, three{};
    one.zigbee_models = table(small);
    two.zigbee_models = table(exact);
    const auto known = device("TS0601", "_TZE200_a");
    BOOST_TEST(choose({&one}, known) == 0u);
    BOOST_TEST(choose({&one, &two}, known) == 1u);
    BOOST_TEST(choose({&one, nullptr}, known) == 0u);
    BOOST_TEST(choose({nullptr, nullptr}, known) == 2u);

    wg_fingerprint low[] = {any_fingerprint()}, high[] = {any_fingerprint()};
    low[0].manufacturer_name = high[0].manufacturer_name = to_wg("_TZE200_a");
    low[0].priority = -1;
    two.fingerprints = table(low);
    three.fingerprints = table(high);
    BOOST_TEST(choose({&one, &two, &three}, known) == 2u);
    low[0].priority = 0;
    BOOST_TEST(choose({&one, &two, &three}, known) == 1u);  // the first on ties
    BOOST_TEST(choose({&three}, known) == 0u);
    BOOST_TEST(choose({&three}, device("TS0601", "_TZE200_b")) == 1u);
}

BOOST_AUTO_TEST_CASE(a_list_of_manufacturers_leaves_out_all_others) {
    const wg_str model[] = {to_wg("TS0601")}, makers[] = {to_wg("_TZE200_a")};
    wg_definition strict{}, open{};
    strict.zigbee_models = open.zigbee_models = table(model);
    strict.manufacturer_names = table(makers);
    BOOST_TEST(choose({&strict}, device("TS0601", "_TZE200_b")) == 1u);
    BOOST_TEST(choose({&strict, &open}, device("TS0601", "_TZE200_b")) == 1u);
    BOOST_TEST(choose({&strict, &open}, device("TS0601", "_TZE200_a")) == 0u);
    wg_definition maker_only{};
    maker_only.manufacturer_names = table(makers);
    BOOST_TEST(choose({&maker_only}, device("whatever", "_TZE200_a")) == 0u);
}

}  // namespace waggle
