#include "bridge/homeassistant/homeassistant.hpp"

#include <algorithm>
#include <map>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include "bridge/homeassistant/names.hpp"
#include "unit/engine/rig.hpp"

// Discovery from start to end, between the engine and a broker that retains.

namespace json = boost::json;

namespace waggle {
namespace {

using namespace std::chrono_literals;
using bridge::homeassistant::Broker;
using bridge::homeassistant::HomeAssistant;
using engine::EntityId;
using test::Rig;

constexpr std::string_view enabled = R"(homeassistant:
  enabled: true
)";
const std::string hall_sensor =
    fmt::format("homeassistant/sensor/{}/temperature/config", test::hall_ieee);
const std::string hall_quality =
    fmt::format("homeassistant/sensor/{}/linkquality/config", test::hall_ieee);

/// A broker as discovery sees it. `sent` is what was published since the last look.
struct RetainingBroker final : Broker {
    std::map<std::string, std::string> retained;
    std::vector<std::string> filters, sent;
    std::size_t queued = 0;
    int states = 0;
    HomeAssistant* listener = nullptr;

    void publish(const std::string& topic, std::string_view payload) override {
        sent.push_back(topic + (payload.empty() ? " cleared" : ""));
        if (payload.empty())
            retained.erase(topic);
        else
            retained[topic] = std::string(payload);
    }
    void subscribe(const std::string& filter) override {
        filters.push_back(filter);
        if (filter.ends_with("#"))
            for (const auto& [topic, payload] : std::map(retained))
                listener->receive(topic, payload, true);
    }
    void unsubscribe(const std::string& filter) override { std::erase(filters, filter); }
    std::size_t waiting() const override { return queued; }
    void repeat_state() override { ++states; }
};

/// The device `hall` with a temperature and firmware that can be updated, and up to nine lights.
struct House {
    explicit House(std::string_view configuration = enabled, int lights = 0)
        : rig(configuration, "", test::configured, "", rows(lights)) {
        rig.start();
        HomeAssistant::Parts parts{*rig.network, *rig.engine, *rig.configuration,
                                   rig.outbox,   broker,      [this] { ++rounds; }};
        homeassistant = std::make_unique<HomeAssistant>(rig.loop.executor(), parts);
        broker.listener = homeassistant.get();
        rig.network->listen(*homeassistant);
        rig.engine->listen(*homeassistant);
    }

    static std::string rows(int lights) {
        std::string out;
        for (int i = 1; i <= lights; ++i)
            out += test::light_row(i);
        if (lights > 1)
            out += test::group_row(
                4, fmt::format("{}/1 {}/1", test::light_ieee(1), test::light_ieee(2)));
        return out;
    }

    /// Everything that was sent since the last call, and how many messages.
    std::size_t sent() {
        last = std::exchange(broker.sent, {});
        return last.size();
    }
    bool was_sent(const std::string& line) const {
        return std::find(last.begin(), last.end(), line) != last.end();
    }
    void begin() {
        homeassistant->network_up();
        rig.loop.pass(8s);
        sent();
    }
    void change(std::string_view settings) {
        const auto changes =
            json::parse(json::string_view(settings.data(), settings.size())).as_object();
        BOOST_REQUIRE(rig.configuration->apply(changes));
        rig.engine->settings_changed(changes);
    }
    void wish(std::string_view value) {
        json::object options;
        options["homeassistant"] = json::parse(json::string_view(value.data(), value.size()));
        BOOST_REQUIRE(rig.configuration->change_entity_options(test::hall_ieee, options));
        rig.engine->options_changed(rig.hall_id());
    }
    void publish_action(std::string_view action) {
        json::object update;
        update["action"] = action;
        rig.engine->publish_state(rig.hall_id(), update);
    }

