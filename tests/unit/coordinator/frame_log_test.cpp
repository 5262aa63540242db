#include "coordinator/znp/frame_log.hpp"

#include <boost/test/unit_test.hpp>

#include "support/hex.hpp"

using namespace waggle;
using namespace waggle::znp;
using waggle::test::hex;

BOOST_AUTO_TEST_SUITE(frame_log)

BOOST_AUTO_TEST_CASE(a_frame_is_shown_with_its_command_and_bytes) {
    BOOST_TEST(frame_text(hex("FE 09 61 02 02 01 02 07 01 04 64 34 01 38")) ==
               "SRSP 0102 020102070104643401");
}

// NV item 0x0062 is the network key [zigbee-herdsman, NvItemsIds.PRECFGKEY].
BOOST_AUTO_TEST_CASE(a_key_that_is_written_is_not_shown) {
    BOOST_TEST(frame_text(hex("FE 14 21 09 62 00 00 10 000102030405060708090A0B0C0D0E0F 00")) ==
               "SREQ 0109 62000010 and 16 bytes not shown");
    BOOST_TEST(frame_text(hex(
                   "FE 18 21 34 01 04 00 00 00 00 00 10 000102030405060708090A0B0C0D0E0F 00")) ==
               "SREQ 0134 0104000000000010 and 16 bytes not shown");
}

BOOST_AUTO_TEST_CASE(a_key_that_is_read_is_not_shown) {
    BOOST_TEST(frame_text(hex("FE 12 61 08 00 10 000102030405060708090A0B0C0D0E0F 00")) ==
               "SRSP 0108 0010 and 16 bytes not shown");
    BOOST_TEST(frame_text(hex("FE 13 66 04 00 63 10 000102030405060708090A0B0C0D0E0F 00")) ==
               "SRSP 0604 006310 and 16 bytes not shown");
}

BOOST_AUTO_TEST_CASE(what_is_no_frame_is_shown_as_it_is) {
    BOOST_TEST(frame_text(hex("EF")) == "ef");
    BOOST_TEST(frame_text(hex("FE 05 21 09 62")) == "fe05210962");
}

BOOST_AUTO_TEST_SUITE_END()
