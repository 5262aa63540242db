#include "store/state_file.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>

#include "support/temporary_folder.hpp"

using namespace waggle::store;
using waggle::test::TemporaryFolder;

BOOST_AUTO_TEST_SUITE(state_file)

// JSON.stringify(state, null, 4) of node: the group's number comes before the addresses.
BOOST_AUTO_TEST_CASE(states_are_written_as_zigbee2mqtt_writes_them) {
    const TemporaryFolder folder;
    StateFile file(folder / "state.json");
    const auto states = boost::json::parse(
        R"({"0x00158d0001020304":{"state":"ON","power":12.0},"1":{"state":"OFF"}})");
    BOOST_REQUIRE(file.save(states.as_object()).has_value());
    BOOST_TEST(
        folder.read("state.json") ==
        "{\n    \"1\": {\n        \"state\": \"OFF\"\n    },\n    \"0x00158d0001020304\": {\n"
        "        \"state\": \"ON\",\n        \"power\": 12\n    }\n}");
    BOOST_TEST(StateFile(folder / "state.json").load().at("1").at("state").as_string() == "OFF");
}

BOOST_AUTO_TEST_CASE(nothing_is_written_when_nothing_changed) {
    const TemporaryFolder folder;
    StateFile file(folder / "state.json");
    const auto states = boost::json::parse(R"({"a":{"b":1}})").as_object();
    BOOST_REQUIRE(file.save(states).has_value());
    folder.write("state.json", "marker");
    BOOST_REQUIRE(file.save(states).has_value());
    BOOST_TEST(folder.read("state.json") == "marker");
    BOOST_REQUIRE(file.save({}).has_value());
    BOOST_TEST(folder.read("state.json") == "{}");
}

BOOST_AUTO_TEST_CASE(a_damaged_file_is_kept_aside_and_counts_as_empty) {
    const std::string whole = R"({"0x00158d0001020304": {"state": "ON"}})";
    for (std::size_t n = 0; n < whole.size(); ++n) {
        const TemporaryFolder folder;
        folder.write("state.json", whole.substr(0, n));
        BOOST_TEST(StateFile(folder / "state.json").load().empty(), "cut to " << n);
        BOOST_TEST(folder.read("state.json.corrupt") == whole.substr(0, n));
    }
    const TemporaryFolder folder;
    BOOST_TEST(StateFile(folder / "state.json").load().empty());
    BOOST_TEST(!folder.has("state.json.corrupt"));
}

BOOST_AUTO_TEST_CASE(the_generation_before_takes_the_place_of_a_damaged_file) {
    const TemporaryFolder folder;
    StateFile file(folder / "state.json");
    BOOST_REQUIRE(file.save(boost::json::parse(R"({"1":{"state":"OFF"}})").as_object()));
    BOOST_REQUIRE(file.save(boost::json::parse(R"({"1":{"state":"ON"}})").as_object()));
    BOOST_TEST(folder.read("state.json.previous").find("OFF") != std::string::npos);
    folder.write("state.json", "{\"1\": {\"sta");
    BOOST_TEST(StateFile(folder / "state.json").load().at("1").at("state").as_string() == "OFF");
    BOOST_TEST(folder.has("state.json.corrupt"));
}

BOOST_AUTO_TEST_CASE(what_a_write_left_that_was_cut_off_is_cleared_away) {
    const TemporaryFolder folder;
    folder.write("state.json", R"({"1": {"state": "ON"}})");
    folder.write("state.json.waggle-new", R"({"1": {"sta)");
    BOOST_TEST(StateFile(folder / "state.json").load().at("1").at("state").as_string() == "ON");
    BOOST_TEST(!folder.has("state.json.waggle-new"));
}

BOOST_AUTO_TEST_SUITE_END()
