#include <boost/test/unit_test.hpp>

#include "support/hex.hpp"
#include "zigbee/zcl_frame.hpp"

namespace waggle {

using test::hex;

namespace {

void check_written_back(const zcl::Header& header, const Bytes& expected) {
    Bytes again;
    ByteWriter out(again);
    zcl::write_header(out, header);
    BOOST_TEST(to_hex(again) == to_hex(expected));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(zcl_header)

// QBKG04LM write of its operation mode
BOOST_AUTO_TEST_CASE(manufacturer_code_is_read_when_the_flag_says_so) {
    const auto bytes = hex("14 5F11 13 02 22FF 20 FE");
    ByteReader in(bytes);
    const auto header = zcl::read_header(in);
    BOOST_TEST_REQUIRE(header.has_value());
    BOOST_TEST(header->manufacturer.value() == 0x115F);
    BOOST_TEST(header->sequence == 0x13);
    BOOST_TEST(header->command == 0x02);
    BOOST_TEST((header->type == zcl::FrameType::global));
    BOOST_TEST((header->direction == zcl::Direction::client_to_server));
    BOOST_TEST(header->disable_default_response);
    BOOST_TEST(in.left() == 4u);  // the reader stands at the payload
    check_written_back(*header, hex("14 5F11 13 02"));
}

BOOST_AUTO_TEST_CASE(a_cluster_command_asks_for_a_default_response_when_the_flag_is_clear) {
    const auto bytes = hex("01 2A 02");
    ByteReader in(bytes);
    const auto header = zcl::read_header(in);
    BOOST_TEST_REQUIRE(header.has_value());
    BOOST_TEST(!header->manufacturer.has_value());
    BOOST_TEST((header->type == zcl::FrameType::cluster));
    BOOST_TEST(!header->disable_default_response);
    check_written_back(*header, bytes);
}

BOOST_AUTO_TEST_CASE(the_direction_and_reserved_bits_are_read_and_only_the_first_kept) {
    const auto bytes = hex("F8 2A 0A");
    ByteReader in(bytes);
    const auto header = zcl::read_header(in);
    BOOST_TEST_REQUIRE(header.has_value());
    BOOST_TEST((header->direction == zcl::Direction::server_to_client));
    check_written_back(*header, hex("18 2A 0A"));
}

BOOST_AUTO_TEST_CASE(every_truncation_is_an_error_and_none_reads_past_the_end) {
    for (const auto& whole : {hex("1C 5F11 2A 0A"), hex("18 2A 0A")})
        for (std::size_t n = 0; n < whole.size(); ++n) {
            const Bytes cut(whole.data(), whole.data() + n);  // own block: ASan sees an overread
            ByteReader in(cut);
            BOOST_TEST((zcl::read_header(in).error() == Errc::truncated), "cut to " << n);
        }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waggle
