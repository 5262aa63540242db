// The first start without a configuration, the command line, and stopping.
#include <boost/json/object.hpp>
#include <boost/test/unit_test.hpp>
#include <sys/stat.h>

#include "support/rig.hpp"

using namespace waggle::test;

namespace {

std::string option(const char* scheme, unsigned short port) {
    return std::string(scheme) + "://127.0.0.1:" + std::to_string(port);
}

/// Runs the binary to its end; what it printed and its exit code.
std::pair<int, std::string> run(Rig& rig, std::vector<std::string> arguments) {
    const auto log = rig.directory() / "run.log";
    std::filesystem::remove(log);
    arguments.insert(arguments.begin(), std::getenv("WAGGLE_BINARY"));
    Process process(arguments, log);
    const int code = process.wait(soon).value_or(-1000);
    return {code, process.output()};
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_configuration_is_made_from_the_command_line) {
    RigOptions options;
    Rig rig(options);
    std::filesystem::remove(rig.data() / "configuration.yaml");
    rig.start_broker();
    rig.start_sim();
    rig.take_mark();
    rig.host = std::make_unique<Process>(
        std::vector<std::string>{std::getenv("WAGGLE_BINARY"), "run", "--data", rig.data().string(),
                                 "--serial", option("tcp", rig.sim_port()), "--mqtt",
                                 option("mqtt", rig.mqtt_port())},
        rig.directory() / "host.log");
    rig.wait_online();
    struct stat status {};
    BOOST_REQUIRE(stat((rig.data() / "configuration.yaml").c_str(), &status) == 0);
    BOOST_TEST((status.st_mode & 0777) == 0600u);
    const auto text = rig.read("configuration.yaml");
    BOOST_TEST(text.find('#') != std::string::npos);
    BOOST_TEST(text.find(option("tcp", rig.sim_port())) != std::string::npos);
    BOOST_TEST(text.find("GENERATE") == std::string::npos);
    const auto info = rig.expect("bridge/info", "network").json();
    BOOST_TEST(info.at("network").at("pan_id").as_int64() != 6754);  // zigbee2mqtt's well-known one
    BOOST_TEST(!info.at("config").at("advanced").as_object().contains("network_key"));
    rig.pair();
}

BOOST_AUTO_TEST_CASE(the_network_survives_a_second_start_of_a_generated_configuration) {
    Rig rig;
    std::filesystem::remove(rig.data() / "configuration.yaml");
    rig.start_broker();
    rig.start_sim();
    const auto start = [&] {
        rig.take_mark();
        rig.host = std::make_unique<Process>(
            std::vector<std::string>{std::getenv("WAGGLE_BINARY"), "run", "--data",
                                     rig.data().string(), "--serial", option("tcp", rig.sim_port()),
                                     "--mqtt", option("mqtt", rig.mqtt_port())},
            rig.directory() / "host.log");
        rig.wait_online();
        return rig.expect("bridge/info", "network").json().at("network").at("pan_id").as_int64();
    };
    const auto first = start();
    rig.pair();
    BOOST_TEST(rig.host->stop().value_or(-1) == 0);
    BOOST_TEST(start() == first);
    BOOST_TEST(rig.read("database.db").find("lumi.ctrl_neutral1") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_command_line_explains_itself) {
    Rig rig;
    const auto [version_code, version] = run(rig, {"--version"});
    BOOST_TEST(version_code == 0);
    BOOST_TEST(version.find("0.") != std::string::npos);
    const auto [help_code, help] = run(rig, {"--help"});
    BOOST_TEST(help_code == 0);
    for (const char* word : {"run", "check-config", "plugin", "--data", "--serial", "--mqtt"})
        BOOST_TEST(help.find(word) != std::string::npos, word);
    BOOST_TEST(run(rig, {"--nonsense"}).first != 0);
    const auto [check_code, check] = run(rig, {"check-config", "--data", rig.data().string()});
    BOOST_TEST(check_code == 0, check);
    const auto [list_code, list] = run(rig, {"plugin", "list"});
    BOOST_TEST(list_code == 0);
    BOOST_TEST(list.find("xiaomi") != std::string::npos, list);
}

BOOST_AUTO_TEST_CASE(a_second_host_on_the_same_directory_is_refused) {
    Rig rig;
    rig.start();
    const auto [code, output] = run(rig, {"run", "--data", rig.data().string()});
    BOOST_TEST(code != 0);
    BOOST_TEST(output.find(rig.data().string()) != std::string::npos, output);
    BOOST_TEST(rig.host->is_running());
}

BOOST_AUTO_TEST_CASE(a_mismatch_of_configuration_and_radio_names_the_field) {
    Rig rig;
    rig.start();
    rig.pair();
    rig.host->stop();
    auto text = rig.read("configuration.yaml");
    text.replace(text.find("6755"), 4, "6799");
    rig.write("configuration.yaml", text);
    rig.start_host();
    BOOST_TEST(rig.host->wait(soon).value_or(-1) == 1);
    BOOST_TEST(rig.log_has("pan_id"));
    BOOST_TEST(rig.log_has("6799"));
}
