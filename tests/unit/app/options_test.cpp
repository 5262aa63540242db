#include "app/options.hpp"

#include <boost/test/unit_test.hpp>

#include "support/temporary_folder.hpp"

using namespace waggle;
using namespace waggle::app;

namespace {

std::unique_ptr<store::ConfigurationStore> read(const test::TemporaryFolder& folder,
                                                std::string_view yaml) {
    folder.write("configuration.yaml", yaml);
    store::LoadOptions options;
    options.data_directory = folder.path();
    options.read_only = true;
    return store::ConfigurationStore::load(std::move(options));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(options)

BOOST_AUTO_TEST_CASE(mqtt_keys_reach_the_client) {
    const test::TemporaryFolder folder;
    const auto configuration = read(folder, R"(version: 5
mqtt:
  base_topic: home/zigbee
  server: mqtts://nas:8883
  user: bee
  password: sting
  client_id: hive
  ca: /etc/ca.pem
  cert: /etc/cert.pem
  key: /etc/key.pem
  reject_unauthorized: false
  server_name: nas.local
  keepalive: 30
  version: 5
  force_disable_retain: true
  maximum_packet_size: 4096
)");
    const auto options = mqtt_options(configuration->settings().mqtt);
    BOOST_TEST(options.base_topic == "home/zigbee");
    BOOST_TEST(options.server == "mqtts://nas:8883");
    BOOST_TEST(options.user == "bee");
    BOOST_TEST(options.password == "sting");
    BOOST_TEST(options.client_id == "hive");
    BOOST_TEST(options.ca == "/etc/ca.pem");
    BOOST_TEST(options.certificate == "/etc/cert.pem");
    BOOST_TEST(options.key == "/etc/key.pem");
    BOOST_TEST(!options.reject_unauthorized);
    BOOST_TEST(options.server_name == "nas.local");
    BOOST_TEST(options.keepalive.count() == 30);
    BOOST_TEST(options.version == 5);
    BOOST_TEST(options.force_disable_retain);
    BOOST_TEST(options.maximum_packet_size == 4096u);
}

BOOST_AUTO_TEST_CASE(radio_keys_reach_the_coordinator) {
    const test::TemporaryFolder folder;
    const auto configuration = read(folder, R"(version: 5
mqtt:
  server: mqtt://localhost
serial:
  port: /dev/ttyUSB3
  adapter: zstack
  baudrate: 230400
  rtscts: true
  disable_led: true
advanced:
  adapter_concurrent: 4
  transmit_power: 9
)");
    const auto options = coordinator_options(configuration->settings());
    BOOST_TEST(options.port == "/dev/ttyUSB3");
    BOOST_TEST(options.adapter == "zstack");
    BOOST_TEST(options.baud_rate == 230400u);
    BOOST_TEST(options.hardware_flow_control);
    BOOST_TEST(options.disable_led);
    BOOST_TEST(options.concurrency.value() == 4u);
    BOOST_TEST(options.transmit_power.value() == 9);
}

BOOST_AUTO_TEST_CASE(network_keys_reach_the_network) {
    const test::TemporaryFolder folder;
    const auto configuration = read(folder, R"(version: 5
mqtt:
  server: mqtt://localhost
passlist: ['0x00158d0001020304']
blocklist: ['0x00158d0001020305']
advanced:
  pan_id: 4660
  ext_pan_id: [1, 2, 3, 4, 5, 6, 7, 8]
  network_key: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]
  channel: 25
)");
    const auto options = network_options(*configuration);
    BOOST_TEST((options.passlist == std::vector<Ieee>{Ieee(0x00158d0001020304)}));
    BOOST_TEST((options.blocklist == std::vector<Ieee>{Ieee(0x00158d0001020305)}));
    BOOST_TEST(options.parameters.pan_id == 4660);
    BOOST_TEST(options.parameters.channel == 25);
    BOOST_TEST(options.parameters.extended_pan_id[7] == 8);
    BOOST_TEST(options.parameters.network_key[15] == 16);
    BOOST_TEST(options.database_path == (folder / "database.db").string());
}

BOOST_AUTO_TEST_SUITE_END()
