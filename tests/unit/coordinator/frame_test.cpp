#include "coordinator/znp/frame.hpp"

#include <memory>

#include <boost/test/unit_test.hpp>

#include "support/hex.hpp"

using namespace waggle;
using namespace waggle::znp;
using waggle::test::hex;

namespace {

// Reply to SYS_VERSION and the reset indication of a CC2652 [captured from zigbee2mqtt's log].
const Bytes version_reply = hex("FE 09 61 02 02 01 02 07 01 04 64 34 01 38");
const Bytes reset_ind = hex("FE 06 41 80 02 00 02 06 03 00 C2");

Bytes joined(std::initializer_list<Bytes> parts) {
    Bytes all;
    for (const auto& part : parts)
        all.insert(all.end(), part.begin(), part.end());
    return all;
}

/// The command octets of all frames in `bytes`, and what is left.
std::pair<std::vector<int>, std::size_t> scan(const Bytes& bytes) {
    ByteView rest = bytes;
    std::vector<int> commands;
    while (const auto frame = next_frame(rest))
        commands.push_back(frame->command);
    return {commands, rest.size()};
}

std::uint8_t checksum(const Bytes& frame) {
    std::uint8_t sum = 0;
    for (std::size_t i = 1; i < frame.size(); ++i)
        sum ^= frame[i];
    return sum;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(frame)

BOOST_AUTO_TEST_CASE(a_request_is_framed_as_the_specification_shows) {
    // SYS_PING [MT 3.8.1.2]
    BOOST_TEST(encode_frame(Type::sreq, Subsystem::sys, 0x01, {}) == hex("FE 00 21 01 20"));
    // ZDO_EXT_ROUTE_DISC, from zigbee-herdsman's own tests
    BOOST_TEST(encode_frame(Type::sreq, Subsystem::zdo, 0x45, hex("02 00 00 1E")) ==
               hex("FE 04 25 45 02 00 00 1E 78"));
}

BOOST_AUTO_TEST_CASE(a_frame_is_taken_apart_without_copying) {
    ByteView rest = reset_ind;
    const auto frame = next_frame(rest);
    BOOST_REQUIRE(frame);
    BOOST_TEST((frame->type == Type::areq));
    BOOST_TEST((frame->subsystem == Subsystem::sys));
    BOOST_TEST(frame->command == 0x80);
    BOOST_TEST(frame->data.data() == reset_ind.data() + 4);
    BOOST_TEST(frame->data.size() == 6u);
    BOOST_TEST(rest.empty());
}

BOOST_AUTO_TEST_CASE(every_truncation_waits_for_more_and_none_reads_past_the_end) {
    for (std::size_t n = 0; n < reset_ind.size(); ++n) {
        // Its own heap block of the exact size: a sanitizer sees an overread.
        const auto block = std::make_unique<std::uint8_t[]>(n);
        std::copy_n(reset_ind.begin(), n, block.get());
        ByteView rest(block.get(), n);
        BOOST_TEST(!next_frame(rest), "cut to " << n);
        BOOST_TEST(rest.size() == n);
    }
}

BOOST_AUTO_TEST_CASE(noise_before_a_frame_is_skipped) {
    const auto found = scan(joined({hex("00 11 22 33"), reset_ind}));
    BOOST_TEST(found.first == std::vector<int>({0x80}));
    BOOST_TEST(found.second == 0u);
}

BOOST_AUTO_TEST_CASE(any_single_damaged_octet_costs_only_its_own_frame) {
    for (std::size_t at = 0; at < reset_ind.size(); ++at) {
        for (int bit = 0; bit < 8; ++bit) {
            auto damaged = reset_ind;
            damaged[at] ^= static_cast<std::uint8_t>(1 << bit);
            // Enough good frames behind it that even the largest wrong length is used up.
            Bytes all = damaged;
            constexpr int good = 40;
            for (int i = 0; i < good; ++i)
                all.insert(all.end(), version_reply.begin(), version_reply.end());
            const auto found = scan(all);
            BOOST_TEST(found.first.size() == static_cast<std::size_t>(good),
                       "octet " << at << " bit " << bit);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_start_byte_inside_a_damaged_frame_starts_the_next_search) {
    // The damaged frame's claimed length covers the good one behind it.
    const auto found = scan(joined({hex("FE 0B 41 80 02"), reset_ind}));
    BOOST_TEST(found.first == std::vector<int>({0x80}));
}

BOOST_AUTO_TEST_CASE(a_length_that_no_frame_has_is_damage_at_once) {
    const auto found = scan(joined({hex("FE FB 41"), reset_ind}));
    BOOST_TEST(found.first == std::vector<int>({0x80}));
}

BOOST_AUTO_TEST_CASE(a_type_that_a_co_processor_never_sends_is_damage_at_once) {
    const auto found = scan(joined({hex("FE 40 21"), reset_ind}));
    BOOST_TEST(found.first == std::vector<int>({0x80}));
}

BOOST_AUTO_TEST_CASE(the_longest_frame_is_read) {
    Bytes longest{0xFE, 250, 0x44, 0x81};
    longest.resize(254, 0xFE);
    longest.push_back(checksum(longest));
    const auto found = scan(longest);
    BOOST_TEST(found.first == std::vector<int>({0x81}));
}

BOOST_AUTO_TEST_CASE(behind_a_stalled_frame_a_complete_one_is_found) {
    const auto bytes = joined({hex("FE 60 41 80 02"), reset_ind});
    ByteView rest = bytes;
    BOOST_TEST(!next_frame(rest));
    BOOST_TEST(rest.size() == bytes.size());
    const auto frame = next_frame_behind_stall(rest);
    BOOST_REQUIRE(frame);
    BOOST_TEST(frame->command == 0x80);
    BOOST_TEST(rest.empty());
}

BOOST_AUTO_TEST_CASE(a_stalled_frame_with_nothing_behind_it_stays) {
    const auto bytes = hex("FE 06 41 80 02 00");
    ByteView rest = bytes;
    BOOST_TEST(!next_frame_behind_stall(rest));
    BOOST_TEST(rest.size() == bytes.size());
}

BOOST_AUTO_TEST_SUITE_END()
