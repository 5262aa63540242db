#include "coordinator/znp/structs.hpp"

#include <boost/test/unit_test.hpp>

#include "support/hex.hpp"

// The expected octets were printed by zigbee-herdsman's own structures: structs_from_herdsman.js
// beside this file does it again.

using namespace waggle;
using namespace waggle::znp;
using waggle::test::hex;

namespace {

/// 01 02 03 ...
Bytes counting(std::size_t size) {
    Bytes out(size);
    for (std::size_t i = 0; i < size; ++i)
        out[i] = static_cast<std::uint8_t>(i + 1);
    return out;
}

const char* const nib_even =
    "0102030405060708090a0b0c0d0e0f001011121314001516170018191a1b1c1d1e1f202122232400252627282"
    "92a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f505152535455"
    "565758595a5b5c5d5e5f60616263646566676869006a6b6c6d6e00";

template <class S>
void check_both_forms(std::size_t packed, const std::string& even) {
    const auto image = counting(packed);
    const auto value = read_struct<S>(image);
    BOOST_REQUIRE(value);
    BOOST_TEST(write_struct(*value, Alignment::packed) == image);
    BOOST_TEST(to_hex(write_struct(*value, Alignment::even)) == even);
    const auto again = read_struct<S>(hex(even));
    BOOST_REQUIRE(again);
    BOOST_TEST(write_struct(*again, Alignment::packed) == image);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(structs)

BOOST_AUTO_TEST_CASE(the_network_information_base_is_read_in_both_layouts) {
    for (const auto& image : {counting(110), hex(nib_even)}) {
        const auto nib = read_struct<Nib>(image);
        BOOST_REQUIRE(nib);
        BOOST_TEST(nib->pan_id == 0x2322);
        BOOST_TEST(nib->extended_pan_id == 0x3D3C3B3A39383736u);
        BOOST_TEST(nib->channel_mask == 0x28272625u);
        BOOST_TEST(nib->logical_channel == 0x17);
        BOOST_TEST(nib->security_level == 0x0D);
        BOOST_TEST(nib->update_id == 0x6E);
        BOOST_TEST(write_struct(*nib, Alignment::packed) == counting(110));
        BOOST_TEST(to_hex(write_struct(*nib, Alignment::even)) == nib_even);
    }
}

BOOST_AUTO_TEST_CASE(the_other_structures_are_read_and_written_in_both_layouts) {
    check_both_forms<KeyDescriptor>(17, "0102030405060708090a0b0c0d0e0f101100");
    check_both_forms<AddressManagerEntry>(11, "01ff02030405060708090a0b");
    check_both_forms<SecurityManagerEntry>(5, "010203040500");
    check_both_forms<LinkKeyEntry>(24, "0102030405060708090a0b0c0d0e0f101112131415161718");
    check_both_forms<TclkEntry>(19, "0102030405060708090a0b0c0d0e0f1011121300");
    check_both_forms<SecurityMaterial>(12, "0102030405060708090a0b0c");
}

BOOST_AUTO_TEST_CASE(empty_entries_are_what_the_stack_writes) {
    BOOST_TEST(to_hex(write_struct(SecurityManagerEntry{}, Alignment::packed)) == "feff000000");
    BOOST_TEST(to_hex(write_struct(SecurityManagerEntry{}, Alignment::even)) == "feff00000000");
    BOOST_TEST(to_hex(write_struct(AddressManagerEntry{}, Alignment::even)) ==
               "00ff00000000000000000000");
}

BOOST_AUTO_TEST_CASE(a_counted_table_has_the_number_of_used_entries_in_front) {
    std::vector<SecurityManagerEntry> entries(3);
    entries[0].address_index = 4;
    entries[0].key_id = 0x201;
    entries[0].authentication = 1;
    const std::span<const SecurityManagerEntry> view = entries;
    BOOST_TEST(to_hex(write_table(view, true, Alignment::packed)) ==
               "01000400010201feff000000feff000000");
    BOOST_TEST(to_hex(write_table(view, true, Alignment::even)) ==
               "0100040001020100feff00000000feff00000000");
    const auto item = hex("0100040001020100feff00000000feff00000000");
    const auto read = read_table<SecurityManagerEntry>(item, true, Alignment::even);
    BOOST_REQUIRE(read);
    BOOST_TEST(read->size() == 3u);
    BOOST_TEST(read->at(0).is_set());
    BOOST_TEST(!read->at(1).is_set());
}

BOOST_AUTO_TEST_CASE(a_length_that_fits_neither_layout_is_an_error) {
    for (std::size_t size = 0; size < 130; ++size) {
        const Bytes image(size, 0);
        BOOST_TEST(read_struct<Nib>(image).has_value() == (size == 110 || size == 116), size);
        BOOST_TEST(read_struct<TclkEntry>(image).has_value() == (size == 19 || size == 20), size);
        const auto table = read_table<SecurityManagerEntry>(image, true, Alignment::packed);
        BOOST_TEST(table.has_value() == (size >= 2 && (size - 2) % 5 == 0), size);
    }
}

BOOST_AUTO_TEST_CASE(a_link_key_is_the_rotated_seed_with_the_address_over_it) {
    // Computed by zigbee-herdsman's backup code: shift 3, address 0x00158d0001020304.
    Key seed{};
    for (std::size_t i = 0; i < seed.size(); ++i)
        seed[i] = static_cast<std::uint8_t>(0xA0 + i);
    const auto key = derive_link_key(seed, 3, 0x00158D0001020304);
    BOOST_TEST(to_hex(key) == "a7a7a7a7a725bcaaafafafafaf2db4a2");
    const auto shift = find_seed_shift(seed, key, 0x00158D0001020304);
    BOOST_REQUIRE(shift);
    BOOST_TEST(*shift == 3);
    BOOST_TEST(!find_seed_shift(seed, Key{}, 0x00158D0001020304));
}

BOOST_AUTO_TEST_CASE(channels_are_bits_eleven_to_twenty_six) {
    const std::uint8_t channels[] = {11, 15, 26};
    BOOST_TEST(channel_mask(channels) == 0x04008800u);
    BOOST_TEST(channels_of(0x04008800) == std::vector<std::uint8_t>({11, 15, 26}));
    const std::uint8_t wrong[] = {3, 27};
    BOOST_TEST(channel_mask(wrong) == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
