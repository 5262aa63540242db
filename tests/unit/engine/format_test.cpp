#include <cstdlib>
#include <ctime>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "engine/calibration.hpp"
#include "engine/last_seen.hpp"
#include "engine/output.hpp"
#include "store/json_text.hpp"

namespace json = boost::json;
using namespace waggle;
using namespace waggle::engine;

namespace {

struct Sent : Outbox {
    std::vector<std::string> lines;
    void publish(std::string_view topic, std::string_view payload, const PublishOptions&) override {
        lines.push_back(std::string(topic) + " " + std::string(payload));
    }
};

std::vector<std::string> sent(store::Output mode, const char* text) {
    Sent outbox;
    const auto message = json::parse(text).as_object();
    send_state(outbox, mode, "hall", message, store::sorted_json(message), {});
    return outbox.lines;
}

std::string calibrated(const char* update, std::string_view name, const char* options) {
    auto object = json::parse(update).as_object();
    const std::vector properties = {*calibrated_property(name, name)};
    std::string problem;
    calibrate(object, properties, json::parse(options).as_object(), problem);
    return store::sorted_json(object) + problem;
}

class TimeZone {
  public:
    explicit TimeZone(const char* zone) {
        setenv("TZ", zone, 1);
        tzset();
    }
    ~TimeZone() {
        unsetenv("TZ");
        tzset();
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(format)

// 1551454365941 is 2019-03-01T15:32:45.941Z, the example of zigbee2mqtt's source.
BOOST_AUTO_TEST_CASE(last_seen_has_three_forms) {
    constexpr std::int64_t ms = 1551454365941;
    BOOST_TEST(iso_8601_utc(ms) == "2019-03-01T15:32:45.941Z");
    BOOST_TEST(iso_8601_utc(0) == "1970-01-01T00:00:00.000Z");
    BOOST_TEST(format_last_seen(ms, store::LastSeen::epoch, {}).as_int64() == ms);
    BOOST_TEST(format_last_seen(ms, store::LastSeen::disable, {}).is_null());
}

BOOST_AUTO_TEST_CASE(local_time_has_an_offset_and_no_milliseconds) {
    {
        const TimeZone east("CET-1");
        BOOST_TEST(iso_8601_local(1551454365941) == "2019-03-01T16:32:45+01:00");
    }
    {
        const TimeZone west("NST3:30");
        BOOST_TEST(iso_8601_local(1551454365941) == "2019-03-01T12:02:45-03:30");
    }
    const TimeZone utc("UTC0");
    BOOST_TEST(iso_8601_local(1551454365941) == "2019-03-01T15:32:45+00:00");
}

BOOST_AUTO_TEST_CASE(json_output_is_one_message) {
    const auto lines = sent(store::Output::json, R"({"state":"ON","linkquality":5})");
    BOOST_REQUIRE(lines.size() == 1u);
    BOOST_TEST(lines[0] == R"(hall {"linkquality":5,"state":"ON"})");
}

BOOST_AUTO_TEST_CASE(attribute_output_is_one_message_a_key) {
    const std::vector<std::string> expected = {
        "hall/a 1",   "hall/b true",   "hall/c x",         "hall/d ",     "hall/e 1,two,3",
        "hall/f-g 5", "hall/f-h-i ON", "hall/color 1,2,3", "hall/j 21.5",
    };
    BOOST_TEST(
        sent(store::Output::attribute,
             R"({"a":1,"b":true,"c":"x","d":null,"e":[1,"two",3],)"
             R"("f":{"g":5,"h":{"i":"ON"}},"color":{"r":1,"g":2,"b":3},"j":21.5})") == expected,
        boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_colour_without_rgb_is_an_object_like_others_and_a_null_one_is_empty) {
    const std::vector<std::string> expected = {"hall/color-x 1", "hall/color-y 2"};
    BOOST_TEST(sent(store::Output::attribute, R"({"color":{"x":1,"y":2}})") == expected,
               boost::test_tools::per_element());
    const std::vector<std::string> empty = {"hall/color "};
    BOOST_TEST(sent(store::Output::attribute, R"({"color":null})") == empty,
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(both_outputs_begin_with_the_json) {
    const std::vector<std::string> expected = {R"(hall {"state":"ON"})", "hall/state ON"};
    BOOST_TEST(sent(store::Output::attribute_and_json, R"({"state":"ON"})") == expected,
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(measured_values_are_rounded_to_the_decimals_of_their_name) {
    BOOST_TEST(calibrated(R"({"temperature":21.456})", "temperature", "{}") ==
               R"({"temperature":21.46})");
    BOOST_TEST(calibrated(R"({"temperature":21.456})", "temperature",
                          R"({"temperature_precision":0})") == R"({"temperature":21})");
    BOOST_TEST(calibrated(R"({"pressure":1013.25})", "pressure", "{}") == R"({"pressure":1013.3})");
    BOOST_TEST(calibrated(R"({"humidity":55})", "humidity", "{}") == R"({"humidity":55})");
}

BOOST_AUTO_TEST_CASE(offsets_are_absolute_or_percentual_by_name) {
    BOOST_TEST(calibrated(R"({"temperature":20})", "temperature",
                          R"({"temperature_calibration":-1.5})") == R"({"temperature":18.5})");
    BOOST_TEST(calibrated(R"({"power":200})", "power", R"({"power_calibration":10})") ==
               R"({"power":220})");
    BOOST_TEST(calibrated(R"({"power":200})", "power", R"({"power_calibration":"-5"})") ==
               R"({"power":190})");
    BOOST_TEST(calibrated(R"({"power":200})", "power", R"({"power_calibration":""})") ==
               R"({"power":200})");
}

BOOST_AUTO_TEST_CASE(an_offset_that_is_no_number_leaves_the_value_and_is_named) {
    BOOST_TEST(calibrated(R"({"power":200})", "power", R"({"power_calibration":"much"})") ==
               R"({"power":200}Option 'power_calibration' is not a number)");
    BOOST_TEST(calibrated(R"({"power":"off"})", "power", R"({"power_calibration":5})") ==
               R"({"power":"off"})");
    BOOST_TEST(!calibrated_property("state", "state").has_value());
    BOOST_TEST(calibrated_property("power_left", "power")->property == "power_left");
}

BOOST_AUTO_TEST_SUITE_END()
