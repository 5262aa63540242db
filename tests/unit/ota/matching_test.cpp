#include "ota/matching.hpp"

#include <boost/test/unit_test.hpp>

#include "unit/ota/images.hpp"

using namespace waggle;
using namespace waggle::ota;
using waggle::ota::test::qbkg04lm;

namespace {

IndexEntry entry(std::string url, std::uint32_t version) {
    IndexEntry made;
    made.url = std::move(url);
    made.manufacturer = 0x115F;
    made.image_type = 0x0101;
    made.file_version = version;
    return made;
}

struct Offer {
    IndexEntry entry;
    bool of_override = false;
};

Found choose(const DeviceFacts& facts, const std::vector<Offer>& offers,
             Direction direction = Direction::upgrade) {
    Selection selection(facts, direction);
    for (const auto& offer : offers)
        selection.consider(offer.entry, offer.of_override);
    return std::move(selection).take();
}

std::string url_of(const Found& found) {
    return found.best ? found.best->url : "none";
}

bool contains(const Found& found, std::string_view text) {
    for (const auto& sentence : found.considered)
        if (sentence.find(text) != std::string::npos)
            return true;
    return false;
}

bool fits(const IndexEntry& candidate, const DeviceFacts& facts = qbkg04lm()) {
    return Selection::misfit(candidate, facts).empty();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(matching)

BOOST_AUTO_TEST_CASE(manufacturer_code_and_image_type_must_be_equal) {
    auto candidate = entry("a", 22);
    BOOST_TEST(fits(candidate));
    candidate.manufacturer = 0x1037;
    BOOST_TEST(!fits(candidate));
    candidate = entry("a", 22);
    candidate.image_type = 0x0102;
    BOOST_TEST(!fits(candidate));
}

BOOST_AUTO_TEST_CASE(version_bounds_are_of_the_device_and_inclusive) {
    auto candidate = entry("a", 22);
    candidate.min_file_version = 20;
    candidate.max_file_version = 20;
    BOOST_TEST(fits(candidate));
    candidate.min_file_version = 21;
    BOOST_TEST(!fits(candidate));
    candidate.min_file_version = 0;
    candidate.max_file_version = 19;
    BOOST_TEST(!fits(candidate));
}

BOOST_AUTO_TEST_CASE(the_model_is_the_devices_own_or_the_definitions) {
    auto candidate = entry("a", 22);
    candidate.model_id = "lumi.ctrl_neutral2";  // the two-gang switch has the same image type
    BOOST_TEST(Selection::misfit(candidate, qbkg04lm()) ==
               "it is for model 'lumi.ctrl_neutral2', the device is 'lumi.ctrl_neutral1'");
    auto facts = qbkg04lm();
    facts.definition_model_id = "lumi.ctrl_neutral2";
    BOOST_TEST(fits(candidate, facts));
    candidate.model_id = "lumi.ctrl_neutral1";
    BOOST_TEST(fits(candidate, facts));
}

BOOST_AUTO_TEST_CASE(the_maker_is_one_of_those_named) {
    auto candidate = entry("a", 22);
    candidate.manufacturer_names = {"Xiaomi", "LUMI"};
    BOOST_TEST(fits(candidate));
    candidate.manufacturer_names = {"Xiaomi"};
    BOOST_TEST(!fits(candidate));
    auto facts = qbkg04lm();
    facts.definition_manufacturer_name = "Xiaomi";
    BOOST_TEST(fits(candidate, facts));
    candidate.manufacturer_names = {""};
    facts.manufacturer_name.clear();
    BOOST_TEST(!fits(candidate, facts));
}

BOOST_AUTO_TEST_CASE(hardware_bounds_need_a_version_from_the_device_or_the_definition) {
    auto candidate = entry("a", 22);
    candidate.hardware_version_min = 2;
    candidate.hardware_version_max = 7;
    auto facts = qbkg04lm();
    BOOST_TEST(!fits(candidate, facts));
    facts.hardware_version = 1;
    BOOST_TEST(!fits(candidate, facts));
    facts.hardware_version = 7;
    BOOST_TEST(fits(candidate, facts));
    facts.hardware_version = 8;
    BOOST_TEST(!fits(candidate, facts));
    facts.hardware_version.reset();
    facts.hardware_version_min = 2;
    BOOST_TEST(!fits(candidate, facts));
    facts.hardware_version_max = 6;
    BOOST_TEST(fits(candidate, facts));
}

BOOST_AUTO_TEST_CASE(the_header_string_counts_only_where_the_definition_asks_for_it) {
    auto candidate = entry("a", 22);
    candidate.header_string = "one";
    auto facts = qbkg04lm();
    BOOST_TEST(fits(candidate, facts));
    facts.header_string = "two";
    BOOST_TEST(!fits(candidate, facts));
    facts.header_string = "one";
    BOOST_TEST(fits(candidate, facts));
}

BOOST_AUTO_TEST_CASE(the_highest_version_is_taken_whatever_the_order) {
    const auto found = choose(qbkg04lm(), {{entry("a", 22)}, {entry("c", 24)}, {entry("b", 23)}});
    BOOST_TEST(url_of(found) == "c");
    BOOST_TEST(found.available);
    BOOST_TEST(found.considered.size() == 3u);
    BOOST_TEST(found.considered[0] == "version 24 of 'c': taken (the device has 20)");
    BOOST_TEST(contains(found, "version 22 of 'a': it fits, but the one taken goes before it"));
}

BOOST_AUTO_TEST_CASE(of_equal_ones_the_first_is_taken) {
    BOOST_TEST(url_of(choose(qbkg04lm(), {{entry("a", 22)}, {entry("b", 22)}})) == "a");
}

BOOST_AUTO_TEST_CASE(the_same_version_is_no_update_unless_it_is_forced) {
    auto found = choose(qbkg04lm(), {{entry("a", 20)}});
    BOOST_TEST(url_of(found) == "a");
    BOOST_TEST(!found.available);
    BOOST_TEST(contains(found, "not newer"));
    auto forced = entry("b", 20);
    forced.force = true;
    found = choose(qbkg04lm(), {{entry("a", 20)}, {forced}});
    BOOST_TEST(url_of(found) == "b");
    BOOST_TEST(found.available);
    BOOST_TEST(contains(found, "over any version"));
}

BOOST_AUTO_TEST_CASE(the_override_index_wins_over_newer_ones) {
    const auto found = choose(qbkg04lm(), {{entry("mine", 18), true}, {entry("newer", 24)}});
    BOOST_TEST(url_of(found) == "mine");  // who keeps an old one there wants to stay
    BOOST_TEST(!found.available);
}

BOOST_AUTO_TEST_CASE(an_entry_for_this_model_wins_over_newer_ones_for_any) {
    // As manufacturer 4444, image type 4 of the public index: what is for any is not for V3-BTZBE.
    auto own = entry("own", 21);
    own.model_id = "lumi.ctrl_neutral1";
    BOOST_TEST(url_of(choose(qbkg04lm(), {{entry("any", 40)}, {own}})) == "own");
    own.file_version = 20;
    const auto found = choose(qbkg04lm(), {{own}, {entry("any", 40)}});
    BOOST_TEST(url_of(found) == "own");
    BOOST_TEST(!found.available);
}

BOOST_AUTO_TEST_CASE(a_step_on_the_way_is_not_left_out) {
    // As manufacturer 4107, image type 296: up to 21 first this, then that.
    auto step = entry("step", 22);
    step.max_file_version = 21;
    auto next = entry("next", 30);
    next.min_file_version = 22;
    const std::vector<Offer> index = {{entry("last", 40)}, {step}, {next}};
    auto facts = qbkg04lm();
    BOOST_TEST(url_of(choose(facts, index)) == "step");
    facts.file_version = 22;
    BOOST_TEST(url_of(choose(facts, index)) == "last");
}

BOOST_AUTO_TEST_CASE(a_downgrade_takes_the_highest_below_the_device) {
    const std::vector<Offer> index = {
        {entry("a", 12)}, {entry("b", 18)}, {entry("c", 20)}, {entry("d", 25)}};
    const auto found = choose(qbkg04lm(), index, Direction::downgrade);
    BOOST_TEST(url_of(found) == "b");
    BOOST_TEST(found.available);
}

BOOST_AUTO_TEST_CASE(without_one_below_the_lowest_is_told_and_not_available) {
    const auto found =
        choose(qbkg04lm(), {{entry("a", 25)}, {entry("b", 22)}}, Direction::downgrade);
    BOOST_TEST(url_of(found) == "b");
    BOOST_TEST(!found.available);
    BOOST_TEST(contains(found, "not older"));
}

BOOST_AUTO_TEST_CASE(entries_of_other_devices_are_not_told_one_by_one) {
    auto other = entry("other", 22);
    other.image_type = 7;
    const auto found = choose(qbkg04lm(), {{other}, {other}});
    BOOST_TEST(!found.best.has_value());
    BOOST_TEST(!found.available);
    BOOST_REQUIRE(found.considered.size() == 1u);
    BOOST_TEST(found.considered[0] ==
               "none of 2 images is for manufacturer code 4447 and image type 257");
}

BOOST_AUTO_TEST_CASE(the_list_has_a_bound_and_keeps_the_one_taken) {
    std::vector<Offer> index;
    for (std::uint32_t i = 0; i < 200; ++i)
        index.push_back({entry("e" + std::to_string(i), 100 + i)});
    const auto found = choose(qbkg04lm(), index);
    BOOST_TEST(url_of(found) == "e199");
    BOOST_TEST(found.considered.size() == 52u);
    BOOST_TEST(contains(found, "version 299 of 'e199': taken"));
    BOOST_TEST(found.considered.back() == "and 149 more");
}

BOOST_AUTO_TEST_SUITE_END()
