#include <boost/test/unit_test.hpp>

#include "loop.hpp"
#include "mqtt/client.hpp"
#include "support/broker.hpp"
#include "support/mqtt_probe.hpp"

using namespace waggle;
using namespace waggle::mqtt;
using waggle::test::Broker;
using waggle::test::BrokerOptions;
using waggle::test::MqttProbe;

namespace {

std::map<std::string, std::string> retained_on(const Broker& broker) {
    MqttProbe probe(broker.port());
    probe.settle(150ms);
    std::map<std::string, std::string> out;
    for (const auto& message : probe.all())
        if (message.retained)
            out[message.topic] = message.payload;
    return out;
}

struct Fixture {
    Options options(const Broker& broker) const {
        Options out;
        out.server = broker.url();
        out.retained_elsewhere = {"homeassistant"};
        return out;
    }
    void reconnect(Host& host) {
        const int before = host.equalised;
        BOOST_REQUIRE(loop.until([&] { return host.equalised > before; }));
    }

    Loop loop;
    Logged logged;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(client_reconnect, Fixture)

BOOST_AUTO_TEST_CASE(a_broker_that_forgot_everything_gets_everything_again) {
    Broker broker;
    broker.start();
    Host host(loop, options(broker));
    host.start();
    host.set("zigbee2mqtt/bridge/info", "{1}", retained);
    host.set("zigbee2mqtt/lamp", "ON", retained);
    host.set("zigbee2mqtt/a/b/availability", "online", PublishOptions{.qos = 1, .retain = true});
    host.set("homeassistant/light/lamp/config", "{}", retained);
    loop.run(100ms);
    broker.kill();
    BOOST_TEST(loop.until([&] { return !host.client->is_connected(); }));
    BOOST_TEST(!host.reason.empty());
    broker.start();
    reconnect(host);
    loop.run(100ms);
    const std::map<std::string, std::string> expected = {
        {"homeassistant/light/lamp/config", "{}"},
        {"zigbee2mqtt/a/b/availability", "online"},
        {"zigbee2mqtt/bridge/info", "{1}"},
        {"zigbee2mqtt/bridge/state", R"({"state":"online"})"},
        {"zigbee2mqtt/lamp", "ON"}};
    BOOST_TEST((retained_on(broker) == expected));
    BOOST_TEST(host.connects == 2);
    BOOST_TEST(host.client->statistics().reconnects == 1u);
    BOOST_TEST(host.received.empty());
}

BOOST_AUTO_TEST_CASE(what_the_publisher_sees_to_itself_is_not_sent_again) {
    Broker broker;
    broker.start();
    Host host(loop, options(broker));
    host.start();
    host.set("homeassistant/light/lamp/config", "{}",
             PublishOptions{.retain = true, .in_ledger = false});
    host.set("homeassistant/light/desk/config", "{}", retained);
    loop.run(100ms);
    BOOST_TEST(retained_on(broker).contains("homeassistant/light/lamp/config"));
    broker.kill();
    BOOST_TEST(loop.until([&] { return !host.client->is_connected(); }));
    broker.start();
    reconnect(host);
    loop.run(100ms);
    BOOST_TEST(!retained_on(broker).contains("homeassistant/light/lamp/config"));
    BOOST_TEST(retained_on(broker).contains("homeassistant/light/desk/config"));
}

BOOST_AUTO_TEST_CASE(a_broker_that_remembers_gets_only_what_changed) {
    Broker broker(BrokerOptions{.persistence = true});
    broker.start();
    Host host(loop, options(broker));
    host.start();
    for (int i = 0; i < 50; ++i)
        host.set("zigbee2mqtt/lamp" + std::to_string(i), "ON", retained);
    host.set("zigbee2mqtt/gone", "ON", retained);
    host.set("zigbee2mqtt/bridge/info", "{1}", retained);
    host.set("homeassistant/light/lamp/config", "{}", retained);
    loop.run(200ms);
    broker.stop();
    BOOST_TEST(loop.until([&] { return !host.client->is_connected(); }));
    host.set("zigbee2mqtt/lamp3", "OFF", retained);
    host.set("zigbee2mqtt/new/availability", "online", retained);
    host.values.erase("zigbee2mqtt/gone");
    host.client->publish("zigbee2mqtt/gone", "", retained);
    host.set("zigbee2mqtt/plain", "42", state);
    host.client->publish("zigbee2mqtt/bridge/event", "lost");
    host.regenerated = 0;
    broker.start();
    MqttProbe probe(broker.port());
    const auto mark = probe.mark();
    reconnect(host);
    probe.settle(150ms);
    std::map<std::string, std::string> live;
    for (const auto& message : probe.all(mark))
        if (!message.retained)
            live[message.topic] = message.payload;
    const std::map<std::string, std::string> expected = {
        {"zigbee2mqtt/bridge/state", R"({"state":"online"})"},
        {"zigbee2mqtt/gone", ""},
        {"zigbee2mqtt/lamp3", "OFF"},
        {"zigbee2mqtt/new/availability", "online"},
        {"zigbee2mqtt/plain", "42"}};
    for (const auto& [topic, payload] : live)
        BOOST_TEST_MESSAGE(topic << " = " << payload);
    BOOST_TEST((live == expected));
    BOOST_TEST(host.regenerated == 3);
    const auto kept = retained_on(broker);
    BOOST_TEST(!kept.contains("zigbee2mqtt/gone"));
    BOOST_TEST(kept.at("zigbee2mqtt/lamp3") == "OFF");
    BOOST_TEST(kept.at("zigbee2mqtt/lamp4") == "ON");
    BOOST_TEST(!kept.contains("zigbee2mqtt/plain"));
    BOOST_TEST(host.client->statistics().dropped == 1u);
}

BOOST_AUTO_TEST_CASE(a_broker_that_comes_later_is_found) {
    Broker broker;
    Host host(loop, options(broker));
    host.client->start();
    host.set("zigbee2mqtt/lamp", "ON", retained);
    BOOST_TEST(loop.until([&] { return logged.has("Connection refused"); }));
    loop.run(250ms);
    int told = 0;
    for (const auto& line : logged.lines)
        told += line.find("not connected to") != std::string::npos ? 1 : 0;
    BOOST_TEST(told == 1);  // not one line a try
    broker.start();
    BOOST_REQUIRE(loop.until([&] { return host.equalised > 0; }));
    loop.run(100ms);
    BOOST_TEST(retained_on(broker).at("zigbee2mqtt/lamp") == "ON");
}

BOOST_AUTO_TEST_CASE(what_others_wrote_on_our_topics_meanwhile_is_put_right) {
    Broker broker(BrokerOptions{.persistence = true});
    broker.start();
    Host host(loop, options(broker));
    host.start();
    host.set("zigbee2mqtt/lamp", "ON", retained);
    loop.run(100ms);
    broker.stop();
    BOOST_TEST(loop.until([&] { return !host.client->is_connected(); }));
    broker.start();
    {
        MqttProbe probe(broker.port());
        probe.publish("zigbee2mqtt/lamp", "broken", true);
        probe.publish("zigbee2mqtt/lamp/set", "retained command", true);
        probe.settle(50ms);
    }
    BOOST_REQUIRE(loop.until([&] { return host.equalised == 2; }));
    loop.run(100ms);
    // Whichever came first, the broker's or ours: a value that differs was seen or sent anew.
    MqttProbe probe(broker.port());
    probe.settle(100ms);
    BOOST_TEST(host.received.size() == 1u);
    BOOST_TEST(host.received[0] == "zigbee2mqtt/lamp/set=retained command");
}

BOOST_AUTO_TEST_CASE(unacknowledged_messages_are_sent_again) {
    Broker broker(BrokerOptions{.persistence = true});
    broker.start();
    Host host(loop, options(broker));
    host.start();
    broker.freeze();
    for (int i = 0; i < 20; ++i)
        host.client->publish("zigbee2mqtt/q", std::to_string(i), PublishOptions{.qos = 1});
    loop.run(50ms);
    broker.kill();
    BOOST_TEST(loop.until([&] { return !host.client->is_connected(); }));
    broker.start();
    MqttProbe probe(broker.port());
    reconnect(host);
    BOOST_TEST(loop.until([&] { return host.client->statistics().queued == 0; }));
    probe.settle();
    BOOST_TEST(probe.on("zigbee2mqtt/q").size() == 20u);
}

BOOST_AUTO_TEST_CASE(refusals_are_told_in_the_brokers_words) {
    for (const int version : {4, 5}) {
        test::TemporaryFolder folder;
        folder.write("passwords", "");
        test::run_program(
            {"mosquitto_passwd", "-b", (folder / "passwords").string(), "bee", "honey"}, folder);
        Broker broker(
            BrokerOptions{.anonymous = false,
                          .more_lines = {"password_file " + (folder / "passwords").string()}});
        broker.start();
        auto wrong = options(broker);
        wrong.version = version;
        wrong.user = "bee";
        wrong.password = "wax";
        {
            Host host(loop, wrong);
            host.client->start();
            BOOST_TEST(loop.until([&] { return logged.has("the broker refuses the connection"); }));
            BOOST_TEST(logged.has(version == 5 ? "Not authorized" : "not authorised"),
                       logged.all());
        }
        wrong.password = "honey";
        Host host(loop, wrong);
        host.start();
        wrong.server = "mqtt://bee:honey@127.0.0.1:" + std::to_string(broker.port());
        wrong.user.clear();
        Host by_address(loop, wrong);
        by_address.start();
        BOOST_TEST(by_address.client->server() == broker.url());
        logged.lines.clear();
    }
}

BOOST_AUTO_TEST_CASE(a_name_that_does_not_resolve_is_told_and_the_loop_never_waits) {
    Options unknown;
    unknown.server = "mqtt://no-such-host.invalid";
    Host host(loop, unknown);
    host.client->start();
    BOOST_TEST(loop.until([&] { return logged.has("cannot be resolved"); }, 40s));
    host.stop();
}

BOOST_AUTO_TEST_CASE(localhost_is_found_under_whatever_address_answers) {
    Broker broker;
    broker.start();
    auto by_name = options(broker);
    by_name.server = "mqtt://localhost:" + std::to_string(broker.port());
    Host host(loop, by_name);
    host.start();
    BOOST_TEST(host.client->is_connected());
}

BOOST_AUTO_TEST_SUITE_END()
