#include "server_fixture.hpp"

using namespace waggle;
using namespace waggle::test;
using namespace std::chrono_literals;

namespace {

struct Asked : ServerFixture {
    /// -> the notify's number
    std::string ask() {
        loop.start(server->ask(switch_ieee), asked);
        loop.settle();
        const auto frames = sent();
        BOOST_REQUIRE(frames.size() == 1u);
        BOOST_TEST(frames[0].substr(0, 2) == "19");
        BOOST_TEST(frames[0].substr(4) == "000064");
        return frames[0].substr(2, 2);
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(asking, Asked)

BOOST_AUTO_TEST_CASE(a_device_is_told_and_asks) {
    ask();
    BOOST_TEST(server->is_busy(switch_ieee));
    BOOST_TEST(says("01 2A 01 00 5F11 0101 15000000").empty());
    BOOST_REQUIRE((asked && *asked));
    BOOST_TEST((*asked)->endpoint == 1);
    BOOST_TEST((*asked)->sequence == 0x2A);
    BOOST_TEST((*asked)->manufacturer == 0x115F);
    BOOST_TEST((*asked)->image_type == 0x0101);
    BOOST_TEST((*asked)->file_version == 21u);
    BOOST_TEST(!(*asked)->hardware_version.has_value());
    BOOST_TEST(queries.empty());
    BOOST_TEST(!server->is_busy(switch_ieee));
}

BOOST_AUTO_TEST_CASE(the_hardware_version_is_read_when_it_is_there) {
    ask();
    says("01 2A 01 01 5F11 0101 15000000 3412");
    BOOST_REQUIRE((asked && *asked));
    BOOST_TEST((*asked)->hardware_version.value() == 0x1234);
}

BOOST_AUTO_TEST_CASE(a_default_response_ends_the_wait) {
    const auto number = ask();
    says("18 " + number + " 0B 00 81");
    BOOST_REQUIRE((asked && !*asked));
    BOOST_TEST(asked->error().message == "Device didn't respond to OTA request");
}

BOOST_AUTO_TEST_CASE(a_default_response_to_something_else_does_not) {
    const auto number = ask();
    says("18 " + number + " 0B 05 00");
    says("18 " + number + " 0B");
    BOOST_TEST(!asked.has_value());
    says("01 2A 01 00 5F11 0101 15000000");
    BOOST_TEST(asked.has_value());
}

BOOST_AUTO_TEST_CASE(a_device_has_a_minute) {
    ask();
    loop.pass(59s);
    BOOST_TEST(!asked.has_value());
    loop.pass(2s);
    BOOST_REQUIRE((asked && !*asked));
    BOOST_TEST(asked->error().message == "Device didn't respond to OTA request");
    says("01 2A 01 00 5F11 0101 15000000");  // too late: as if nobody had asked
    BOOST_TEST(queries.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_query_of_another_endpoint_is_not_the_answer) {
    ask();
    says("01 2A 01 00 5F11 0101 15000000", 250ms, 2);
    BOOST_TEST(!asked.has_value());
    BOOST_TEST(queries.empty());
}

BOOST_AUTO_TEST_CASE(a_notify_that_does_not_arrive_is_a_failure_at_once) {
    radio->on_send = [](const ApsRequest&) { return Result<void>(Errc::no_ack); };
    loop.start(server->ask(switch_ieee), asked);
    loop.pass(1s);
    BOOST_REQUIRE((asked && !*asked));
    BOOST_TEST(asked->error().message == "Device didn't respond to OTA request");
}

BOOST_AUTO_TEST_CASE(a_device_without_the_cluster_is_not_asked) {
    device().endpoint(1)->outputs = {0x0000, 0x000A};
    loop.start(server->ask(switch_ieee), asked);
    loop.settle();
    BOOST_REQUIRE((asked && !*asked));
    BOOST_TEST(asked->error().message ==
               "No endpoint found with OTA cluster support for 0x00158d0001020304");
}

BOOST_AUTO_TEST_CASE(nobody_is_asked_twice_at_a_time) {
    ask();
    std::optional<ota::Outcome<ota::Query>> second;
    loop.start(server->ask(switch_ieee), second);
    loop.settle();
    BOOST_REQUIRE((second && !*second));
    BOOST_TEST(second->error().message == "OTA already in progress for 0x00158d0001020304");
}

BOOST_AUTO_TEST_CASE(a_device_that_leaves_is_not_waited_for) {
    ask();
    radio->leave(switch_address, switch_ieee);
    loop.settle();
    BOOST_TEST((asked && !*asked));
}

BOOST_AUTO_TEST_CASE(a_query_out_of_the_blue_is_handed_up) {
    BOOST_TEST(says("01 2B 01 00 5F11 0101 15000000").empty());
    BOOST_REQUIRE(queries.size() == 1u);
    BOOST_TEST(queries[0].sequence == 0x2B);
    const auto query_of_device = queries[0];
    BOOST_TEST(loop.run(server->answer_no_image(switch_ieee, query_of_device)).has_value());
    BOOST_TEST((sent() == Frames{"192b0298"}));
}

BOOST_AUTO_TEST_CASE(what_is_cut_off_or_not_for_a_server_is_ignored) {
    for (const auto* frame :
         {"01 2A 01 00 5F11 0101 150000", "01 2A 01 01 5F11 0101 15000000 34", "01 2A 01", "01 2A",
          "01 2A 03 00 5F11 0101 16000000 00000000",
          "01 2A 04 00 5F11 0101 16000000 00000000 32 0001 00", "01 2A 06 00 5F11 0101 160000",
          "09 2A 01 00 5F11 0101 15000000", "01 2A 08 00"})
        BOOST_TEST(says(frame).empty(), frame);
    BOOST_TEST(queries.empty());
}

BOOST_AUTO_TEST_SUITE_END()
