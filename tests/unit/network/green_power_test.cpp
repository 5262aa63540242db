#include "network/green_power_frames.hpp"
#include "network_fixture.hpp"

using namespace waggle;
using namespace waggle::test;
namespace gp = waggle::network::gp;

// Vectors from zigbee-herdsman 10.9.2, greenPower.js: encryptSecurityKey(0x0171F8D8, 00…0F), and
// command 0x22 of frame counter 0x47 under it
#define GP_SEALED_KEY "7962eee4835e4ff2b9a9916e75cad50f"
#define GP_SEALED_PAYLOAD "1D 00"

namespace {

const Ieee gp_ieee{0x000000000171f8d8};

// A commissioning notification as a proxy sends it: source 0x0171F8D8, device id 2 (on/off switch),
// options 0x81 (extended options, sequence capable), extended 0xF2 (key, its check code, counter)
const std::string commissioning =
    "11 05 04 0008 D8F87101 45000000 E0 1B"
    "02 81 F2 000102030405060708090A0B0C0D0E0F 11223344 46000000"
    "2D7F 05";

}  // namespace

BOOST_AUTO_TEST_SUITE(green_power_frames)

BOOST_AUTO_TEST_CASE(a_commissioning_notification_is_read) {
    const auto frame = hex(commissioning);
    const auto parsed = gp::parse(frame);
    BOOST_REQUIRE(parsed.is_notification);
    BOOST_REQUIRE(parsed.supported);
    BOOST_TEST(parsed.notification.source == 0x0171F8D8u);
    BOOST_TEST(parsed.notification.command == 0xE0);
    BOOST_TEST(parsed.notification.proxy.value() == 0x7f2d);
    const auto command = gp::parse_commissioning(parsed.notification.payload);
    BOOST_REQUIRE(command);
    BOOST_TEST(command->device_id == 2);
    BOOST_TEST(to_hex(command->key) == "000102030405060708090a0b0c0d0e0f");
    BOOST_TEST(command->outgoing_counter == 0x46u);
    BOOST_TEST(!command->receives());
    BOOST_TEST(command->sequence_capable());
}

BOOST_AUTO_TEST_CASE(every_truncation_is_no_notification_that_can_be_used) {
    const auto whole = hex(commissioning);
    for (std::size_t n = 0; n < whole.size(); ++n) {
        const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n));
        BOOST_TEST(!gp::parse(cut).supported, "cut to " << n);
    }
    const auto payload = ByteView(whole).subspan(15, 27);
    for (std::size_t n = 0; n < payload.size(); ++n) {
        const Bytes cut(payload.begin(), payload.begin() + static_cast<std::ptrdiff_t>(n));
        BOOST_TEST(!gp::parse_commissioning(cut).has_value(), "cut to " << n);
    }
}

BOOST_AUTO_TEST_CASE(other_frames_of_the_cluster_are_the_proxys_own) {
    BOOST_TEST(!gp::parse(hex("19 05 02 0B FE00")).is_notification);
    BOOST_TEST(!gp::parse(hex("18 05 0B 01 00")).is_notification);
}

BOOST_AUTO_TEST_CASE(keys_and_payloads_are_encrypted_as_zigbee_herdsman_does) {
    gp::Key key{};
    for (std::size_t i = 0; i < key.size(); ++i)
        key[i] = static_cast<std::uint8_t>(i);
    const auto sealed = gp::encrypt_key(0x0171F8D8, key);
    BOOST_REQUIRE(sealed);
    BOOST_TEST(to_hex(*sealed) == GP_SEALED_KEY);
    const auto frame = hex("11 06 00 C000 D8F87101 47000000 " GP_SEALED_PAYLOAD);
    const auto parsed = gp::parse(frame);
    BOOST_REQUIRE(parsed.notification.is_encrypted());
    const auto plain = gp::decrypt(frame, parsed.notification, key);
    BOOST_REQUIRE(plain);
    BOOST_TEST(to_hex(*plain) ==
               "11060000"
               "00"
               "d8f8710147000000"
               "2200");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(green_power, NetworkFixture)

BOOST_AUTO_TEST_CASE(a_switch_is_paired_and_its_presses_are_told) {
    pair();
    ApsIndication indication;
    indication.source = switch_address;
    indication.source_endpoint = 242;
    indication.destination_endpoint = 242;
    indication.cluster = 0x0021;
    indication.profile = profile_green_power;
    indication.broadcast = true;
    radio->say(indication, hex(commissioning));
    loop.pass(std::chrono::seconds(1));

    // Pairing [zigbee-flows 9]: add, pre-commissioned group, level 2, key type 4, counter and key
    BOOST_REQUIRE(radio->sent.size() == 1u);
    BOOST_TEST(radio->sent[0].destination_address == 0xFFFD);
    BOOST_TEST(to_hex(radio->sent[0].payload).substr(4) == std::string("01") + "48e500" +
                                                               "d8f87101" + "840b" + "02" +
                                                               "46000000" + GP_SEALED_KEY);
    const auto* device = network->find(gp_ieee);
    BOOST_REQUIRE(device);
    BOOST_TEST((device->type == DeviceType::green_power));
    BOOST_TEST(device->model_id.value() == "GreenPower_2");
    BOOST_TEST(device->address == 0xF8D8);
    BOOST_TEST(events.lines[0] == "joined " + gp_ieee.to_string());
    BOOST_TEST(events.lines[1] == "interview successful " + gp_ieee.to_string());
    BOOST_TEST(events.messages == 1u);

    // toggle (0x22), decrypted by the proxy
    radio->say(indication, hex("11 07 00 0000 D8F87101 48000000 22 00"));
    loop.settle();
    BOOST_TEST(events.messages == 2u);
    BOOST_TEST((events.last_sender == gp_ieee));
    BOOST_TEST(events.last_decoded);
    // and one that it could not decrypt
    radio->say(indication, hex("11 08 00 C000 D8F87101 47000000 " GP_SEALED_PAYLOAD));
    loop.settle();
    BOOST_TEST(events.messages == 3u);
    BOOST_TEST(to_hex(events.last_raw).substr(26) == "2200");
    BOOST_TEST(radio->sent.size() == 1u);  // no default responses to Green Power devices
}

BOOST_AUTO_TEST_CASE(removing_one_tells_the_proxies) {
    folder.write("database.db",
                 R"({"id":5,"type":"GreenPower","ieeeAddr":"0x000000000171f8d8","nwkAddr":63704,)"
                 R"("modelId":"GreenPower_2","endpoints":{},"interviewState":"SUCCESSFUL"})");
    BOOST_REQUIRE(start());
    BOOST_REQUIRE(loop.run(network->remove_device(gp_ieee, false)));
    BOOST_REQUIRE(radio->sent.size() == 1u);
    BOOST_TEST(to_hex(radio->sent[0].payload).substr(4) == "01502500d8f87101");
    BOOST_TEST(!network->find(gp_ieee));
}

BOOST_AUTO_TEST_CASE(an_unknown_device_that_is_not_commissioned_is_nobodys) {
    pair();
    radio->say(switch_address, 242, 0x0021, hex("11 07 00 0000 D8F87101 48000000 22 00"));
    loop.settle();
    BOOST_TEST(events.messages == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
