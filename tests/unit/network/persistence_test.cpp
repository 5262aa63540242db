#include "network/persistence.hpp"

#include <fstream>
#include <sstream>

#include <boost/json.hpp>

#include "network_fixture.hpp"

using namespace waggle;
using namespace waggle::test;
namespace json = boost::json;

namespace {

/// Written by zigbee-herdsman 10.9.2: a coordinator, the wall switch, a group, a sensor with values
/// of every form, a Green Power switch.
std::string herdsmans_file() {
    std::ifstream in(WAGGLE_NETWORK_DATA "/zigbee2mqtt.db");
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);)
        lines.push_back(line);
    return lines;
}

std::string row_text(const network::Row& row) {
    std::string text;
    if (row.device)
        network::append_row(text, *row.device);
    else if (row.group)
        network::append_row(text, *row.group);
    else
        text = row.text;
    return text;
}

std::string again(const std::string& line) {
    const auto row = network::read_row(line);
    BOOST_REQUIRE(row);
    return row_text(*row);
}

std::string keys_of(const json::object& object) {
    std::string keys;
    for (const auto& member : object)
        keys += std::string(member.key()) + " ";
    return keys;
}

/// The file is written on a thread of its own, which real time has to be left for.
struct DatabaseFixture : NetworkFixture {
    void until_written(std::string_view row, std::string_view part) {
        loop.wait_outside = std::chrono::milliseconds(1);
        loop.until([&] {
            const auto text = folder.has("database.db") ? folder.read("database.db") : "";
            const auto at = text.find(row);
            return at != std::string::npos && text.find(part, at) != std::string::npos;
        });
        loop.wait_outside = std::chrono::milliseconds(0);
    }
    void until_paired_is_written() {
        pair();
        until_written(R"("ieeeAddr":"0x00158d0001020304")", R"("interviewState":"SUCCESSFUL")");
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(persistence)

BOOST_AUTO_TEST_CASE(zigbee_herdsmans_rows_come_back_with_the_same_content) {
    const auto lines = lines_of(herdsmans_file());
    BOOST_REQUIRE(lines.size() == 5u);
    for (const auto& line : lines) {
        const auto before = json::parse(line), after = json::parse(again(line));
        BOOST_TEST((before == after), line << "\n" << json::serialize(after));
        BOOST_TEST(keys_of(before.as_object()) == keys_of(after.as_object()));
    }
}

BOOST_AUTO_TEST_CASE(keys_of_endpoints_stand_in_zigbee_herdsmans_order) {
    const auto row = json::parse(again(lines_of(herdsmans_file())[1]));
    const auto& endpoints = row.at("endpoints").as_object();
    BOOST_TEST(keys_of(endpoints) == "1 2 4 7 ");
    BOOST_TEST(keys_of(endpoints.at("1").as_object()) ==
               "profId epId devId inClusterList outClusterList clusters binds "
               "configuredReportings meta ");
    BOOST_TEST(keys_of(endpoints.at("7").as_object()) ==
               "epId inClusterList outClusterList clusters binds configuredReportings meta ");
}

BOOST_AUTO_TEST_CASE(values_are_understood) {
    const auto lines = lines_of(herdsmans_file());
    const auto switch_row = network::read_row(lines[1]);
    BOOST_REQUIRE(switch_row->device);
    const auto& wall = *switch_row->device;
    BOOST_TEST(wall.endpoint(1)->attribute(0, 5)->text()->compare("lumi.ctrl_neutral1") == 0);
    BOOST_TEST(wall.endpoint(2)->attribute(6, 0)->integer().value() == 1);
    BOOST_TEST(wall.endpoint(2)->attribute(6, 0xF000)->integer().value() == 64962560);
    BOOST_TEST(wall.endpoint(1)->attribute(0x000C, 0x0055)->number().value() == 21.5);
    BOOST_TEST(wall.endpoint(2)->bindings.size() == 2u);
    BOOST_TEST(wall.endpoint(2)->bindings[1].target.group.value() == 17);
    BOOST_TEST(wall.endpoint(1)->reportings[0].reportable_change.value() == 0.5);
    BOOST_TEST(wall.endpoint(1)->reportings[0].manufacturer.value() == 4447);
    BOOST_TEST(wall.last_seen.value() == 1763800000123);
    BOOST_TEST(network::json_member(wall.meta_json, "configured") == "\"0.0.0\"");

    const auto sensor_row = network::read_row(lines[3]);
    const auto& sensor = *sensor_row->device;
    BOOST_TEST(to_hex(*sensor.endpoint(1)->attribute(0, 0xFF02)->octets()) == "0102ff");
    BOOST_TEST(sensor.endpoint(1)->attribute(0x0402, 0)->integer().value() == -512);
    BOOST_TEST((sensor.endpoint(1)->attribute(0x0500, 0x10)->type == zcl::DataType::ieee_address));
    BOOST_TEST((sensor.interview == InterviewState::pending));
    BOOST_TEST((sensor.pending_request_timeout == std::chrono::hours(1)));

    const auto power_row = network::read_row(lines[4]);
    BOOST_TEST((power_row->device->type == DeviceType::green_power));
    BOOST_TEST(to_hex(*power_row->device->green_power_key) == "0102030405060708090a0b0c0d0e0f10");
}

BOOST_AUTO_TEST_CASE(a_reporting_without_a_change_stays_without_one) {
    const std::string line =
        R"({"id":9,"type":"EndDevice","ieeeAddr":"0x00158d0000000001","nwkAddr":1,"epList":[1],)"
        R"("endpoints":{"1":{"profId":260,"epId":1,"devId":81,"inClusterList":[6],)"
        R"("outClusterList":[],"clusters":{},"binds":[],"configuredReportings":[{"cluster":6,)"
        R"("attrId":0,"minRepIntval":0,"maxRepIntval":3600}],"meta":{}}},"interviewCompleted":true,)"
        R"("interviewState":"SUCCESSFUL","meta":{}})";
    BOOST_TEST(again(line).find("repChange") == std::string::npos);
    BOOST_TEST(again(line).find(R"("maxRepIntval":3600})") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_nothing_knows_is_kept) {
    const std::string line =
        R"({"id":9,"type":"EndDevice","ieeeAddr":"0x00158d0000000001","nwkAddr":1,"epList":[1],)"
        R"("endpoints":{"1":{"epId":1,"inClusterList":[],"outClusterList":[],"clusters":{)"
        R"("manuSpecificMine":{"attributes":{"mine":5}},"genOnOff":{"attributes":{"mine":[null]}}},)"
        R"("binds":[],"configuredReportings":[],"meta":{},"extra":{"a":1}}},)"
        R"("interviewCompleted":true,"interviewState":"SUCCESSFUL","meta":{},"future":[1.5,"x"]})";
    BOOST_TEST((json::parse(again(line)) == json::parse(line)), again(line));
}

BOOST_AUTO_TEST_CASE(rows_of_other_kinds_keep_their_text) {
    const std::string line = R"({"id":77,"type":"Robot","x":[1,2]})";
    BOOST_TEST(again(line) == line);
    const std::string no_address = R"({"id":78,"type":"Router","ieeeAddr":5})";
    BOOST_TEST(again(no_address) == no_address);
}

BOOST_AUTO_TEST_CASE(old_forms_are_read) {
    const auto row = network::read_row(
        R"({"id":2,"type":"Router","ieeeAddr":"0x00158d0000000001","nwkAddr":1,)"
        R"("powerSource":"Unknown","endpoints":{"1":{"epId":1,"inClusterList":[32],)"
        R"("outClusterList":[],"clusters":{"genOnOff":{"attrs":{"onOff":1}},)"
        R"("haMeterIdentification":{"attributes":{"companyName":"x"}}}}},)"
        R"("interviewCompleted":true})");
    BOOST_REQUIRE(row);
    const auto& device = *row->device;
    BOOST_TEST((device.interview == InterviewState::successful));
    BOOST_TEST(!device.power_source);
    BOOST_TEST(device.endpoint(1)->attribute(6, 0)->integer().value() == 1);
    BOOST_TEST(row_text(*row).find("seMeterIdentification") != std::string::npos);
    BOOST_TEST(row_text(*row).find("attrs") == std::string::npos);
    // poll control, interval unknown: a day
    BOOST_TEST((device.pending_request_timeout == std::chrono::hours(24)));
    const auto failed = network::read_row(
        R"({"id":2,"type":"Router","ieeeAddr":"0x00158d0000000001","interviewCompleted":false})");
    BOOST_TEST((failed->device->interview == InterviewState::failed));
}

BOOST_AUTO_TEST_CASE(a_value_learnt_later_takes_the_place_of_the_unknown_one) {
    const std::string line =
        R"({"id":2,"type":"Router","ieeeAddr":"0x00158d0000000001","nwkAddr":1,"endpoints":)"
        R"({"1":{"epId":1,"inClusterList":[],"outClusterList":[],"clusters":)"
        R"({"genBasic":{"attributes":{"65281":{"1":3000}}}}}}})";
    auto row = network::read_row(line);
    BOOST_TEST(row_text(*row).find(R"("65281":{"1":3000})") != std::string::npos);
    // Xiaomi's list as the decoder gives it: {index, value}
    zcl::Value::List fields = {zcl::make_unsigned(zcl::DataType::uint8, 1),
                               zcl::make_unsigned(zcl::DataType::uint16, 3100)};
    row->device->endpoint(1)->remember(
        0, 0xFF01,
        zcl::make_list(zcl::DataType::array,
                       {zcl::make_list(zcl::DataType::structure, std::move(fields))}));
    BOOST_TEST(row_text(*row).find(R"("65281":{"1":3100})") != std::string::npos, row_text(*row));
}

BOOST_AUTO_TEST_CASE(every_truncation_of_a_row_is_an_error_or_a_row) {
    for (const auto& line : lines_of(herdsmans_file()))
        for (std::size_t n = 0; n < line.size(); n += 7)
            BOOST_TEST(!network::read_row(line.substr(0, n)).has_value());
}

BOOST_AUTO_TEST_CASE(members_of_meta_come_and_go) {
    const auto set = network::with_json_member("{\"a\":1}", "b", "[1,2]");
    BOOST_TEST(*set == "{\"a\":1,\"b\":[1,2]}");
    BOOST_TEST(network::json_member(*set, "b") == "[1,2]");
    BOOST_TEST(network::json_member(*set, "c") == "");
    BOOST_TEST(*network::with_json_member(*set, "a", "") == "{\"b\":[1,2]}");
    BOOST_TEST((network::with_json_member(*set, "a", "{").error() == Errc::malformed));
    BOOST_TEST(*network::with_json_member("rubbish", "a", "1") == "{\"a\":1}");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(database, DatabaseFixture)

BOOST_AUTO_TEST_CASE(zigbee2mqtts_folder_is_taken_over) {
    folder.write("database.db", herdsmans_file());
    BOOST_REQUIRE(start());
    BOOST_TEST(network->device_count() == 4u);
    BOOST_TEST(device().model_id.value() == "lumi.ctrl_neutral1");
    BOOST_TEST((network->find(NwkAddress{0x7f2d}) == &device()));
    BOOST_REQUIRE(network->find_group(17));
    BOOST_TEST(network->find_group(17)->members.size() == 1u);
    BOOST_TEST(radio->log.empty());  // nothing has to be asked
    auto& group = network->create_group(18);
    BOOST_TEST(group.database_id == 6u);
    loop.run(network->stop());
    const auto before = lines_of(herdsmans_file()), after = lines_of(folder.read("database.db"));
    BOOST_REQUIRE(after.size() == before.size() + 1);
    for (std::size_t i = 0; i < before.size(); ++i)
        BOOST_TEST((json::parse(before[i]) == json::parse(after[i])), after[i]);
    BOOST_TEST(after[5] == R"({"id":6,"type":"Group","groupID":18,"members":[],"meta":{}})");
    BOOST_TEST(folder.read("database.db").back() == '}');
}

BOOST_AUTO_TEST_CASE(damaged_lines_are_left_out_reported_and_kept_aside) {
    const auto lines = lines_of(herdsmans_file());
    folder.write("database.db", lines[0] + "\n" + lines[1].substr(0, 100) + "\n" + lines[3]);
    std::string problem;
    BOOST_REQUIRE(network->load(problem));
    BOOST_TEST(problem.find("database.db") != std::string::npos, problem);
    BOOST_TEST(network->device_count() == 2u);
    BOOST_TEST(folder.has("database.db.corrupt"));
    BOOST_REQUIRE(start());
    loop.run(network->stop());
    BOOST_TEST(lines_of(folder.read("database.db.corrupt")).size() == 3u);
}

BOOST_AUTO_TEST_CASE(unknown_rows_stay_where_they_are) {
    const auto lines = lines_of(herdsmans_file());
    const std::string robot = R"({"id":77,"type":"Robot","x":[1,2]})";
    folder.write("database.db", lines[0] + "\n" + robot + "\n" + lines[1]);
    BOOST_REQUIRE(start());
    auto& group = network->create_group(5);
    BOOST_TEST(group.database_id == 78u);
    loop.run(network->stop());
    BOOST_TEST(lines_of(folder.read("database.db"))[1] == robot);
}

BOOST_AUTO_TEST_CASE(an_important_change_is_written_soon_and_a_burst_once) {
    until_paired_is_written();
    const auto before = folder.read("database.db");
    for (int i = 1; i < 20; ++i)
        network->create_group(static_cast<GroupId>(i));
    loop.settle();
    BOOST_TEST(folder.read("database.db") == before);
    until_written(R"("groupID":1,)", R"("groupID":19,)");
    BOOST_TEST(lines_of(folder.read("database.db")).size() == 21u);
}

BOOST_AUTO_TEST_CASE(what_messages_change_is_written_every_five_minutes_and_silence_never) {
    until_paired_is_written();
    const auto seen = [&] {
        const auto text = folder.read("database.db");
        return text.substr(text.find("\"lastSeen\":"), 24);
    };
    const auto first = seen();
    radio->say(switch_address, 2, 6, hex("18 50 0A 0000 10 01"));
    loop.pass(std::chrono::minutes(2), std::chrono::seconds(5));
    BOOST_TEST(seen() == first);
    loop.pass(std::chrono::minutes(4), std::chrono::seconds(5));
    until_written("0x00158d0001020304", R"("onOff":1)");
    BOOST_TEST(seen() != first);

    const auto written = std::filesystem::last_write_time(folder / "database.db");
    loop.pass(std::chrono::minutes(30), std::chrono::seconds(30));
    BOOST_TEST((std::filesystem::last_write_time(folder / "database.db") == written));
}

BOOST_AUTO_TEST_CASE(everything_is_there_again_after_a_restart) {
    pair();
    network->set_meta(device(), "configured", "\"1.0.0\"");
    answers["0004 00110000"] = "09 SS 00 00 1100";
    BOOST_REQUIRE(loop.run(network->add_to_group(switch_ieee, 2, 17)));
    restart();
    BOOST_TEST((device().interview == InterviewState::successful));
    BOOST_TEST(device().endpoints.size() == 3u);
    BOOST_TEST(network->meta(device(), "configured") == "\"1.0.0\"");
    BOOST_TEST(network->find_group(17)->members.size() == 1u);
    radio->join(switch_address, switch_ieee);
    loop.pass(std::chrono::seconds(1));
    BOOST_TEST(radio->log.empty());  // no interview
}

BOOST_AUTO_TEST_SUITE_END()
