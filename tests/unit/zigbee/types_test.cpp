#include "zigbee/types.hpp"

#include <unordered_set>

#include <boost/test/unit_test.hpp>

namespace waggle {

BOOST_AUTO_TEST_SUITE(types)

BOOST_AUTO_TEST_CASE(an_address_goes_through_its_text) {
    const auto ieee = Ieee::parse("0x00158d0001020304");
    BOOST_TEST_REQUIRE(ieee.has_value());
    BOOST_TEST(ieee->value() == 0x00158d0001020304u);
    BOOST_TEST(ieee->to_string() == "0x00158d0001020304");
    BOOST_TEST(Ieee::parse("0x00158D00ABCDEF01")->to_string() == "0x00158d00abcdef01");
    BOOST_TEST(Ieee().to_string() == "0x0000000000000000");
    BOOST_TEST(Ieee().is_null());
}

BOOST_AUTO_TEST_CASE(text_of_any_other_form_is_no_address) {
    for (const auto* text :
         {"", "0x", "00158d0001020304", "0x00158d000102030", "0x00158d00010203045",
          "0X00158d0001020304", "0x00158d000102030g", " 0x00158d0001020304", "0x-0158d0001020304"})
        BOOST_TEST(!Ieee::parse(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(addresses_can_be_keys) {
    const std::unordered_set<Ieee> set{Ieee(1), Ieee(2), Ieee(1)};
    BOOST_TEST(set.size() == 2u);
    BOOST_TEST((Ieee(1) < Ieee(2)));
}

BOOST_AUTO_TEST_CASE(device_types_have_the_database_names) {
    for (const auto type : {DeviceType::coordinator, DeviceType::router, DeviceType::end_device,
                            DeviceType::green_power, DeviceType::unknown})
        BOOST_TEST((parse_device_type(to_string(type)) == type));
    BOOST_TEST(to_string(DeviceType::end_device) == "EndDevice");
    BOOST_TEST(to_string(DeviceType::green_power) == "GreenPower");
    BOOST_TEST(!parse_device_type("router").has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waggle
