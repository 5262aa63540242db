#include "server_fixture.hpp"

using namespace waggle;
using namespace waggle::test;
using namespace std::chrono_literals;

namespace {

const std::string end_of_image = "01 40 06 00 5F11 0101 16000000";
const std::string end_answer = "1940075f110101160000000000000001000000";
const std::string gave_up = "Device 0x00158d0001020304 did not start/finish firmware download";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(going_on, ServerFixture)

BOOST_AUTO_TEST_CASE(after_a_restart_of_the_host_the_device_goes_on_where_it_was) {
    serve();
    asks_for(0x2B, 0);
    restart_all();
    BOOST_TEST(asks_for(0x2C, 50).empty());
    BOOST_REQUIRE(resumable.size() == 1u);
    BOOST_TEST(resumable[0].query.file_version == 21u);
    BOOST_TEST(resumable[0].query.endpoint == 1);
    BOOST_TEST(resumable[0].image.header.total_size == image_size);
    BOOST_TEST((resumable[0].options.block_delay == 250ms));
    progress.clear();
    resume();
    BOOST_TEST((sent() == Frames{block(0x2C, 50, 50)}));
    BOOST_REQUIRE(progress.size() == 1u);
    BOOST_TEST(progress[0].first == 38.46);
    BOOST_TEST((asks_for(0x2D, 100) == Frames{block(0x2D, 100, 30)}));
    says(end_of_image);
    announce();
    BOOST_TEST((end && *end));
}

BOOST_AUTO_TEST_CASE(the_end_may_come_after_the_restart) {
    serve();
    restart_all();
    BOOST_TEST(says(end_of_image).empty());
    resume();
    BOOST_TEST((sent() == Frames{end_answer}));
}

BOOST_AUTO_TEST_CASE(a_device_that_comes_back_after_it_stalled_goes_on) {
    serve();
    asks_for(0x2B, 0);
    loop.pass(200s);
    BOOST_TEST(!failure().empty());
    asks_for(0x2C, 50, 50, 10ms);
    asks_for(0x2D, 50, 50, 10ms);  // asks once more before anybody answers
    BOOST_TEST(resumable.size() == 1u);
    resume();
    BOOST_TEST((sent() == Frames{block(0x2D, 50, 50)}));
}

BOOST_AUTO_TEST_CASE(nobody_who_wants_to_go_on_is_a_refusal) {
    serve();
    restart_all();
    wants_to_resume = false;
    BOOST_TEST((asks_for(0x2C, 50) == Frames{"192c0595"}));
}

BOOST_AUTO_TEST_CASE(a_promise_to_go_on_is_forgotten_in_ten_seconds) {
    serve();
    restart_all();
    asks_for(0x2C, 50, 50, 11s);
    asks_for(0x2D, 50);
    BOOST_TEST(resumable.size() == 2u);
}

BOOST_AUTO_TEST_CASE(an_image_that_changed_meanwhile_is_not_gone_on_with) {
    serve();
    restart_all();
    write_image(23);
    BOOST_TEST((asks_for(0x2C, 50) == Frames{"192c0595"}));
    BOOST_TEST(resumable.empty());
}

BOOST_AUTO_TEST_CASE(nor_is_one_whose_file_was_written_anew) {
    serve();
    restart_all();
    const auto file = folder / "image.ota";
    std::filesystem::last_write_time(file, std::filesystem::last_write_time(file) + 1s);
    BOOST_TEST((asks_for(0x2C, 50) == Frames{"192c0595"}));
    BOOST_TEST(resumable.empty());
}

BOOST_AUTO_TEST_CASE(nor_is_another_image_than_the_device_asks_for) {
    serve();
    restart_all();
    BOOST_TEST((says(block_request(0x2C, 50, 50, 19)) == Frames{"192c0595"}));
    BOOST_TEST(resumable.empty());
}

BOOST_AUTO_TEST_CASE(a_device_that_nobody_serves_is_told_to_give_up) {
    BOOST_TEST((asks_for(0x2C, 50) == Frames{"192c0595"}));
    BOOST_TEST(says(end_of_image).empty());
}

BOOST_AUTO_TEST_CASE(a_record_that_is_damaged_is_kept_aside) {
    serve();
    server->stop();
    loop.settle();
    for (const auto* text : {"{\"0x00158d", "[]", "7"}) {
        folder.write("ota/transfers.json", text);
        restart_all();
        BOOST_TEST((asks_for(0x2C, 50) == Frames{"192c0595"}));
    }
    BOOST_TEST(folder.has("ota/transfers.json.corrupt"));
}

BOOST_AUTO_TEST_CASE(entries_that_make_no_sense_are_left_out) {
    serve();
    server->stop();
    loop.settle();
    const auto good = folder.read("ota/transfers.json");
    for (const std::string key : {"file", "offset", "manufacturer", "changed", "from", "options"}) {
        auto text = good;
        text.replace(text.find("\"" + key + "\""), key.size() + 2, "\"x\"");
        folder.write("ota/transfers.json", text);
        restart_all();
        BOOST_TEST((asks_for(0x2C, 50) == Frames{"192c0595"}), key);
    }
    folder.write("ota/transfers.json", good);
    restart_all();
    BOOST_TEST(asks_for(0x2C, 50).empty());
    BOOST_TEST(resumable.size() == 1u);
}

BOOST_AUTO_TEST_CASE(the_link_may_drop_in_the_middle) {
    serve();
    asks_for(0x2B, 0);
    radio->drop_link();
    loop.pass(30s);
    BOOST_TEST(!end.has_value());
    BOOST_TEST((asks_for(0x2C, 50) == Frames{block(0x2C, 50, 50)}));
}

BOOST_AUTO_TEST_CASE(a_stop_ends_what_is_under_way_and_remembers_it) {
    serve();
    server->stop();
    loop.settle();
    BOOST_TEST(failure() == gave_up + " after being notified. (The host stops)");
    BOOST_TEST(folder.read("ota/transfers.json").find("0x00158d0001020304") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
