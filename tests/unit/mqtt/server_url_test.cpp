#include "mqtt/server_url.hpp"

#include <boost/test/unit_test.hpp>

using namespace waggle::mqtt;

namespace {

std::string shown(std::string_view text) {
    std::string problem;
    const auto url = parse_server_url(text, problem);
    if (!url)
        return "refused";
    return url->text() + (url->user.empty() ? "" : " " + url->user + " " + url->password);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(server_url)

BOOST_AUTO_TEST_CASE(schemes_have_their_ports) {
    BOOST_TEST(shown("mqtt://localhost") == "mqtt://localhost:1883");
    BOOST_TEST(shown("tcp://nas.local:1884") == "mqtt://nas.local:1884");
    BOOST_TEST(shown("mqtts://10.0.0.2") == "mqtts://10.0.0.2:8883");
    BOOST_TEST(shown("ssl://x") == "mqtts://x:8883");
    BOOST_TEST(shown("tls://x:1/path?query") == "mqtts://x:1");
    BOOST_TEST(shown("mqtt://[fe80::1]:1883") == "mqtt://[fe80::1]:1883");
    BOOST_TEST(shown("mqtt://[::1]") == "mqtt://[::1]:1883");
}

BOOST_AUTO_TEST_CASE(credentials_may_be_in_the_address) {
    BOOST_TEST(shown("mqtt://me:p%40ss%3A@nas:1") == "mqtt://nas:1 me p@ss:");
    BOOST_TEST(shown("mqtt://me@nas") == "mqtt://nas:1883 me ");
}

BOOST_AUTO_TEST_CASE(everything_else_is_refused) {
    for (const auto* text :
         {"", "localhost", "http://x", "mqtt://", "mqtt://:1883", "mqtt://x:0", "mqtt://x:70000",
          "mqtt://x:1a", "mqtt://[::1", "mqtt://[::1]x", "://x"})
        BOOST_TEST(shown(text) == "refused", text);
}

BOOST_AUTO_TEST_CASE(websockets_are_refused_in_a_sentence_that_helps) {
    std::string problem;
    BOOST_TEST(!parse_server_url("ws://x:9001", problem).has_value());
    BOOST_TEST(problem.find("websockets (ws://) are not supported") != std::string::npos);
    BOOST_TEST(problem.find("mqtt://host") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
