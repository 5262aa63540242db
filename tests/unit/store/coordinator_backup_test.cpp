#include "store/coordinator_backup.hpp"

#include <fstream>
#include <iterator>

#include <boost/test/unit_test.hpp>

#include "base/bytes.hpp"

using namespace waggle;
using namespace waggle::store;

namespace {

/// Written by zigbee-herdsman 10.9.2's own code.
std::string herdsman_file() {
    std::ifstream file(WAGGLE_TEST_FILES "/backup_herdsman.json");
    return {std::istreambuf_iterator<char>(file), {}};
}

/// The form of zigpy: its own internals, PAN id with four digits, no stack_specific for Z-Stack.
constexpr std::string_view zigpy_file = R"({
    "metadata": {"version": 1, "format": "zigpy/open-coordinator-backup",
        "source": "bellows@0.36.1",
        "internal": {"creation_time": "2026-10-01T12:00:00+00:00",
            "node": {"ieee": "00:0d:6f:00:0a:90:69:e7", "type": "coordinator"},
            "network": {"tc_link_key": {"key": "5a:69"}, "children": []}}},
    "stack_specific": {"ezsp": {"hashed_tclk": "abcdabcdabcdabcdabcdabcdabcdabcd",
        "stack_specific_extra": 1}},
    "coordinator_ieee": "000d6f000a9069e7", "pan_id": "0a62", "extended_pan_id": "abcdef0123456789",
    "nwk_update_id": 3, "security_level": 5, "channel": 15, "channel_mask": [11, 15, 20],
    "network_key": {"key": "2ccade06b3090c310315b3d574d3c85a", "sequence_number": 1,
        "frame_counter": 118785},
    "devices": [{"ieee_address": "000b57fffed10000", "nwk_address": "abcd", "is_child": false,
        "link_key": {"key": "85:7c:05:00:3e:76:1a:f9:68:9a:49:41:6a:60:5c:76", "tx_counter": 3792973670,
            "rx_counter": 1083290572}}],
    "added_later": {"kept": true}
})";

}  // namespace

BOOST_AUTO_TEST_SUITE(coordinator_backup)

BOOST_AUTO_TEST_CASE(a_file_of_herdsman_is_read_and_written_back_byte_for_byte) {
    std::string problem;
    const auto backup = parse_coordinator_backup(herdsman_file(), problem);
    BOOST_REQUIRE_MESSAGE(backup.has_value(), problem);
    BOOST_TEST(backup->source == "zigbee-herdsman@10.9.2");
    BOOST_TEST(backup->znp_version.value() == 1);
    BOOST_TEST(backup->coordinator_ieee == 0x00124b0009d69f77u);
    BOOST_TEST(backup->pan_id == 0x1a62);
    BOOST_TEST(backup->extended_pan_id == 0x00124b0009d80ba7u);
    BOOST_TEST(backup->frame_counter == 66781u);
    BOOST_TEST(to_hex(backup->network_key) == "01030507090b0d0f00020406080a0c0d");
    BOOST_REQUIRE(backup->devices.size() == 2u);
    BOOST_TEST(backup->devices[0].nwk_address.value() == 0xc5b4);
    BOOST_TEST(backup->devices[0].link_key.value().tx_counter == 275u);
    BOOST_TEST(!backup->devices[1].nwk_address.has_value());
    BOOST_TEST(!backup->devices[1].is_child);
    BOOST_TEST(write_coordinator_backup(*backup) == herdsman_file());
}

BOOST_AUTO_TEST_CASE(a_file_of_zigpy_is_read_and_its_other_keys_are_kept) {
    std::string problem;
    const auto backup = parse_coordinator_backup(zigpy_file, problem);
    BOOST_REQUIRE_MESSAGE(backup.has_value(), problem);
    BOOST_TEST(backup->pan_id == 0x0a62);
    BOOST_TEST(backup->date == "2026-10-01T12:00:00+00:00");
    BOOST_TEST(backup->ezsp_hashed_tclk.has_value());
    BOOST_TEST(backup->devices[0].link_key.value().tx_counter == 3792973670u);
    const auto text = write_coordinator_backup(*backup);
    for (const auto* kept : {"added_later", "stack_specific_extra", "tc_link_key", "creation_time"})
        BOOST_TEST(text.find(kept) != std::string::npos, kept);
    std::string again;
    BOOST_TEST(write_coordinator_backup(*parse_coordinator_backup(text, again)) == text);
}

BOOST_AUTO_TEST_CASE(every_truncation_is_an_error_with_a_sentence) {
    const auto whole = herdsman_file();
    for (std::size_t n = 0; n < whole.size(); ++n) {
        std::string problem;
        const auto backup = parse_coordinator_backup(whole.substr(0, n), problem);
        BOOST_TEST(backup.has_error(), "cut to " << n);
        BOOST_TEST((backup.error() == Errc::malformed), "cut to " << n);
        BOOST_TEST(!problem.empty());
    }
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_named_by_its_key) {
    const auto with = [](std::string_view from, std::string_view to) {
        auto text = herdsman_file();
        const auto at = text.find(from);
        BOOST_REQUIRE(at != std::string::npos);
        text.replace(at, from.size(), to);
        std::string problem;
        BOOST_TEST(parse_coordinator_backup(text, problem).has_error());
        return problem;
    };
    BOOST_TEST(with("\"version\": 1", "\"version\": 2") ==
               "metadata.version is not 1, the only version understood");
    BOOST_TEST(with("\"1a62\"", "\"1a62f\"") == "pan_id is not 1 to 4 hexadecimal digits");
    BOOST_TEST(with("\"00124b0009d80ba7\"", "\"00124b\"") ==
               "extended_pan_id is not 16 hexadecimal digits");
    BOOST_TEST(with("\"frame_counter\": 66781", "\"frame_counter\": -1") ==
               "network_key.frame_counter is not a number from 0 to 4294967295");
    BOOST_TEST(with("\"00124b002226ef87\"", "5") == "devices[0].ieee_address is not a text");
    BOOST_TEST(with("\"channel\": 11", "\"channel\": \"11\"") ==
               "channel is not a number from 0 to 26");
}

BOOST_AUTO_TEST_CASE(another_format_is_unsupported_rather_than_damaged) {
    std::string problem;
    BOOST_TEST(
        (parse_coordinator_backup(R"({"adapterType":"zStack","data":{}})", problem).error() ==
         Errc::unsupported));
    BOOST_TEST(problem.find("raw memory") != std::string::npos);
    BOOST_TEST((parse_coordinator_backup(R"({"metadata":{"format":"other"}})", problem).error() ==
                Errc::unsupported));
}

BOOST_AUTO_TEST_SUITE_END()
