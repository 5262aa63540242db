#include "bridge/json_writer.hpp"

#include <limits>

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

using waggle::bridge::JsonWriter;

BOOST_AUTO_TEST_SUITE(json_writer)

BOOST_AUTO_TEST_CASE(commas_stand_between_members_and_nowhere_else) {
    std::string out;
    JsonWriter writer(out);
    writer.begin_object();
    writer.key("a").begin_array().end_array();
    writer.key("b").begin_array().number(std::int64_t{1}).text("x").null().end_array();
    writer.key("c").begin_object().key("d").boolean(true).end_object();
    writer.key("e").raw("{}").end_object();
    BOOST_TEST(out == R"({"a":[],"b":[1,"x",null],"c":{"d":true},"e":{}})");
}

BOOST_AUTO_TEST_CASE(numbers_are_written_as_javascript_writes_them) {
    std::string out;
    JsonWriter writer(out);
    writer.begin_array().number(21.0).number(21.5).number(0.1);
    writer.number(std::numeric_limits<double>::quiet_NaN()).end_array();
    BOOST_TEST(out == "[21,21.5,0.1,null]");
}

BOOST_AUTO_TEST_CASE(trees_get_sorted_keys) {
    std::string out;
    JsonWriter(out).value(
        boost::json::parse(R"({"b":{"z":1,"a":[{"y":1,"x":2}]},"a":"\u0001\""})"));
    BOOST_TEST(out == R"({"a":"\u0001\"","b":{"a":[{"x":2,"y":1}],"z":1}})");
}

BOOST_AUTO_TEST_SUITE_END()
