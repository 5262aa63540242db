#include "ota/index.hpp"

#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

using namespace waggle::ota;

namespace {

/// The QBKG04LM's entry of the public index of 2026-08, its URL shortened.
const std::string qbkg04lm_entry =
    R"({"fileName":"resp_switch_neutral1.ota","fileVersion":22,"fileSize":169746,)"
    R"("url":"https://example.org/q.ota","imageType":257,"manufacturerCode":4447,)"
    R"("sha512":"4DB3D3","otaHeaderString":"DR1175r1v1UNENCRYPTED00000JN5169",)"
    R"("modelId":"lumi.ctrl_neutral1"})";

const std::string everything =
    R"({"url":"a","imageType":1,"manufacturerCode":2,"fileVersion":4294967295,"force":true,)"
    R"("manufacturerName":["x","y"],"minFileVersion":0,"maxFileVersion":9,)"
    R"("hardwareVersionMin":1,"hardwareVersionMax":3,"releaseNotes":"n","originalUrl":"o"})";

struct Read {
    std::vector<ReadEntry> entries;
    IndexTotals totals;
    std::string problem;
};

Read read(std::string_view text) {
    Read result;
    auto totals = read_index(text, [&](ReadEntry entry) { result.entries.push_back(entry); });
    if (totals)
        result.totals = *totals;
    else
        result.problem = totals.error().message;
    return result;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(index_reader)

BOOST_AUTO_TEST_CASE(an_entry_of_the_public_index_is_read) {
    const auto result = read("[" + qbkg04lm_entry + "]");
    BOOST_TEST(result.problem == "");
    BOOST_REQUIRE(result.entries.size() == 1u);
    BOOST_TEST(result.entries[0].has_numbers);
    const auto& entry = result.entries[0].entry;
    BOOST_TEST(entry.url == "https://example.org/q.ota");
    BOOST_TEST(entry.manufacturer == 0x115F);
    BOOST_TEST(entry.image_type == 0x0101);
    BOOST_TEST(entry.file_version == 22u);
    BOOST_TEST(entry.file_size == 169746u);
    BOOST_TEST(entry.sha512 == "4db3d3");  // any case; ours is lower
    BOOST_TEST(entry.model_id == "lumi.ctrl_neutral1");
    BOOST_TEST(entry.header_string == "DR1175r1v1UNENCRYPTED00000JN5169");
    BOOST_TEST(!entry.min_file_version.has_value());
    BOOST_TEST(!entry.force);
}

BOOST_AUTO_TEST_CASE(every_optional_member_is_read) {
    const auto result = read("\xEF\xBB\xBF [ " + everything + " ]\n");
    BOOST_REQUIRE(result.entries.size() == 1u);
    const auto& entry = result.entries[0].entry;
    BOOST_TEST(entry.file_version == 0xFFFFFFFFu);
    BOOST_TEST(entry.force);
    BOOST_TEST(entry.manufacturer_names.size() == 2u);
    BOOST_TEST(entry.min_file_version.value() == 0u);
    BOOST_TEST(entry.max_file_version.value() == 9u);
    BOOST_TEST(entry.hardware_version_min.value() == 1);
    BOOST_TEST(entry.hardware_version_max.value() == 3);
    BOOST_TEST(entry.release_notes == "n");
    BOOST_TEST(entry.original_url == "o");
}

BOOST_AUTO_TEST_CASE(what_is_written_is_read_the_same) {
    const auto first = read("[" + everything + "]");
    BOOST_REQUIRE(first.entries.size() == 1u);
    const auto text = boost::json::serialize(to_json(first.entries[0].entry));
    const auto second = read("[" + text + "]");
    BOOST_REQUIRE(second.entries.size() == 1u);
    BOOST_TEST(boost::json::serialize(to_json(second.entries[0].entry)) == text);
}

BOOST_AUTO_TEST_CASE(an_entry_need_not_become_text_to_be_read_again) {
    const auto first = read("[" + everything + "]");
    BOOST_REQUIRE(first.entries.size() == 1u);
    const auto again = read_entry(to_json(first.entries[0].entry));
    BOOST_REQUIRE(again.has_value());
    BOOST_TEST(again->has_numbers);
    BOOST_TEST(again->entry.max_file_version.value() == 9u);
}

BOOST_AUTO_TEST_CASE(an_entry_of_a_local_file_may_leave_out_its_numbers) {
    const auto result = read(R"([{"url":"ota/a.ota"},{"url":"b","imageType":1.5}])");
    BOOST_REQUIRE(result.entries.size() == 2u);
    BOOST_TEST(!result.entries[0].has_numbers);
    BOOST_TEST(!result.entries[1].has_numbers);
}

BOOST_AUTO_TEST_CASE(numbers_of_another_type_or_range_do_not_count) {
    for (const char* number : {R"("257")", "65536", "-1", "1.5", "null", "1e400"}) {
        const auto result =
            read(R"([{"url":"a","manufacturerCode":2,"fileVersion":3,"imageType":)" +
                 std::string(number) + "}]");
        BOOST_REQUIRE_MESSAGE(result.entries.size() == 1u, number << " " << result.problem);
        BOOST_TEST(!result.entries[0].has_numbers, number);
    }
}

BOOST_AUTO_TEST_CASE(entries_without_a_url_are_counted_and_left_out) {
    const auto result = read(R"([{}, 1, null, {"url":""}, {"url":7}, {"url":"a"}])");
    BOOST_TEST(result.problem == "");
    BOOST_TEST(result.totals.entries == 6u);
    BOOST_TEST(result.totals.unusable == 5u);
    BOOST_TEST(result.entries.size() == 1u);
}

BOOST_AUTO_TEST_CASE(an_empty_index_has_no_entries) {
    for (const char* text : {"[]", " [ ] ", "\n[\n]\n"}) {
        const auto result = read(text);
        BOOST_TEST(result.problem == "", text);
        BOOST_TEST(result.totals.entries == 0u);
    }
}

BOOST_AUTO_TEST_CASE(brackets_and_commas_in_texts_do_not_end_an_entry) {
    const auto result = read(R"([{"url":"a]},[{\"\\"},{"url":"b","x":[{"y":"]"},[]]}])");
    BOOST_TEST(result.problem == "");
    BOOST_REQUIRE(result.entries.size() == 2u);
    BOOST_TEST(result.entries[0].entry.url == "a]},[{\"\\");
}

