#include "base/bytes.hpp"

#include <boost/test/unit_test.hpp>

#include "support/hex.hpp"

namespace waggle {

using test::hex;

BOOST_AUTO_TEST_SUITE(bytes)

BOOST_AUTO_TEST_CASE(integers_are_little_endian) {
    const auto octets = hex("01 0302 060504 0A090807 1211100F0E0D0C0B");
    ByteReader in(octets);
    BOOST_TEST(in.u8() == 0x01);
    BOOST_TEST(in.u16() == 0x0203);
    BOOST_TEST(in.u24() == 0x040506u);
    BOOST_TEST(in.u32() == 0x0708090Au);
    BOOST_TEST(in.u64() == 0x0B0C0D0E0F101112u);
    BOOST_TEST(in.empty());
    BOOST_TEST(!in.failed());

    Bytes written;
    ByteWriter(written).u8(0x01).u16(0x0203).u24(0x040506).u32(0x0708090A).u64(0x0B0C0D0E0F101112);
    BOOST_TEST(written == octets);
}

BOOST_AUTO_TEST_CASE(signed_integers_of_every_width_keep_their_sign) {
    for (std::size_t width = 1; width <= 8; ++width) {
        const Bytes minus_two = [width] {
            Bytes octets(width, 0xFF);
            octets[0] = 0xFE;
            return octets;
        }();
        ByteReader in(minus_two);
        BOOST_TEST(in.little_endian_signed(width) == -2, "width " << width);
    }
    const auto largest = hex("FFFF7F");
    ByteReader in(largest);
    BOOST_TEST(in.little_endian_signed(3) == 0x7FFFFF);
}

BOOST_AUTO_TEST_CASE(a_reader_that_ran_out_stays_failed_and_returns_nothing) {
    const auto octets = hex("0102");
    ByteReader in(octets);
    BOOST_TEST(in.u24() == 0u);
    BOOST_TEST(in.failed());
    BOOST_TEST(in.u8() == 0u);  // not even what would have been there
    BOOST_TEST(in.bytes(1).empty());
    BOOST_TEST(in.left() == 0u);
}

BOOST_AUTO_TEST_CASE(a_view_of_too_many_octets_fails_and_is_empty) {
    const auto octets = hex("010203");
    ByteReader in(octets);
    BOOST_TEST(in.bytes(2).size() == 2u);
    BOOST_TEST(in.rest().size() == 1u);
    BOOST_TEST(in.bytes(2).empty());
    BOOST_TEST(in.failed());
}

BOOST_AUTO_TEST_CASE(no_octets_at_all_is_not_a_failure) {
    ByteReader in({});
    BOOST_TEST(in.empty());
    BOOST_TEST(in.bytes(0).empty());
    BOOST_TEST(!in.failed());
}

BOOST_AUTO_TEST_CASE(hexadecimal_text_goes_both_ways) {
    BOOST_TEST(to_hex(hex("00 1a FF")) == "001aff");
    BOOST_TEST(from_hex("").value().empty());
    BOOST_TEST((from_hex(" 1c 5f11 ").value() == Bytes{0x1C, 0x5F, 0x11}));
    for (const auto* text : {"1", "1g", "0x12", "1 2", "12-34"})
        BOOST_TEST((from_hex(text).error() == Errc::malformed), text);
}

BOOST_AUTO_TEST_CASE(text_and_octets_view_each_other) {
    BOOST_TEST(as_text(as_bytes("abc")) == "abc");
    BOOST_TEST(as_bytes("\xFF")[0] == 0xFF);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waggle
