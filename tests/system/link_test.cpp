// The link to the radio and the radio itself misbehave: the host reconnects, retries, and MQTT
// stays up.
#include <boost/json/object.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "support/rig.hpp"

using namespace waggle::test;
namespace data = boost::unit_test::data;

namespace {

struct Paired {
    Paired() : rig(options()) {
        rig.start();
        rig.pair();
        rig.take_mark();
    }
    static RigOptions options() {
        RigOptions with;
        with.device_options = "    friendly_name: hall\n";
        return with;
    }
    void turn(const std::string& state, std::chrono::milliseconds limit = soon) {
        const auto from = rig.mqtt->mark();
        rig.publish("hall/set", R"({"state": ")" + state + R"("})");
        const auto seen = rig.mqtt->wait(
            "zigbee2mqtt/hall",
            [&](const Seen& m) {
                return m.payload.find("\"state\":\"" + state + '"') != std::string::npos;
            },
            limit, from);
        BOOST_TEST(seen.has_value(), rig.host->output());
    }
    Rig rig;
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_dropped_connection_is_made_again_and_mqtt_stays_up) {
    Paired network;
    auto& rig = network.rig;
    rig.sim({"fault", "disconnect"});
    const auto answer = rig.request("health_check", "");
    BOOST_TEST(answer.at("status").as_string() == "ok");
    bool works = false;
    for (int tries = 0; tries < 40 && !works; ++tries) {
        const auto from = rig.mqtt->mark();
        rig.publish("hall/get/state", "");
        works = rig.mqtt->wait("zigbee2mqtt/hall", {}, std::chrono::milliseconds(500), from)
                    .has_value();
    }
    BOOST_TEST(works);
    network.turn("ON");
    // Clients were told that devices could not be reached, and then that they can be again.
    BOOST_TEST(rig.mqtt->on("zigbee2mqtt/bridge/state").back().payload.find("online") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_co_processor_that_resets_by_itself_is_started_again) {
    Paired network;
    network.rig.sim({"fault", "reset"});
    bool works = false;
    for (int tries = 0; tries < 40 && !works; ++tries) {
        const auto from = network.rig.mqtt->mark();
        network.rig.publish("hall/get/state", "");
        works = network.rig.mqtt->wait("zigbee2mqtt/hall", {}, std::chrono::milliseconds(500), from)
                    .has_value();
    }
    BOOST_TEST(works);
    network.turn("ON");
}

BOOST_AUTO_TEST_CASE(full_buffers_only_delay) {
    Paired network;
    network.rig.sim({"fault", "buffer-full", "2"});
    network.turn("ON", std::chrono::seconds(15));
}

BOOST_DATA_TEST_CASE(a_delivery_that_failed_is_tried_again,
                     data::make({"0xe9", "0xcd", "0xe1", "0x10"})) {
    Paired network;
    network.rig.sim({"fault", "confirm", sample, "1"});
    network.turn("ON", std::chrono::seconds(20));
}

BOOST_AUTO_TEST_CASE(a_device_that_does_not_answer_is_named_in_the_log) {
    Paired network;
    network.rig.sim({"fault", "deaf", "qbkg04lm", "always"});
    network.rig.publish("hall/set", R"({"state": "ON"})");
    BOOST_TEST(network.rig.log_has("hall", std::chrono::seconds(40)));
    network.rig.mqtt->settle();
    BOOST_TEST(network.rig.mqtt->on("zigbee2mqtt/hall", 0).empty());
    network.rig.sim({"fault", "clear"});
    network.turn("OFF", std::chrono::seconds(30));
}

BOOST_AUTO_TEST_CASE(a_device_with_a_new_network_address_is_found_again) {
    Paired network;
    network.rig.sim({"move", "qbkg04lm"});
    network.rig.mqtt->settle();
    network.turn("ON");
    network.rig.sim({"move-silently", "qbkg04lm", "0x4711"});
    network.rig.take_mark();
    network.rig.sim({"press", "qbkg04lm", "click"});
    network.rig.mqtt->settle(std::chrono::milliseconds(500));
    network.rig.sim({"press", "qbkg04lm", "click"});
    network.rig.expect("hall", "action");
}

BOOST_AUTO_TEST_CASE(a_device_that_leaves_is_forgotten_and_may_come_back) {
    Paired network;
    auto& rig = network.rig;
    rig.sim({"leave", "qbkg04lm"});
    rig.expect("bridge/event",
               [](const Seen& m) { return m.payload.find("device_leave") != std::string::npos; });
    rig.take_mark();
    rig.pair();
    network.turn("ON");
}

BOOST_AUTO_TEST_CASE(a_removed_device_leaves_the_network_and_the_database) {
    Paired network;
    auto& rig = network.rig;
    BOOST_TEST(rig.request("device/remove", R"({"id": "hall"})").at("status").as_string() == "ok");
    rig.mqtt->settle();
    rig.host->stop();
    BOOST_TEST(rig.read("database.db").find("lumi.ctrl_neutral1") == std::string::npos);
    BOOST_TEST(rig.read("configuration.yaml").find("hall") == std::string::npos);
}
