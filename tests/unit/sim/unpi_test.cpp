#include <boost/test/unit_test.hpp>
#include <unpi.hpp>

#include "octets.hpp"

namespace waggle::sim {
namespace {

/// Codes and data of the frames found in `bytes`, fed in pieces of `step`.
std::vector<std::string> parse(View bytes, std::size_t step) {
    std::vector<std::string> found;
    UnpiParser parser([&](const MtFrame& frame) {
        found.push_back(hex16(frame.code) + " " + to_hex(frame.data));
    });
    for (std::size_t at = 0; at < bytes.size(); at += step)
        parser.feed(bytes.subspan(at, std::min(step, bytes.size() - at)));
    return found;
}

// SYS_PING from the Monitor and Test guide; SYS_NV_READ and AF_DATA_REQUEST_EXT as zigbee-herdsman
// 10.9.2 writes them.
const Bytes ping = octets("FE 00 21 01 20");
const Bytes nv_read = octets("FE 08 21 33 01 07 00 0B 00 00 00 0C 1B");
const Bytes data_request = octets(
    "FE 1A 24 02 02 FD FF 00 00 00 00 00 00 F2 00 00 F2 21 00 01 00 1E 06 00 19 00 02 0A 00 00 15");

BOOST_AUTO_TEST_SUITE(unpi)

BOOST_AUTO_TEST_CASE(frames_of_a_real_host_are_read_in_pieces_of_any_size) {
    Bytes stream = ping;
    stream.insert(stream.end(), nv_read.begin(), nv_read.end());
    stream.insert(stream.end(), data_request.begin(), data_request.end());
    const std::vector<std::string> expected{"0x2101 ", "0x2133 0107000b0000000c",
                                            "0x2402 02fdff000000000000f20000f221000100"
                                            "1e0600190002"
                                            "0a0000"};
    for (std::size_t step = 1; step <= stream.size(); ++step)
        BOOST_TEST(parse(stream, step) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_frame_is_written_as_a_real_host_writes_it) {
    Bytes out;
    append_unpi(out, 0x2101, {});
    append_unpi(out, 0x2133, octets("01 07 00 0B 00 00 00 0C"));
    Bytes expected = ping;
    expected.insert(expected.end(), nv_read.begin(), nv_read.end());
    BOOST_TEST(to_hex(out) == to_hex(expected));
}

BOOST_AUTO_TEST_CASE(after_damage_the_search_goes_on_behind_the_failed_start_byte) {
    // The damaged length (0x1A) reaches over the two frames behind it.
    Bytes stream = octets("FE 0A 21 01 20");
    stream.insert(stream.end(), ping.begin(), ping.end());
    stream.insert(stream.end(), nv_read.begin(), nv_read.end());
    const std::vector<std::string> expected{"0x2101 ", "0x2133 0107000b0000000c"};
    BOOST_TEST(parse(stream, 1) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_length_that_cannot_be_is_skipped) {
    Bytes stream = octets("FE FE FB FE FF");
    stream.insert(stream.end(), ping.begin(), ping.end());
    BOOST_TEST(parse(stream, 3).size() == 1u);
}

BOOST_AUTO_TEST_CASE(the_byte_that_leaves_a_bootloader_is_ignored) {
    Bytes stream = octets("EF");
    stream.insert(stream.end(), ping.begin(), ping.end());
    BOOST_TEST(parse(stream, 1).size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_cut_frame_is_nothing_yet) {
    for (std::size_t size = 0; size < data_request.size(); ++size) {
        const Bytes cut(data_request.begin(),
                        data_request.begin() + static_cast<std::ptrdiff_t>(size));
        BOOST_TEST(parse(cut, 1).empty());
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace waggle::sim
