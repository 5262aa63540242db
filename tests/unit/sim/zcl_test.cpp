#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>
#include <zcl.hpp>

#include "octets.hpp"

namespace waggle::sim {
namespace {

using zcl::value_size;

BOOST_AUTO_TEST_SUITE(zcl_codec)

BOOST_AUTO_TEST_CASE(a_header_with_a_manufacturer_code_is_five_bytes) {
    // The write that makes a QBKG04LM's rocker stop switching its relay.
    const Bytes bytes = octets("14 5F 11 0B 02 22 FF 20 FE");
    const auto frame = zcl::parse(bytes);
    BOOST_REQUIRE(frame);
    BOOST_TEST(frame->is_global());
    BOOST_TEST(!frame->wants_default_response());
    BOOST_TEST(!frame->is_from_server());
    BOOST_TEST(frame->manufacturer == 0x115F);
    BOOST_TEST(frame->sequence == 0x0B);
    BOOST_TEST(frame->command == zcl::command::write);
    BOOST_TEST(to_hex(frame->payload) == "22ff20fe");
    BOOST_TEST(to_hex(zcl::build(*frame)) == to_hex(bytes));
}

BOOST_AUTO_TEST_CASE(every_truncated_header_is_refused) {
    const Bytes whole = octets("14 5F 11 0B 02");
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        BOOST_TEST(!zcl::parse(cut));
    }
    BOOST_TEST(zcl::parse(whole).has_value());
}

BOOST_AUTO_TEST_CASE(sizes_are_those_of_the_specification) {
    const Bytes room(64, 0);
    const struct {
        std::uint8_t type;
        std::size_t size;
    } fixed[] = {{0x00, 0}, {0x08, 1}, {0x0F, 8}, {0x10, 1}, {0x18, 1}, {0x1B, 4}, {0x1F, 8},
                 {0x20, 1}, {0x22, 3}, {0x25, 6}, {0x27, 8}, {0x28, 1}, {0x2A, 3}, {0x2F, 8},
                 {0x30, 1}, {0x31, 2}, {0x38, 2}, {0x39, 4}, {0x3A, 8}, {0xE0, 4}, {0xE1, 4},
                 {0xE2, 4}, {0xE8, 2}, {0xE9, 2}, {0xEA, 4}, {0xF0, 8}, {0xF1, 16}};
    for (const auto& [type, size] : fixed) {
        BOOST_TEST((value_size(type, room) == size), "type " << int{type});
        if (size > 0)
            BOOST_TEST(!value_size(type, View(room).first(size - 1)));
    }
    BOOST_TEST(!value_size(0x70, room));
    BOOST_TEST(!value_size(0xFF, room));
}

BOOST_AUTO_TEST_CASE(texts_carry_their_length_and_all_ones_means_none) {
    BOOST_TEST((value_size(0x42, octets("03 61 62 63 64")) == 4));
    BOOST_TEST((value_size(0x42, octets("FF 61")) == 1));
    BOOST_TEST((value_size(0x44, octets("02 00 61 62")) == 4));
    BOOST_TEST((value_size(0x43, octets("FF FF")) == 2));
    BOOST_TEST(!value_size(0x42, octets("05 61 62")));
    BOOST_TEST(!value_size(0x44, octets("02")));
}

BOOST_AUTO_TEST_CASE(collections_are_measured_to_their_end) {
    // An array of two uint16; a structure of a bool, a uint8 and a string.
    BOOST_TEST((value_size(0x48, octets("21 02 00 01 00 02 00 99")) == 7));
    BOOST_TEST((value_size(0x4C, octets("03 00 10 01 20 05 42 02 61 62 99")) == 10));
    const Bytes structure = octets("03 00 10 01 20 05 42 02 61 62");
    for (std::size_t size = 0; size < structure.size(); ++size) {
        const Bytes cut(structure.begin(), structure.begin() + static_cast<std::ptrdiff_t>(size));
        BOOST_TEST(!value_size(0x4C, cut));
    }
}

BOOST_AUTO_TEST_CASE(nesting_without_end_is_refused) {
    Bytes nested;
    for (int i = 0; i < 100; ++i)
        nested.insert(nested.end(), {0x01, 0x00, 0x4C});
    BOOST_TEST(!value_size(0x4C, nested));
}

BOOST_AUTO_TEST_CASE(values_go_to_json_and_back) {
    const struct {
        std::uint8_t type;
        const char* bytes;
        boost::json::value json;
    } cases[] = {{0x29, "2e09", 2350},
                 {0x29, "f0ff", -16},
                 {0x28, "80", -128},
                 {0x20, "fe", 254},
                 {0x10, "01", 1},
                 {0x42, "044c554d49", "LUMI"},
                 {0x39, "0000c841", 25.0},
                 {0x41, "03aa1005", "hex:aa1005"},
                 {0x23, "ffffffff", 4294967295}};
    for (const auto& [type, bytes, json] : cases) {
        BOOST_TEST(zcl::to_json(type, octets(bytes)) == json);
        BOOST_TEST((zcl::from_json(type, json) == octets(bytes)));
    }
    BOOST_TEST(!zcl::from_json(0x20, "LUMI"));
    BOOST_TEST(!zcl::from_json(0x42, 5));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace waggle::sim
