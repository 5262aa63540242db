#include "store/database_file.hpp"

#include <set>

#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>

#include "support/temporary_folder.hpp"

using namespace waggle::store;
using waggle::test::TemporaryFolder;

namespace {

// Lines as zigbee-herdsman 10.9 writes them.
const std::string coordinator =
    R"({"id":1,"type":"Coordinator","ieeeAddr":"0x00124b0009d69f77","nwkAddr":0,"manufId":0,)"
    R"("epList":[1,242],"endpoints":{"1":{"profId":260,"epId":1,"devId":5,"inClusterList":[],)"
    R"("outClusterList":[],"clusters":{},"binds":[],"configuredReportings":[],"meta":{}}},)"
    R"("interviewCompleted":true,"interviewState":"SUCCESSFUL","meta":{},"lastSeen":1700000000000})";
const std::string device =
    R"({"id":2,"type":"Router","ieeeAddr":"0x00158d0001020304","nwkAddr":50612,"manufId":4151,)"
    R"("manufName":"LUMI\u0000","modelId":"lumi.ctrl_neutral1","epList":[1],"endpoints":{"1":)"
    R"({"clusters":{"genBasic":{"attributes":{"61440":1.5,"65281":{"type":"Buffer",)"
    R"("data":[1,2]}}}}}},"meta":{"configured":"0.0.0"},"lastSeen":null})";

}  // namespace

BOOST_AUTO_TEST_SUITE(database_file)

BOOST_AUTO_TEST_CASE(a_file_of_zigbee2mqtt_is_written_back_byte_for_byte) {
    const auto text = coordinator + "\n" + device;
    const auto content = parse_database(text);
    BOOST_TEST(content.bad_lines.empty());
    BOOST_TEST(content.entries.size() == 2u);
    BOOST_TEST(write_database(content.entries) == text);
}

BOOST_AUTO_TEST_CASE(every_truncation_keeps_the_whole_lines_and_names_the_torn_one) {
    const auto text = coordinator + "\n" + device;
    for (std::size_t n = 0; n <= text.size(); ++n) {
        const auto content = parse_database(std::string(text.substr(0, n)));
        const std::size_t whole = n == text.size() ? 2 : n >= coordinator.size() ? 1 : 0;
        BOOST_TEST(content.entries.size() == whole, "cut to " << n);
        const bool is_torn =
            n != text.size() && n != 0 && n != coordinator.size() && n != coordinator.size() + 1;
        BOOST_TEST(content.bad_lines.size() == (is_torn ? 1u : 0u), "cut to " << n);
        if (is_torn)
            BOOST_TEST(content.bad_lines[0].reason == "the file was cut off here", "cut to " << n);
    }
}

BOOST_AUTO_TEST_CASE(bad_lines_are_named_and_the_damaged_file_is_kept) {
    const TemporaryFolder folder;
    const auto text =
        "garbage\n" + device + "\n[1]\n{\"type\":\"Group\"}\n\n{\"id\":1e999}\n" + coordinator;
    folder.write("database.db", text);
    const auto content = load_database(folder / "database.db");
    BOOST_REQUIRE(content.has_value());
    BOOST_TEST(content->entries.size() == 2u);
    std::set<std::size_t> lines;
    for (const auto& bad : content->bad_lines)
        lines.insert(bad.number);
    BOOST_TEST((lines == std::set<std::size_t>{1, 3, 4, 6}));
    BOOST_TEST(folder.read("database.db.corrupt") == text);
    BOOST_TEST(folder.read("database.db") == text);
}

BOOST_AUTO_TEST_CASE(of_two_lines_with_one_id_the_later_counts_at_the_place_of_the_first) {
    const auto content = parse_database("{\"id\":1,\"a\":1}\n{\"id\":2}\n{\"id\":1,\"a\":2}");
    BOOST_REQUIRE(content.entries.size() == 2u);
    BOOST_TEST(content.entries[0].at("a").as_int64() == 2);
}

BOOST_AUTO_TEST_CASE(a_missing_file_is_an_empty_database_and_an_empty_one_an_empty_file) {
    const TemporaryFolder folder;
    const auto content = load_database(folder / "database.db");
    BOOST_REQUIRE(content.has_value());
    BOOST_TEST(content->entries.empty());
    BOOST_REQUIRE(save_database(folder / "database.db", {}).has_value());
    BOOST_TEST(folder.read("database.db").empty());
}

BOOST_AUTO_TEST_CASE(what_a_damaged_file_lacks_comes_from_the_generation_before) {
    const TemporaryFolder folder;
    const auto path = folder / "database.db";
    BOOST_REQUIRE(save_database_text(path, "{\"id\":1}\n{\"id\":2,\"a\":1}\n{\"id\":3}"));
    BOOST_REQUIRE(save_database_text(path, "{\"id\":1}\n{\"id\":2,\"a\":2}"));
    folder.write("database.db", "{\"id\":1}\n{\"id\":2,\"a\"");
    const auto content = load_database(path);
    BOOST_REQUIRE(content.has_value());
    BOOST_TEST(content->from_previous == 2u);
    BOOST_TEST(write_database(content->entries) == "{\"id\":1}\n{\"id\":2,\"a\":1}\n{\"id\":3}");
}

BOOST_AUTO_TEST_CASE(an_empty_file_is_a_file_that_was_cut_off) {
    const TemporaryFolder folder;
    const auto path = folder / "database.db";
    BOOST_REQUIRE(save_database_text(path, "{\"id\":1}"));
    BOOST_REQUIRE(save_database_text(path, "{\"id\":1}\n{\"id\":2}"));
    folder.write("database.db", "");
    BOOST_TEST(load_database(path)->entries.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_file_with_keys_is_its_owners_only) {
    const TemporaryFolder folder;
    const auto path = folder / "database.db";
    const auto mode = [&path] {
        return std::filesystem::status(path).permissions() & std::filesystem::perms::all;
    };
    BOOST_REQUIRE(save_database_text(path, "{\"id\":1}"));
    BOOST_TEST((mode() != std::filesystem::perms(0600)));
    BOOST_REQUIRE(save_database_text(path, "{\"id\":1,\"gpSecurityKey\":[1]}"));
    BOOST_TEST((mode() == std::filesystem::perms(0600)));
}

BOOST_AUTO_TEST_SUITE_END()
