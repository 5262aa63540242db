#include "store/json_text.hpp"

#include <bit>
#include <cmath>
#include <fstream>
#include <limits>
#include <string>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>

namespace json = boost::json;
using namespace waggle::store;

namespace {

std::string number(double value) {
    std::string out;
    append_json_number(out, value);
    return out;
}

std::string pretty(const json::value& value, unsigned indent) {
    std::string out;
    append_pretty_json(out, value, indent);
    return out;
}

std::string text(std::string_view value) {
    std::string out;
    append_json_string(out, value);
    return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(json_text)

// The file was written by node 20: bits of a double, and JSON.stringify of it.
BOOST_AUTO_TEST_CASE(numbers_are_written_exactly_as_javascript_writes_them) {
    std::ifstream file(WAGGLE_TEST_FILES "/javascript_numbers.txt");
    std::string bits, expected;
    int count = 0;
    while (file >> bits >> expected) {
        const auto value = std::bit_cast<double>(std::stoull(bits, nullptr, 16));
        BOOST_TEST(number(value) == expected, bits << " is " << number(value));
        ++count;
    }
    BOOST_TEST(count > 600);
}

BOOST_AUTO_TEST_CASE(integers_beyond_2_to_53_are_rounded_as_javascript_would_hold_them) {
    std::string out;
    append_json_number(out, std::int64_t{9007199254740993});
    out += ' ';
    append_json_number(out, std::numeric_limits<std::uint64_t>::max());
    out += ' ';
    append_json_number(out, std::numeric_limits<std::int64_t>::min());
    out += ' ';
    append_json_number(out, std::int64_t{-9007199254740991});
    BOOST_TEST(out ==
               "9007199254740992 18446744073709552000 -9223372036854776000 -9007199254740991");
}

BOOST_AUTO_TEST_CASE(what_is_no_number_is_null) {
    BOOST_TEST(number(std::nan("")) == "null");
    BOOST_TEST(number(-std::numeric_limits<double>::infinity()) == "null");
}

// Expected texts from zigbee2mqtt's own stringify.
BOOST_AUTO_TEST_CASE(keys_are_sorted_by_utf_16_code_units_at_every_depth) {
    BOOST_TEST(
        sorted_json(json::parse("{\"\xC3\xA9\":1,\"z\":2,\"\xF0\x9F\x98\x80\":3,\"\xEE\x80\x80\":4,"
                                "\"\xEF\xBD\x9E\":5,\"a\":6,\"\":7}")) ==
        "{\"\":7,\"a\":6,\"z\":2,\"\xC3\xA9\":1,\"\xF0\x9F\x98\x80\":3,"
        "\"\xEE\x80\x80\":4,\"\xEF\xBD\x9E\":5}");
    BOOST_TEST(sorted_json(json::parse(
                   R"({"9":2,"10":1,"a":{"2":1,"1":[{},[],null,{"y":true,"x":false}]}})")) ==
               R"({"10":1,"9":2,"a":{"1":[{},[],null,{"x":false,"y":true}],"2":1}})");
    BOOST_TEST(sorted_json(json::parse(
                   R"({"state":"ON","linkquality":120.0,"nested":{"z":null,"y":1e21}})")) ==
               R"({"linkquality":120,"nested":{"y":1e+21,"z":null},"state":"ON"})");
}

BOOST_AUTO_TEST_CASE(an_object_with_many_keys_is_sorted_too) {
    json::object object;
    for (int i = 999; i >= 0; --i)
        object["k" + std::to_string(1000 + i)] = i;
    const auto out = sorted_json(object);
    BOOST_TEST(out.starts_with(R"({"k1000":0,"k1001":1,)"));
    BOOST_TEST(out.ends_with(R"("k1999":999})"));
}

BOOST_AUTO_TEST_CASE(order_is_kept_but_whole_number_keys_come_first_as_in_javascript) {
    const auto value = json::parse(
        R"({"b":1,"2":[1,{"x":[]}],"1":{},"a":"t","0":null,"01":5,"4294967295":1,"4294967294":2})");
    BOOST_TEST(
        compact_json(value) ==
        R"({"0":null,"1":{},"2":[1,{"x":[]}],"4294967294":2,"b":1,"a":"t","01":5,"4294967295":1})");
    BOOST_TEST(pretty(value, 4) ==
               "{\n    \"0\": null,\n    \"1\": {},\n    \"2\": [\n        1,\n        {\n"
               "            \"x\": []\n        }\n    ],\n    \"4294967294\": 2,\n    \"b\": 1,\n"
               "    \"a\": \"t\",\n    \"01\": 5,\n    \"4294967295\": 1\n}");
}

BOOST_AUTO_TEST_CASE(strings_are_escaped_as_json_stringify_does) {
    BOOST_TEST(text("x\n\t\"\\\x01\x7f\b\f\r/") == "\"x\\n\\t\\\"\\\\\\u0001\x7f\\b\\f\\r/\"");
    BOOST_TEST(text("\xE2\x80\xA8 \xF0\x9D\x84\x9E") == "\"\xE2\x80\xA8 \xF0\x9D\x84\x9E\"");
    BOOST_TEST(text(std::string_view("a\0b", 3)) == "\"a\\u0000b\"");
}

BOOST_AUTO_TEST_CASE(what_is_not_utf_8_becomes_the_replacement_character) {
    BOOST_TEST(text("a\xFF"
                    "b") ==
               "\"a\xEF\xBF\xBD"
               "b\"");
    BOOST_TEST(text("\xED\xA0\x80") == "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");  // a surrogate
    BOOST_TEST(text("\xC3") == "\"\xEF\xBF\xBD\"");                                  // cut off
    BOOST_TEST(text("\xC0\xAF") == "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");                  // overlong
}

BOOST_AUTO_TEST_SUITE_END()