    Rig rig;
    RetainingBroker broker;
    std::unique_ptr<HomeAssistant> homeassistant;
    std::vector<std::string> last;
    int rounds = 0;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(homeassistant)

BOOST_AUTO_TEST_CASE(nothing_is_said_before_what_is_retained_was_listened_to) {
    House house;
    house.homeassistant->network_up();
    house.rig.loop.pass(4900ms);
    BOOST_TEST(house.sent() == 0u);
    BOOST_TEST(house.broker.filters.size() == 2u);
    house.rig.loop.pass(2s);
    BOOST_TEST(house.sent() == 11u);  // eight of the bridge; temperature, firmware, link quality
    BOOST_TEST(house.was_sent(hall_sensor));
    BOOST_TEST(house.broker.filters.size() == 1u);  // homeassistant/status
    BOOST_TEST(house.rounds == 1);
    BOOST_TEST(house.broker.retained[hall_sensor].find("\"state_topic\":\"zigbee2mqtt/hall\"") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_the_broker_has_is_not_sent_again_and_what_is_stale_is_cleared) {
    std::map<std::string, std::string> before;
    {
        House house;
        house.begin();
        before = house.broker.retained;
    }
    const auto of_this_host = R"({"availability":[{"topic":"zigbee2mqtt/bridge/state"}]})";
    const auto of_another = R"({"availability":[{"topic":"zigbee/bridge/state"}]})";
    House house;
    house.broker.retained = before;
    auto& retained = house.broker.retained;
    retained["homeassistant/sensor/0x00158d000000dead/x/config"] = of_this_host;
    retained["homeassistant/sensor/0x00158d000000beef/x/config"] = of_another;
    retained[fmt::format("homeassistant/sensor/{}/gone/config", test::hall_ieee)] = of_this_host;
    retained["homeassistant/light/1221051039810110150109113116116_9/light/config"] = of_this_host;
    retained["homeassistant/sensor/a/b/config"] = "zigbee2mqtt/ no json";
    retained["homeassistant/sensor/a/c/config"] = R"(["zigbee2mqtt/"])";
    retained[hall_quality] = of_this_host;
    house.homeassistant->network_up();
    house.rig.loop.pass(8s);
    // The connection sensor has no availability by which it could be known.
    BOOST_TEST(house.sent() == 5u);
    BOOST_TEST(house.was_sent("homeassistant/sensor/0x00158d000000dead/x/config cleared"));
    BOOST_TEST(house.was_sent(
        fmt::format("homeassistant/sensor/{}/gone/config cleared", test::hall_ieee)));
    BOOST_TEST(house.was_sent(
        "homeassistant/light/1221051039810110150109113116116_9/light/config cleared"));
    BOOST_TEST(house.was_sent(hall_quality));
    BOOST_TEST(!house.was_sent(hall_sensor));

    // Later it is not for this host to clear what others say.
    BOOST_TEST(house.homeassistant->receive("homeassistant/sensor/0x00158d000000dead/x/config",
                                            of_this_host, true));
    BOOST_TEST(house.sent() == 0u);
}

BOOST_AUTO_TEST_CASE(the_flood_is_paced_and_waits_for_the_broker) {
    House house(enabled, 9);
    house.broker.queued = 1000;
    house.homeassistant->network_up();
    house.rig.loop.pass(10s);
    BOOST_TEST(house.sent() == 0u);
    house.broker.queued = 0;
    house.rig.loop.pass(45ms);
    BOOST_TEST(house.sent() < 30u);
    house.rig.loop.pass(2s);
    BOOST_TEST(house.sent() > 10u);
    house.rig.loop.pass(10s);
    BOOST_TEST(house.sent() == 0u);
}

BOOST_AUTO_TEST_CASE(a_group_names_the_entities_of_its_members) {
    House house(enabled, 2);
    house.begin();
    const auto& payload =
        house.broker.retained["homeassistant/light/1221051039810110150109113116116_4/light/config"];
    BOOST_TEST(payload.find(R"("group":["0x00158d0000000001_light_zigbee2mqtt",)"
                            R"("0x00158d0000000002_light_zigbee2mqtt"])") != std::string::npos,
               payload);
    house.rig.engine->group_members_changed({4, Ieee(), 1, true});
    BOOST_TEST(house.sent() == 0u);
    house.rig.engine->group_members_changed({0, Ieee(), 1, false});
    BOOST_TEST(house.sent() == 0u);
}

BOOST_AUTO_TEST_CASE(after_a_new_connection_the_broker_is_asked_again) {
    House house;
    house.begin();
    house.broker.retained.erase(hall_sensor);
    house.homeassistant->connected();
    house.rig.loop.pass(8s);
    BOOST_TEST(house.sent() == 2u);  // and the connection sensor
    BOOST_TEST(house.was_sent(hall_sensor));
}

BOOST_AUTO_TEST_CASE(what_the_client_gave_up_is_sent_again) {
    House house;
    house.begin();
    BOOST_TEST(house.homeassistant->lost(hall_sensor));
    BOOST_TEST(house.homeassistant->lost("homeassistant/sensor/0x00158d000000dead/x/config"));
    BOOST_TEST(house.homeassistant->lost("homeassistant/odd"));
    BOOST_TEST(!house.homeassistant->lost("zigbee2mqtt/hall"));
    house.rig.loop.pass(1s);
    BOOST_TEST(house.sent() == 1u);
    BOOST_TEST(house.was_sent(hall_sensor));
}

BOOST_AUTO_TEST_CASE(many_devices_that_change_at_once_are_paced) {
    House house(enabled, 9);
    house.begin();
    BOOST_REQUIRE(house.rig.configuration->apply(
        json::parse(R"({"frontend":{"url":"http://host"}})").as_object()));
    for (int round = 0; round < 20; ++round) {
        house.change(fmt::format(R"({{"frontend":{{"url":"http://host{}"}}}})", round));
        house.rig.network->for_each_device(
            [&](Device& device) { house.homeassistant->definition_changed(device); });
    }
    BOOST_TEST(house.sent() < 130u);
    house.rig.loop.pass(3s);
    BOOST_TEST(house.sent() > 10u);
    BOOST_TEST(house.broker.retained[hall_sensor].find("http://host19/") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(states_have_what_templates_read_even_before_discovery_is_over) {
    House house;
    house.homeassistant->network_up();
    house.rig.outbox.lines.clear();
    json::object update;
    update["battery"] = 5;
    house.rig.engine->publish_state(house.rig.hall_id(), update);
    BOOST_TEST(house.rig.published() ==
               R"(hall {"battery":5,"linkquality":null,"temperature":null,)"
               R"("update":{"installed_version":-1,"latest_version":-1,"state":null}})");
}

BOOST_AUTO_TEST_CASE(an_action_is_a_trigger_from_its_first_time_on) {
    House house;
    house.begin();
    house.rig.published();
    const auto topic =
        fmt::format("homeassistant/device_automation/{}/action_single/config", test::hall_ieee);
    house.publish_action("single");
    house.publish_action("single");
    BOOST_TEST(house.sent() == 1u);
    BOOST_TEST(house.was_sent(topic));
    BOOST_TEST(house.broker.retained[topic].find(R"("topic":"zigbee2mqtt/hall/action")") !=
               std::string::npos);
    const auto published = house.rig.published();
    BOOST_TEST(published.ends_with("|hall/action single"), published);
    house.publish_action("");
    BOOST_TEST(house.sent() == 0u);
    house.wish(R"({"device_automation":null})");
    house.publish_action("double");
    BOOST_TEST(house.sent() == 0u);
    BOOST_TEST(house.rig.published().ends_with("hall/action double"));
}

BOOST_AUTO_TEST_CASE(the_action_sensor_goes_back_to_nothing) {
    House house("homeassistant:\n  enabled: true\n  legacy_action_sensor: true\n");
    house.begin();
    house.rig.published();
    house.publish_action("single");
    const auto published = house.rig.published();
    BOOST_TEST(published.find(R"("action":"single")") != std::string::npos, published);
    BOOST_TEST(published.find(R"(|hall {"action":"")") != std::string::npos, published);
    BOOST_TEST(published.ends_with("hall/action single"), published);
}

BOOST_AUTO_TEST_CASE(a_renamed_device_is_said_again_at_once_or_after_home_assistant_forgot_it) {
    House house;
    house.begin();
    house.publish_action("single");
    house.sent();
    BOOST_REQUIRE(house.rig.configuration->rename_entity("hall", "entry"));
    house.rig.engine->renamed(house.rig.hall_id(), "hall", false);
    BOOST_TEST(house.sent() == 4u);
    BOOST_REQUIRE(house.rig.configuration->rename_entity("entry", "porch"));
    house.rig.engine->renamed(house.rig.hall_id(), "entry", true);
    BOOST_TEST(house.sent() == 3u);
    BOOST_TEST(house.was_sent(hall_sensor + " cleared"));
    house.rig.loop.pass(1900ms);
    BOOST_TEST(house.sent() == 0u);
    house.rig.loop.pass(300ms);
    BOOST_TEST(house.sent() == 4u);
    BOOST_TEST(house.broker.retained[hall_sensor].find("zigbee2mqtt/porch") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_removed_device_leaves_nothing) {
    House house;
    house.begin();
    house.publish_action("single");
    house.sent();
    house.rig.engine->removed(house.rig.hall_id(), "hall");
    BOOST_TEST(house.sent() == 4u);
    BOOST_TEST(std::none_of(
        house.broker.retained.begin(), house.broker.retained.end(),
        [](const auto& one) { return one.first.find(test::hall_ieee) != std::string::npos; }));
}

BOOST_AUTO_TEST_CASE(an_excluded_device_is_not_said) {
    House house(
        fmt::format("{}devices:\n  '{}':\n    friendly_name: hall\n    homeassistant: null\n",
                    enabled, test::hall_ieee));
    house.broker.retained[hall_sensor] =
        R"({"availability":[{"topic":"zigbee2mqtt/bridge/state"}]})";
    house.homeassistant->network_up();
    house.rig.loop.pass(8s);
    BOOST_TEST(house.sent() == 9u);
    BOOST_TEST(house.was_sent(hall_sensor + " cleared"));
    house.publish_action("single");
    BOOST_TEST(house.sent() == 0u);
}

BOOST_AUTO_TEST_CASE(home_assistants_birth_brings_everything_after_thirty_seconds) {
    House house;
    house.begin();
    house.publish_action("single");
    house.rig.published();
    BOOST_TEST(house.homeassistant->receive("homeassistant/status", "OnLine", false));
    BOOST_TEST(house.homeassistant->receive("homeassistant/status", "offline", false));
    house.rig.loop.pass(29s);
    BOOST_TEST(house.broker.states == 0);
    BOOST_TEST(house.rig.published() == "");
    house.rig.loop.pass(2s);
    BOOST_TEST(house.broker.states == 1);
    BOOST_TEST(house.rig.published().starts_with("hall {"));
}

BOOST_AUTO_TEST_CASE(settings_count_at_once) {
    House house("");
    house.begin();
    BOOST_TEST(house.broker.filters.empty());
    BOOST_TEST(!house.homeassistant->receive("homeassistant/status", "online", false));
    house.change(R"({"homeassistant":{"enabled":true,"discovery_topic":"discovery"}})");
    house.rig.loop.pass(8s);
    BOOST_TEST(house.sent() == 11u);
    BOOST_TEST(
        house.was_sent(fmt::format("discovery/sensor/{}/temperature/config", test::hall_ieee)));
    house.change(R"({"homeassistant":{"legacy_action_sensor":true}})");
    house.rig.loop.pass(8s);
    BOOST_TEST(house.sent() == 1u);  // the connection sensor; all else is there
    house.change(R"({"homeassistant":{"enabled":false}})");
    BOOST_TEST(house.broker.filters.empty());
    house.publish_action("single");
    BOOST_TEST(house.sent() == 0u);
}

BOOST_AUTO_TEST_CASE(it_refuses_what_cannot_be) {
    store::Settings settings;
    BOOST_TEST(!bridge::homeassistant::refusal(settings));
    settings.homeassistant.enabled = true;
    BOOST_TEST(!bridge::homeassistant::refusal(settings));
    settings.homeassistant.discovery_topic = "zigbee2mqtt";
    BOOST_TEST(bridge::homeassistant::refusal(settings)->find("discovery_topic") !=
               std::string::npos);
    settings.advanced.output = store::Output::attribute;
    BOOST_TEST(bridge::homeassistant::refusal(settings)->find("output") != std::string::npos);

    House house("homeassistant:\n  enabled: true\n  discovery_topic: zigbee2mqtt\n");
    house.begin();
    BOOST_TEST(house.broker.filters.empty());
    BOOST_TEST(house.rig.logged().find("discovery_topic") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waggle
