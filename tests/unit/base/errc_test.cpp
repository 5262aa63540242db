#include "base/errc.hpp"

#include <set>
#include <string>

#include <boost/test/unit_test.hpp>

#include "base/result.hpp"

namespace waggle {

BOOST_AUTO_TEST_SUITE(errc)

BOOST_AUTO_TEST_CASE(every_value_has_a_sentence_of_its_own) {
    std::set<std::string> sentences;
    const auto last = static_cast<int>(Errc::io_error);
    for (int i = 1; i <= last; ++i)
        sentences.insert(make_error_code(static_cast<Errc>(i)).message());
    BOOST_TEST(sentences.size() == static_cast<std::size_t>(last));
    BOOST_TEST(sentences.count("unknown error") == 0u);
    BOOST_TEST(make_error_code(static_cast<Errc>(last + 1)).message() == "unknown error");
}

BOOST_AUTO_TEST_CASE(a_result_carries_a_value_or_says_why_not) {
    const Result<int> good = 7;
    const Result<int> bad = Errc::busy;
    BOOST_TEST(good.value() == 7);
    BOOST_TEST(!bad.has_value());
    BOOST_TEST((bad.error() == Errc::busy));
    BOOST_TEST((bad.error() != Errc::closed));
    BOOST_TEST(bad.error().category().name() == std::string("waggle"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waggle
