// What comes from outside and is wrong costs a clear message and nothing else: MQTT payloads, bytes
// of the radio, files of the data directory, plugins.
#include <cstdlib>
#include <fstream>

#include <boost/json/object.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "support/rig.hpp"

using namespace waggle::test;
namespace data = boost::unit_test::data;

namespace {

struct Paired {
    explicit Paired(RigOptions options = {}) : rig(named(std::move(options))) {
        rig.start();
        rig.pair();
        rig.take_mark();
    }
    static RigOptions named(RigOptions options) {
        options.device_options = "    friendly_name: hall\n";
        return options;
    }
    void still_works() {
        rig.take_mark();
        rig.publish("hall/set", "ON");
        BOOST_TEST(rig.expect("hall", "state").json().at("state").as_string() == "ON");
        BOOST_TEST(rig.host->is_running());
    }
    Rig rig;
};

void stop_and_start_again(Rig& rig) {
    rig.host->stop();
    rig.take_mark();
    rig.start_host();
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_request_has_one_response_whatever_its_payload) {
    Paired network;
    auto& rig = network.rig;
    const std::vector<std::string> names{"permit_join",      "health_check",   "device/rename",
                                         "device/remove",    "device/options", "device/interview",
                                         "device/configure", "options"};
    const std::vector<std::string> payloads{"{",
                                            "[]",
                                            "{\"id\": 5}",
                                            "{\"id\": null, \"to\": {}}",
                                            "{\"time\": \"never\"}",
                                            "nobody",
                                            "\"nobody\"",
                                            "-1",
                                            "{\"options\": 7}",
                                            "{\"from\": \"hall\", \"to\": \"a/1\"}"};
    for (const auto& name : names)
        for (const auto& payload : payloads) {
            const auto from = rig.mqtt->mark();
            rig.publish("bridge/request/" + name, payload);
            const auto first =
                rig.mqtt->wait("zigbee2mqtt/bridge/response/" + name, {}, soon, from);
            BOOST_TEST(first.has_value(), name << " " << payload);
            if (!first)
                continue;
            const auto answer = first->json();
            BOOST_TEST(answer.is_object(), name << " " << payload << " " << first->payload);
            rig.mqtt->settle(std::chrono::milliseconds(30));
            BOOST_TEST(rig.mqtt->on("zigbee2mqtt/bridge/response/" + name, from).size() == 1u,
                       name << " " << payload);
        }
    rig.request("permit_join", R"({"time": 0, "transaction": "t1"})");
    network.still_works();
}

BOOST_AUTO_TEST_CASE(the_transaction_comes_back_with_success_and_failure) {
    Paired network;
    const auto good = network.rig.request("health_check", R"({"transaction": 42})");
    BOOST_TEST(good.at("transaction").as_int64() == 42);
    BOOST_TEST(good.at("status").as_string() == "ok");
    const auto bad =
        network.rig.request("device/remove", R"({"id": "nobody", "transaction": "x"})");
    BOOST_TEST(bad.at("transaction").as_string() == "x");
    BOOST_TEST(bad.at("status").as_string() == "error");
    BOOST_TEST(bad.at("error").as_string() == "Device 'nobody' does not exist");
}

BOOST_AUTO_TEST_CASE(commands_that_make_no_sense_are_logged) {
    Paired network;
    auto& rig = network.rig;
    struct Case {
        const char* topic;
        const char* payload;
        const char* logged;
    };
    const Case cases[] = {
        {"hall/set", "{\"state\": ", "nvalid"},
        {"hall/set", "", "nvalid"},
        {"hall/set", "{\"nonsense\": 1}", "nonsense"},
        {"hall/set", "{\"state\": {\"deep\": []}}", "state"},
        {"hall/set", "{\"state\": \"MAYBE\"}", "not allowed"},
        {"hall/9/set", "ON", "9"},
        {"nobody/set", "ON", "nobody"},
        {"hall/get", "{\"operation_mode\": \"\"}", "'get'"},
    };
    for (const auto& c : cases) {
        rig.publish(c.topic, c.payload);
        BOOST_TEST(rig.log_has(c.logged), c.topic << " " << c.payload);
    }
    network.still_works();
}

BOOST_AUTO_TEST_CASE(an_oversized_payload_is_refused_on_every_topic) {
    Paired network;
    const std::string big(3 * 1024 * 1024, 'x');
    for (const char* topic : {"hall/set", "hall/set/state", "hall/get", "bridge/request/options",
                              "bridge/request/device/rename", "unknown/thing"})
        network.rig.publish(topic, big);
    network.still_works();
    if (!is_sanitized)  // a sanitizer keeps what was freed
        BOOST_TEST(network.rig.host->resident_kb() < 40000);
}

BOOST_AUTO_TEST_CASE(broken_zcl_bytes_are_dropped) {
    Paired network;
    for (const char* bytes :
         {"", "18", "18 01", "18 01 0A", "18 01 0A 00", "18 01 0A 00 00 10", "18 02 0A 00 00 42 FF",
          "18 03 0A 00 00 4C FF FF 10", "FF FF FF FF FF", "18 04 0A 00 00 99 01", "1C 5F"})
        network.rig.sim({"raw", "qbkg04lm", "4", "6", bytes});
    network.still_works();
}

BOOST_AUTO_TEST_CASE(damaged_bytes_on_the_link_cost_nothing_that_follows) {
    Paired network;
    network.rig.sim({"fault", "garbage", "FE FE 05 FE 44 81 00 FE FF"});
    network.rig.sim({"press", "qbkg04lm", "click"});
    network.rig.expect("hall", "action");
    network.still_works();
}

BOOST_DATA_TEST_CASE(a_truncated_file_is_set_aside_and_reported,
                     data::make({"state.json", "database.db"})) {
    Paired network;
    auto& rig = network.rig;
    const std::string file = sample;
    rig.publish("hall/set", "ON");
    rig.expect("hall", "state");
    rig.host->stop();
    const auto whole = rig.read(file);
    BOOST_REQUIRE(whole.size() > 20);
    rig.write(file, whole.substr(0, whole.size() - 7));
    rig.take_mark();
    rig.start_host();
    rig.wait_online();
    BOOST_TEST(rig.log_has(file));
    bool kept = false;
    for (const auto& entry : std::filesystem::directory_iterator(rig.data()))
        kept |= entry.path().filename().string().starts_with(file + ".corrupt");
    BOOST_TEST(kept);
}

BOOST_AUTO_TEST_CASE(a_configuration_error_names_file_line_key_and_what_is_allowed) {
    Rig rig;
    rig.start_broker();
    rig.start_sim();
    const auto good = rig.read("configuration.yaml");
    rig.write("configuration.yaml", good + "availability:\n  enabled: maybe\n");
    rig.start_host();
    BOOST_TEST(rig.host->wait(soon).value_or(-1) == 2);
    BOOST_TEST(rig.log_has("configuration.yaml"));
    BOOST_TEST(rig.log_has("availability.enabled"));
    rig.write("configuration.yaml", good.substr(0, good.size() / 2) + "\n  - [broken: {");
    rig.start_host();
    BOOST_TEST(rig.host->wait(soon).value_or(-1) == 2);
    BOOST_TEST(rig.log_has("configuration.yaml:"));
}

BOOST_AUTO_TEST_CASE(bad_plugins_are_refused_one_by_one_and_the_others_work) {
    Paired network;
    auto& rig = network.rig;
    const char* folder = std::getenv("WAGGLE_BAD_PLUGINS");
    BOOST_REQUIRE(folder);
    std::filesystem::create_directory(rig.data() / "plugins");
    unsigned count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        if (entry.path().extension() == ".so") {
            std::filesystem::copy_file(entry, rig.data() / "plugins" / entry.path().filename());
            ++count;
        }
    std::ofstream(rig.data() / "plugins" / "text.so") << "this is no module\n";
    BOOST_REQUIRE(count >= 3);
    stop_and_start_again(rig);
    rig.wait_online();
    BOOST_TEST(rig.log_has("text.so"));
    network.still_works();
}
