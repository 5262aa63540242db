#include "mqtt/retained_ledger.hpp"

#include <boost/test/unit_test.hpp>

using namespace waggle::mqtt;

namespace {

using Topics = std::vector<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(retained_ledger)

BOOST_AUTO_TEST_CASE(what_the_broker_shows_unchanged_needs_nothing) {
    RetainedLedger ledger;
    ledger.set("a", "1", true);
    ledger.set("b", "2", true);
    ledger.set("c", "3", true);
    BOOST_TEST(!ledger.has_open());
    ledger.begin();
    ledger.seen("a", "1");
    ledger.seen("b", "other");
    ledger.seen("unknown", "x");
    const auto work = ledger.finish();
    BOOST_TEST((work.publish == Topics{"b", "c"}));
    BOOST_TEST(work.clear.empty());
    BOOST_TEST(!ledger.has_open());
}

BOOST_AUTO_TEST_CASE(what_was_cleared_while_away_is_cleared_afterwards_and_then_forgotten) {
    RetainedLedger ledger;
    ledger.set("a", "1", true);
    ledger.set("b", "1", true);
    ledger.set("a", "", true);
    BOOST_TEST(ledger.size() == 1u);
    ledger.set("b", "", false);
    ledger.begin();
    ledger.seen("b", "1");
    BOOST_TEST((ledger.finish().clear == Topics{"b"}));
    BOOST_TEST(ledger.size() == 0u);
    ledger.begin();
    BOOST_TEST(!ledger.has_open());
}

BOOST_AUTO_TEST_CASE(what_was_set_while_away_or_not_delivered_is_published) {
    RetainedLedger ledger;
    ledger.set("a", "1", false);
    ledger.set("b", "1", true);
    ledger.undelivered("b");
    ledger.begin();
    BOOST_TEST((ledger.finish().publish == Topics{"a", "b"}));
}

BOOST_AUTO_TEST_CASE(what_is_published_meanwhile_is_not_repeated) {
    RetainedLedger ledger;
    ledger.set("a", "1", true);
    ledger.begin();
    ledger.set("a", "2", true);
    ledger.seen("a", "1");  // sent by the broker before it had the new one
    BOOST_TEST(ledger.finish().publish.empty());
}

BOOST_AUTO_TEST_SUITE_END()
