#include <boost/test/unit_test.hpp>

#include "support/hex.hpp"
#include "zigbee/zcl_frame.hpp"

/// The frames of the QBKG04LM as its device page has them.
namespace waggle {

using test::hex;
using zcl::DataType;

namespace {

constexpr ClusterId basic = 0x0000;
constexpr ClusterId on_off = 0x0006;
constexpr ManufacturerCode lumi = 0x115F;

zcl::Records records_of(std::string_view text, ClusterId cluster) {
    const auto bytes = hex(text);
    auto frame = zcl::decode(bytes, cluster);
    BOOST_TEST_REQUIRE(frame.has_value());
    BOOST_TEST(frame->is(zcl::Global::report));
    BOOST_TEST_REQUIRE(frame->records());
    return *frame->records();
}

std::string encoded(zcl::Frame frame, std::uint8_t sequence) {
    frame.header.sequence = sequence;
    Bytes bytes;
    BOOST_TEST(zcl::encode(bytes, frame).has_value());
    return to_hex(bytes);
}

zcl::Records one(std::uint16_t id, zcl::Value value) {
    zcl::Records records;
    records.emplace_back().id = id;
    records.back().value = std::move(value);
    return records;
}

std::string spaceless(std::string_view text) {
    return to_hex(hex(text));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(qbkg04lm)

BOOST_AUTO_TEST_CASE(the_relay_reports_its_state_with_its_own_attribute) {
    const auto records = records_of("18 2A 0A 00 00 10 01 00 F0 23 00 1F FF 03", on_off);
    BOOST_TEST_REQUIRE(records.size() == 2u);
    BOOST_TEST(records[0].id == 0x0000);
    BOOST_TEST((records[0].value == zcl::make_unsigned(DataType::boolean, 1)));
    BOOST_TEST(records[1].id == 0xF000);
    BOOST_TEST((records[1].value == zcl::make_unsigned(DataType::uint32, 0x03FF1F00)));
}

BOOST_AUTO_TEST_CASE(the_relay_reports_off) {
    const auto records = records_of("18 2B 0A 00 00 10 00", on_off);
    BOOST_TEST_REQUIRE(records.size() == 1u);
    BOOST_TEST(records[0].value.integer().value() == 0);
}

BOOST_AUTO_TEST_CASE(one_attribute_twice_in_a_report_is_two_records_in_order) {
    const auto records = records_of("18 50 0A 00 00 10 00 00 00 10 01", on_off);
    BOOST_TEST_REQUIRE(records.size() == 2u);
    BOOST_TEST(records[0].id == records[1].id);
    BOOST_TEST(records[0].value.integer().value() == 0);
    BOOST_TEST(records[1].value.integer().value() == 1);
}

BOOST_AUTO_TEST_CASE(a_boolean_keeps_the_two_of_a_double_press) {
    BOOST_TEST(records_of("18 51 0A 00 00 10 00", on_off)[0].value.integer().value() == 0);
    BOOST_TEST(records_of("18 52 0A 00 00 10 01", on_off)[0].value.integer().value() == 1);
    BOOST_TEST(records_of("18 53 0A 00 00 10 02", on_off)[0].value.integer().value() == 2);
}

BOOST_AUTO_TEST_CASE(the_announced_reset_is_octets_of_the_manufacturer) {
    const auto bytes = hex("1C 5F 11 2D 0A F0 FF 41 09 AA 10 05 41 87 01 01 10 00");
    const auto frame = zcl::decode(bytes, basic);
    BOOST_TEST_REQUIRE(frame.has_value());
    BOOST_TEST(frame->header.manufacturer.value() == lumi);
    const auto& record = frame->records()->at(0);
    BOOST_TEST(record.id == 0xFFF0);
    BOOST_TEST((*record.value.octets() == hex("AA 10 05 41 87 01 01 10 00")));
}

BOOST_AUTO_TEST_CASE(switching_is_a_cluster_command_without_parameters) {
    const auto& cluster = *zcl::find_cluster(on_off);
    const auto send = [&](std::string_view name) {
        return encoded(zcl::cluster_command(cluster, *cluster.command(name), {}), 0x2A);
    };
    BOOST_TEST(send("on") == spaceless("01 2A 01"));
    BOOST_TEST(send("off") == spaceless("01 2A 00"));
    BOOST_TEST(send("toggle") == spaceless("01 2A 02"));
}

BOOST_AUTO_TEST_CASE(on_with_timed_off_has_its_times) {
    const auto& cluster = *zcl::find_cluster(on_off);
    zcl::Parameters parameters;
    parameters.push_back({"ctrlbits", zcl::make_unsigned(DataType::uint8, 0)});
    parameters.push_back({"ontime", zcl::make_unsigned(DataType::uint16, 50)});
    parameters.push_back({"offwaittime", zcl::make_unsigned(DataType::uint16, 20)});
    const auto frame =
        zcl::cluster_command(cluster, *cluster.command("onWithTimedOff"), parameters);
    BOOST_TEST(encoded(frame, 0x2A) == spaceless("01 2A 42 00 3200 1400"));
}

BOOST_AUTO_TEST_CASE(the_state_is_read_with_a_global_read) {
    const std::uint16_t ids[] = {0x0000};
    BOOST_TEST(encoded(zcl::read_attributes(on_off, ids), 0x11) == spaceless("10 11 00 00 00"));
}

BOOST_AUTO_TEST_CASE(the_operation_mode_is_written_with_the_manufacturer_code) {
    const auto write = [](std::uint64_t mode) {
        auto records = one(0xFF22, zcl::make_unsigned(DataType::uint8, mode));
        return encoded(zcl::write_attributes(basic, std::move(records), lumi), 0x07);
    };
    BOOST_TEST(write(254) == spaceless("14 5F 11 07 02 22 FF 20 FE"));
    BOOST_TEST(write(18) == spaceless("14 5F 11 07 02 22 FF 20 12"));
}

BOOST_AUTO_TEST_CASE(the_reset_is_forbidden_with_a_write_of_octets) {
    auto records = one(0xFFF0, zcl::make_octets(hex("AA 10 05 41 47 01 01 10 01")));
    BOOST_TEST(encoded(zcl::write_attributes(basic, std::move(records), lumi), 0x13) ==
               spaceless("14 5F 11 13 02 F0 FF 41 09 AA 10 05 41 47 01 01 10 01"));
}

BOOST_AUTO_TEST_CASE(an_operation_mode_is_read_back) {
    const auto bytes = hex("1C 5F11 07 01 22FF 00 20 FE");
    const auto frame = zcl::decode(bytes, basic);
    BOOST_TEST_REQUIRE(frame.has_value());
    const auto& record = frame->records()->at(0);
    BOOST_TEST((record.status == zcl::Status::success));
    BOOST_TEST(record.value.integer().value() == 254);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waggle
