#include "plugin/value.hpp"

#include <cmath>
#include <limits>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "plugin/definition.hpp"

namespace waggle {

using namespace plugin;
namespace json = boost::json;

BOOST_AUTO_TEST_CASE(json_goes_over_the_border_and_back) {
    const auto value = json::parse(
        R"({"a":[1,-2,3.5,"text",true,null,{"b":{"c":[]}}],"":"empty key","big":9007199254740993})");
    Scratch scratch;
    const auto over = to_wg(value, scratch);
    BOOST_TEST(is_readable(over));
    BOOST_TEST((to_json(over) == value), json::serialize(to_json(over)));
}

BOOST_AUTO_TEST_CASE(doubles_without_a_fraction_become_integers_and_what_json_cannot_say_null) {
    BOOST_TEST(to_json(wg_double(21.0)).is_int64());
    BOOST_TEST(to_json(wg_double(-0.0)).as_int64() == 0);
    BOOST_TEST(to_json(wg_double(21.5)).is_double());
    BOOST_TEST(to_json(wg_double(1e300)).is_double());
    BOOST_TEST(to_json(wg_double(std::nan(""))).is_null());
    BOOST_TEST(to_json(wg_double(std::numeric_limits<double>::infinity())).is_null());
}

BOOST_AUTO_TEST_CASE(a_kind_from_a_newer_plugin_is_null) {
    auto value = wg_int(1);
    value.kind = 4711;
    BOOST_TEST(is_readable(value));
    BOOST_TEST(to_json(value).is_null());
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_told) {
    auto value = wg_null();
    value.kind = WG_STRING;
    value.length = 5;
    BOOST_TEST(!is_readable(value));  // null with a length
    value.as.string = "\xC3(abc";
    BOOST_TEST(!is_readable(value));  // no UTF-8
    value.kind = WG_ARRAY;
    value.length = 0x7FFFFFFF;
    BOOST_TEST(!is_readable(value));
    wg_value cycle[1];
    cycle[0] = wg_null();
    cycle[0].kind = WG_ARRAY;
    cycle[0].length = 1;
    cycle[0].as.items = cycle;
    BOOST_TEST(!is_readable(cycle[0]));
}

BOOST_AUTO_TEST_CASE(utf8_is_told_from_what_looks_like_it) {  // [Unicode 15, table 3-7]
    for (const auto* good : {"", "abc", "\xC3\xBC", "\xE2\x82\xAC", "\xF0\x9F\x90\x9D"})
        BOOST_TEST(is_utf8(good), good);
    for (const auto* bad : {"\xC3", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                            "\xFF", "a\x80", "\xE2\x82", "\xF0\x9F\x90"})
        BOOST_TEST(!is_utf8(bad));
}

BOOST_AUTO_TEST_CASE(zcl_values_keep_their_numbers) {
    Scratch scratch;
    const auto boolean = to_wg(zcl::make_unsigned(zcl::DataType::boolean, 2), scratch);
    BOOST_TEST(boolean.kind == WG_INT);
    BOOST_TEST(boolean.as.integer == 2);
    BOOST_TEST(to_wg(zcl::make_signed(zcl::DataType::int16, -300), scratch).as.integer == -300);
    const auto text = to_wg(zcl::make_text("lumi"), scratch);
    BOOST_TEST(text.kind == WG_STRING);
    BOOST_TEST(text.length == 4u);
    BOOST_TEST(to_wg(zcl::make_text("\xAA\x10"), scratch).kind == WG_BYTES);  // octets in a string
    BOOST_TEST(to_wg(zcl::make_octets({1, 2, 3}), scratch).length == 3u);
    const auto number = zcl::Value{zcl::DataType::single_float, 1.5};
    BOOST_TEST(to_wg(number, scratch).as.number == 1.5);
    const zcl::Value list{zcl::DataType::structure, zcl::Value::List{number, zcl::make_text("x")}};
    const auto over = to_wg(list, scratch);
    BOOST_TEST(over.kind == WG_ARRAY);
    BOOST_REQUIRE(over.length == 2u);
    BOOST_TEST(over.as.items[1].kind == WG_STRING);
}

BOOST_AUTO_TEST_CASE(values_for_the_radio_must_fit_their_types) {
    using zcl::DataType;
    BOOST_TEST(to_zcl(wg_int(255), DataType::uint8).has_value());
    BOOST_TEST((to_zcl(wg_int(256), DataType::uint8).error() == Errc::invalid_value));
    BOOST_TEST((to_zcl(wg_int(-1), DataType::uint8).error() == Errc::invalid_value));
    BOOST_TEST(to_zcl(wg_int(-128), DataType::int8).has_value());
    BOOST_TEST((to_zcl(wg_int(-129), DataType::int8).error() == Errc::invalid_value));
    BOOST_TEST((to_zcl(wg_int(128), DataType::int8).error() == Errc::invalid_value));
    BOOST_TEST(to_zcl(wg_double(7.0), DataType::uint16).has_value());
    BOOST_TEST(to_zcl(wg_double(7.9), DataType::uint16)->integer().value() == 7);
    BOOST_TEST(to_zcl(wg_double(-7.9), DataType::int16)->integer().value() == -7);
    BOOST_TEST(to_zcl(wg_bool(true), DataType::boolean)->integer().value() == 1);
    BOOST_TEST(
        to_zcl(wg_int(std::numeric_limits<std::int64_t>::min()), DataType::int64).has_value());
    BOOST_TEST(to_zcl(wg_int(-1), DataType::uint64).has_value());  // the upper half
    BOOST_TEST(to_zcl(wg_int(3), DataType::single_float)->number().value() == 3.0);
    BOOST_TEST((to_zcl(wg_string(to_wg("x")), DataType::uint8).error() == Errc::invalid_value));
    BOOST_TEST(
        *to_zcl(wg_string(to_wg("ab")), DataType::octet_string)->octets() == (Bytes{'a', 'b'}),
        boost::test_tools::per_element());
    BOOST_TEST((to_zcl(wg_int(1), DataType::unknown).error() == Errc::invalid_value));
}

BOOST_AUTO_TEST_CASE(scratch_pieces_stay_where_they_are_until_released) {
    Scratch scratch;
    auto* first = scratch.values(30);
    first[29] = wg_int(42);
    const auto mark = scratch.mark();
    auto* second = scratch.values(100);
    second[99] = wg_int(43);
    auto* third = scratch.values(1);
    third[0] = wg_int(44);
    BOOST_TEST(first[29].as.integer == 42);
    BOOST_TEST(second[99].as.integer == 43);
    scratch.release(mark);
    auto* again = scratch.values(2);
    BOOST_TEST(again == first + 30);
    BOOST_TEST(first[29].as.integer == 42);
    auto* empty = scratch.values(0);
    BOOST_TEST(static_cast<bool>(empty));
}

}  // namespace waggle
