// Restarts of the host, of the simulated radio and of the broker, also the hard way: no device is
// interviewed again, no setting is lost, and the broker's retained state is right afterwards.
#include <thread>

#include <boost/json/object.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "support/rig.hpp"

using namespace waggle::test;
namespace data = boost::unit_test::data;

namespace {

struct Paired {
    explicit Paired(bool persistence = true)
        : rig([&] {
              RigOptions options;
              options.device_options = "    friendly_name: hall\n    retain: true\n";
              options.broker_persistence = persistence;
              return options;
          }()) {
        rig.start();
        rig.pair();
        rig.publish("hall/set", "ON");
        rig.expect("hall", "state");
        rig.mqtt->settle();
    }

    /// The switch still works, both ways, and was not asked who it is.
    void works() {
        rig.take_mark();
        rig.publish("hall/set", "OFF");
        rig.expect("hall", [](const Seen& m) {
            return m.payload.find("\"state\":\"OFF\"") != std::string::npos;
        });
        rig.publish("hall/set", "ON");
        rig.expect("hall", [](const Seen& m) {
            return m.payload.find("\"state\":\"ON\"") != std::string::npos;
        });
        for (const auto& seen : rig.mqtt->all(mark))
            BOOST_TEST(seen.payload.find("device_interview") == std::string::npos);
    }
    void wait_until_it_works() {
        for (int tries = 0; tries < 60; ++tries) {
            const auto from = rig.mqtt->mark();
            rig.publish("hall/get/state", "");
            const auto live = [](const Seen& seen) { return !seen.retained; };
            if (rig.mqtt->wait("zigbee2mqtt/hall", live, std::chrono::milliseconds(500), from))
                return;
        }
        BOOST_FAIL("the switch cannot be reached any more: " << rig.host->output());
    }
    /// What a client that connects now gets from the broker's memory.
    std::string retained(const std::string& topic) {
        const MqttProbe late(rig.mqtt_port(), "zigbee2mqtt/" + topic);
        const auto seen = late.wait("zigbee2mqtt/" + topic, {}, std::chrono::seconds(3), 0);
        return seen ? seen->payload : "";
    }

    Rig rig;
    std::size_t mark = 0;
};

}  // namespace

BOOST_DATA_TEST_CASE(the_host_comes_back_as_it_went, data::make({false, true})) {
    Paired network;
    auto& rig = network.rig;
    if (sample)
        rig.host->kill();
    else
        BOOST_TEST(rig.host->stop().value_or(-1) == 0);
    rig.expect("bridge/state",
               [](const Seen& m) { return m.payload.find("offline") != std::string::npos; });
    network.mark = rig.mqtt->mark();
    rig.take_mark();
    rig.start_host();
    rig.wait_online();
    BOOST_TEST(network.retained("bridge/state").find("online") != std::string::npos);
    network.works();
}

BOOST_DATA_TEST_CASE(the_radio_comes_back, data::make({false, true})) {
    Paired network;
    auto& rig = network.rig;
    network.mark = rig.mqtt->mark();
    if (sample)
        rig.simulator->kill();
    else
        rig.simulator->stop();
    rig.simulator.reset();
    std::filesystem::remove(rig.control());
    rig.start_sim();
    network.wait_until_it_works();
    network.works();
    BOOST_TEST(rig.host->is_running());
}

BOOST_DATA_TEST_CASE(the_broker_comes_back_with_and_without_its_memory,
                     data::make({true, false}) * data::make({false, true}), persistence, hard) {
    Paired network(persistence);
    auto& rig = network.rig;
    if (hard)
        rig.broker->kill();
    else
        rig.broker->stop();
    rig.mqtt.reset();
    rig.broker.reset();
    rig.start_broker();
    for (int tries = 0; tries < 100; ++tries) {
        if (network.retained("bridge/state").find("online") != std::string::npos)
            break;
    }
    for (const char* topic :
         {"bridge/info", "bridge/devices", "bridge/groups", "bridge/definitions"})
        BOOST_TEST(!network.retained(topic).empty(), topic);
    BOOST_TEST(network.retained("hall").find("\"state\":\"ON\"") != std::string::npos);
    network.mark = rig.mqtt->mark();
    network.wait_until_it_works();  // a broker with a memory says "online" before the host is back
    network.works();
}

BOOST_AUTO_TEST_CASE(all_three_at_once_in_another_order) {
    Paired network;
    auto& rig = network.rig;
    rig.host->kill();
    rig.simulator->kill();
    rig.broker->kill();
    rig.mqtt.reset();
    rig.simulator.reset();
    std::filesystem::remove(rig.control());
    rig.take_mark();
    rig.start_host();  // neither a radio nor a broker is there yet
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    rig.start_sim();
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    rig.start_broker();
    network.mark = 0;
    network.wait_until_it_works();
    network.works();
}

BOOST_AUTO_TEST_CASE(a_device_renamed_while_the_broker_was_away_leaves_no_old_topic) {
    Paired network;
    auto& rig = network.rig;
    BOOST_TEST(!network.retained("hall").empty());
    rig.request("device/rename", R"({"from": "hall", "to": "porch"})");
    rig.mqtt->settle();
    BOOST_TEST(network.retained("hall").empty());
    BOOST_TEST(!network.retained("porch").empty());
    BOOST_TEST(rig.read("configuration.yaml").find("porch") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(stopping_takes_less_than_a_second_and_saves) {
    Paired network;
    const auto begun = std::chrono::steady_clock::now();
    BOOST_TEST(network.rig.host->stop().value_or(-1) == 0);
    const auto took = std::chrono::steady_clock::now() - begun;
    BOOST_TEST_MESSAGE("stopped in "
                       << std::chrono::duration_cast<std::chrono::milliseconds>(took).count()
                       << " ms");
    BOOST_TEST(network.rig.read("database.db").find("lumi.ctrl_neutral1") != std::string::npos);
    BOOST_TEST(network.rig.read("state.json").find("ON") != std::string::npos);
    BOOST_TEST(network.retained("bridge/state").find("offline") != std::string::npos);
}
