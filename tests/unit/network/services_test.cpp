#include <array>
#include <cstdlib>
#include <ctime>

#include "network/time_cluster.hpp"
#include "network_fixture.hpp"

using namespace waggle;
using namespace waggle::test;

namespace {

struct ServicesFixture : NetworkFixture {
    ServicesFixture() { pair(); }
    /// Says it and returns what was answered.
    std::vector<std::string> answers_to(EndpointId endpoint, ClusterId cluster,
                                        std::string_view frame, bool broadcast = false,
                                        GroupId group = 0, EndpointId to = 1) {
        radio->sent.clear();
        ApsIndication indication;
        indication.source = switch_address;
        indication.source_endpoint = endpoint;
        indication.destination_endpoint = to;
        indication.cluster = cluster;
        indication.broadcast = broadcast;
        indication.group = group;
        radio->say(indication, hex(frame));
        loop.pass(std::chrono::milliseconds(500));
        std::vector<std::string> frames;
        for (const auto& request : radio->sent)
            frames.push_back(to_hex(request.payload));
        return frames;
    }
    using Frames = std::vector<std::string>;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(protocol_services, ServicesFixture)

// Default response [ZCL8 2.5.12]: opposite direction, the request's number, no default response to
// it
BOOST_AUTO_TEST_CASE(a_report_that_wants_one_gets_a_default_response) {
    BOOST_TEST((answers_to(2, 6, "08 2A 0A 0000 10 01") == Frames{"102a0b0a00"}));
    BOOST_TEST(radio->sent[0].destination_endpoint == 2);
    BOOST_TEST((answers_to(2, 6, "01 2B 02") == Frames{"182b0b0200"}));  // a toggle from a client
}

BOOST_AUTO_TEST_CASE(a_frame_received_twice_is_answered_once) {
    BOOST_TEST(answers_to(2, 6, "08 2A 0A 0000 10 01").size() == 1u);
    BOOST_TEST(answers_to(2, 6, "08 2A 0A 0000 10 01").empty());
    BOOST_TEST(answers_to(2, 6, "08 2B 0A 0000 10 01").size() == 1u);
    // An announce means that it may have started anew
    radio->say_zdo(switch_address, zdo::Cluster::device_annce, hex("2D7F 04030201008D1500 8E"));
    loop.settle();
    BOOST_TEST(answers_to(2, 6, "08 2B 0A 0000 10 01").size() == 1u);
}

BOOST_AUTO_TEST_CASE(no_default_response_where_it_is_not_wanted) {
    BOOST_TEST(answers_to(2, 6, "18 2A 0A 0000 10 01").empty());        // disabled
    BOOST_TEST(answers_to(2, 6, "08 2B 0A 0000 10 01", true).empty());  // broadcast
    BOOST_TEST(answers_to(2, 6, "01 2C 02", false, 5).empty());         // groupcast
    BOOST_TEST(answers_to(2, 6, "08 2D 0B 02 00").empty());             // is one itself
    BOOST_TEST(answers_to(2, 6, "00 2E 02 0000 10 01").empty());        // write has a response
    BOOST_TEST(answers_to(2, 6, "08 2F").empty());                      // cannot be read
    device().skip_default_response = true;
    BOOST_TEST(answers_to(2, 6, "08 30 0A 0000 10 01").empty());
}

BOOST_AUTO_TEST_CASE(reads_of_clusters_it_does_not_have_are_unsupported_attribute_by_attribute) {
    BOOST_TEST(
        (answers_to(2, 6, "00 31 00 0000 0140", false, 0, 11) == Frames{"18310100008601 4086"} ||
         answers_to(2, 6, "00 31 00 0000 0140", false, 0, 11) == Frames{"183101000086014086"}));
    BOOST_TEST(radio->sent[0].source_endpoint == 11);  // the one that was asked
}

BOOST_AUTO_TEST_CASE(reads_of_genBasic_give_the_defaults) {
    BOOST_TEST((answers_to(1, 0, "00 32 00 0000 0500 0700 34F0") == Frames{"1832010000002008"
                                                                           "0500004200"
                                                                           "07000030ff"
                                                                           "34f086"}));
}

BOOST_AUTO_TEST_CASE(reads_of_genTime_give_the_time) {
    const auto frames = answers_to(1, 0x000A, "00 33 00 0000 0100 0200 0AF0");
    BOOST_REQUIRE(frames.size() == 1u);
    const auto bytes = hex(frames[0]);
    ByteReader in(bytes);
    in.bytes(3);
    BOOST_TEST(in.u16() == 0);
    BOOST_TEST(in.u8() == 0);
    BOOST_TEST(in.u8() == 0xE2);
    const auto now = wall_clock_ms() / 1000 - 946684800;
    BOOST_TEST(std::abs(static_cast<std::int64_t>(in.u32()) - now) <= 2);
    BOOST_TEST(to_hex(in.bytes(5)) == "010000180d");
    BOOST_TEST(to_hex(in.bytes(4)) == "0200002b");
    in.u32();
    BOOST_TEST(to_hex(in.rest()) == "0af086");
}

BOOST_AUTO_TEST_CASE(a_hook_may_answer_reads_instead) {
    int asked = 0;
    network->set_read_hook([&](const ZclMessage& message) {
        ++asked;
        return message.cluster == 0x000A;
    });
    BOOST_TEST(answers_to(1, 0x000A, "00 33 00 0000").empty());
    BOOST_TEST(answers_to(1, 0x0000, "00 34 00 0000").size() == 1u);
    BOOST_TEST(asked == 2);
}

BOOST_AUTO_TEST_CASE(an_enrol_request_is_answered_with_its_number) {
    BOOST_TEST((answers_to(1, 0x0500, "09 44 01 0D00 5F11") == Frames{"1144000017"}));
}

BOOST_AUTO_TEST_CASE(an_enrol_response_that_fails_becomes_a_default_response_failure) {
    send_failures["0500 000017"] = 1;
    const auto frames = answers_to(1, 0x0500, "09 45 01 0D00 5F11");
    BOOST_REQUIRE(frames.size() == 2u);
    BOOST_TEST(frames[1] == "10450b0101");
}

BOOST_AUTO_TEST_CASE(answers_do_not_wait_for_a_request_under_way) {
    const std::array<std::uint16_t, 1> ids = {0};
    auto& outcome = ask({switch_ieee, 2, zcl::read_attributes(6, ids)});
    BOOST_TEST(answers_to(2, 6, "08 61 0A 0000 10 01").size() == 1u);
    BOOST_TEST(!outcome.has_value());
    loop.run(network->stop());
    loop.until([&] { return outcome.has_value(); });
}

BOOST_AUTO_TEST_SUITE_END()

// What the C library's zone data says for 2026, checked against the published rules
BOOST_AUTO_TEST_SUITE(time_cluster)

namespace {

constexpr std::time_t second_2000 = 946684800;

struct Zone {
    explicit Zone(const char* name) {
        setenv("TZ", name, 1);
        tzset();
    }
    ~Zone() {
        unsetenv("TZ");
        tzset();
    }
};

std::uint32_t utc(int year, int month, int day, int hour) {
    std::tm parts{};
    parts.tm_year = year - 1900;
    parts.tm_mon = month - 1;
    parts.tm_mday = day;
    parts.tm_hour = hour;
    return static_cast<std::uint32_t>(timegm(&parts) - second_2000);
}

std::time_t at(int year, int month, int day) {
    return static_cast<std::time_t>(utc(year, month, day, 12)) + second_2000;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_northern_zone_has_its_summer_within_the_year) {
    const Zone zone("CET-1CEST,M3.5.0,M10.5.0/3");
    for (const auto now : {at(2026, 1, 10), at(2026, 7, 1), at(2026, 12, 1)}) {
        const auto data = network::zone_data(now, network::machine_zone());
        BOOST_TEST(data.standard_offset == 3600);
        BOOST_TEST(data.dst_shift == 3600);
        BOOST_TEST(data.dst_start == utc(2026, 3, 29, 1));
        BOOST_TEST(data.dst_end == utc(2026, 10, 25, 1) - 1);
    }
}

BOOST_AUTO_TEST_CASE(a_southern_zone_has_it_across_the_turn_of_the_year) {
    const Zone zone("AEST-10AEDT,M10.1.0,M4.1.0/3");
    auto data = network::zone_data(at(2026, 2, 1), network::machine_zone());
    BOOST_TEST(data.standard_offset == 36000);
    BOOST_TEST(data.dst_start == utc(2025, 10, 4, 16));
    BOOST_TEST(data.dst_end == utc(2026, 4, 4, 16) - 1);
    data = network::zone_data(at(2026, 6, 1), network::machine_zone());
    BOOST_TEST(data.dst_start == utc(2026, 10, 3, 16));
    BOOST_TEST(data.dst_end == utc(2027, 4, 3, 16) - 1);
    BOOST_TEST(data.dst_shift == 3600);
}

BOOST_AUTO_TEST_CASE(a_zone_without_summer_time_says_so) {
    const Zone zone("JST-9");
    const auto data = network::zone_data(at(2026, 7, 1), network::machine_zone());
    BOOST_TEST(data.standard_offset == 32400);
    BOOST_TEST(data.dst_start == 0xFFFFFFFF);
    BOOST_TEST(data.dst_end == 0xFFFFFFFF);
    BOOST_TEST(data.dst_shift == 0);
}

BOOST_AUTO_TEST_CASE(local_time_counts_the_summer_in) {
    const Zone zone("CET-1CEST,M3.5.0,M10.5.0/3");
    network::TimeCluster cluster;
    const auto now = at(2026, 7, 1);
    const auto value = [&](std::uint16_t id) {
        return cluster.attribute(id, now)->integer().value();
    };
    BOOST_TEST(value(0) == utc(2026, 7, 1, 12));
    BOOST_TEST(value(1) == 0x0D);
    BOOST_TEST(value(2) == 3600);
    BOOST_TEST(value(6) == utc(2026, 7, 1, 13));
    BOOST_TEST(value(7) == utc(2026, 7, 1, 14));
    BOOST_TEST(value(8) == utc(2026, 7, 1, 12));
    BOOST_TEST(value(9) == utc(2026, 7, 2, 12));
    BOOST_TEST(!cluster.attribute(10, now).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
