#include "store/json_read.hpp"

#include <bit>
#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>

#include <boost/json/array.hpp>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

namespace json = boost::json;
using waggle::store::read_json;

namespace {

json::value read(std::string_view text) {
    boost::system::error_code error;
    auto value = read_json(text, error);
    BOOST_TEST(!error, text << ": " << error.message());
    return value;
}

bool is_refused(std::string_view text) {
    boost::system::error_code error;
    return read_json(text, error).is_null() && error;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(json_read)

BOOST_AUTO_TEST_CASE(numbers_are_what_javascript_wrote) {
    std::ifstream file(WAGGLE_TEST_FILES "/javascript_numbers.txt");
    std::string bits, text;
    std::size_t count = 0;
    while (file >> bits >> text) {
        const auto wanted = std::bit_cast<double>(std::stoull(bits, nullptr, 16));
        if (wanted == 0 || text == "null")
            continue;
        const auto value = read("[" + text + "]").get_array().at(0);
        BOOST_TEST(value.to_number<double>() == wanted, text);
        ++count;
    }
    BOOST_TEST(count > 100u);
    // Floats of devices, which Boost 1.81 reads off by one.
    BOOST_TEST(read("0.20000000298023224").get_double() == double{0.2F});
    BOOST_TEST(read("1.5e300").get_double() == 1.5e300);
}

BOOST_AUTO_TEST_CASE(everything_else_is_as_boost_reads_it) {
    for (const char* text :
         {"null", "true", "-3", "18446744073709551615", "\"\\u00e9\\n\"", "[]", "{}",
          R"({"a":{"b":[1,2.5,"x",null,{"c":false}]},"a2":"\ud83d\ude00"})"})
        BOOST_TEST(read(text) == json::parse(text), text);
    json::monotonic_resource memory;
    boost::system::error_code error;
    BOOST_TEST(read_json("{\"a\":[1]}", error, &memory).storage().get() == &memory);
}

BOOST_AUTO_TEST_CASE(what_is_no_json_is_refused) {
    for (const char* text : {"", " ", "{", "[1,]", "1 2", "{\"a\":1}x", "nul", "01", "\"\\ud83d\""})
        BOOST_TEST(is_refused(text), text);
    BOOST_TEST(is_refused(std::string(1000, '[')));
    const std::string whole = R"({"a":[1.5,"b"]})";
    for (std::size_t length = 0; length < whole.size(); ++length)
        BOOST_TEST(is_refused(whole.substr(0, length)));
}

BOOST_AUTO_TEST_SUITE_END()