BOOST_AUTO_TEST_CASE(what_is_no_array_is_refused) {
    for (const char* text :
         {"", " ", "{}", "null", "<html>404</html>", "[", "[,]", "[1,]x", "[1]]", "[}", "[{]}",
          "[1 2]", "[{\"url\":\"a\"}", "[\"", "[\"\\", "[1]2", "\xEF\xBB\xBF"}) {
        BOOST_TEST(read(text).problem != "", "'" << text << "'");
    }
}

BOOST_AUTO_TEST_CASE(a_comma_behind_the_last_entry_is_refused) {
    BOOST_TEST(read(R"([{"url":"a"},])").problem != "");
}

BOOST_AUTO_TEST_CASE(every_truncation_is_refused) {
    const auto whole = "[" + qbkg04lm_entry + "," + everything + "]";
    BOOST_TEST(read(whole).problem == "");
    for (std::size_t n = 0; n < whole.size(); ++n) {
        const std::vector<char> cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n));
        BOOST_TEST(read({cut.data(), cut.size()}).problem != "", "cut to " << n << " octets");
    }
}

BOOST_AUTO_TEST_CASE(nesting_has_a_bound) {
    const std::string deep(100000, '[');
    BOOST_TEST(read(deep).problem != "");
    BOOST_TEST(read(deep + std::string(100000, ']')).problem != "");
}

BOOST_AUTO_TEST_CASE(release_notes_are_cut_between_characters) {
    std::string notes(65535, 'x');
    notes += "\u00e4\u00e4";
    const auto result = read(R"([{"url":"a","releaseNotes":")" + notes + "\"}]");
    BOOST_REQUIRE(result.entries.size() == 1u);
    BOOST_TEST(result.entries[0].entry.release_notes.size() == 65535u);
}

BOOST_AUTO_TEST_CASE(a_list_of_makers_without_names_fits_nobody_and_none_fits_all) {
    const auto result = read(R"([{"url":"a","manufacturerName":[]},{"url":"b"}])");
    BOOST_REQUIRE(result.entries.size() == 2u);
    BOOST_TEST(result.entries[0].entry.manufacturer_names.size() == 1u);
    BOOST_TEST(result.entries[1].entry.manufacturer_names.empty());
}

BOOST_AUTO_TEST_SUITE_END()
