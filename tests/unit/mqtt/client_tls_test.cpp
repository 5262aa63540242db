#include <boost/test/unit_test.hpp>

#include "loop.hpp"
#include "mqtt/client.hpp"
#include "support/broker.hpp"

using namespace waggle;
using namespace waggle::mqtt;
using waggle::test::Broker;
using waggle::test::BrokerOptions;
using waggle::test::TemporaryFolder;

namespace {

/// Made once: openssl takes its time.
const TemporaryFolder& certificates() {
    static const TemporaryFolder folder;
    static const bool made = (test::make_certificates(folder), true);
    (void)made;
    return folder;
}

std::string file(const std::string& name) {
    return (certificates() / name).string();
}

BrokerOptions with_tls(bool client_certificate = false) {
    BrokerOptions options;
    options.more_lines = {"cafile " + file("ca.pem"), "certfile " + file("server.pem"),
                          "keyfile " + file("server.key")};
    if (client_certificate)
        options.more_lines.push_back("require_certificate true");
    return options;
}

struct Fixture {
    Options options(const Broker& broker, const std::string& host = "localhost") const {
        Options out;
        out.server = "mqtts://" + host + ":" + std::to_string(broker.port());
        out.ca = file("ca.pem");
        return out;
    }
    void refused(Options wanted, const std::string& reason) {
        logged.lines.clear();
        Host host(loop, std::move(wanted));
        host.client->start();
        BOOST_TEST(loop.until([&] { return logged.has("not connected to"); }));
        BOOST_TEST(logged.has(reason), logged.all());
        BOOST_TEST(host.connects == 0);
    }
    void accepted(Options wanted) {
        Host host(loop, std::move(wanted));
        host.start();
        BOOST_TEST(host.client->is_connected());
        host.client->publish("zigbee2mqtt/large", std::string(300'000, 'x'));
        host.client->publish("zigbee2mqtt/q", "1", PublishOptions{.qos = 1});
        BOOST_TEST(loop.until([&] { return host.client->statistics().queued == 0; }));
        BOOST_TEST(host.client->is_connected());
        host.stop();
    }

    Loop loop;
    Logged logged;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(client_tls, Fixture)

BOOST_AUTO_TEST_CASE(a_known_authority_is_accepted_by_name_by_address_and_in_version_5) {
    Broker broker(with_tls());
    broker.start();
    accepted(options(broker));
    accepted(options(broker, "127.0.0.1"));
    auto five = options(broker);
    five.version = 5;
    accepted(five);
    auto named = options(broker, "127.0.0.1");
    named.server_name = "broker.test";
    accepted(named);
}

BOOST_AUTO_TEST_CASE(an_unknown_authority_is_refused_with_the_reason) {
    Broker broker(with_tls());
    broker.start();
    auto unknown = options(broker);
    unknown.ca.clear();
    refused(unknown, "the broker's certificate is refused: ");
    auto insecure = unknown;
    insecure.reject_unauthorized = false;
    accepted(insecure);
}

BOOST_AUTO_TEST_CASE(another_name_in_the_certificate_is_refused) {
    Broker broker(with_tls());
    broker.start();
    auto wrong = options(broker);
    wrong.server_name = "elsewhere.test";
    refused(wrong, "the broker's certificate is refused: hostname mismatch");
}

BOOST_AUTO_TEST_CASE(a_client_certificate_is_shown_when_asked_for) {
    Broker broker(with_tls(true));
    broker.start();
    auto with = options(broker);
    with.certificate = file("client.pem");
    with.key = file("client.key");
    accepted(with);
    refused(options(broker), "not connected to mqtts://localhost");
}

BOOST_AUTO_TEST_CASE(tls_and_plain_ports_are_told_apart) {
    Broker plain;
    plain.start();
    refused(options(plain), "not connected");
    Broker secure(with_tls());
    secure.start();
    auto without = options(secure);
    without.server = "mqtt://localhost:" + std::to_string(secure.port());
    refused(without, "not connected to mqtt://");
}

BOOST_AUTO_TEST_CASE(a_broker_that_restarts_is_reached_again) {
    Broker broker(with_tls());
    broker.start();
    Host host(loop, options(broker));
    host.start();
    host.set("zigbee2mqtt/lamp", "ON", retained);
    broker.kill();
    BOOST_TEST(loop.until([&] { return !host.client->is_connected(); }));
    loop.run(300ms);
    broker.start();
    BOOST_TEST(loop.until([&] { return host.equalised == 2; }));
}

BOOST_AUTO_TEST_CASE(files_that_cannot_be_used_are_named_before_anything_starts) {
    boost::asio::io_context io;
    const auto problem_with = [&](auto change) {
        Options options;
        options.server = "mqtts://localhost";
        change(options);
        std::string problem;
        BOOST_TEST(Client::create(io.get_executor(), options, {}, problem).has_error());
        return problem;
    };
    BOOST_TEST(problem_with([](Options& o) {
                   o.ca = "/nowhere/ca.pem";
               }).starts_with("mqtt.ca: /nowhere/ca.pem cannot be used: "));
    BOOST_TEST(problem_with([](Options& o) {
                   o.certificate = file("server.pem");
                   o.key = file("client.key");
               }).find("mqtt.key") != std::string::npos);
    BOOST_TEST(problem_with([](Options& o) { o.server = "ws://x"; }).find("websockets") !=
               std::string::npos);
    BOOST_TEST(problem_with([](Options& o) { o.base_topic = "a/#"; }).find("mqtt.base_topic") !=
               std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
