#include "engine/pattern_list.hpp"

#include <boost/test/unit_test.hpp>

using waggle::engine::PatternList;

BOOST_AUTO_TEST_SUITE(pattern_list)

BOOST_AUTO_TEST_CASE(a_plain_word_matches_the_whole_key_only) {
    const PatternList list({"temperature"});
    BOOST_TEST(list.matches("temperature"));
    BOOST_TEST(!list.matches("device_temperature"));
    BOOST_TEST(!list.matches("temperature_left"));
}

BOOST_AUTO_TEST_CASE(a_regular_expression_is_anchored_at_both_ends) {
    const PatternList list({"(state|power)_l[12]", ".*_raw"});
    BOOST_TEST(list.matches("state_l1"));
    BOOST_TEST(list.matches("power_l2"));
    BOOST_TEST(list.matches("x_raw"));
    BOOST_TEST(!list.matches("state_l3"));
    BOOST_TEST(!list.matches("a_state_l1"));
    BOOST_TEST(!list.matches("state_l1x"));
}

BOOST_AUTO_TEST_CASE(nothing_matches_an_empty_list) {
    BOOST_TEST(PatternList().empty());
    BOOST_TEST(!PatternList().matches(""));
}

BOOST_AUTO_TEST_CASE(what_is_no_expression_is_named_and_costs_the_others_nothing) {
    std::vector<std::string> problems;
    const PatternList list({"state", "(unclosed", "l."}, &problems);
    BOOST_TEST(problems.size() == 1u);
    BOOST_TEST(problems.front().find("(unclosed") != std::string::npos);
    BOOST_TEST(list.matches("state"));
    BOOST_TEST(list.matches("l1"));
}

BOOST_AUTO_TEST_CASE(a_key_too_long_for_a_recursive_matcher_matches_no_expression) {
    const PatternList list({"(a|aa)*"});
    BOOST_TEST(list.matches("aaa"));
    BOOST_TEST(!list.matches(std::string(100000, 'a')));
}

BOOST_AUTO_TEST_SUITE_END()
