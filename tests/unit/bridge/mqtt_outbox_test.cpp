#include "bridge/mqtt_outbox.hpp"

#include <string>

#include <boost/test/unit_test.hpp>

#include "base/log.hpp"
#include "support/virtual_loop.hpp"

using namespace waggle;
using namespace waggle::bridge;

namespace {

struct Rig {
    Rig() {
        log::set_level(log::Level::debug);
        log::set_tap(
            [this](log::Level, std::string_view, std::string_view text) {
                logged += text;
                logged += '\n';
            },
            true);
        mqtt::Options options;
        options.server = "mqtt://127.0.0.1:1";  // nobody listens there
        options.base_topic = "zigbee2mqtt";
        std::string problem;
        outbox = MqttOutbox::create(loop.executor(), options, problem);
        BOOST_REQUIRE_MESSAGE(outbox, problem);
    }
    ~Rig() {
        log::set_tap({}, false);
        log::set_level(log::Level::info);
    }
    test::VirtualLoop loop;
    std::string logged;
    std::unique_ptr<MqttOutbox> outbox;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mqtt_outbox, Rig)

BOOST_AUTO_TEST_CASE(what_is_published_is_logged_but_for_codes_and_backups) {
    outbox->publish("hall", R"({"state":"ON"})", {});
    BOOST_TEST(logged.find(R"('zigbee2mqtt/hall', payload '{"state":"ON"}')") != std::string::npos,
               logged);
    for (const auto* topic :
         {"bridge/response/install_code/add", "bridge/response/Install_Code/ADD",
          "bridge/response/backup", "bridge/response/BACKUP"}) {
        logged.clear();
        outbox->publish(topic, R"({"data":{"value":"83FED3407A93"}})", {});
        BOOST_TEST(logged.find("bytes not shown") != std::string::npos, logged);
        BOOST_TEST(logged.find("83FED") == std::string::npos, logged);
    }
}

BOOST_AUTO_TEST_SUITE_END()
