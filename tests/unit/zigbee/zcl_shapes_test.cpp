#include <boost/test/unit_test.hpp>

#include "support/hex.hpp"
#include "zigbee/zcl_frame.hpp"

/// The odd corners of the parameter shapes; the ordinary ones are in vectors.json.
namespace waggle::zcl {
namespace {

using test::hex;

Result<Frame> as_parameter(const Bytes& bytes, ParameterKind kind) {
    static ParameterDefinition parameter{"it", DataType::unknown, ParameterKind::value, {}};
    static const CommandDefinition command{0x00, "command", {}, 0, {&parameter, 1}};
    static const ClusterDefinition own{0xFC00, 0, "own", {}, {&command, 1}, {}};
    parameter.kind = kind;
    return decode(bytes, 0xFC00, {&own, 1});
}

void check_again(const Frame& frame, const Bytes& bytes) {
    Bytes again;
    BOOST_TEST(encode(again, frame).has_value());
    BOOST_TEST(to_hex(again) == to_hex(bytes));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(zcl_shapes)

BOOST_AUTO_TEST_CASE(a_list_longer_than_the_frame_is_an_error) {
    const auto bytes = hex("01 2A 02 FE 0100");  // genGroups getMembership of 254 groups
    BOOST_TEST((decode(bytes, 0x0004).error() == Errc::truncated));
    const auto unknown_count = hex("01 2A 02 FF");
    BOOST_TEST(decode(unknown_count, 0x0004)->parameter("grouplist")->list()->empty());
}

BOOST_AUTO_TEST_CASE(a_list_without_a_count_is_the_rest_of_the_frame) {
    const auto bytes = hex("01 2A 00 0102FF");
    const auto frame = as_parameter(bytes, ParameterKind::list_u8);
    BOOST_TEST_REQUIRE(frame.has_value());
    BOOST_TEST(frame->parameter("it")->list()->size() == 3u);
    check_again(*frame, bytes);
    BOOST_TEST((as_parameter(bytes, ParameterKind::list_u16).error() == Errc::truncated));
}

BOOST_AUTO_TEST_CASE(scene_values_of_a_cluster_without_a_layout_are_octets) {
    const auto bytes = hex("01 2A 00 0100 02 0A00 00 0102 03 AABBCC 0600 01 01");
    bool known_found = false;
    auto whole = bytes;
    whole[13] = 0x03;  // an unknown cluster 0x0302
    const auto frame = decode(whole, 0x0005);
    BOOST_TEST_REQUIRE(frame.has_value());
    const auto& sets = *frame->parameter("extensionfieldsets")->list();
    for (const auto& set : sets)
        known_found |= set.list()->at(2).list() != nullptr;
    BOOST_TEST_REQUIRE(!sets.empty());
    check_again(*frame, whole);
    (void)known_found;
}

BOOST_AUTO_TEST_CASE(a_tuya_data_point_that_is_cut_off_gives_what_is_there) {
    const auto bytes = hex("09 2A 02 0001 01 01 0001 01 02 02 0004 0000");
    const auto frame = decode(bytes, 0xEF00);
    BOOST_TEST_REQUIRE(frame.has_value());
    const auto& points = *frame->parameter("dpValues")->list();
    BOOST_TEST_REQUIRE(points.size() == 2u);
    BOOST_TEST((*points[1].list()->at(2).octets() == hex("0000")));
    const auto rubbish = hex("09 2A 02 0001 01 01 0001 01 02 02");
    BOOST_TEST(decode(rubbish, 0xEF00)->parameter("dpValues")->list()->size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_thermostat_s_transitions_have_the_set_points_its_mode_has) {
    const auto bytes = hex("01 2A 01 01 02 02 3C00 280A");
    const auto frame = decode(bytes, 0x0201);
    BOOST_TEST_REQUIRE(frame.has_value());
    const auto& transition = *frame->parameter("transitions")->list()->at(0).list();
    BOOST_TEST((transition.at(1) == Value{}));
    BOOST_TEST(transition.at(2).integer().value() == 2600);
    check_again(*frame, bytes);
}

BOOST_AUTO_TEST_CASE(a_big_endian_number_is_read_from_the_front) {
    const auto bytes = hex("01 2A 00 010203");
    const auto frame = as_parameter(bytes, ParameterKind::big_endian_u24);
    BOOST_TEST_REQUIRE(frame.has_value());
    BOOST_TEST(frame->parameter("it")->integer().value() == 0x010203);
    check_again(*frame, bytes);
    BOOST_TEST((as_parameter(hex("01 2A 00 0102"), ParameterKind::big_endian_u24).error() ==
                Errc::truncated));
}

BOOST_AUTO_TEST_CASE(a_selector_has_at_most_fifteen_indexes) {
    const auto bytes = hex("01 2A 00 02 0100 0302");
    const auto frame = as_parameter(bytes, ParameterKind::structured_selector);
    BOOST_TEST_REQUIRE(frame.has_value());
    check_again(*frame, bytes);
    BOOST_TEST((as_parameter(hex("01 2A 00 10"), ParameterKind::structured_selector).error() ==
                Errc::malformed));
}

BOOST_AUTO_TEST_CASE(xiaomi_s_list_is_written_as_it_is_read) {
    const auto bytes = hex("01 2A 00 07 01 21 BD0B 64 10 01");
    const auto frame = as_parameter(bytes, ParameterKind::mi_struct);
    BOOST_TEST_REQUIRE(frame.has_value());
    check_again(*frame, bytes);
}

BOOST_AUTO_TEST_CASE(values_of_the_wrong_shape_are_refused) {
    for (const auto kind :
         {ParameterKind::list_u8, ParameterKind::list_zone_info,
          ParameterKind::list_extension_fields, ParameterKind::list_thermostat_transitions,
          ParameterKind::list_tuya_datapoints, ParameterKind::list_miboxer_zones,
          ParameterKind::buffer_rest, ParameterKind::gpd_frame, ParameterKind::structured_selector,
          ParameterKind::mi_struct, ParameterKind::big_endian_u24}) {
        const ParameterDefinition parameter{"it", DataType::unknown, kind, {}};
        const CommandDefinition command{0x00, "command", {}, 0, {&parameter, 1}};
        const ClusterDefinition own{0xFC00, 0, "own", {}, {&command, 1}, {}};
        const auto odd = make_list(DataType::array, {make_list(DataType::array, {make_text("x")})});
        for (const auto& value : {make_text("x"), odd}) {
            Parameters parameters;
            parameters.push_back({"it", value});
            Bytes bytes;
            const auto encoded = encode(bytes, cluster_command(own, command, parameters));
            BOOST_TEST((encoded.has_error() && encoded.error() == Errc::invalid_value),
                       static_cast<int>(kind));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waggle::zcl
