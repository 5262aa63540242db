#include "ota/server.hpp"

#include "server_fixture.hpp"

using namespace waggle;
using namespace waggle::test;
using namespace std::chrono_literals;

namespace {

const std::string offer = "192a02005f1101011600000082000000";
const std::string end_of_image = "01 40 06 00 5F11 0101 16000000";
const std::string end_answer = "1940075f110101160000000000000001000000";
const std::string gave_up = "Device 0x00158d0001020304 did not start/finish firmware download";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(serving, ServerFixture)

BOOST_AUTO_TEST_CASE(an_image_goes_to_the_device_block_by_block) {
    serve();
    BOOST_TEST((sent() == Frames{offer}));
    BOOST_TEST(server->is_busy(switch_ieee));
    BOOST_TEST((asks_for(0x2B, 0) == Frames{block(0x2B, 0, 50)}));
    BOOST_TEST((asks_for(0x2C, 50) == Frames{block(0x2C, 50, 50)}));
    BOOST_TEST((asks_for(0x2D, 100) == Frames{block(0x2D, 100, 30)}));
    BOOST_TEST(!folder.read("ota/transfers.json").empty());
    BOOST_TEST((says(end_of_image) == Frames{end_answer}));
    BOOST_TEST(!end.has_value());
    announce();
    BOOST_REQUIRE((end && *end));
    BOOST_TEST((*end)->file_version == 22u);
    BOOST_TEST((*end)->announced);
    BOOST_TEST(!server->is_busy(switch_ieee));
    BOOST_REQUIRE(progress.size() == 2u);
    BOOST_TEST((progress[0] == std::pair(0.0, 0.75)));  // three blocks, four a second
    BOOST_TEST((progress[1] == std::pair(100.0, 0.0)));
    BOOST_TEST(folder.read("ota/transfers.json").find("0x") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_device_that_does_not_announce_itself_is_done_in_two_minutes) {
    serve();
    says(end_of_image);
    loop.pass(119s);
    BOOST_TEST(!end.has_value());
    loop.pass(2s);
    BOOST_REQUIRE((end && *end));
    BOOST_TEST(!(*end)->announced);
}

BOOST_AUTO_TEST_CASE(an_announce_in_the_middle_ends_nothing) {
    serve();
    asks_for(0x2B, 0);
    announce();
    BOOST_TEST(!end.has_value());
    BOOST_TEST((asks_for(0x2C, 50) == Frames{block(0x2C, 50, 50)}));
}

BOOST_AUTO_TEST_CASE(an_upgrade_end_that_is_repeated_is_answered_again) {
    serve();
    BOOST_TEST((says(end_of_image) == Frames{end_answer}));
    BOOST_TEST((says(end_of_image) == Frames{end_answer}));
    BOOST_TEST(progress.size() == 2u);
}

BOOST_AUTO_TEST_CASE(blocks_keep_their_distance) {
    serve();
    BOOST_TEST(asks_for(0x2B, 0, 50, 10ms).size() == 1u);  // the first does not wait
    BOOST_TEST(asks_for(0x2C, 50, 50, 200ms).empty());
    loop.pass(60ms, 10ms);
    BOOST_TEST((sent() == Frames{block(0x2C, 50, 50)}));
}

BOOST_AUTO_TEST_CASE(without_a_distance_they_follow_at_once) {
    ota::ServeOptions options;
    options.block_delay = 0ms;
    serve(options);
    for (std::uint8_t i = 0; i < 10; ++i)
        BOOST_TEST(asks_for(i, 50, 50, 0ms).size() == 1u);
}

BOOST_AUTO_TEST_CASE(the_newest_request_counts) {
    serve();
    asks_for(0x2B, 0);
    radio->sent.clear();
    asks_for(0x2C, 50, 50, 10ms);
    loop.pass(1s);
    sent();
    asks_for(0x2D, 50, 50, 10ms);
    sent();
    asks_for(0x2E, 100, 50, 10ms);  // both wait now
    asks_for(0x2F, 100, 50, 10ms);
    loop.pass(1s);
    BOOST_TEST((sent() == Frames{block(0x2F, 100, 30)}));
}

BOOST_AUTO_TEST_CASE(a_block_has_what_device_and_options_take) {
    ota::ServeOptions options;
    options.maximum_data_size = 40;
    serve(options);
    BOOST_TEST((asks_for(0x2B, 0, 50) == Frames{block(0x2B, 0, 40)}));
    BOOST_TEST((asks_for(0x2C, 40, 30) == Frames{block(0x2C, 40, 30)}));
    BOOST_TEST((asks_for(0x2D, 70, 255) == Frames{block(0x2D, 70, 40)}));
}

BOOST_AUTO_TEST_CASE(some_devices_decide_alone) {
    ota::ServeOptions options;
    options.device_chooses_size = true;
    serve(options);
    BOOST_TEST((asks_for(0x2B, 0, 64) == Frames{block(0x2B, 0, 64)}));
    BOOST_TEST((asks_for(0x2C, 64, 255) == Frames{block(0x2C, 64, 66)}));
}

BOOST_AUTO_TEST_CASE(a_page_comes_in_blocks_with_one_number) {
    serve();
    BOOST_TEST((asks_for_page(0x2B, 10, 110, 1s) ==
                Frames{block(0x2B, 10, 50), block(0x2B, 60, 50), block(0x2B, 110, 10)}));
    BOOST_TEST(asks_for_page(0x2C, 0, 120, 300ms).size() == 2u);  // at the usual distance
}

BOOST_AUTO_TEST_CASE(a_page_ends_where_the_image_ends) {
    serve();
    BOOST_TEST((asks_for_page(0x2B, 100, 4000, 5s) == Frames{block(0x2B, 100, 30)}));
}

BOOST_AUTO_TEST_CASE(a_new_request_ends_a_page) {
    serve();
    asks_for_page(0x2B, 0, 130, 300ms);
    BOOST_TEST((asks_for(0x2C, 0, 50, 2s) == Frames{block(0x2C, 0, 50)}));
}

BOOST_AUTO_TEST_CASE(any_offset_is_served) {
    serve();
    BOOST_TEST((asks_for(0x2B, 77) == Frames{block(0x2B, 77, 50)}));
    BOOST_TEST((asks_for(0x2C, 0) == Frames{block(0x2C, 0, 50)}));
    BOOST_TEST((asks_for(0x2D, 129) == Frames{block(0x2D, 129, 1)}));
    BOOST_TEST((asks_for(0x2E, 130) == Frames{block(0x2E, 130, 0)}));  // as zigbee2mqtt
}

BOOST_AUTO_TEST_CASE(beyond_the_end_there_is_nothing) {
    serve();
    BOOST_TEST((asks_for(0x2B, 131) == Frames{"182b0b0380"}));
    BOOST_TEST((asks_for(0x2C, 0xFFFFFFFF) == Frames{"182c0b0380"}));
    BOOST_TEST((asks_for_page(0x2D, 0xFFFFFFF0, 0xFFFF, 250ms) == Frames{"182d0b0480"}));
    BOOST_TEST((asks_for(0x2E, 0, 0) == Frames{"182e0b0380"}));  // takes no octet at all
    BOOST_TEST((asks_for(0x2F, 0) == Frames{block(0x2F, 0, 50)}));
}

BOOST_AUTO_TEST_CASE(what_the_radio_lost_is_sent_again_at_a_greater_distance) {
    ota::ServeOptions options;
    options.block_delay = 0ms;
    serve(options);
    radio->on_send = [losses = 2](const ApsRequest&) mutable {
        return losses-- > 0 ? Result<void>(Errc::no_ack) : Result<void>();
    };
    BOOST_TEST(asks_for(0x2C, 50, 50, 80ms).size() == 1u);
    const auto within = [this](std::chrono::milliseconds time) {
        loop.pass(time, 10ms);
        return sent();
    };
    BOOST_TEST((within(40ms) == Frames{block(0x2C, 50, 50)}));
    BOOST_TEST(within(150ms).empty());
    BOOST_TEST((within(60ms) == Frames{block(0x2C, 50, 50)}));
    BOOST_TEST(within(1s).empty());
}

BOOST_AUTO_TEST_CASE(three_losses_and_the_device_has_to_ask_again_for_a_smaller_block) {
    serve();
    asks_for(0x2B, 0);
    radio->on_send = [](const ApsRequest&) { return Result<void>(Errc::no_ack); };
    BOOST_TEST(asks_for(0x2C, 50, 50, 10s).size() == 3u);
    radio->on_send = nullptr;
    BOOST_TEST((asks_for(0x2D, 50, 50, 10s) == Frames{block(0x2D, 50, 25)}));
    BOOST_TEST(!end.has_value());
}

BOOST_AUTO_TEST_CASE(progress_is_told_every_half_minute) {
    serve();
    asks_for(0x2B, 0);
    loop.pass(31s);
    asks_for(0x2C, 50);
    loop.pass(5s);
    asks_for(0x2D, 100);
    BOOST_REQUIRE(progress.size() == 2u);
    BOOST_TEST(progress[1].first == 38.46);
    BOOST_TEST(progress[1].second == 50);  // 50 octets in 31 s, 80 to go
}

BOOST_AUTO_TEST_CASE(a_device_that_does_not_want_it_is_acknowledged) {
    serve();
    BOOST_TEST((says("01 40 06 96 5F11 0101 16000000") == Frames{"18400b0600"}));
    BOOST_TEST(failure() == "OTA update of 0x00158d0001020304 failed with reason: INVALID_IMAGE");
    BOOST_TEST((asks_for(0x41, 0) == Frames{"19410595"}));  // nothing is served to it any more
}

BOOST_AUTO_TEST_CASE(a_status_without_a_name_is_a_number) {
    serve();
    says("01 40 06 55 5F11 0101 16000000");
    BOOST_TEST(failure() == "OTA update of 0x00158d0001020304 failed with reason: 0x55");
}

BOOST_AUTO_TEST_CASE(a_device_that_asks_for_nothing_has_stalled) {
    ota::ServeOptions options;
    options.block_timeout = 20s;
    serve(options);
    asks_for(0x2B, 0);
    loop.pass(19s);
    asks_for(0x2C, 50);
    loop.pass(19s);
    BOOST_TEST(!end.has_value());
    loop.pass(2s);
    BOOST_TEST(failure() == gave_up + " after being notified. (It asked for nothing in 20 s)");
}

BOOST_AUTO_TEST_CASE(a_radio_that_takes_long_to_find_nobody_hides_no_stall) {
    ota::ServeOptions options;
    options.block_timeout = 6s;
    serve(options);
    radio->send_time = 20s;
    radio->on_send = [](const ApsRequest&) { return Result<void>(Errc::no_ack); };
    asks_for(0x2B, 0);
    loop.pass(21s);
    BOOST_TEST(failure() == gave_up + " after being notified. (It asked for nothing in 6 s)");
}

BOOST_AUTO_TEST_CASE(a_device_that_asks_for_the_same_over_and_over_has_stalled_too) {
    ota::ServeOptions options;
    options.block_timeout = 20s;
    serve(options);
    for (std::uint8_t i = 0; i < 19; ++i)
        asks_for(i, 50, 50, 5s);
    BOOST_TEST(!end.has_value());
    for (std::uint8_t i = 0; i < 2; ++i)
        asks_for(i, 50, 50, 5s);
    BOOST_TEST(failure() ==
               gave_up + " after being notified. (It asks for the same octets over and over)");
}

BOOST_AUTO_TEST_CASE(an_offer_that_cannot_be_sent_is_tried_three_times) {
    radio->on_send = [](const ApsRequest&) { return Result<void>(Errc::no_ack); };
    serve();
    loop.pass(1s);
    BOOST_TEST((sent() == Frames(3, offer)));
    BOOST_TEST(failure().starts_with("The image could not be offered to 0x00158d0001020304"));
}

BOOST_AUTO_TEST_CASE(an_image_that_is_not_there_is_not_offered) {
    folder.write("image.ota", "gone");
    serve();
    BOOST_TEST(sent().empty());
    BOOST_TEST(failure().find("image.ota") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_file_that_holds_another_image_by_now_is_not_offered) {
    write_image(23);
    serve();
    BOOST_TEST(sent().empty());
    BOOST_TEST(failure().find("it holds another image than it did") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_image_that_shrinks_meanwhile_ends_the_update) {
    serve();
    std::filesystem::resize_file(folder / "image.ota", 100);
    asks_for(0x2B, 0);
    BOOST_TEST(asks_for(0x2C, 60).empty());
    BOOST_TEST(failure().find("cannot be read any more") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_image_that_is_removed_meanwhile_is_served_to_the_end) {
    serve();
    std::filesystem::remove(folder / "image.ota");
    BOOST_TEST((asks_for(0x2B, 100) == Frames{block(0x2B, 100, 30)}));
}

BOOST_AUTO_TEST_CASE(a_device_that_leaves_ends_the_update) {
    serve();
    radio->leave(switch_address, switch_ieee);
    loop.settle();
    BOOST_TEST(failure() == gave_up + " after being notified. (The device left the network)");
    BOOST_TEST(folder.read("ota/transfers.json").find("0x") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_abort_is_told_with_the_next_block) {
    serve();
    asks_for(0x2B, 0);
    BOOST_TEST(server->abort(switch_ieee));
    loop.settle();
    BOOST_TEST(!end.has_value());
    BOOST_TEST((asks_for(0x2C, 50) == Frames{"192c0595"}));
    BOOST_TEST(failure() == "OTA for device 0x00158d0001020304 was aborted");
    BOOST_TEST(!server->abort(switch_ieee));
    BOOST_TEST((asks_for(0x2D, 50) == Frames{"192d0595"}));
}

BOOST_AUTO_TEST_CASE(a_request_that_waits_is_aborted_at_once) {
    serve();
    asks_for(0x2B, 0, 50, 10ms);
    asks_for(0x2C, 50, 50, 10ms);
    server->abort(switch_ieee);
    loop.settle();
    BOOST_TEST((sent() == Frames{"192c0595"}));
    BOOST_TEST(end.has_value());
}

BOOST_AUTO_TEST_CASE(an_abort_does_not_wait_long_for_a_request) {
    serve();
    server->abort(switch_ieee);
    loop.pass(6s);
    BOOST_TEST(failure() == "OTA for device 0x00158d0001020304 was aborted");
}

BOOST_AUTO_TEST_CASE(a_device_that_is_being_asked_is_not_waited_for) {
    loop.start(server->ask(switch_ieee), asked);
    loop.pass(1s);
    BOOST_TEST(server->abort(switch_ieee));
    loop.settle();
    BOOST_TEST((asked && !*asked));
    BOOST_TEST(!server->is_busy(switch_ieee));
    BOOST_TEST(!server->abort(switch_ieee));
}

BOOST_AUTO_TEST_CASE(a_device_that_has_the_image_cannot_be_stopped) {
    serve();
    says(end_of_image);
    server->abort(switch_ieee);
    announce();
    BOOST_TEST((end && *end));
}

BOOST_AUTO_TEST_CASE(a_device_that_was_started_anew_gets_the_offer_again) {
    serve();
    asks_for(0x2B, 0);
    BOOST_TEST((says("01 2A 01 00 5F11 0101 15000000") == Frames{offer}));
    BOOST_TEST(queries.empty());
    BOOST_TEST((asks_for(0x2C, 0) == Frames{block(0x2C, 0, 50)}));
}

BOOST_AUTO_TEST_CASE(a_device_that_says_it_runs_the_image_is_done) {
    serve();
    says(end_of_image);
    BOOST_TEST((says("01 01 01 00 5F11 0101 16000000") == Frames{"19010298"}));
    BOOST_REQUIRE((end && *end));
    BOOST_TEST((*end)->announced);
}

BOOST_AUTO_TEST_CASE(a_device_in_the_middle_of_another_image_has_to_begin_anew) {
    serve();
    BOOST_TEST((says(block_request(0x2B, 50, 50, 19)) == Frames{"192b0595"}));
    BOOST_TEST((asks_for(0x2C, 0) == Frames{block(0x2C, 0, 50)}));
}

BOOST_AUTO_TEST_CASE(a_device_that_calls_the_image_by_another_version_gets_it_so) {
    serve();
    BOOST_TEST((says(block_request(0x2B, 0, 50, 19)) == Frames{block(0x2B, 0, 50, 19)}));
    BOOST_TEST((says(block_request(0x2C, 50, 50, 19)) == Frames{block(0x2C, 50, 50, 19)}));
}

BOOST_AUTO_TEST_CASE(a_device_is_served_once_at_a_time) {
    serve();
    std::optional<ota::Outcome<ota::End>> second;
    loop.start(server->serve(switch_ieee, ota::Query{}, image(), {}, {}), second);
    loop.settle();
    BOOST_REQUIRE((second && !*second));
    BOOST_TEST(second->error().message == "OTA already in progress for 0x00158d0001020304");
}

BOOST_AUTO_TEST_SUITE_END()
