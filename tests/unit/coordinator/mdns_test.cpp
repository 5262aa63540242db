#include "coordinator/mdns.hpp"

#include <boost/test/unit_test.hpp>

using namespace waggle;

BOOST_AUTO_TEST_SUITE(mdns)

BOOST_AUTO_TEST_CASE(a_name_is_a_service_type) {
    BOOST_TEST(mdns_service_type("mdns://slzb-06").value() == "_slzb-06._tcp");
    for (const char* bad : {"mdns://", "mdns://a b", "mdns://a.b", "mdns:/", "tcp://a:1", ""})
        BOOST_TEST((mdns_service_type(bad).error() == Errc::malformed), bad);
    BOOST_TEST((mdns_service_type("mdns://" + std::string(100, 'a')).error() == Errc::malformed));
}

BOOST_AUTO_TEST_CASE(a_coordinator_that_announces_itself_is_reached_where_it_says) {
    CoordinatorOptions options;
    std::string problem;
    options.port = "mdns://slzb-06";
    BOOST_TEST(use_mdns_service(options, {"192.168.1.20", 6638, "znp"}, problem).has_value());
    BOOST_TEST(options.port == "tcp://192.168.1.20:6638");
    BOOST_TEST(options.adapter == "zstack");
    options = CoordinatorOptions();
    options.adapter = "auto";
    BOOST_TEST(use_mdns_service(options, {"fe80::1", 6638, "ezsp"}, problem).has_value());
    BOOST_TEST(options.port == "tcp://[fe80::1]:6638");
    BOOST_TEST(options.adapter == "ember");
}

BOOST_AUTO_TEST_CASE(what_is_configured_counts_more_than_what_is_announced) {
    CoordinatorOptions options;
    std::string problem;
    options.adapter = "zstack";
    BOOST_TEST(use_mdns_service(options, {"192.168.1.20", 6638, "zigate"}, problem).has_value());
    BOOST_TEST(options.adapter == "zstack");
}

BOOST_AUTO_TEST_CASE(an_announcement_without_a_radio_or_a_port_is_refused) {
    CoordinatorOptions options;
    std::string problem;
    options.port = "mdns://slzb-06";
    BOOST_TEST((use_mdns_service(options, {"192.168.1.20", 6638, ""}, problem).error() ==
                Errc::malformed));
    BOOST_TEST(problem.find("radio_type") != std::string::npos);
    BOOST_TEST((use_mdns_service(options, {"192.168.1.20", 0, "znp"}, problem).error() ==
                Errc::malformed));
    BOOST_TEST(options.port == "mdns://slzb-06");
}

BOOST_AUTO_TEST_SUITE_END()
