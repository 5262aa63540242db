#include "coordinator/znp/incoming.hpp"

#include <boost/test/unit_test.hpp>

#include "support/hex.hpp"

using namespace waggle;
using namespace waggle::znp;
using waggle::test::hex;

namespace {

// A QBKG04LM's report, as a CC2652 delivers it, with previous hop and radius behind the payload.
const Bytes report =
    hex("00 00 06 00 57 4A 02 01 00 6F 00 B2 C3 D4 01 00 07 18 2A 0A 00 00 10 01 57 4A 1D");

}  // namespace

BOOST_AUTO_TEST_SUITE(incoming)

BOOST_AUTO_TEST_CASE(a_message_is_a_view_into_the_frame) {
    const auto message = read_incoming_msg(report);
    BOOST_REQUIRE(message);
    BOOST_TEST(message->source == 0x4A57);
    BOOST_TEST(message->source_endpoint == 2);
    BOOST_TEST(message->destination_endpoint == 1);
    BOOST_TEST(message->cluster == 0x0006);
    BOOST_TEST(message->group == 0);
    BOOST_TEST(!message->broadcast);
    BOOST_TEST(message->link_quality == 0x6F);
    BOOST_TEST(message->profile == profile_home_automation);
    BOOST_TEST(to_hex(message->payload) == "182a0a00001001");
    BOOST_TEST(message->payload.data() == report.data() + 17);
    BOOST_TEST(!message->source_ieee);
}

BOOST_AUTO_TEST_CASE(the_profile_follows_from_the_endpoint) {
    auto green_power = report;
    green_power[7] = 242;
    BOOST_TEST(read_incoming_msg(green_power)->profile == profile_green_power);
    green_power[7] = 255;
    BOOST_TEST(read_incoming_msg(green_power)->profile == profile_home_automation);
}

BOOST_AUTO_TEST_CASE(every_truncation_of_a_message_is_an_error) {
    const std::size_t needed = 17 + 7;
    for (std::size_t n = 0; n < report.size(); ++n) {
        const Bytes cut(report.begin(), report.begin() + static_cast<std::ptrdiff_t>(n));
        BOOST_TEST(read_incoming_msg(cut).has_value() == (n >= needed), n);
    }
}

BOOST_AUTO_TEST_CASE(an_extended_message_without_its_payload_must_be_fetched) {
    const auto data =
        hex("00 00 00 05 02 57 4A 00 00 00 00 00 00 02 00 00 01 00 6F 00 B2 C3 D4 01 00 2C 01 57 "
            "4A 1D");
    const auto message = read_incoming_msg_ext(data);
    BOOST_REQUIRE(message);
    BOOST_TEST(message->must_be_fetched);
    BOOST_TEST(message->length == 300);
    BOOST_TEST(message->timestamp == 0x01D4C3B2u);
    BOOST_TEST(message->indication.source == 0x4A57);
    BOOST_TEST(message->indication.cluster == 0x0500);
    for (std::size_t n = 0; n < 27; ++n) {
        const Bytes cut(data.begin(), data.begin() + static_cast<std::ptrdiff_t>(n));
        BOOST_TEST(!read_incoming_msg_ext(cut), n);
    }
}

BOOST_AUTO_TEST_CASE(an_inter_pan_message_has_its_payload_and_a_long_address) {
    const auto data =
        hex("00 00 00 10 03 04 03 02 01 00 8D 15 00 FE FF FF 0C 00 6F 00 00 00 00 00 00 03 00 11 "
            "22 33");
    const auto message = read_incoming_msg_ext(data);
    BOOST_REQUIRE(message);
    BOOST_TEST(!message->must_be_fetched);
    BOOST_TEST(message->indication.source == nwk_unknown);
    BOOST_TEST((message->indication.source_ieee == Ieee(0x00158D0001020304)));
    BOOST_TEST(message->indication.profile == 0xC05E);
    BOOST_TEST(to_hex(message->indication.payload) == "112233");
}

BOOST_AUTO_TEST_CASE(joins_and_leaves_are_read_and_every_truncation_is_an_error) {
    const auto join = hex("57 4A 04 03 02 01 00 8D 15 00 00 00");
    BOOST_TEST(read_device_ind(join)->address == 0x4A57);
    BOOST_TEST((read_device_ind(join)->ieee == Ieee(0x00158D0001020304)));
    for (std::size_t n = 0; n < 10; ++n)
        BOOST_TEST(!read_device_ind(ByteView(join).first(n)), n);
    const auto leave = hex("57 4A 04 03 02 01 00 8D 15 00 01 00 01");
    BOOST_TEST(read_leave_ind(leave)->rejoin);
    for (std::size_t n = 0; n < leave.size(); ++n)
        BOOST_TEST(!read_leave_ind(ByteView(leave).first(n)), n);
}

BOOST_AUTO_TEST_CASE(a_fetched_block_must_be_of_the_length_asked_for) {
    BOOST_TEST(to_hex(*read_retrieved(hex("00 02 AA BB"), 2)) == "aabb");
    BOOST_TEST((read_retrieved(hex("00 02 AA BB"), 3).error() == Errc::mismatch));
    BOOST_TEST((read_retrieved(hex("10 00"), 2).error() == Errc::no_resources));
    BOOST_TEST((read_retrieved(hex("00 02 AA"), 2).error() == Errc::truncated));
    BOOST_TEST((read_retrieved(Bytes(), 2).error() == Errc::truncated));
}

BOOST_AUTO_TEST_SUITE_END()
