#include <filesystem>

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include "support/temporary_folder.hpp"
#include "unit/plugin/rig.hpp"

namespace waggle {

using namespace test;
using State = plugin::PluginInfo::State;

namespace {

constexpr auto on_report = "18 01 0A 00 00 10 01";

const plugin::PluginInfo& info_of(plugin::PluginHost& host, std::string_view file) {
    for (const auto& info : host.plugins())
        if (info.path.stem() == file)
            return info;
    throw std::out_of_range(std::string(file));
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_folder_of_bad_plugins_costs_the_good_one_nothing) {
    Rig rig;
    rig.start_with({BAD_PLUGINS});
    for (const auto* refused :
         {"text", "empty", "cut", "other_machine", "other_width", "other_order", "no_manifest",
          "garbage_manifest", "other_major", "newer_minor", "lying_entry", "magic", "null_entry",
          "no_symbol", "other_id", "init_fails", "unresolved", "endless", "throws_in_init"}) {
        const auto& info = info_of(*rig.host, refused);
        BOOST_TEST((info.state == State::refused), refused);
        BOOST_TEST(!info.problem.empty(), refused);
        BOOST_TEST(rig.has_logged("/" + std::string(refused) + ".so' "), refused);
    }
    BOOST_TEST((info_of(*rig.host, "example").state == State::loaded));
    BOOST_REQUIRE(rig.bind("example.lamp"));
    BOOST_TEST(rig.receive(1, 6, on_report) == R"({"state":"ON"})");
}

BOOST_AUTO_TEST_CASE(what_a_plugin_gets_wrong_when_loaded_is_said_in_one_sentence) {
    const std::vector<std::pair<std::string_view, std::string>> expected{
        {"lying_entry",
         fmt::format(
             "needs plugin interface 9.{0} (its manifest says 0.{0}) and this Waggle offers 0.{0}",
             WG_ABI_MINOR)},
        {"magic", "exports a waggle_plugin that is none"},
        {"null_entry", "has an entry with null functions"},
        {"no_symbol", "does not export waggle_plugin"},
        {"other_id", "calls itself org.example.somebody.else 1.0.0 but its manifest says"},
        {"init_fails", "failed to start (the stars are not right)"},
        {"throws_in_init", "failed to start (thrown in init)"},
        {"unresolved", "function_of_nobody"},
        {"endless", "says it has 4294967295 definitions (65536 at most)"},
    };
    for (const auto& [name, part] : expected) {
        Rig rig;
        rig.start_with({bad_plugin(name)});
        const auto& problem = rig.host->plugins().at(0).problem;
        BOOST_TEST(problem.find(part) != problem.npos, name << ": " << problem);
    }
}

BOOST_AUTO_TEST_CASE(a_definition_that_cannot_be_read_is_left_out_and_named) {
    const std::vector<std::pair<std::string_view, std::string>> expected{
        {"null_definition", "it is null"},
        {"tiny_definition", "size: 8 bytes"},
        {"null_table", "exposes: 3 items at a null pointer"},
        {"huge_count", "exposes: 4294967295 items (4096 at most)"},
        {"item_size", "exposes: items of 3 bytes"},
        {"deep", "nested too deeply"},
        {"null_converter", "from_device: a row without a function"},
    };
    for (const auto& [name, part] : expected) {
        Rig rig;
        rig.start_with({bad_plugin(name)});
        BOOST_TEST(!rig.bind("bad." + std::string(name)), name);
        BOOST_TEST(rig.has_logged(part), name << ": " << rig.logged);
    }
}

BOOST_AUTO_TEST_CASE(an_expose_of_a_kind_the_host_does_not_know_is_left_out) {
    Rig rig;
    rig.start_with({bad_plugin("enum")});
    BOOST_REQUIRE(rig.bind("bad.enum"));
    const auto definition = rig.host->definition_json(rig.device, "");
    BOOST_TEST(definition.at("exposes").as_array().size() == 1u);  // linkquality
}

BOOST_AUTO_TEST_CASE(garbage_from_a_converter_is_left_out_and_what_is_good_stays) {
    Rig rig;
    rig.start_with({bad_plugin("emits_garbage")});
    BOOST_REQUIRE(rig.bind("bad.emits_garbage"));
    BOOST_TEST(rig.receive(1, 6, on_report) == R"({"fine":1,"newer_kind":null})");
    BOOST_TEST(rig.services.published.empty());
}

BOOST_AUTO_TEST_CASE(an_exception_past_the_border_is_an_error_of_that_plugin) {
    Rig rig;
    rig.start_with({bad_plugin("throws_in_convert")});
    BOOST_REQUIRE(rig.bind("bad.throws_in_convert"));
    BOOST_TEST(rig.receive(1, 6, on_report).empty());
    BOOST_TEST(rig.has_logged("converter 'convert' of BAD-1 for 'hall' failed"));
    BOOST_TEST(rig.host->plugins().at(0).errors == 1u);
}

BOOST_AUTO_TEST_CASE(an_exception_in_one_converter_does_not_stop_the_next) {
    Rig rig;
    rig.start_with({bad_plugin("throws_in_facade")});
    BOOST_TEST(rig.has_logged("Definition 1 cannot be used: thrown while describing"));
    BOOST_REQUIRE(rig.bind("bad.facade"));
    BOOST_TEST(rig.receive(1, 6, on_report) == R"({"before":1,"after":2})");
    BOOST_TEST(
        rig.has_logged("converter 'throws' of THROWS for 'hall' failed: thrown in a converter"));
    BOOST_TEST(rig.has_logged("converter 'number' of THROWS for 'hall' failed"));

    const auto errors = rig.host->plugins().at(0).errors;
    std::optional<plugin::CommandOutcome> outcome;
    rig.set("broken", "text", outcome);
    BOOST_REQUIRE(outcome);
    BOOST_TEST(outcome->message == "text is not allowed");
    BOOST_TEST(rig.host->plugins().at(0).errors == errors);  // the user's mistake, not the plugin's
    outcome.reset();
    rig.set("broken", 1, outcome);
    BOOST_REQUIRE(outcome);
    BOOST_TEST(outcome->message == "set is broken");
    BOOST_TEST(rig.host->plugins().at(0).errors == errors + 1);
}

BOOST_AUTO_TEST_CASE(a_plugin_of_the_user_overrides_the_built_in_one_of_the_same_id) {
    TemporaryFolder folder;
    std::filesystem::create_directories(folder / "built_in");
    std::filesystem::create_directories(folder / "user");
    std::filesystem::copy_file(bad_plugin("example"), folder / "built_in/example.so");
    std::filesystem::copy_file(bad_plugin("example"), folder / "user/mine.so");
    Rig rig;
    plugin::PluginHostOptions options;
    options.built_in = {folder / "built_in"};
    options.user = folder / "user";
    rig.start(options);
    BOOST_TEST((info_of(*rig.host, "mine").state == State::loaded));
    BOOST_TEST((info_of(*rig.host, "example").state == State::overridden));
    BOOST_TEST(info_of(*rig.host, "example").problem.find("user/mine.so") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_broken_override_leaves_the_built_in_one_in_service) {
    TemporaryFolder folder;
    std::filesystem::create_directories(folder / "built_in");
    std::filesystem::create_directories(folder / "user");
    std::filesystem::copy_file(bad_plugin("example"), folder / "built_in/example.so");
    folder.write("user/example.so", "no module");
    Rig rig;
    plugin::PluginHostOptions options;
    options.built_in = {folder / "built_in"};
    options.user = folder / "user";
    rig.start(options);
    BOOST_TEST(rig.bind("example.lamp"));
}

BOOST_AUTO_TEST_CASE(a_plugin_with_a_list_of_models_is_loaded_when_a_device_needs_it) {
    Rig rig;
    rig.start_with({XIAOMI_PLUGIN});
    BOOST_TEST((rig.host->plugins().at(0).state == State::indexed));
    BOOST_TEST(!rig.bind("somebody else's"));
    BOOST_TEST((rig.host->plugins().at(0).state == State::indexed));
    BOOST_TEST(rig.bind("lumi.ctrl_neutral1"));
    BOOST_TEST((rig.host->plugins().at(0).state == State::loaded));
    BOOST_TEST(rig.host->plugins().at(0).definitions_used == 1u);
}

BOOST_AUTO_TEST_CASE(a_device_is_bound_anew_when_its_identity_changed) {
    Rig rig;
    rig.start_with({XIAOMI_PLUGIN, bad_plugin("example")});
    auto* first = rig.bind("example.lamp");
    BOOST_REQUIRE(first);
    BOOST_TEST(rig.bind("example.lamp") == first);
    BOOST_REQUIRE(rig.bind("lumi.ctrl_neutral1"));
    BOOST_TEST(rig.host->find(device_ieee)->definition().model() == "QBKG04LM");
    BOOST_TEST(!rig.bind("unknown"));
    BOOST_TEST(!rig.host->find(device_ieee));
}

BOOST_AUTO_TEST_CASE(quirks_correct_what_the_device_says_of_itself_once) {
    Rig rig;
    rig.device.endpoints[1].outputs = {0, 10};
    rig.start_with({XIAOMI_PLUGIN});
    auto* bound = rig.bind("lumi.ctrl_neutral1");
    BOOST_REQUIRE(bound);
    BOOST_TEST(bound->apply_quirks(rig.device));
    BOOST_TEST((rig.device.type == DeviceType::end_device));
    BOOST_TEST(rig.device.endpoints[1].has_output(0x0019));
    BOOST_TEST(!bound->apply_quirks(rig.device));
}

BOOST_AUTO_TEST_CASE(a_note_is_said_once_where_its_option_is_set) {
    Rig rig;
    rig.start_with({XIAOMI_PLUGIN});
    auto* bound = rig.bind("lumi.ctrl_neutral1");
    BOOST_REQUIRE(bound);
    BOOST_TEST(!rig.has_logged("debounce"));
    rig.services.options["debounce"] = 0;
    bound->options_changed();
    BOOST_TEST(!rig.has_logged("debounce"));
    rig.services.options["debounce"] = 1;
    bound->options_changed();
    BOOST_TEST(rig.has_logged("'hall' has option 'debounce': do not use it with this device"));
    rig.take(rig.logged);
    bound->options_changed();
    BOOST_TEST(!rig.has_logged("debounce"));
}

BOOST_AUTO_TEST_CASE(colon_separated_paths_are_split) {
    const std::vector<std::filesystem::path> expected{"/a", "b/c"};
    BOOST_TEST((plugin::split_path(":/a::b/c:") == expected));
    BOOST_TEST(plugin::split_path("").empty());
}

}  // namespace waggle
