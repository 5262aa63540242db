#include <boost/test/unit_test.hpp>

#include "coordinator/znp/sender.hpp"
#include "sending_rig.hpp"

using namespace waggle;
using namespace waggle::test;
using namespace waggle::test::mt;
using std::chrono::milliseconds;
using std::chrono::seconds;

BOOST_FIXTURE_TEST_SUITE(sending_load, SendingRig)

BOOST_AUTO_TEST_CASE(sixteen_unicasts_are_under_way_and_one_a_device) {
    never_confirm();
    std::vector<Sent> sent(20);
    for (std::size_t i = 0; i < sent.size(); ++i)
        loop.start(coordinator->send(unicast(static_cast<NwkAddress>(0x1000 + i / 2))), sent[i]);
    loop.settle();
    BOOST_TEST(ncp.count(data_request) == 10u);
    std::vector<Sent> more(20);
    for (std::size_t i = 0; i < more.size(); ++i)
        loop.start(coordinator->send(unicast(static_cast<NwkAddress>(0x2000 + i))), more[i]);
    loop.settle();
    BOOST_TEST(ncp.count(data_request) == 16u);
    loop.run(coordinator->stop());  // the results live here
}

BOOST_AUTO_TEST_CASE(the_configured_concurrency_wins) {
    options.concurrency = 3;
    replace();
    BOOST_REQUIRE(start());
    ncp.asked.clear();
    never_confirm();
    std::vector<Sent> sent(8);
    for (std::size_t i = 0; i < sent.size(); ++i)
        loop.start(coordinator->send(unicast(static_cast<NwkAddress>(0x1000 + i))), sent[i]);
    loop.settle();
    BOOST_TEST(ncp.count(data_request) == 3u);
    loop.run(coordinator->stop());  // the results live here
}

BOOST_AUTO_TEST_CASE(sleeping_devices_do_not_hold_the_others_back) {
    options.concurrency = 2;
    replace();
    BOOST_REQUIRE(start());
    ncp.on(data_request, [](const Bytes& data) {
        std::vector<Bytes> frames{mt_frame(0x6401, Bytes(1, 0))};
        if (data[1] != 0x10)  // those at 0x10xx sleep
            frames.push_back(confirm(0, data[6]));
        return frames;
    });
    Sent sleeping[2];
    loop.start(coordinator->send(unicast(0x1000)), sleeping[0]);
    loop.start(coordinator->send(unicast(0x1001)), sleeping[1]);
    loop.settle();
    const auto before = Clock::now();
    BOOST_TEST(send_to(0x2000).has_value());
    BOOST_TEST((Clock::now() - before < milliseconds(1500)));
    BOOST_TEST(!sleeping[0]);
    loop.run(coordinator->stop());  // the results live here
}

BOOST_AUTO_TEST_CASE(a_full_radio_narrows_the_window) {
    confirm_with(0x11);
    BOOST_TEST((send_to(0x1234, false).error() == Errc::buffer_full));
    ncp.asked.clear();
    never_confirm();
    std::vector<Sent> sent(20);
    for (std::size_t i = 0; i < sent.size(); ++i)
        loop.start(coordinator->send(unicast(static_cast<NwkAddress>(0x1000 + i))), sent[i]);
    loop.settle();
    BOOST_TEST(ncp.count(data_request) == 8u);
    loop.run(coordinator->stop());  // the results live here
}

BOOST_AUTO_TEST_CASE(groupcasts_settle_without_holding_unicasts_back) {
    options.concurrency = 2;
    replace();
    BOOST_REQUIRE(start());
    ncp.asked.clear();
    const auto before = Clock::now();
    BOOST_TEST(send(groupcast()).has_value());
    BOOST_TEST(send(groupcast()).has_value());
    Sent third;
    loop.start(coordinator->send(groupcast()), third);
    loop.settle();
    BOOST_TEST(!third);
    BOOST_TEST(ncp.count(data_request_ext) == 2u);
    BOOST_TEST(send_to(0x1234).has_value());
    loop.until([&] { return third.has_value(); }, seconds(2), milliseconds(10));
    BOOST_TEST((Clock::now() - before >= milliseconds(200)));
    BOOST_TEST(third->has_value());
}

BOOST_AUTO_TEST_CASE(everything_under_way_ends_with_the_link) {
    never_confirm();
    std::vector<Sent> sent(40);
    for (std::size_t i = 0; i < sent.size(); ++i)
        loop.start(coordinator->send(unicast(static_cast<NwkAddress>(0x1000 + i))), sent[i]);
    std::optional<Result<Bytes>> asked;
    loop.start(coordinator->zdo(0x3000, zdo::Cluster::node_desc_req, hex("00 30"), true), asked);
    loop.settle();
    ncp.link->drop("unplugged");
    loop.settle();
    for (const auto& one : sent) {
        BOOST_REQUIRE(one);
        BOOST_TEST((one->error() == Errc::closed));
    }
    BOOST_REQUIRE(asked);
    BOOST_TEST((asked->error() == Errc::closed));
    BOOST_TEST(listener.lost == std::vector<std::string>({"unplugged"}));
    BOOST_TEST((send_to(1).error() == Errc::closed));
}

BOOST_AUTO_TEST_CASE(a_back_off_ends_with_the_link_as_well) {
    confirm_with(0x11);
    Sent sent;
    loop.start(coordinator->send(unicast(0x1234)), sent);
    loop.settle();
    BOOST_TEST(!sent);
    loop.run(coordinator->stop());
    BOOST_REQUIRE(sent);
    BOOST_TEST((sent->error() == Errc::closed));
}

BOOST_AUTO_TEST_SUITE_END()
