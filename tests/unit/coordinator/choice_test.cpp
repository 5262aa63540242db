#include <filesystem>
#include <fstream>
#include <stdlib.h>

#include <boost/test/unit_test.hpp>

#include "coordinator/registry.hpp"
#include "coordinator/usb.hpp"

using namespace waggle;
namespace fs = std::filesystem;

namespace {

/// A folder with files named as udev names links.
struct Folder {
    Folder() {
        char name[] = "/tmp/waggle-by-id-XXXXXX";
        path = ::mkdtemp(name);
    }
    ~Folder() { fs::remove_all(path); }
    std::string add(const std::string& name) {
        const auto file = path + "/" + name;
        std::ofstream out(file);
        return file;
    }
    std::string path;
};

constexpr const char* dongle_p =
    "usb-Silicon_Labs_Sonoff_Zigbee_3.0_USB_Dongle_Plus_0111-if00-port0";
constexpr const char* dongle_e =
    "usb-ITEAD_SONOFF_Zigbee_3.0_USB_Dongle_Plus_V2_20240122184111-if00";

UsbIdentity bridge(const char* maker) {
    return {0x10C4, 0xEA60, maker};
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(choice, Folder)

BOOST_AUTO_TEST_CASE(links_are_recognised_as_zigbee2mqtt_does) {
    const struct {
        const char* link;
        UsbIdentity identity;
        const char* family;
    } known[] = {
        {dongle_p, bridge("Silicon Labs"), "zstack"},
        {"usb-ITead_Sonoff_Zigbee_3.0_USB_Dongle_Plus_b8b49abd27a6ed11a280eba32981d111-if00-port0",
         bridge("ITead"), "zstack"},
        {dongle_e, {0x1A86, 0x55D4, "ITEAD"}, "ember"},
        {"usb-Itead_Sonoff_Zigbee_3.0_USB_Dongle_Plus_V2_a6ee897e4d1fef11aa004ad0639e525b-if00-"
         "port0",
         bridge("Itead"), "ember"},
        {"usb-SONOFF_SONOFF_Dongle_Plus_MG24_b023a583a66bef118e30a3adc169b110-if00-port0",
         bridge("SONOFF"), "ember"},
        {"usb-SONOFF_SONOFF_Dongle_Plus_CC2674P10_141ff85f6b12f011b6500514773d9da9-if00-port0",
         bridge("SONOFF"), "zstack"},
        {"usb-Texas_Instruments_TI_CC2531_USB_CDC___0X00124B0018ED1111-if00",
         {0x0451, 0x16A8, "Texas Instruments"},
         "zstack"},
        {"usb-SMLIGHT_SMLIGHT_SLZB-06p7_82e43faf9872ed118bb924f3fdf7b791-if00-port0",
         bridge("SMLIGHT"), "zstack"},
        {"usb-Nabu_Casa_SkyConnect_v1.0_3abe54797c91ed118fc3cad13b20a111-if00-port0",
         bridge("Nabu Casa"), "ember"},
        {"usb-dresden_elektronik_ConBee_III_DE03188111-if00-port0",
         {0x0403, 0x6015, "dresden elektronik ingenieurtechnik GmbH"},
         "deconz"},
        {"usb-1a86_zigstar_stick-if00", {0x1A86, 0x7523, "1a86"}, "zstack"},
    };
    for (const auto& one : known) {
        const auto match = match_usb(one.link, one.identity);
        BOOST_REQUIRE_MESSAGE(match, one.link);
        BOOST_TEST(match->family == one.family, one.link);
    }
}

BOOST_AUTO_TEST_CASE(an_arduino_is_no_coordinator) {
    BOOST_TEST(!match_usb("usb-1a86_USB_Serial-if00-port0", UsbIdentity{0x1A86, 0x7523, "1a86"}));
    BOOST_TEST(!match_usb("usb-Arduino_Uno-if00", UsbIdentity{0x2341, 0x0043, "Arduino"}));
    // The same name on another chip, the same chip with another name.
    BOOST_TEST(!match_usb(dongle_p, UsbIdentity{0x2341, 0x0043, "Arduino"}));
    BOOST_TEST(!match_usb("usb-Silicon_Labs_CP2102_0001-if00-port0", bridge("ITEAD")));
}

BOOST_AUTO_TEST_CASE(supported_adapters_come_first) {
    add(dongle_e);
    const auto zstack = add(dongle_p);
    add("usb-Arduino_Uno-if00");
    const auto found = find_adapters(path);
    BOOST_REQUIRE(found.size() == 2u);
    BOOST_TEST(found[0].port == zstack);
    BOOST_TEST(found[0].adapter == "zstack");
    BOOST_TEST(found[0].name == "SONOFF ZBDongle-P");
    BOOST_TEST(found[1].adapter == "ember");
    BOOST_TEST(find_adapters(path + "/none").empty());
}

BOOST_AUTO_TEST_CASE(with_nothing_configured_the_adapter_that_is_plugged_in_is_taken) {
    const auto port = add(dongle_p);
    CoordinatorOptions options;
    std::string problem;
    BOOST_REQUIRE_MESSAGE(choose_adapter(options, path, problem), problem);
    BOOST_TEST(options.port == port);
    BOOST_TEST(options.adapter == "zstack");
}

BOOST_AUTO_TEST_CASE(with_nothing_plugged_in_the_sentence_says_where_it_looked) {
    CoordinatorOptions options;
    std::string problem;
    BOOST_TEST((choose_adapter(options, path, problem).error() == Errc::not_found));
    BOOST_TEST(problem.find(path) != std::string::npos);
    BOOST_TEST(problem.find("serial.port") != std::string::npos);
    add(dongle_e);
    BOOST_TEST((choose_adapter(options, path, problem).error() == Errc::not_found));
    BOOST_TEST(problem.find("SONOFF ZBDongle-E") != std::string::npos);
    BOOST_TEST(problem.find("zstack") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(other_families_get_a_clear_sentence) {
    for (const auto* const name : {"ember", "ezsp", "deconz", "zigate", "zboss", "zoh"}) {
        CoordinatorOptions options;
        options.port = "/dev/ttyUSB0";
        options.adapter = name;
        std::string problem;
        BOOST_TEST((choose_adapter(options, path, problem).error() == Errc::unsupported));
        BOOST_TEST(problem.find(name) != std::string::npos);
        BOOST_TEST(problem.find("zstack (TI Z-Stack (ZNP))") != std::string::npos);
    }
    CoordinatorOptions options;
    options.adapter = "zstak";
    std::string problem;
    BOOST_TEST((choose_adapter(options, path, problem).error() == Errc::not_found));
    BOOST_TEST(problem.find("zstak") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_configured_port_is_recognised_by_its_link) {
    CoordinatorOptions options;
    options.port = add(dongle_e);
    std::string problem;
    BOOST_TEST((choose_adapter(options, path, problem).error() == Errc::unsupported));
    options = CoordinatorOptions();
    options.port = add(dongle_p);
    BOOST_TEST(choose_adapter(options, path, problem).has_value());
    BOOST_TEST(options.adapter == "zstack");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_told_is_left_to_asking) {
    CoordinatorOptions options;
    options.port = "tcp://127.0.0.1:6638";
    std::string problem;
    BOOST_TEST(choose_adapter(options, path, problem).has_value());
    BOOST_TEST(options.adapter.empty());
}

BOOST_AUTO_TEST_SUITE_END()
