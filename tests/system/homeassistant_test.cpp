// Discovery with a real broker: one that forgets, one that remembers, and settings that change.
#include <algorithm>

#include <boost/json/object.hpp>
#include <boost/test/unit_test.hpp>

#include "support/rig.hpp"

using namespace waggle::test;
using namespace std::chrono_literals;

namespace {

const std::string switch_config = "homeassistant/switch/" + Rig::switch_address + "/switch/config";
const std::string select_config =
    "homeassistant/select/" + Rig::switch_address + "/operation_mode/config";
constexpr auto discovery_time = 15s;

RigOptions with(const std::string& configuration, bool persistence = true) {
    RigOptions options;
    options.configuration = configuration;
    options.device_options = "    friendly_name: hall\n";
    options.broker_persistence = persistence;
    return options;
}

bool is_live(const Seen& seen) {
    return !seen.retained;
}

/// Discovery's live messages that name the switch.
std::size_t told(const Rig& rig, std::size_t from) {
    const auto all = rig.mqtt->all(from);
    return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [](const Seen& seen) {
        return is_live(seen) && seen.topic.starts_with("homeassistant/") &&
               seen.topic.find(Rig::switch_address) != std::string::npos;
    }));
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_broker_that_forgot_everything_is_told_everything_again) {
    Rig rig(with("homeassistant:\n  enabled: true\n", false));
    rig.start();
    rig.pair();
    BOOST_REQUIRE(rig.mqtt->wait(switch_config, is_live, discovery_time, 0));
    rig.broker->stop();
    rig.broker.reset();
    rig.start_broker();
    BOOST_TEST(rig.mqtt->wait(switch_config, is_live, discovery_time + 10s, 0).has_value());
    BOOST_TEST(rig.mqtt->wait(select_config, is_live, discovery_time, 0).has_value());
}

BOOST_AUTO_TEST_CASE(a_host_that_starts_anew_tells_nothing_twice_and_clears_what_is_stale) {
    Rig rig(with("homeassistant:\n  enabled: true\n"));
    rig.start();
    rig.pair();
    BOOST_REQUIRE(rig.mqtt->wait(switch_config, is_live, discovery_time, 0));
    rig.mqtt->settle(1s);
    rig.host->stop();
    rig.host.reset();
    const auto stale = "homeassistant/sensor/" + Rig::switch_address + "/gone/config";
    rig.mqtt->publish(stale, R"({"availability":[{"topic":"zigbee2mqtt/bridge/state"}]})", true);
    rig.mqtt->settle();
    const auto mark = rig.mqtt->mark();
    rig.start_host();
    BOOST_TEST(
        rig.mqtt
            ->wait(
                stale, [](const Seen& seen) { return seen.payload.empty(); }, discovery_time, mark)
            .has_value());
    rig.mqtt->settle(6s);
    BOOST_TEST(told(rig, mark) == 1u);
}

BOOST_AUTO_TEST_CASE(settings_count_at_once_and_impossible_ones_are_refused) {
    Rig rig(with(""));
    rig.start();
    rig.pair();
    const auto refused = rig.request(
        "options",
        R"({"options":{"homeassistant":{"enabled":true,"discovery_topic":"zigbee2mqtt"}}})");
    BOOST_TEST(refused.at("status") == "error");
    BOOST_TEST(told(rig, 0) == 0u);
    const auto taken = rig.request(
        "options",
        R"({"options":{"homeassistant":{"enabled":true,"discovery_topic":"homeassistant"}}})");
    BOOST_TEST(taken.at("status") == "ok");
    BOOST_TEST(rig.mqtt->wait(switch_config, is_live, discovery_time, 0).has_value());
    rig.take_mark();
    rig.sim({"press", "qbkg04lm", "single"});
    BOOST_TEST(rig.expect("hall/action", "").payload == "single");
    BOOST_TEST(rig.mqtt
                   ->wait("homeassistant/device_automation/" + Rig::switch_address +
                              "/action_single/config",
                          is_live, 5s, 0)
                   .has_value());
}
