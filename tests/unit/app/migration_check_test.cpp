#include "app/migration_check.hpp"

#include <filesystem>
#include <map>

#include <boost/test/unit_test.hpp>

#include "support/temporary_folder.hpp"

using namespace waggle;
using namespace waggle::app;
using Served = DeviceFinding::Served;

namespace {

constexpr auto configuration = R"(version: 4
homeassistant:
  enabled: false
mqtt:
  server: mqtt://nas:1883
serial:
  port: tcp://10.0.0.5:6638
  adapter: zstack
advanced:
  network_key: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]
  pan_id: 6754
  ext_pan_id: [1, 2, 3, 4, 5, 6, 7, 8]
  channel: 15
frontend:
  enabled: true
devices:
  '0x00158d0001020304':
    friendly_name: hall
)";

constexpr auto rows =
    R"({"id":1,"type":"Coordinator","ieeeAddr":"0x00124b0001020304","nwkAddr":0,"epList":[],"endpoints":{},"interviewCompleted":true,"meta":{}}
{"id":2,"type":"EndDevice","ieeeAddr":"0x00158d0001020304","nwkAddr":32557,"manufName":"LUMI","modelId":"lumi.ctrl_neutral1","epList":[],"endpoints":{},"interviewCompleted":true,"interviewState":"SUCCESSFUL","meta":{}}
{"id":3,"type":"Router","ieeeAddr":"0x00158d0001020305","nwkAddr":2,"epList":[],"endpoints":{},"interviewCompleted":false,"interviewState":"PENDING","meta":{}}
{"id":4,"type":"Group","groupID":7,"members":[],"meta":{}}
no json)";

struct Directory {
    Directory() {
        folder.write("configuration.yaml", configuration);
        folder.write("database.db", rows);
        folder.write("state.json", R"({"0x00158d0001020304": {"state": "ON"}})");
    }
    MigrationFindings look() {
        CommandLine line;
        line.data = folder.path();
        store::LoadOptions options;
        options.data_directory = folder.path();
        options.read_only = true;
        return find_out_migration(line, *store::ConfigurationStore::load(std::move(options)));
    }
    std::map<std::string, std::string> content() const {
        std::map<std::string, std::string> files;
        for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
            files[entry.path().filename()] = folder.read(entry.path().filename().string());
        return files;
    }
    test::TemporaryFolder folder;
};

bool has(const std::vector<std::string>& sentences, std::string_view part) {
    for (const auto& sentence : sentences)
        if (sentence.find(part) != std::string::npos)
            return true;
    return false;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(migration_check)

BOOST_AUTO_TEST_CASE(looking_writes_nothing) {
    Directory directory;
    const auto before = directory.content();
    directory.look();
    BOOST_TEST((directory.content() == before));
}

BOOST_AUTO_TEST_CASE(what_is_there_is_told) {
    Directory directory;
    const auto found = directory.look();
    BOOST_TEST(has(found.facts, "version 4, valid; the first start brings it to version 5"));
    BOOST_TEST(has(found.facts, "coordinator: tcp://10.0.0.5:6638, zstack"));
    BOOST_TEST(has(found.facts, "state.json: 1 states"));
    BOOST_TEST(found.groups == 1u);
    BOOST_REQUIRE(found.devices.size() == 2u);
    BOOST_TEST(found.devices[0].name == "hall");
    BOOST_TEST(found.devices[0].model_id == "lumi.ctrl_neutral1");
    BOOST_TEST(found.devices[1].name == "0x00158d0001020305");
    BOOST_TEST(!found.devices[1].is_interviewed);
    BOOST_TEST(has(found.not_done, "frontend.enabled"));
    BOOST_TEST(has(found.not_done, "database.db, line 5: damaged"));
    BOOST_TEST(found.obstacles.empty());
}

BOOST_AUTO_TEST_CASE(of_rows_with_one_id_the_last_counts) {
    Directory directory;
    directory.folder.write(
        "database.db", std::string(rows) + "\n" +
                           R"({"id":3,"type":"Router","ieeeAddr":"0x00158d0001020306","nwkAddr":3,)"
                           R"("epList":[],"endpoints":{},"interviewCompleted":true,"meta":{}})");
    const auto found = directory.look();
    BOOST_REQUIRE(found.devices.size() == 2u);
    BOOST_TEST(found.devices[1].name == "0x00158d0001020306");
}

BOOST_AUTO_TEST_CASE(a_coordinator_that_is_not_spoken_to_stands_in_the_way) {
    Directory directory;
    auto text = std::string(configuration);
    text.replace(text.find("zstack"), 6, "deconz");
    directory.folder.write("configuration.yaml", text);
    const auto found = directory.look();
    BOOST_TEST(has(found.obstacles, "serial.adapter: "));
    BOOST_TEST(migration_text("data", found).find("would not start") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_backup_of_another_network_is_noticed) {
    Directory directory;
    directory.folder.write("coordinator_backup.json", R"({
  "metadata": {"format": "zigpy/open-coordinator-backup", "version": 1, "source": "x",
               "internal": {"date": "2025-01-02T03:04:05.000Z", "znpVersion": 1}},
  "stack_specific": {}, "coordinator_ieee": "00124b0001020304", "pan_id": "1a62",
  "extended_pan_id": "0102030405060708", "nwk_update_id": 0, "security_level": 5, "channel": 20,
  "channel_mask": [20],
  "network_key": {"key": "0102030405060708090a0b0c0d0e0f10", "sequence_number": 0,
                  "frame_counter": 1},
  "devices": []})");
    const auto found = directory.look();
    BOOST_TEST(has(found.facts, "channel 20, PAN id 0x1a62; not as in the configuration"));
    const auto text = migration_text("data", found);
    BOOST_TEST(text.find("0a0b0c0d") == std::string::npos);  // no key
}

BOOST_AUTO_TEST_CASE(devices_are_listed_with_who_serves_them) {
    MigrationFindings findings;
    DeviceFinding lamp;
    lamp.name = "lamp";
    lamp.address = "0x01";
    lamp.model_id = "TRADFRI";
    lamp.manufacturer = "IKEA";
    lamp.model = "LED1545G12";
    lamp.plugin = "org.waggle.ikea";
    lamp.served = Served::plugin;
    findings.devices = {lamp};
    BOOST_TEST(migration_text("d", findings)
                   .find("lamp  0x01  TRADFRI (IKEA)  LED1545G12 by org.waggle.ikea") !=
               std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
