#include "bridge/request.hpp"

#include <boost/test/unit_test.hpp>

using namespace waggle::bridge;

BOOST_AUTO_TEST_SUITE(request)

BOOST_AUTO_TEST_CASE(what_is_not_json_is_a_string) {
    BOOST_TEST(Request("x", "hall").payload().is_string());
    BOOST_TEST(Request("x", "{\"id\":").payload().is_string());
    BOOST_TEST(Request("x", "60").payload().is_int64());
    BOOST_TEST(Request("x", "").payload().is_string());
    // deeper than any request: not parsed, so that no recursion can be asked for from outside
    BOOST_TEST(Request("x", std::string(100, '[') + std::string(100, ']')).payload().is_string());
}

BOOST_AUTO_TEST_CASE(numbers_come_as_numbers_and_as_text) {
    BOOST_TEST(Request("x", R"({"time":60})").integer("time", 0, 254).value() == 60);
    BOOST_TEST(Request("x", R"({"time":"60"})").integer("time", 0, 254).value() == 60);
    BOOST_TEST(Request("x", R"({"time":60.0})").integer("time", 0, 254).value() == 60);
    for (const char* wrong :
         {R"({"time":255})", R"({"time":-1})", R"({"time":1.5})", R"({"time":"6x"})",
          R"({"time":""})", R"({"time":true})", R"({"time":[1]})", R"({"time":1e300})"}) {
        const auto result = Request("x", wrong).integer("time", 0, 254);
        BOOST_REQUIRE(result.has_error());
        BOOST_TEST(result.error().message ==
                   "Invalid payload ('time' must be a whole number from 0 to 254)");
    }
    BOOST_TEST(Request("x", "{}").integer("time", 0, 254).error().message == "Invalid payload");
    BOOST_TEST(Request("x", "[]").integer("time", 0, 254).error().message == "Invalid payload");
}

BOOST_AUTO_TEST_CASE(an_id_is_a_member_or_the_whole_payload) {
    BOOST_TEST(Request("x", R"({"id":"hall"})").id().value() == "hall");
    BOOST_TEST(Request("x", R"({"id":5})").id().value() == "5");
    BOOST_TEST(Request("x", " hall \n").id().value() == "hall");
    BOOST_TEST(Request("x", "\"hall\"").id().value() == "hall");
    BOOST_TEST(Request("x", "5").id().value() == "5");
    for (const char* wrong :
         {"", "  ", "[]", "null", "{}", R"({"id":null})", R"({"id":{}})", "true"})
        BOOST_TEST(Request("x", wrong).id().has_error(), wrong);
}

BOOST_AUTO_TEST_CASE(flags_are_truthy_as_in_javascript) {
    for (const char* yes :
         {R"({"force":true})", R"({"force":1})", R"({"force":"no"})", R"({"force":{}})"})
        BOOST_TEST(Request("x", yes).flag("force"), yes);
    for (const char* no : {R"({"force":false})", R"({"force":0})", R"({"force":""})",
                           R"({"force":null})", "{}", "force"})
        BOOST_TEST(!Request("x", no).flag("force"), no);
}

BOOST_AUTO_TEST_SUITE_END()
