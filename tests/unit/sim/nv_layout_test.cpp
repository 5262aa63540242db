#include <boost/test/unit_test.hpp>
#include <nv_layout.hpp>

#include "octets.hpp"

namespace waggle::sim {
namespace {

// Records written by zigbee-herdsman 10.9.2 for the same values.
const Bytes packed_nib = octets(
    "000000000000000000000000050000000000000000000f00000000000000000000621a080080000000000000000000"
    "00"
    "0000000000060504030201dddd01000000000000000000000000000000000000000000000000000000000000000000"
    "00"
    "0000000000000000000000000003");
const Bytes aligned_nib = octets(
    "0000000000000000000000000500000000000000000000000f0000000000000000000000621a080000800000000000"
    "00"
    "000000000000000000060504030201dddd010000000000000000000000000000000000000000000000000000000000"
    "00"
    "0000000000000000000000000000000000000300");
constexpr std::uint64_t address = 0x00158D0001A2B3C4;

BOOST_AUTO_TEST_SUITE(nv_layout)

BOOST_AUTO_TEST_CASE(the_network_information_base_is_read_in_both_layouts) {
    for (const Bytes& bytes : {packed_nib, aligned_nib}) {
        const auto nib = decode_nib(bytes);
        BOOST_REQUIRE(nib);
        BOOST_TEST(nib->channel == 15);
        BOOST_TEST(nib->pan_id == 0x1A62);
        BOOST_TEST(nib->state == 8);
        BOOST_TEST(nib->channel_list == 0x8000u);
        BOOST_TEST(nib->extended_pan_id == 0xDDDD010203040506u);
        BOOST_TEST(nib->key_loaded);
        BOOST_TEST(nib->security_level == 5);
        BOOST_TEST(nib->update_id == 3);
    }
}

BOOST_AUTO_TEST_CASE(what_is_written_stands_where_a_host_reads_it) {
    Nib nib = *decode_nib(packed_nib);
    for (const auto alignment : {Alignment::packed, Alignment::aligned}) {
        const Bytes bytes = encode_nib(nib, alignment);
        BOOST_TEST(bytes.size() == (alignment == Alignment::packed ? 110u : 116u));
        const auto again = decode_nib(bytes);
        BOOST_REQUIRE(again);
        BOOST_TEST(again->pan_id == nib.pan_id);
        BOOST_TEST(again->extended_pan_id == nib.extended_pan_id);
        BOOST_TEST(again->channel == nib.channel);
        BOOST_TEST(again->update_id == nib.update_id);
    }
}

BOOST_AUTO_TEST_CASE(every_other_length_is_refused) {
    for (std::size_t size = 0; size < 140; ++size)
        BOOST_TEST(decode_nib(Bytes(size)).has_value() == (size == 110 || size == 116));
}

BOOST_AUTO_TEST_CASE(table_entries_have_the_layout_a_host_expects) {
    AddressEntry entry;
    entry.user = 3;
    entry.nwk = 0xC95B;
    entry.ieee = address;
    BOOST_TEST(to_hex(encode(entry, Alignment::packed)) == "035bc9c4b3a201008d1500");
    BOOST_TEST(to_hex(encode(entry, Alignment::aligned)) == "03ff5bc9c4b3a201008d1500");
    TclkEntry key;
    key.tx_counter = 0x01020304;
    key.rx_counter = 5;
    key.ieee = address;
    key.attributes = 2;
    key.seed_shift = 7;
    BOOST_TEST(to_hex(encode(key, Alignment::packed)) == "0403020105000000c4b3a201008d1500020007");
    BOOST_TEST(to_hex(encode(key, Alignment::aligned)) ==
               "0403020105000000c4b3a201008d150002000700");
    SecurityMaterial material;
    material.counter = 1251;
    material.extended_pan_id = 0xDDDD010203040506;
    BOOST_TEST(to_hex(encode(material)) == "e3040000060504030201dddd");
}

BOOST_AUTO_TEST_CASE(the_length_of_the_key_record_tells_the_layout) {
    BOOST_TEST(encode_active_key({}, 0, Alignment::packed).size() == 21u);
    BOOST_TEST(encode_active_key({}, 0, Alignment::aligned).size() == 24u);
}

BOOST_AUTO_TEST_CASE(a_link_key_is_the_rotated_seed_and_the_address_twice) {
    const Bytes seed = octets("00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F");
    // Rotated left by 3, XORed with C4 B3 A2 01 00 8D 15 00 repeated.
    BOOST_TEST(to_hex(derive_link_key(seed, 3, address)) == "c7b7a70707851c0acfbfaf0f0f8d1402");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace waggle::sim
