#include "store/yaml_document.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "store/json_text.hpp"

using namespace waggle::store;

namespace {

std::string as_json(std::string_view yaml) {
    const auto document = parse_yaml(yaml);
    return document
               ? compact_json(document->value)
               : "line " + std::to_string(document.error().line) + ": " + document.error().message;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(yaml_document)

// Expected values from js-yaml 5.5, which zigbee2mqtt uses.
BOOST_AUTO_TEST_CASE(plain_scalars_mean_what_they_mean_to_zigbee2mqtt) {
    BOOST_TEST(
        as_json("[012, 0o14, 0x1F, 0b11, 1_000, 1e3, 1., .5, +1, ~, null, Null, yes, True, "
                "TRUE, tRue, 2024-01-01, 1:30, 190:20:30, 0o8, -0, 1.50]") ==
        "[12,12,31,\"0b11\",\"1_000\",1000,1,0.5,1,null,null,null,\"yes\",true,true,\"tRue\","
        "\"2024-01-01\",\"1:30\",\"190:20:30\",\"0o8\",0,1.5]");
    BOOST_TEST(as_json("a:\nb: ''\nc: '12'\nd: \"true\"") ==
               R"({"a":null,"b":"","c":"12","d":"true"})");
    BOOST_TEST(as_json("a: \"\\x41\\u00e9\"") == "{\"a\":\"A\xC3\xA9\"}");
}

BOOST_AUTO_TEST_CASE(keys_are_the_text_that_stands_there) {
    BOOST_TEST(as_json("0x00158d0001020304: {friendly_name: x}\n1: a\ntrue: b\n") ==
               R"({"1":"a","0x00158d0001020304":{"friendly_name":"x"},"true":"b"})");
}

BOOST_AUTO_TEST_CASE(a_reference_needs_no_quotes) {
    BOOST_TEST(as_json("a: !secret network_key\nb: '!secret x'\n") ==
               R"({"a":"!secret network_key","b":"!secret x"})");
}

BOOST_AUTO_TEST_CASE(lines_of_keys_and_elements_are_known) {
    const auto document = parse_yaml("a: 1\n# comment\nb:\n  c: 2\n  d:\n    - x\n    - y\n");
    BOOST_REQUIRE(document.has_value());
    BOOST_TEST(document->line_of({"a"}) == 1);
    BOOST_TEST(document->line_of({"b", "c"}) == 4);
    BOOST_TEST(document->line_of({"b", "d", "1"}) == 7);
    BOOST_TEST(document->line_of({"b", "none"}) == 3);
    BOOST_TEST(document->line_of({"none"}) == 0);
}

BOOST_AUTO_TEST_CASE(faults_are_given_with_their_line) {
    BOOST_TEST(as_json("a: 1\na: 2\n") == "line 2: the key 'a' is there twice");
    BOOST_TEST(as_json("a: 1\n---\nb: 2\n").find("a second document") != std::string::npos);
    BOOST_TEST(as_json("a: 1\n  b: 2\n").starts_with("line 2: "));
    BOOST_TEST(as_json("a: [1\n").starts_with("line "));
    BOOST_TEST(as_json("[1, 2]: x\n") == "line 1: a key has to be a text");
    BOOST_TEST(as_json("a: *unknown\n").starts_with("line 1: "));
}

BOOST_AUTO_TEST_CASE(no_file_can_exhaust_memory_or_the_stack) {
    std::string bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n";
    for (int i = 1; i < 12; ++i) {
        const auto last = "*a" + std::to_string(i - 1);
        bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + last;
        for (int j = 0; j < 8; ++j)
            bomb += "," + last;
        bomb += "]\n";
    }
    BOOST_TEST(as_json(bomb).find("too many values") != std::string::npos);
    BOOST_TEST(as_json("&a [*a]").find("nested too deeply") != std::string::npos);
    BOOST_TEST(as_json(std::string(100'000, '[')).starts_with("line "));
    BOOST_TEST(as_json(std::string(300, '[') + std::string(300, ']')).starts_with("line "));
}

BOOST_AUTO_TEST_SUITE_END()
