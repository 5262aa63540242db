#include "zigbee/zcl_frame.hpp"

#include <boost/test/unit_test.hpp>

#include "support/hex.hpp"

namespace waggle::zcl {
namespace {

using test::hex;

Header header_of(std::string_view text) {
    const auto bytes = hex(text);
    ByteReader in(bytes);
    return read_header(in).value();
}

Frame frame_of(const Bytes& bytes, ClusterId cluster) {
    return decode(bytes, cluster).value();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(zcl_frame)

BOOST_AUTO_TEST_CASE(the_table_of_commands_depends_on_the_direction) {
    const auto request = hex("01 2A 00 0600 00");  // genGroups add
    const auto add = decode(request, 0x0004);
    BOOST_TEST_REQUIRE(add.has_value());
    BOOST_TEST(add->command_definition->name == "add");
    BOOST_TEST(add->parameter("groupid")->integer().value() == 6);

    const auto response = hex("09 2A 00 00 0600");
    const auto added = decode(response, 0x0004);
    BOOST_TEST_REQUIRE(added.has_value());
    BOOST_TEST(added->command_definition->name == "addRsp");
    BOOST_TEST(added->parameter("groupid")->integer().value() == 6);
    BOOST_TEST(added->parameter("nothing") == nullptr);
}

BOOST_AUTO_TEST_CASE(a_command_or_cluster_that_no_table_knows_is_unsupported) {
    const auto bytes = hex("01 2A 77 0102");
    BOOST_TEST((decode(bytes, 0x0006).error() == Errc::unsupported));
    BOOST_TEST((decode(bytes, 0xFFEE).error() == Errc::unsupported));
    const auto report = hex("18 2A 0A 0000 10 01");  // a report needs no table
    const auto frame = decode(report, 0xFFEE);
    BOOST_TEST_REQUIRE(frame.has_value());
    BOOST_TEST(frame->cluster_definition == nullptr);
    BOOST_TEST(frame->cluster == 0xFFEE);
}

BOOST_AUTO_TEST_CASE(a_device_s_own_cluster_names_its_commands) {
    static constexpr ParameterDefinition parameters[] = {
        {"zones", DataType::structure, ParameterKind::list_miboxer_zones, {}}};
    static constexpr CommandDefinition commands[] = {{0x00, "setZones", {}, 0, parameters}};
    static constexpr ClusterDefinition own[] = {{0x0004, 0, "genGroups", {}, commands, {}}};
    const auto bytes = hex("01 2A 00 02 0100 02 FEFF 03");
    const auto frame = decode(bytes, 0x0004, own);
    BOOST_TEST_REQUIRE(frame.has_value());
    BOOST_TEST(frame->command_definition->name == "setZones");
    BOOST_TEST(frame->parameter("zones")->list()->size() == 2u);
    Bytes again;
    BOOST_TEST(encode(again, *frame).has_value());
    BOOST_TEST(again == bytes);
}

BOOST_AUTO_TEST_CASE(what_follows_the_last_parameter_is_ignored) {
    const auto bytes = hex("01 2A 02 AABBCC");
    const auto frame = decode(bytes, 0x0006);
    BOOST_TEST_REQUIRE(frame.has_value());
    BOOST_TEST(frame->command_definition->name == "toggle");
    BOOST_TEST(frame->parameters()->empty());
    BOOST_TEST(frame->raw.size() == bytes.size());
}

BOOST_AUTO_TEST_CASE(a_parameter_that_is_missing_or_does_not_fit_is_refused) {
    const auto& cluster = *find_cluster("genGroups");
    const auto& add = *cluster.command("add");
    Bytes bytes;
    Parameters parameters;
    BOOST_TEST(
        (encode(bytes, cluster_command(cluster, add, parameters)).error() == Errc::invalid_value));
    parameters.push_back({"groupname", make_text("")});
    parameters.push_back({"groupid", make_unsigned(DataType::uint16, 0x10000)});
    BOOST_TEST(
        (encode(bytes, cluster_command(cluster, add, parameters)).error() == Errc::invalid_value));
    parameters[1].value = make_unsigned(DataType::uint8, 7);  // the table's type is written
    BOOST_TEST(encode(bytes, cluster_command(cluster, add, parameters)).has_value());
    BOOST_TEST(to_hex(bytes) == to_hex(hex("11 00 00 0700 00")));
}

BOOST_AUTO_TEST_CASE(the_manufacturer_code_of_a_cluster_is_sent_with_its_commands) {
    const auto& cluster = *find_cluster("manuSpecificAmazonWWAH");
    const auto& command = cluster.commands.front();
    BOOST_TEST(cluster_command(cluster, command, {}).header.manufacturer.value() == 0x1217);
    const auto& standard = *find_cluster("genOnOff");
    BOOST_TEST(!cluster_command(standard, *standard.command("on"), {}).header.manufacturer);
}

BOOST_AUTO_TEST_CASE(commands_with_a_response_of_their_own_want_no_default_response) {
    const auto& groups = *find_cluster("genGroups");
    BOOST_TEST(
        cluster_command(groups, *groups.command("view"), {}).header.disable_default_response);
    BOOST_TEST(
        !cluster_command(groups, *groups.command("removeAll"), {}).header.disable_default_response);
    const auto answer =
        cluster_command(groups, *groups.response("viewRsp"), {}, Direction::server_to_client);
    BOOST_TEST(answer.header.disable_default_response);
    BOOST_TEST((answer.header.direction == Direction::server_to_client));
}

BOOST_AUTO_TEST_CASE(a_default_response_goes_back_with_sequence_and_manufacturer) {
    const auto request = header_of("0C 5F11 2A 0A");
    Bytes bytes;
    BOOST_TEST(encode(bytes, default_response(request, 0x0006, Status::invalid_field)).has_value());
    BOOST_TEST(to_hex(bytes) == to_hex(hex("14 5F11 2A 0B 0A 85")));
}

BOOST_AUTO_TEST_CASE(a_default_response_is_sent_where_the_specification_wants_one) {
    const auto wanted = [](std::string_view text, ClusterId cluster, bool broadcast = false,
                           Status status = Status::success) {
        const auto bytes = hex(text);
        return wants_default_response(frame_of(bytes, cluster), broadcast, status);
    };
    BOOST_TEST(wanted("08 2A 0A 0000 10 01", 0x0006));   // report
    BOOST_TEST(!wanted("18 2A 0A 0000 10 01", 0x0006));  // disabled
    BOOST_TEST(wanted("18 2A 0A 0000 10 01", 0x0006, false, Status::failure));
    BOOST_TEST(!wanted("08 2A 0A 0000 10 01", 0x0006, true));               // broadcast
    BOOST_TEST(!wanted("08 2A 0B 02 00", 0x0006, false, Status::failure));  // a default response
    BOOST_TEST(!wanted("00 2A 00 0000", 0x0006));                           // read has its own
    BOOST_TEST(wanted("01 2A 02", 0x0006));                                 // toggle has none
    BOOST_TEST(!wanted("01 2A 01 0600", 0x0004));                           // genGroups view has
}

BOOST_AUTO_TEST_CASE(conditions_on_the_status_choose_the_parameters) {
    const auto good = hex("19 2A 02 00 5F11 0101 16000000 00100000");  // query next image response
    const auto image = decode(good, 0x0019);
    BOOST_TEST_REQUIRE(image.has_value());
    BOOST_TEST(image->parameter("imageSize")->integer().value() == 0x1000);
    const auto none = hex("19 2A 02 98");
    const auto no_image = decode(none, 0x0019);
    BOOST_TEST_REQUIRE(no_image.has_value());
    BOOST_TEST(no_image->parameters()->size() == 1u);
    BOOST_TEST((decode(hex("19 2A 02 00 5F11"), 0x0019).error() == Errc::truncated));
}

BOOST_AUTO_TEST_CASE(statuses_have_zigbee2mqtt_s_names) {
    BOOST_TEST(name(Status::unsupported_attribute) == "UNSUPPORTED_ATTRIBUTE");
    BOOST_TEST(name(Status{0x55}).empty());
    BOOST_TEST(make_error_code(Status::read_only).message() == "READ_ONLY");
    BOOST_TEST(make_error_code(Status{0x55}).message() == "0x55");
    BOOST_TEST(!make_error_code(Status::success).failed());
    BOOST_TEST((make_error_code(Status::failure) == Status::failure));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waggle::zcl
