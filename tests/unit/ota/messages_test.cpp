#include "ota/messages.hpp"

#include <boost/test/unit_test.hpp>

#include "ota/pacing.hpp"
#include "support/hex.hpp"

using namespace waggle;
using namespace waggle::ota;
using namespace std::chrono_literals;
using waggle::test::hex;

BOOST_AUTO_TEST_SUITE(messages)

// [ZCL8 11.13.4]
BOOST_AUTO_TEST_CASE(every_truncation_of_a_query_is_an_error) {
    const auto whole = hex("01 5F11 0101 15000000 1200");
    BOOST_TEST(read_query(whole).has_value());
    for (std::size_t n = 0; n < whole.size(); ++n) {
        const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n));
        BOOST_TEST((read_query(cut).error() == Errc::truncated), "cut to " << n);
    }
}

// [ZCL8 11.13.6]; what follows is not needed: the address of the device, its wish for a pace
BOOST_AUTO_TEST_CASE(every_truncation_of_a_block_request_is_an_error) {
    const auto whole = hex("00 5F11 0101 16000000 64000000 32");
    for (std::size_t n = 0; n < whole.size(); ++n) {
        const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n));
        BOOST_TEST((read_block_request(cut, false).error() == Errc::truncated), "cut to " << n);
    }
    for (const auto* text :
         {"00 5F11 0101 16000000 64000000 32",
          "03 5F11 0101 16000000 64000000 32 0403020100 8D1500 C800",
          "02 5F11 0101 16000000 64000000 32"}) {  // announces a pace and leaves it out
        const auto request = read_block_request(hex(text), false);
        BOOST_REQUIRE_MESSAGE(request, text);
        BOOST_TEST(request->manufacturer == 0x115F);
        BOOST_TEST(request->image_type == 0x0101);
        BOOST_TEST(request->file_version == 22u);
        BOOST_TEST(request->offset == 100u);
        BOOST_TEST(request->maximum_data_size == 50);
        BOOST_TEST(!request->page_size.has_value());
    }
}

// [ZCL8 11.13.7]
BOOST_AUTO_TEST_CASE(every_truncation_of_a_page_request_is_an_error) {
    const auto whole = hex("00 5F11 0101 16000000 64000000 32 0004 6400");
    BOOST_TEST(read_block_request(whole, true)->page_size.value() == 1024);
    for (std::size_t n = 0; n < whole.size(); ++n) {
        const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n));
        BOOST_TEST((read_block_request(cut, true).error() == Errc::truncated), "cut to " << n);
    }
}

// [ZCL8 11.13.9]
BOOST_AUTO_TEST_CASE(every_truncation_of_an_upgrade_end_request_is_an_error) {
    const auto whole = hex("96 5F11 0101 16000000");
    BOOST_TEST((read_end_request(whole)->status == zcl::Status::invalid_image));
    for (std::size_t n = 0; n < whole.size(); ++n) {
        const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n));
        BOOST_TEST((read_end_request(cut).error() == Errc::truncated), "cut to " << n);
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(pace)

BOOST_AUTO_TEST_CASE(the_first_block_does_not_wait_and_the_next_keeps_its_distance) {
    Pacing pace(250ms, 50);
    const auto now = Clock::now();
    BOOST_TEST((pace.next() < now));
    pace.began(now);
    pace.delivered();
    BOOST_TEST((pace.next() == now + 250ms));
}

BOOST_AUTO_TEST_CASE(losses_add_distance_up_to_five_seconds) {
    Pacing pace(0ms, 50);
    pace.began(Clock::now());
    pace.lost();
    BOOST_TEST((pace.added() == 100ms));
    pace.lost();
    BOOST_TEST((pace.added() == 200ms));
    for (int i = 0; i < 20; ++i)
        pace.lost();
    BOOST_TEST((pace.added() == 5s));
}

BOOST_AUTO_TEST_CASE(what_was_added_goes_away_with_patience) {
    Pacing pace(0ms, 50);
    pace.lost();
    pace.lost();
    for (int i = 0; i < 7; ++i)
        pace.delivered();
    BOOST_TEST((pace.added() == 200ms));
    pace.delivered();
    BOOST_TEST((pace.added() == 150ms));
    for (int i = 0; i < 80; ++i)
        pace.delivered();
    BOOST_TEST((pace.added() == 0ms));
}

BOOST_AUTO_TEST_CASE(three_losses_in_a_row_halve_the_blocks_down_to_sixteen_octets) {
    Pacing pace(0ms, 50);
    pace.lost();
    pace.lost();
    pace.delivered();
    pace.lost();
    BOOST_TEST(pace.size() == 50);
    pace.lost();
    pace.lost();
    BOOST_TEST(pace.size() == 25);
    for (int i = 0; i < 9; ++i)
        pace.lost();
    BOOST_TEST(pace.size() == 16);
    for (int i = 0; i < 8; ++i)
        pace.delivered();
    BOOST_TEST(pace.size() == 32);
    for (int i = 0; i < 8; ++i)
        pace.delivered();
    BOOST_TEST(pace.size() == 50);
}

BOOST_AUTO_TEST_CASE(blocks_that_are_small_anyway_stay_as_they_are) {
    Pacing pace(0ms, 10);
    for (int i = 0; i < 9; ++i)
        pace.lost();
    BOOST_TEST(pace.size() == 10);
}

BOOST_AUTO_TEST_SUITE_END()
