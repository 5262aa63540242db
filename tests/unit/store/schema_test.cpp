#include "store/schema.hpp"

#include <fstream>
#include <iterator>

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "store/json_text.hpp"

using namespace waggle::store;
namespace json = boost::json;

namespace {

json::value read(const std::string& name) {
    std::ifstream file(WAGGLE_TEST_FILES "/" + name);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    return json::parse(text);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(schema)

// Expected errors from ajv, the validator of zigbee2mqtt, on the same schema.
BOOST_AUTO_TEST_CASE(errors_have_the_words_and_the_order_that_ajv_gives_them) {
    const Schema schema;
    const auto vectors = read("schema_vectors.json");
    BOOST_TEST(vectors.as_array().size() > 30u);
    for (const auto& vector : vectors.as_array()) {
        json::array errors;
        for (const auto& problem : schema.check(vector.at("configuration")))
            errors.emplace_back(problem.text());
        BOOST_TEST(compact_json(errors) == compact_json(vector.at("errors")),
                   compact_json(vector.at("configuration")) << "\n gives " << compact_json(errors));
    }
}

BOOST_AUTO_TEST_CASE(a_restart_is_needed_when_ajv_would_say_so) {
    const Schema schema;
    const auto vectors = read("restart_vectors.json");
    for (const auto& vector : vectors.as_array())
        BOOST_TEST(schema.needs_restart(vector.at("changes")) == vector.at("restart").as_bool(),
                   compact_json(vector.at("changes")));
    BOOST_TEST(schema.device_needs_restart(json::parse(R"({"disabled":true})")));
    BOOST_TEST(!schema.device_needs_restart(json::parse(R"({"retain":true,"foo":1})")));
    BOOST_TEST(schema.group_needs_restart(json::parse(R"({"off_state":"all_members_off"})")));
}

BOOST_AUTO_TEST_CASE(people_are_told_what_is_allowed) {
    const Schema schema;
    const auto allowed = [&](KeyPath path) { return describe_allowed(*schema.rule_at(path)); };
    BOOST_TEST(allowed({"advanced", "channel"}) == "must be a number from 11 to 26");
    BOOST_TEST(allowed({"advanced", "log_level"}) == "must be one of error, warning, info, debug");
    BOOST_TEST(allowed({"mqtt", "reject_unauthorized"}) == "must be true or false");
    BOOST_TEST(allowed({"serial", "port"}) == "must be a text or empty");
    BOOST_TEST(allowed({"advanced", "pan_id"}) == "must be GENERATE or a number from 1 to 65534");
    BOOST_TEST(allowed({"advanced", "network_key"}) == "must be GENERATE or a list");
    BOOST_TEST(allowed({"health", "interval"}) == "must be a number, at least 1");
}

BOOST_AUTO_TEST_CASE(keys_without_a_rule_are_found_but_not_below_devices) {
    const Schema schema;
    const auto unknown = schema.unknown_keys(
        json::parse(R"({"mqtt":{"server":"x","foo":1},"bar":2,"devices":{"0x1":{"anything":1}}})"));
    BOOST_TEST((unknown == std::vector<KeyPath>{{"mqtt", "foo"}, {"bar"}}));
}

BOOST_AUTO_TEST_CASE(the_text_for_mqtt_is_the_same_schema_with_sorted_keys) {
    BOOST_TEST(sorted_json(json::parse(schema_text)) == std::string(sorted_schema_text));
}

BOOST_AUTO_TEST_SUITE_END()
