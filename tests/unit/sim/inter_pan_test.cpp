// Between networks, with requests as zigbee-herdsman 10.9.2 writes them.
#include <boost/test/unit_test.hpp>
#include <ncp.hpp>

#include "octets.hpp"
#include "support/virtual_loop.hpp"

namespace waggle::sim {
namespace {

using Texts = std::vector<std::string>;

struct Rig {
    Rig() {
        ncp.set_output([this](View bytes) { parser.feed(bytes); });
        ncp.boot();
        ask("211D 2D00 0000 0800 0605 0403 0201 DDDD");
        ask("2F08 01 00080000");               // channel 11
        ask("2F05 04", 80);                    // formation
        ask("2400 0C 5EC0 0500 00 00 00 00");  // endpoint 12
        Description description =
            load_description(std::string(SIM_DEVICES) + "/ikea/led1624g9.json");
        description.touchlink = TouchlinkDescription{15, false};
        lamp = &network.add(std::move(description));
    }
    Texts ask(std::string_view request, int milliseconds = 80) {
        got.clear();
        const Bytes bytes = octets(request);
        MtFrame frame;
        frame.code = static_cast<std::uint16_t>(bytes[0] << 8 | bytes[1]);
        frame.data.assign(bytes.begin() + 2, bytes.end());
        ncp.receive(frame);
        loop.pass(std::chrono::milliseconds(milliseconds), std::chrono::milliseconds(5));
        return got;
    }
    /// To all, or to the lamp.
    Texts send(const char* zcl, bool to_all = true) {
        const auto size = octets(zcl).size();
        const std::string head = to_all ? "2402 02 FFFF000000000000" : "2402 03 010033FEFF570B00";
        return ask(head + " FE FFFF 0C 0010 01 00 1E " +
                   to_hex(Bytes{static_cast<std::uint8_t>(size), 0}) + std::string(zcl));
    }
    bool is_reset() { return lamp->memory().contains("factory_new"); }

    test::VirtualLoop loop;
    Scheduler scheduler{loop.context};
    Timing timing;
    Network network{scheduler, scheduler, timing};
    NvMemory nv;
    Faults faults;
    Trace trace;
    Ncp ncp{scheduler, network,           nv, faults, trace, *firmware_by_name("3.x.0"),
            timing,    0x00124B0014D2A6F1};
    Device* lamp = nullptr;
    Texts got;
    UnpiParser parser{[this](const MtFrame& frame) {
        got.push_back(hex16(frame.code) + " " + to_hex(frame.data));
    }};
};

#define EXPECT(got, ...) BOOST_TEST((got) == (Texts{__VA_ARGS__}), boost::test_tools::per_element())

constexpr auto scan = "11 00 00 78563412 04 12";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(inter_pan, Rig)

BOOST_AUTO_TEST_CASE(without_a_channel_nothing_is_sent) {
    EXPECT(send(scan), "0x6402 c2");
    EXPECT(ask("2410 01 0A"), "0x6410 02");  // channel 10
    EXPECT(ask("2410 02 0D"), "0x6410 02");  // an endpoint that is not registered
}

BOOST_AUTO_TEST_CASE(a_scan_is_answered_on_the_lamps_channel_only) {
    EXPECT(ask("2410 01 0B"), "0x6410 00");
    EXPECT(ask("2410 02 0C"), "0x6410 00");
    EXPECT(send(scan), "0x6402 00");
    ask("2410 01 0F");
    const auto answered = send(scan);
    BOOST_REQUIRE(answered.size() == 2u);
    BOOST_TEST(answered[0] == "0x6402 00");
    // IEEE address, endpoint 0xFE to 12, the scan's transaction
    BOOST_TEST(answered[1].starts_with("0x4482 0000001003010033feff570b00fe"), answered[1]);
    BOOST_TEST(answered[1].find("19000178563412") != std::string::npos);
    ask("2410 00");
    EXPECT(send(scan), "0x6402 c2");
}

BOOST_AUTO_TEST_CASE(a_lamp_is_reset_only_by_who_has_scanned) {
    ask("2410 01 0F");
    ask("2410 02 0C");
    send("11 00 07 78563412", false);
    BOOST_TEST(!is_reset());
    send(scan);
    send("11 00 07 00000001", false);
    BOOST_TEST(!is_reset());
    send("11 00 07 78563412", false);
    BOOST_TEST(is_reset());
}

BOOST_AUTO_TEST_CASE(install_codes_are_kept_when_their_crc_is_right) {
    constexpr auto code = "83FED3407A939723A5C639B26916D505";
    EXPECT(ask("2F04 01 0403020100 4B1200 " + std::string(code) + "0000"), "0x6f04 02");
    EXPECT(ask("2F04 01 0403020100 4B1200 " + std::string(code) + "C3B5"), "0x6f04 00");
    EXPECT(ask("2F04 02 0403020100 4B1200 " + std::string(code)), "0x6f04 00");
    EXPECT(ask("2F04 01 0403020100 4B1200 8301"), "0x6f04 02");
    const auto& known = ncp.install_codes().at(0x00124B0001020304);
    BOOST_TEST(to_hex(known.code) == "83fed3407a939723a5c639b26916d505c3b5");
    BOOST_TEST(to_hex(known.key) == "83fed3407a939723a5c639b26916d505");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waggle::sim
