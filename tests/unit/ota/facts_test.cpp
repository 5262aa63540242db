#include "ota/facts.hpp"

#include <boost/test/unit_test.hpp>

using namespace waggle;

namespace {

constexpr wg_str text(std::string_view text) {
    return {text.data(), text.size()};
}

struct Fixture {
    Fixture() {
        device.ieee = Ieee(0x00158D0001020304);
        device.model_id = "lumi.ctrl_neutral1";
        device.manufacturer_name = "LUMI";
        query.manufacturer = 0x115F;
        query.image_type = 0x0101;
        query.file_version = 21;
        query.hardware_version = 18;
    }
    Device device;
    ota::Query query;
    wg_ota ota{sizeof(wg_ota), 0, {}, {}, {}, -1, -1, 0, 0, {}};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(facts, Fixture)

BOOST_AUTO_TEST_CASE(without_a_definition_the_device_speaks_for_itself) {
    const auto facts = ota::facts_of(device, query, nullptr);
    BOOST_TEST((facts.ieee == device.ieee));
    BOOST_TEST(facts.manufacturer == 0x115F);
    BOOST_TEST(facts.image_type == 0x0101);
    BOOST_TEST(facts.file_version == 21u);
    BOOST_TEST(facts.hardware_version.value() == 18);
    BOOST_TEST(facts.model_id == "lumi.ctrl_neutral1");
    BOOST_TEST(facts.manufacturer_name == "LUMI");
    BOOST_TEST(facts.definition_model_id == "");
    BOOST_TEST(facts.header_string == "");
    BOOST_TEST(!facts.hardware_version_min);
}

BOOST_AUTO_TEST_CASE(a_definition_adds_to_it_and_takes_nothing_away) {
    ota.model_id = text("other");
    ota.manufacturer_name = text("maker");
    ota.header_string = text("DR1175");
    ota.hardware_version_max = 5;
    const auto facts = ota::facts_of(device, query, &ota);
    BOOST_TEST(facts.model_id == "lumi.ctrl_neutral1");
    BOOST_TEST(facts.definition_model_id == "other");
    BOOST_TEST(facts.definition_manufacturer_name == "maker");
    BOOST_TEST(facts.header_string == "DR1175");
    BOOST_TEST(!facts.hardware_version_min);
    BOOST_TEST(facts.hardware_version_max.value() == 5);
}

BOOST_AUTO_TEST_CASE(a_version_that_is_none_is_no_bound) {
    ota.hardware_version_min = 0x10000;
    ota.hardware_version_max = -7;
    const auto facts = ota::facts_of(device, query, &ota);
    BOOST_TEST(!facts.hardware_version_min);
    BOOST_TEST(!facts.hardware_version_max);
}

BOOST_AUTO_TEST_CASE(a_definition_gives_more_time_and_smaller_blocks) {
    ota::ServeOptions options;
    ota.block_timeout = 3600;
    ota.maximum_data_size = 40;
    ota::refine(options, &ota);
    BOOST_TEST((options.block_timeout == std::chrono::hours(1)));
    BOOST_TEST(options.maximum_data_size == 40);
    BOOST_TEST(!options.device_chooses_size);

    ota.block_timeout = 5;
    ota.maximum_data_size = 64;
    ota.flags = WG_OTA_DEVICE_CHOOSES_SIZE;
    ota::refine(options, &ota);
    BOOST_TEST((options.block_timeout == std::chrono::hours(1)));
    BOOST_TEST(options.maximum_data_size == 40);
    BOOST_TEST(options.device_chooses_size);
}

BOOST_AUTO_TEST_CASE(a_definition_of_0_2_says_nothing_of_how_it_is_served) {
    ota::ServeOptions options;
    ota.size = 64;
    ota.block_timeout = 3600;
    ota.flags = WG_OTA_DEVICE_CHOOSES_SIZE;
    ota::refine(options, &ota);
    ota::refine(options, nullptr);
    BOOST_TEST((options.block_timeout == ota::ServeOptions().block_timeout));
    BOOST_TEST(options.maximum_data_size == 50);
    BOOST_TEST(!options.device_chooses_size);
}

BOOST_AUTO_TEST_SUITE_END()
