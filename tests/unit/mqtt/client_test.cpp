#include "mqtt/client.hpp"

#include <boost/test/unit_test.hpp>

#include "loop.hpp"
#include "support/broker.hpp"
#include "support/mqtt_probe.hpp"

using namespace waggle;
using namespace waggle::mqtt;
using waggle::test::Broker;
using waggle::test::BrokerOptions;
using waggle::test::MqttProbe;

namespace {

struct Fixture {
    Fixture() { broker.start(); }
    Options options(int version = 4) const {
        Options out;
        out.server = broker.url();
        out.version = version;
        return out;
    }
    static std::string payload_of(const std::optional<test::Seen>& seen) {
        return seen ? seen->payload : "(nothing)";
    }

    Broker broker;
    Loop loop;
    Logged logged;
};

const std::string state_topic = "zigbee2mqtt/bridge/state";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(client, Fixture)

BOOST_AUTO_TEST_CASE(every_protocol_version_connects_says_online_and_takes_commands) {
    for (const int version : {3, 4, 5}) {
        MqttProbe probe(broker.port());
        const auto mark = probe.mark();
        Host host(loop, options(version));
        host.start();
        // The broker also remembers the version before as offline.
        const auto online = probe.wait(
            state_topic, [](const test::Seen& s) { return !s.retained; }, 5s, mark);
        BOOST_TEST_REQUIRE(online.has_value());
        BOOST_TEST(payload_of(online) == R"({"state":"online"})");
        BOOST_TEST(online->qos == 1);
        probe.publish("zigbee2mqtt/lamp/set", "ON");
        probe.publish("zigbee2mqtt/a/b/c/set", "x");
        probe.publish("zigbee2mqtt/bridge/request/health_check", "");
        probe.publish("other/topic/set", "x");
        BOOST_TEST(loop.until([&] { return host.received.size() == 3; }));
        BOOST_TEST(host.received[0] == "zigbee2mqtt/lamp/set=ON");
        BOOST_TEST(host.received[2] == "zigbee2mqtt/bridge/request/health_check=");
        BOOST_TEST(host.client->statistics().received == 3u);
        host.stop();
    }
}

BOOST_AUTO_TEST_CASE(own_messages_do_not_come_back_unless_wanted) {
    MqttProbe probe(broker.port());
    Host host(loop, options());
    host.start();
    host.client->publish("zigbee2mqtt/bridge/event", "{}");
    host.client->publish("zigbee2mqtt/x/y", "mine", PublishOptions{.receive_own = true});
    probe.publish("zigbee2mqtt/bridge/event", "of somebody else");
    BOOST_TEST(loop.until([&] { return !host.received.empty(); }));
    loop.run(100ms);
    BOOST_TEST(host.received.size() == 1u);
    BOOST_TEST(host.received[0] == "zigbee2mqtt/x/y=mine");
}

BOOST_AUTO_TEST_CASE(further_subscriptions_come_and_go) {
    MqttProbe probe(broker.port());
    auto with_status = options();
    with_status.more_subscriptions = {"homeassistant/status"};
    Host host(loop, with_status);
    host.client->subscribe("early/#");
    host.start();
    host.client->subscribe("late/+");
    loop.run(100ms);
    probe.publish("homeassistant/status", "online");
    probe.publish("early/a/b", "1");
    probe.publish("late/a", "2");
    BOOST_TEST(loop.until([&] { return host.received.size() == 3; }));
    host.client->unsubscribe("late/+");
    loop.run(100ms);
    probe.publish("late/a", "3");
    loop.run(200ms);
    BOOST_TEST(host.received.size() == 3u);
}

BOOST_AUTO_TEST_CASE(qos_retain_and_expiry_reach_the_broker) {
    Host host(loop, options(5));
    host.start();
    host.client->publish("zigbee2mqtt/a", "1", PublishOptions{.qos = 1, .retain = true});
    // mosquitto counts whole seconds: 2 are between 1 and 2.
    host.client->publish("zigbee2mqtt/b", "2", PublishOptions{.retain = true, .expiry_seconds = 2});
    host.client->publish("zigbee2mqtt/c", "3", PublishOptions{.qos = 2});
    BOOST_TEST(loop.until([&] { return host.client->statistics().queued == 0; }));
    {
        MqttProbe probe(broker.port());
        BOOST_TEST(payload_of(probe.wait("zigbee2mqtt/a", nullptr, 2s, 0)) == "1");
        BOOST_TEST(payload_of(probe.wait("zigbee2mqtt/b", nullptr, 2s, 0)) == "2");
        BOOST_TEST(probe.wait("zigbee2mqtt/a", nullptr, 2s, 0)->qos == 1);
    }
    loop.run(2100ms);
    MqttProbe probe(broker.port());
    BOOST_TEST(payload_of(probe.wait("zigbee2mqtt/a", nullptr, 2s, 0)) == "1");
    BOOST_TEST(probe.on("zigbee2mqtt/b").empty());
}

BOOST_AUTO_TEST_CASE(retain_can_be_forbidden) {
    auto without = options();
    without.force_disable_retain = true;
    Host host(loop, without);
    host.start();
    host.client->publish("zigbee2mqtt/a", "1", retained);
    loop.run(200ms);
    MqttProbe probe(broker.port());
    probe.settle(200ms);
    BOOST_TEST(probe.all().empty());
}

BOOST_AUTO_TEST_CASE(a_topic_with_wildcards_is_refused_with_a_line) {
    Host host(loop, options());
    host.start();
    host.client->publish("zigbee2mqtt/a+b", "1");
    host.client->publish("zigbee2mqtt/#", "1");
    host.client->publish(std::string_view("zigbee2mqtt/\0x", 14), "1");
    BOOST_TEST(logged.has("'zigbee2mqtt/a+b' holds + or #"));
    host.client->publish("zigbee2mqtt/\xFF", "1");
    BOOST_TEST(logged.has("cannot be published"));
    BOOST_TEST(host.client->is_connected());
}

BOOST_AUTO_TEST_CASE(a_clean_stop_says_offline_and_sends_what_waits) {
    MqttProbe probe(broker.port());
    Host host(loop, options());
    host.start();
    for (int i = 0; i < 500; ++i)
        host.client->publish("zigbee2mqtt/n", std::to_string(i), PublishOptions{.qos = 1});
    const auto begin = std::chrono::steady_clock::now();
    host.stop();
    BOOST_TEST((std::chrono::steady_clock::now() - begin < 500ms));
    const auto offline = probe.wait(
        state_topic, [](const test::Seen& s) { return s.payload == R"({"state":"offline"})"; }, 5s,
        0);
    BOOST_REQUIRE(offline.has_value());
    BOOST_TEST(offline->qos == 0);
    // With QoS 0 it overtakes those that the broker has yet to hand on with QoS 1.
    probe.wait(
        "zigbee2mqtt/n", [](const test::Seen& s) { return s.payload == "499"; }, 5s, 0);
    BOOST_TEST(probe.on("zigbee2mqtt/n").size() == 500u);
    BOOST_TEST(!host.client->is_connected());
    host.client->publish("zigbee2mqtt/n", "late");
    probe.settle();
    BOOST_TEST(probe.on("zigbee2mqtt/n").size() == 500u);
}

BOOST_AUTO_TEST_CASE(stopping_before_or_without_a_broker_is_quick) {
    broker.stop();
    {
        Host host(loop, options());
        host.stop();
    }
    Host host(loop, options());
    host.client->start();
    loop.run(30ms);
    const auto begin = std::chrono::steady_clock::now();
    host.stop();
    BOOST_TEST((std::chrono::steady_clock::now() - begin < 500ms));
}

BOOST_AUTO_TEST_CASE(the_will_says_offline_when_the_connection_breaks) {
    MqttProbe probe(broker.port());
    {
        Host host(loop, options());
        host.start();
    }  // gone without a word
    BOOST_TEST(probe
                   .wait(
                       state_topic,
                       [](const test::Seen& s) { return s.payload == R"({"state":"offline"})"; },
                       5s, 0)
                   .has_value());
}

BOOST_AUTO_TEST_CASE(the_state_topic_says_offline_while_the_host_does) {
    MqttProbe probe(broker.port());
    Host host(loop, options());
    host.client->set_online(false);
    host.start();
    BOOST_TEST(payload_of(probe.wait(state_topic, nullptr, 5s, 0)) == R"({"state":"offline"})");
    const auto mark = probe.mark();
    host.client->set_online(true);
    host.client->set_online(true);
    loop.run(100ms);
    BOOST_TEST(probe.on(state_topic, mark).size() == 1u);
    BOOST_TEST(payload_of(probe.wait(state_topic, nullptr, 5s, mark)) == R"({"state":"online"})");
}

BOOST_AUTO_TEST_CASE(the_state_topic_is_said_again_when_asked) {
    MqttProbe probe(broker.port());
    Host host(loop, options());
    host.client->repeat_state();  // not connected: nothing
    host.start();
    const auto is_live = [](const test::Seen& seen) { return !seen.retained; };
    BOOST_TEST(probe.wait(state_topic, is_live, 5s, 0).has_value());
    host.client->set_online(false);
    loop.run(100ms);
    const auto mark = probe.mark();
    host.client->repeat_state();
    loop.run(100ms);
    BOOST_TEST(payload_of(probe.wait(state_topic, nullptr, 5s, mark)) == R"({"state":"offline"})");
    host.stop();
}

BOOST_AUTO_TEST_CASE(a_message_larger_than_the_broker_takes_is_told_and_the_rest_goes_on) {
    Broker small(BrokerOptions{.more_lines = {"max_packet_size 2000"}});
    small.start();
    auto five = options(5);
    five.server = small.url();
    Host host(loop, five);
    host.start();
    host.client->publish("zigbee2mqtt/a", std::string(3000, 'x'));
    BOOST_TEST(logged.has("larger than the broker takes"));
    host.client->publish("zigbee2mqtt/a", "ok", retained);
    loop.run(100ms);
    MqttProbe probe(small.port());
    BOOST_TEST(payload_of(probe.wait("zigbee2mqtt/a", nullptr, 2s, 0)) == "ok");
}

BOOST_AUTO_TEST_CASE(a_broker_that_stops_reading_costs_bounded_memory_and_newest_values_arrive) {
    auto bounded = options();
    bounded.queue_messages = 200;
    Host host(loop, bounded);
    host.start();
    broker.freeze();
    const std::string filler(20'000, 'x');
    for (int i = 0; i < 3000; ++i) {
        host.set("zigbee2mqtt/s" + std::to_string(i % 3), filler + std::to_string(i), state);
        host.client->publish("zigbee2mqtt/bridge/event", filler + std::to_string(i));
    }
    const auto full = host.client->statistics();
    BOOST_TEST(full.queued <= 200u);
    BOOST_TEST(full.dropped > 0u);
    BOOST_TEST(full.replaced > 0u);
    int told = 0;
    for (const auto& line : logged.lines)
        told += line.find("more slowly than they arise") != std::string::npos ? 1 : 0;
    BOOST_TEST(told == 1);
    broker.thaw();
    BOOST_TEST(loop.until([&] { return host.client->statistics().queued == 0; }));
    MqttProbe probe(broker.port());
    for (int i = 2997; i < 3000; ++i)
        host.set("zigbee2mqtt/last" + std::to_string(i % 3), std::to_string(i), retained);
    loop.run(100ms);
    BOOST_TEST(payload_of(probe.wait("zigbee2mqtt/last2", nullptr, 2s, 0)) == "2999");
    BOOST_TEST(host.client->is_connected());
}

BOOST_AUTO_TEST_CASE(a_great_many_messages_pass_quickly) {
    Host host(loop, options());
    host.start();
    const std::string payload(150, 'x');
    const auto begin = std::chrono::steady_clock::now();
    constexpr int count = 50'000;
    for (int i = 0; i < count; ++i) {
        host.client->publish("zigbee2mqtt/lamp", payload, state);
        if (i % 100 == 0)
            loop.io.poll();
    }
    BOOST_TEST(loop.until([&] { return host.client->statistics().queued == 0; }));
    const auto took = std::chrono::steady_clock::now() - begin;
    const auto counters = host.client->statistics();
    BOOST_TEST(counters.published + counters.replaced + counters.dropped >= count);
    BOOST_TEST_MESSAGE(counters.published
                       << " messages in "
                       << std::chrono::duration_cast<std::chrono::milliseconds>(took).count()
                       << " ms");
    BOOST_TEST((took < 10s));
}

BOOST_AUTO_TEST_SUITE_END()
