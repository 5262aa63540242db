#include "app/command_line.hpp"

#include <cstdlib>
#include <vector>

#include <boost/test/unit_test.hpp>

using namespace waggle::app;

namespace {

void clean_environment() {
    for (const char* name : {"WAGGLE_DATA", "ZIGBEE2MQTT_DATA", "STATE_DIRECTORY"})
        unsetenv(name);
}

struct CleanEnvironment {
    CleanEnvironment() { clean_environment(); }
    ~CleanEnvironment() { clean_environment(); }
};

Parsed parse(std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), "waggle");
    return parse_command_line(static_cast<int>(arguments.size()), arguments.data());
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(command_line, CleanEnvironment)

BOOST_AUTO_TEST_CASE(without_arguments_it_runs_on_the_data_folder_here) {
    const auto parsed = parse({});
    BOOST_REQUIRE(parsed.line.has_value());
    BOOST_TEST((parsed.line->command == Command::run));
    BOOST_TEST(parsed.line->data == "data");
    BOOST_TEST(parsed.line->config == "data/configuration.yaml");
    BOOST_TEST(!parsed.line->data_was_given);
}

BOOST_AUTO_TEST_CASE(options_stand_before_or_after_the_command) {
    for (const auto& arguments : {std::vector<const char*>{"--data", "/d/", "run"},
                                  std::vector<const char*>{"run", "--data", "/d"}}) {
        const auto parsed = parse(arguments);
        BOOST_REQUIRE_MESSAGE(parsed.line, parsed.text);
        BOOST_TEST(parsed.line->config == "/d/configuration.yaml");
    }
    const auto parsed = parse({"plugin", "inspect", "acme.so", "--data", "/d"});
    BOOST_REQUIRE_MESSAGE(parsed.line, parsed.text);
    BOOST_TEST((parsed.line->command == Command::plugin_inspect));
    BOOST_TEST(parsed.line->file == "acme.so");
    BOOST_TEST(parsed.line->data == "/d");
}

BOOST_AUTO_TEST_CASE(the_environment_names_the_data_folder_in_a_fixed_order) {
    setenv("STATE_DIRECTORY", "/var/lib/waggle:/var/lib/other", 1);
    BOOST_TEST(parse({}).line->data == "/var/lib/waggle");
    setenv("ZIGBEE2MQTT_DATA", "/z2m", 1);
    BOOST_TEST(parse({}).line->data == "/z2m");
    setenv("WAGGLE_DATA", "/w", 1);
    BOOST_TEST(parse({}).line->data == "/w");
    BOOST_TEST(parse({}).line->data_was_given);
    BOOST_TEST(parse({"--data", "/option"}).line->data == "/option");
    setenv("WAGGLE_DATA", "", 1);  // empty counts as absent
    BOOST_TEST(parse({}).line->data == "/z2m");
}

BOOST_AUTO_TEST_CASE(what_is_wrong_costs_exit_code_2_and_names_itself) {
    const auto unknown = parse({"--nonsense"});
    BOOST_TEST(!unknown.line);
    BOOST_TEST(unknown.exit_code == 2);
    BOOST_TEST(unknown.text.find("--nonsense") != std::string::npos);
    const auto level = parse({"--log-level", "loud"});
    BOOST_TEST(level.exit_code == 2);
    BOOST_TEST(level.text.find("warning") != std::string::npos, level.text);
    BOOST_TEST(parse({"plugin"}).exit_code == 2);
    BOOST_TEST(parse({"plugin", "inspect"}).exit_code == 2);
    BOOST_TEST(parse({"dance"}).exit_code == 2);
}

BOOST_AUTO_TEST_CASE(help_and_version_are_no_errors) {
    const auto help = parse({"--help"});
    BOOST_TEST(help.exit_code == 0);
    for (const char* word :
         {"--serial", "tcp://", "check-config", "plugin", "WAGGLE_DATA", "Exit codes"})
        BOOST_TEST(help.text.find(word) != std::string::npos, word);
    const auto version = parse({"--version"});
    BOOST_TEST(version.exit_code == 0);
    BOOST_TEST(version.text.find("waggle 0.") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(plugin_paths_add_up) {
    const auto parsed = parse({"--plugin-path", "/a:/b", "--plugin-path", "/c", "plugin", "list"});
    BOOST_REQUIRE_MESSAGE(parsed.line, parsed.text);
    BOOST_TEST(parsed.line->plugin_path.size() == 2u);
    BOOST_TEST((parsed.line->command == Command::plugin_list));
}

BOOST_AUTO_TEST_SUITE_END()
