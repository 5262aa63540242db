#include "zigbee/zcl_value.hpp"

#include <cmath>

#include <boost/test/unit_test.hpp>

#include "support/hex.hpp"

namespace waggle::zcl {
namespace {

using test::hex;

Result<Value> read(std::string_view text, DataType type, bool lenient = false) {
    const auto bytes = hex(text);
    ByteReader in(bytes);
    return read_value(in, type, lenient);
}

std::string written(const Value& value) {
    Bytes bytes;
    ByteWriter out(bytes);
    const auto result = write_value(out, value);
    return result ? to_hex(bytes) : result.error().message();
}

const std::string refused = make_error_code(Errc::invalid_value).message();

double half(std::string_view text) {
    return read(text, DataType::semi_float).value().number().value();
}

std::string as_half(double number) {
    return written({DataType::semi_float, number});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(zcl_value)

BOOST_AUTO_TEST_CASE(every_truncation_of_every_type_is_an_error) {
    const std::pair<DataType, std::string_view> wholes[] = {
        {DataType::uint8, "01"},
        {DataType::uint64, "0102030405060708"},
        {DataType::int24, "010203"},
        {DataType::semi_float, "003C"},
        {DataType::double_float, "000000000000F03F"},
        {DataType::octet_string, "03 010203"},
        {DataType::char_string, "03 616263"},
        {DataType::long_octet_string, "0300 010203"},
        {DataType::long_char_string, "0300 616263"},
        {DataType::array, "21 0200 0100 0200"},
        {DataType::structure, "0200 20 01 42 02 6162"},
        {DataType::bag, "42 0100 02 6162"},
        {DataType::ieee_address, "0102030405060708"},
        {DataType::security_key, "000102030405060708090A0B0C0D0E0F"},
        {DataType::time_of_day, "01020304"},
    };
    for (const auto& [type, text] : wholes) {
        const auto whole = hex(text);
        for (std::size_t n = 0; n < whole.size(); ++n) {
            const Bytes cut(whole.data(), whole.data() + n);  // own block: ASan sees an overread
            ByteReader in(cut);
            BOOST_TEST((read_value(in, type).error() == Errc::truncated), text << " cut to " << n);
        }
        ByteReader in(whole);
        BOOST_TEST(read_value(in, type).has_value());
        BOOST_TEST(in.empty());
    }
}

BOOST_AUTO_TEST_CASE(a_string_that_promises_more_gives_what_is_there_when_lenient) {
    BOOST_TEST((read("05 6162", DataType::char_string).error() == Errc::truncated));
    BOOST_TEST(*read("05 6162", DataType::char_string, true).value().text() == "ab");
    BOOST_TEST((*read("FE 01", DataType::octet_string, true).value().octets() == hex("01")));
    BOOST_TEST(read("FEFF", DataType::long_octet_string, true).value().octets()->empty());
    // Without its length there is no string at all.
    BOOST_TEST((read("", DataType::char_string, true).error() == Errc::truncated));
    BOOST_TEST((read("01", DataType::long_char_string, true).error() == Errc::truncated));
}

BOOST_AUTO_TEST_CASE(absent_strings_and_lists_are_neither_empty_nor_long) {
    for (const auto type : {DataType::octet_string, DataType::char_string}) {
        const auto absent = read("FF", type).value();
        BOOST_TEST(std::holds_alternative<std::monostate>(absent.data));
        BOOST_TEST(absent.is_non_value());
        BOOST_TEST(written(absent) == "ff");
    }
    BOOST_TEST(written(read("FFFF", DataType::long_char_string).value()) == "ffff");
    BOOST_TEST(written(read("FFFF", DataType::structure).value()) == "ffff");
    BOOST_TEST(written(read("21FFFF", DataType::array).value()) == "00ffff");
    BOOST_TEST(read("00", DataType::char_string).value().text()->empty());
    BOOST_TEST(!read("00", DataType::char_string).value().is_non_value());
}

BOOST_AUTO_TEST_CASE(non_values_are_told_by_their_type) {
    BOOST_TEST(read("FF", DataType::uint8).value().is_non_value());
    BOOST_TEST(!read("FF", DataType::bitmap8).value().is_non_value());
    BOOST_TEST(!read("FF", DataType::data8).value().is_non_value());
    BOOST_TEST(read("FF", DataType::boolean).value().is_non_value());
    BOOST_TEST(!read("02", DataType::boolean).value().is_non_value());
    BOOST_TEST(read("80", DataType::int8).value().is_non_value());
    BOOST_TEST(!read("7F", DataType::int8).value().is_non_value());
    BOOST_TEST(read("FFFFFFFFFFFFFFFF", DataType::uint64).value().is_non_value());
    BOOST_TEST(read("0000000000000080", DataType::int64).value().is_non_value());
    BOOST_TEST(read("0000C07F", DataType::single_float).value().is_non_value());
    BOOST_TEST(!Value{}.is_non_value());
}

BOOST_AUTO_TEST_CASE(nothing_written_is_the_type_s_non_value_where_it_has_one) {
    BOOST_TEST(written({DataType::uint24, {}}) == "ffffff");
    BOOST_TEST(written({DataType::int16, {}}) == "0080");
    BOOST_TEST(written({DataType::single_float, {}}) == "0000c07f");
    BOOST_TEST(written({DataType::bitmap8, {}}) == refused);
    BOOST_TEST(written({DataType::no_data, {}}).empty());
}

BOOST_AUTO_TEST_CASE(integers_of_either_sign_are_written_when_they_fit) {
    BOOST_TEST(written({DataType::uint8, std::int64_t{255}}) == "ff");
    BOOST_TEST(written({DataType::uint8, std::int64_t{-1}}) == refused);
    BOOST_TEST(written({DataType::uint8, std::uint64_t{256}}) == refused);
    BOOST_TEST(written({DataType::int8, std::uint64_t{127}}) == "7f");
    BOOST_TEST(written({DataType::int8, std::uint64_t{128}}) == refused);
    BOOST_TEST(written({DataType::int8, std::int64_t{-128}}) == "80");
    BOOST_TEST(written({DataType::int8, std::int64_t{-129}}) == refused);
    BOOST_TEST(written({DataType::int64, std::int64_t{-1}}) == "ffffffffffffffff");
    BOOST_TEST(written({DataType::uint64, ~std::uint64_t{0}}) == "ffffffffffffffff");
    BOOST_TEST(written({DataType::int64, ~std::uint64_t{0}}) == refused);
    BOOST_TEST(written({DataType::uint8, std::string("1")}) == refused);
    BOOST_TEST(written({DataType::uint8, 1.0}) == refused);
    BOOST_TEST(written({DataType::single_float, std::uint64_t{1}}) == "0000803f");
}

BOOST_AUTO_TEST_CASE(strings_too_long_for_their_length_octet_are_refused) {
    BOOST_TEST(written(make_text(std::string(254, 'x'))).size() == 2 * 255u);
    BOOST_TEST(written(make_text(std::string(255, 'x'))) == refused);
    BOOST_TEST(written({DataType::long_octet_string, Bytes(65534)}).size() == 2 * 65536u);
    BOOST_TEST(written({DataType::long_octet_string, Bytes(65535)}) == refused);
    BOOST_TEST(written({DataType::char_string, hex("6162")}) == "026162");
    BOOST_TEST(written({DataType::security_key, Bytes(15)}) == refused);
}

BOOST_AUTO_TEST_CASE(half_floats_follow_ieee_754) {
    BOOST_TEST(half("003C") == 1.0);
    BOOST_TEST(half("00C0") == -2.0);
    BOOST_TEST(half("FF7B") == 65504.0);
    BOOST_TEST(half("0100") == 0x1p-24);
    BOOST_TEST(half("FF03") == 0x3FFp-24);
    BOOST_TEST(half("0004") == 0x1p-14);
    BOOST_TEST(std::isinf(half("007C")));
    BOOST_TEST(half("00FC") < 0);
    BOOST_TEST(std::isnan(half("017C")));
    BOOST_TEST(std::signbit(half("0080")));

    BOOST_TEST(as_half(1.0) == "003c");
    BOOST_TEST(as_half(0.333251953125) == "5535");
    BOOST_TEST(as_half(65504) == "ff7b");
    BOOST_TEST(as_half(65519.9) == "ff7b");
    BOOST_TEST(as_half(65520) == "007c");
    BOOST_TEST(as_half(-1e9) == "00fc");
    BOOST_TEST(as_half(0x1p-24) == "0100");
    BOOST_TEST(as_half(0x1p-26) == "0000");
    BOOST_TEST(as_half(0x3FF.8p-24) == "0004");  // rounds up to the first normal number
    BOOST_TEST(as_half(2049) == "0068");         // half way: to even
    BOOST_TEST(as_half(4095.9) == "006c");       // carries into the exponent
    BOOST_TEST(as_half(-0.0) == "0080");
}

BOOST_AUTO_TEST_CASE(every_half_float_survives) {
    for (unsigned bits = 0; bits <= 0xFFFF; ++bits) {
        const Bytes octets{static_cast<std::uint8_t>(bits), static_cast<std::uint8_t>(bits >> 8)};
        ByteReader in(octets);
        const auto value = read_value(in, DataType::semi_float).value();
        if (!value.is_non_value() && written(value) != to_hex(octets))
            BOOST_ERROR("lost " << bits);
    }
}

BOOST_AUTO_TEST_CASE(lists_nest_eight_deep_and_no_deeper) {
    std::string text = "20 0100 07";
    for (int i = 1; i < 8; ++i)
        text = "48 0100 " + text;
    BOOST_TEST(read(text, DataType::array).has_value());
    const auto deeper = "48 0100 " + text;
    BOOST_TEST((read(deeper, DataType::array).error() == Errc::malformed));
    std::string structures = "0100 20 07";
    for (int i = 1; i < 9; ++i)
        structures = "0100 4C " + structures;
    BOOST_TEST((read(structures, DataType::structure).error() == Errc::malformed));
}

BOOST_AUTO_TEST_CASE(elements_without_octets_cannot_be_counted) {
    BOOST_TEST((read("00 FEFF", DataType::array).error() == Errc::malformed));
    BOOST_TEST((read("FF 0100", DataType::set).error() == Errc::malformed));
    BOOST_TEST(read("00 0000", DataType::array).value().list()->empty());
}

BOOST_AUTO_TEST_CASE(a_type_that_nothing_knows_is_unsupported) {
    BOOST_TEST((read("0102", DataType{0x99}).error() == Errc::unsupported));
    BOOST_TEST((read("99 0100 01", DataType::array).error() == Errc::unsupported));
    BOOST_TEST((read("0100 99 01", DataType::structure).error() == Errc::unsupported));
    BOOST_TEST(!is_known(DataType{0x99}));
    BOOST_TEST(is_known(DataType::unknown));
    BOOST_TEST(written({DataType{0x99}, std::uint64_t{1}}) == refused);
}

BOOST_AUTO_TEST_CASE(array_elements_must_be_of_one_type) {
    const auto mixed =
        make_list(DataType::array, {make_unsigned(DataType::uint8, 1), make_text("x")});
    BOOST_TEST(written(mixed) == refused);
    BOOST_TEST(written(make_list(DataType::structure, *mixed.list())) == "02002001420178");
}

BOOST_AUTO_TEST_CASE(octets_that_are_no_utf_8_become_replacement_characters) {
    const auto text = [](std::string_view octets) { return to_utf8(hex(octets)); };
    BOOST_TEST(text("4BC3BC636865") == "K\u00FCche");
    BOOST_TEST(text("F09F90 9D") == "\U0001F41D");
    BOOST_TEST(text("61 FF 62") == "a\uFFFDb");
    BOOST_TEST(text("C3") == "\uFFFD");
    BOOST_TEST(text("E282 61") == "\uFFFDa");    // the longest part that could have begun one
    BOOST_TEST(text("C080") == "\uFFFD\uFFFD");  // overlong
    BOOST_TEST(text("EDA080") == "\uFFFD\uFFFD\uFFFD");  // surrogate
    BOOST_TEST(text("F4908080") == "\uFFFD\uFFFD\uFFFD\uFFFD");
    BOOST_TEST(*read("02 61FE", DataType::char_string).value().text() == "a\uFFFD");
}

BOOST_AUTO_TEST_CASE(times_and_dates_come_apart_and_together) {
    const auto time = read("17 3B FF 63", DataType::time_of_day).value();
    const TimeOfDay expected{23, 59, std::nullopt, 99};
    BOOST_TEST((time_of_day(time) == expected));
    BOOST_TEST((make_time_of_day(expected) == time));
    const auto day = read("7C 02 1D 04", DataType::date).value();
    const Date leap{2024, 2, 29, 4};
    BOOST_TEST((date(day) == leap));
    BOOST_TEST((make_date(leap) == day));
    BOOST_TEST(make_date({}).is_non_value());
    BOOST_TEST(!time_of_day(day).has_value());
    BOOST_TEST(!date(time).has_value());
}

BOOST_AUTO_TEST_CASE(numbers_are_given_as_the_caller_wants_them) {
    BOOST_TEST(make_unsigned(DataType::uint8, 7).integer().value() == 7);
    BOOST_TEST(make_signed(DataType::int8, -7).number().value() == -7.0);
    BOOST_TEST(!make_unsigned(DataType::uint64, ~std::uint64_t{0}).integer().has_value());
    BOOST_TEST(make_unsigned(DataType::uint64, ~std::uint64_t{0}).number().has_value());
    BOOST_TEST(!make_text("7").integer().has_value());
}

BOOST_AUTO_TEST_CASE(reportable_change_applies_to_analog_types) {
    for (const auto type :
         {DataType::uint8, DataType::uint64, DataType::int64, DataType::utc, DataType::semi_float})
        BOOST_TEST(is_analog(type));
    for (const auto type : {DataType::boolean, DataType::enum8, DataType::bitmap16, DataType::data8,
                            DataType::char_string, DataType::ieee_address, DataType::cluster_id})
        BOOST_TEST(!is_analog(type));
    BOOST_TEST(fixed_size(DataType::uint40) == 5u);
    BOOST_TEST(fixed_size(DataType::char_string) == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waggle::zcl
