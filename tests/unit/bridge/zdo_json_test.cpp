#include "bridge/requests/zdo_json.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "bridge/requests/raw_action.hpp"
#include "support/hex.hpp"

namespace json = boost::json;

using namespace waggle;
using namespace waggle::bridge;
using waggle::test::hex;

namespace {

/// The payload in hexadecimal, or what was wrong.
std::string request(std::uint16_t cluster, std::string_view fields) {
    std::string problem;
    const auto payload = zdo_request(cluster, json::parse(fields).as_array(), problem);
    return payload ? to_hex(*payload) : problem;
}

std::string response(std::uint16_t cluster, std::string_view payload) {
    const auto value = zdo_response(cluster, hex(payload));
    return value ? json::serialize(*value) : value.error().message();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(zdo_json)

// As zigbee-herdsman 10.9.2 builds them from the same fields.
BOOST_AUTO_TEST_CASE(requests_are_those_of_zigbee_herdsman) {
    BOOST_TEST(request(0x0000, R"(["0x00158d0001020304", true, 2])") == "04030201008d15000102");
    BOOST_TEST(request(0x0001, "[4660, false, 0]") == "34120000");
    BOOST_TEST(request(0x0002, "[4660]") == "3412");
    BOOST_TEST(request(0x0004, "[4660, 7]") == "341207");
    BOOST_TEST(request(0x0006, "[4660, 260, [6, 8], [25]]") == "341204010206000800011900");
    BOOST_TEST(request(0x0021, R"(["0x00158d0001020304", 2, 6, 3, "0x00124b0001020304", 0, 1])") ==
               "04030201008d15000206000304030201004b120001");
    BOOST_TEST(
        request(0x0022, R"(["0x00158d0001020304", 2, 6, 1, "0x0000000000000000", 901, 0])") ==
        "04030201008d1500020600018503");
    BOOST_TEST(request(0x0031, "[3]") == "03");
    BOOST_TEST(request(0x0034, R"(["0x00158d0001020304", 128])") == "04030201008d150080");
    BOOST_TEST(request(0x0036, "[60, 1, []]") == "3c01");
    BOOST_TEST(request(0x0038, "[[11, 26], 254, null, 1, null]") == "00080004fe01");
    BOOST_TEST(request(0x0038, "[[11], 3, 2]") == "000800000302");
    BOOST_TEST(request(0x002B, R"([{"eui64List": ["0x00158d0001020304"]}])") ==
               "00080104030201008d1500");
}

BOOST_AUTO_TEST_CASE(fields_that_do_not_fit_are_said) {
    BOOST_TEST(request(0x0002, "[]") == "Field 0 of this ZDO request is a number up to 65535");
    BOOST_TEST(request(0x0002, "[65536]") == "Field 1 of this ZDO request is a number up to 65535");
    BOOST_TEST(request(0x0000, "[5, false, 0]").find("an address") != std::string::npos);
    BOOST_TEST(request(0x0006, "[1, 2, 3, 4]").find("a list") != std::string::npos);
    BOOST_TEST(request(0x7777, "[1]") == "ZDO request 30583 is not known");
}

// As zigbee-herdsman 10.9.2 reads them.
BOOST_AUTO_TEST_CASE(responses_are_shown_by_name) {
    BOOST_TEST(response(0x0005, "00 3412 02 01 F2") ==
               R"([0,{"nwkAddress":4660,"endpointList":[1,242]}])");
    BOOST_TEST(response(0x0004, "00 3412 0A 01 0401 0001 01 01 0000 00") ==
               R"([0,{"nwkAddress":4660,"length":10,"endpoint":1,"profileId":260,"deviceId":256,)"
               R"("deviceVersion":1,"inClusterList":[0],"outClusterList":[]}])");
    BOOST_TEST(response(0x0000, "00 0403020100 8D1500 3412") ==
               R"([0,{"eui64":"0x00158d0001020304","nwkAddress":4660,"startIndex":0,)"
               R"("assocDevList":[]}])");
    BOOST_TEST(response(0x0032, "00 01 00 01 3412 10 0000") ==
               R"([0,{"routingTableEntries":1,"startIndex":0,"entryList":[{"destinationAddress":)"
               R"(4660,"status":"ACTIVE","memoryConstrained":0,"manyToOne":1,)"
               R"("routeRecordRequired":0,"reserved1":0,"nextHopAddress":0}]}])");
    BOOST_TEST(response(0x0021, "00") == "[0,null]");
    BOOST_TEST(response(0x0002, "81 3412") == "[129,null]");
}

BOOST_AUTO_TEST_CASE(every_truncation_of_a_response_is_an_error) {
    const std::pair<std::uint16_t, const char*> whole[] = {
        {0x0002, "00 3412 01 40 8E 7C11 52 5200 0000 5200 00"},
        {0x0003, "00 3412 10 C1"},
        {0x0004, "00 3412 0A 01 0401 0001 01 01 0000 00"},
        {0x0006, "00 3412 02 01 02"},
        {0x0031, "00 01 00 01 DDDDDDDDDDDDDDDD 0403020100 8D1500 3412 25 00 01 64"},
        {0x0033, "00 01 00 01 0403020100 8D1500 01 0600 03 0403020100 4B1200 01"},
        {0x0038, "00 00F8FF07 0100 0000 01 AA"}};
    for (const auto& [cluster, text] : whole) {
        const auto bytes = hex(text);
        BOOST_TEST(zdo_response(cluster, bytes).has_value(), text);
        for (std::size_t n = 0; n < bytes.size(); ++n) {
            const Bytes cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(n));
            BOOST_TEST(!zdo_response(cluster, cut).has_value(), text << " cut to " << n);
        }
    }
}

// What zigbee-herdsman 10.9.2 hands on of such a frame.
BOOST_AUTO_TEST_CASE(a_zcl_message_is_described_as_zigbee_herdsman_does) {
    RawMessage message;
    message.address = 4660;
    message.endpoint = 2;
    message.destination_endpoint = 1;
    message.cluster = 6;
    message.link_quality = 120;
    const auto shown = raw_message(message, hex("18 09 01 0000 00 10 01"));
    BOOST_REQUIRE(shown);
    BOOST_TEST(json::serialize(*shown) ==
               R"({"clusterID":6,"data":{"type":"Buffer","data":[24,9,1,0,0,0,16,1]},)"
               R"("header":{"frameControl":{"frameType":0,"manufacturerSpecific":false,)"
               R"("direction":1,"disableDefaultResponse":true,"reservedBits":0},)"
               R"("transactionSequenceNumber":9,"commandIdentifier":1},"address":4660,)"
               R"("endpoint":2,"linkquality":120,"groupID":0,"wasBroadcast":false,)"
               R"("destinationEndpoint":1})");
    BOOST_TEST(!raw_message(message, hex("18")));
}

BOOST_AUTO_TEST_SUITE_END()
