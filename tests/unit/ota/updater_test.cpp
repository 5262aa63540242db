#include "ota/updater.hpp"

#include <regex>

#include <boost/test/unit_test.hpp>

#include "ota/device_options.hpp"
#include "unit/engine/rig.hpp"
#include "unit/ota/script.hpp"

using namespace std::chrono_literals;
using namespace waggle;
using test::Rig;

namespace {

struct Interviews final : network::Events {
    int begun = 0;
    void device_interview(Device&, network::InterviewStep step) override {
        begun += step == network::InterviewStep::started ? 1 : 0;
    }
};

struct Fixture {
    explicit Fixture(std::string_view configuration = "")
        : rig(configuration, "", test::configured, "", test::light_row(1)) {
        rig.start();
        rig.network->listen(updater);
        rig.network->listen(interviews);
        rig.hall().endpoint(1)->outputs = {0x0019};
    }
    ~Fixture() { rig.loop.run(updater.stop()); }

    Ieee hall() { return rig.hall_id().ieee(); }
    Ieee light(int number) { return *Ieee::parse(test::light_ieee(number)); }
    auto check(ota::Wish wish = {}) { return rig.loop.run(updater.check(hall(), std::move(wish))); }
    auto update(ota::Wish wish = {}) {
        return rig.loop.run(updater.update(hall(), std::move(wish), {}));
    }
    /// -> what an update that is aborted while something is held came to
    std::string aborted_update() {
        rig.loop.start(updater.update(hall(), {}, {}), first);
        rig.loop.settle();
        BOOST_TEST(updater.abort(hall()));
        rig.loop.settle();
        BOOST_REQUIRE((first && !*first));
        BOOST_TEST(!updater.is_busy(hall()));
        return first->error().message;
    }
    void query() {
        updater.queried(rig.hall(), script.query);
        rig.loop.settle();
    }
    std::string states() {
        return std::regex_replace(rig.published(), std::regex(R"("linkquality":\d+,)"), "");
    }
    std::string scheduled() { return rig.hall().scheduled_ota_json; }
    ota::Wish previous() {
        ota::Wish wish;
        wish.direction = ota::Direction::downgrade;
        return wish;
    }

    Rig rig;
    test::OtaScript script{rig.loop.executor()};
    ota::Updater updater{rig.loop.executor(),
                         {*rig.network, *rig.engine, *rig.configuration, script, script}};
    Interviews interviews;
    std::optional<ota::Outcome<ota::Updater::Updated>> first, second;
};

/// A device answers reads of the firmware's texts.
std::optional<Bytes> with_texts(const ApsRequest& request) {
    auto reply = test::hex("18 00 01 06 00 00 42 03 61 62 63 00 40 00 42 02 31 2E");
    reply[1] = request.payload.at(1);
    return reply;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(updater, Fixture)

BOOST_AUTO_TEST_CASE(a_check_tells_the_device_that_there_is_nothing_and_publishes_what_was_found) {
    script.offer(22);
    const auto found = check();
    BOOST_REQUIRE(found);
    BOOST_TEST(found->available);
    BOOST_TEST(script.lines() == "ask, no image 7, find");
    BOOST_TEST(
        states() ==
        R"(hall {"update":{"installed_version":21,"latest_release_notes":"Better",)"
        R"("latest_source":"http://images/x.ota","latest_version":22,"state":"available"}})");
    BOOST_TEST(!updater.is_busy(hall()));
}

BOOST_AUTO_TEST_CASE(without_an_image_the_latest_version_is_the_one_that_the_device_has) {
    BOOST_TEST(!check()->available);
    BOOST_TEST(states() == R"(hall {"update":{"installed_version":21,"latest_release_notes":null,)"
                           R"("latest_source":null,"latest_version":21,"state":"idle"}})");
}

BOOST_AUTO_TEST_CASE(the_catalogue_learns_what_device_it_is_and_where_to_look) {
    script.query.hardware_version = 3;
    (void)check(previous());
    BOOST_TEST(script.facts.model_id == "test.switch");
    BOOST_TEST(script.facts.manufacturer_name == "LUMI");
    BOOST_TEST(script.facts.manufacturer == 0x115F);
    BOOST_TEST(script.facts.image_type == 0x0101);
    BOOST_TEST(script.facts.file_version == 21u);
    BOOST_TEST(script.facts.hardware_version.value() == 3);
    BOOST_TEST((script.wish.direction == ota::Direction::downgrade));
    BOOST_TEST(script.locations.override_location == "");
}

BOOST_AUTO_TEST_CASE(a_check_that_fails_says_why_and_publishes_nothing) {
    script.find_fails = "the index is no JSON";
    BOOST_TEST(check().error().message ==
               "Failed to check if OTA update available for 'hall' (the index is no JSON)");
    script.ask_fails = "Device didn't respond to OTA request";
    BOOST_TEST(check().error().message ==
               "Failed to check if OTA update available for 'hall' "
               "(Device didn't respond to OTA request)");
    BOOST_TEST(states() == "");
}

BOOST_AUTO_TEST_CASE(an_update_is_shown_step_by_step_and_ends_with_what_the_device_runs) {
    script.offer(22);
    script.progress = {{0, 849.4}, {50.25, 424.5}, {100, 0}};
    rig.radio.answer = with_texts;
    const auto done = update();
    BOOST_REQUIRE(done);
    BOOST_TEST(done->from == 21u);
    BOOST_TEST(done->to == 22u);
    BOOST_TEST(done->before.date_code.value() == "abc");
    BOOST_TEST(done->before.software_build_id.value() == "1.");
    BOOST_TEST(done->after.date_code.value() == "abc");
    BOOST_TEST(script.lines() == "ask, find, obtain http://images/x.ota, serve 7");
    BOOST_TEST(states() ==
               R"(hall {"update":{"progress":0,"remaining":849,"state":"updating"}}|)"
               R"(hall {"update":{"progress":50.25,"remaining":425,"state":"updating"}}|)"
               R"(hall {"update":{"progress":100,"remaining":0,"state":"updating"}}|)"
               R"(hall {"update":{"installed_version":22,"latest_release_notes":null,)"
               R"("latest_source":null,"latest_version":22,"state":"idle"}})");
    BOOST_TEST(rig.network->meta(rig.hall(), "configured") == "");
    BOOST_TEST(interviews.begun == 0);
    rig.loop.pass(6s);
    BOOST_TEST(interviews.begun == 1);
}

BOOST_AUTO_TEST_CASE(what_was_known_of_versions_stays_while_an_update_is_under_way) {
    script.offer(22);
    (void)check();
    (void)states();
    script.progress = {{0, 10}};
    script.serve_fails = "Device 0x1 did not start";
    BOOST_TEST(update().error().message ==
               "OTA update of 'hall' failed (Device 0x1 did not start)");
    BOOST_TEST(states() ==
               R"(hall {"update":{"installed_version":21,"latest_release_notes":"Better",)"
               R"("latest_source":"http://images/x.ota","latest_version":22,"progress":0,)"
               R"("remaining":10,"state":"updating"}}|)"
               R"(hall {"update":{"installed_version":21,"latest_release_notes":"Better",)"
               R"("latest_source":"http://images/x.ota","latest_version":22,)"
               R"("state":"available"}})");
    BOOST_TEST(interviews.begun == 0);
}

BOOST_AUTO_TEST_CASE(a_device_that_tells_no_texts_is_updated_all_the_same) {
    script.offer(22);
    rig.radio.answer = nullptr;  // silence
    const auto done = update();
    BOOST_REQUIRE(done);
    BOOST_TEST(!done->before.date_code);
    BOOST_TEST(!done->after.software_build_id);
}

BOOST_AUTO_TEST_CASE(without_an_image_the_device_is_told_so) {
    BOOST_TEST(update().error().message ==
               "Update of 'hall' failed (No image currently available)");
    BOOST_TEST(script.lines() == "ask, find, no image 7");
    BOOST_TEST(states() == R"(hall {"update":{"installed_version":21,"latest_release_notes":null,)"
                           R"("latest_source":null,"latest_version":21,"state":"idle"}})");
}

BOOST_AUTO_TEST_CASE(an_image_that_cannot_be_had_leaves_the_device_as_it_was) {
    script.offer(22);
    script.obtain_fails = "its hash is wrong";
    BOOST_TEST(update().error().message == "OTA update of 'hall' failed (its hash is wrong)");
    BOOST_TEST(script.lines() == "ask, find, obtain http://images/x.ota, no image 7");
    BOOST_TEST(states() == R"(hall {"update":{"state":"available"}})");
}

BOOST_AUTO_TEST_CASE(a_device_that_does_not_answer_is_left_alone) {
    script.ask_fails = "Device didn't respond to OTA request";
    BOOST_TEST(update().error().message ==
               "OTA update of 'hall' failed (Device didn't respond to OTA request)");
    BOOST_TEST(script.lines() == "ask");
}

BOOST_AUTO_TEST_CASE(one_thing_at_a_time_happens_to_a_device) {
    script.offer(22);
    script.holds_serving = true;
    rig.loop.start(updater.update(hall(), {}, {}), first);
    rig.loop.settle();
    BOOST_TEST(updater.is_busy(hall()));
    constexpr auto refused = "OTA update or check for update already in progress for 'hall'";
    BOOST_TEST(update().error().message == refused);
    BOOST_TEST(check().error().message == refused);
    (void)script.lines();
    query();  // asks all the same
    BOOST_TEST(script.lines() == "");
    script.release();
    rig.loop.settle();
    BOOST_TEST(first->has_value());
}

BOOST_AUTO_TEST_CASE(settings_and_the_request_say_how_fast_it_goes) {
    script.offer(22);
    (void)update();
    BOOST_TEST((script.options.block_timeout == 150000ms));
    BOOST_TEST((script.options.block_delay == 250ms));
    BOOST_TEST(script.options.maximum_data_size == 50);
    ota::Pace pace;
    pace.block_timeout = 11s;
    pace.block_delay = 60ms;
    pace.maximum_data_size = 63;
    (void)rig.loop.run(updater.update(hall(), {}, pace));
    BOOST_TEST((script.options.block_timeout == 11s));
    BOOST_TEST((script.options.block_delay == 60ms));
    BOOST_TEST(script.options.maximum_data_size == 63);
}

// Abort

BOOST_AUTO_TEST_CASE(what_is_being_served_can_be_aborted) {
    script.offer(22);
    script.holds_serving = true;
    script.progress = {{0, 10}};
    rig.loop.start(updater.update(hall(), {}, {}), first);
    rig.loop.settle();
    (void)states();
    BOOST_TEST(updater.abort(hall()));
    BOOST_TEST(states() == R"(hall {"update":{"state":"available"}})");
    rig.loop.settle();
    BOOST_TEST(first->error().message ==
               "OTA update of 'hall' failed (OTA for device was aborted)");
    BOOST_TEST(!updater.is_busy(hall()));
    BOOST_TEST(!updater.abort(hall()));
}

BOOST_AUTO_TEST_CASE(a_device_that_is_being_asked_is_not_waited_for) {
    script.holds_asking = true;
    BOOST_TEST(aborted_update() ==
               "OTA update of 'hall' failed (OTA for device 0x00158d0001020304 was aborted)");
    BOOST_TEST(script.lines() == "ask, abort");
}

BOOST_AUTO_TEST_CASE(a_check_can_be_aborted_while_the_device_is_being_asked) {
    script.holds_asking = true;
    std::optional<ota::Outcome<ota::Found>> found;
    rig.loop.start(updater.check(hall(), {}), found);
    rig.loop.settle();
    BOOST_TEST(updater.abort(hall()));
    rig.loop.settle();
    BOOST_REQUIRE((found && !*found));
    BOOST_TEST(found->error().message ==
               "Failed to check if OTA update available for 'hall' (OTA for device "
               "0x00158d0001020304 was aborted)");
    BOOST_TEST(!updater.is_busy(hall()));
}

BOOST_AUTO_TEST_CASE(what_is_being_sought_can_be_aborted) {
    script.holds_finding = true;
    BOOST_TEST(aborted_update() ==
               "OTA update of 'hall' failed (OTA for device 0x00158d0001020304 was aborted)");
    BOOST_TEST(script.lines() == "ask, find, abort, no image 7");
}

BOOST_AUTO_TEST_CASE(a_device_that_leaves_ends_what_was_under_way_and_has_no_state_any_more) {
    script.holds_finding = true;
    rig.loop.start(updater.update(hall(), {}, {}), first);
    rig.loop.settle();
    (void)states();
    updater.device_left(hall(), test::hall_address);
    rig.loop.settle();
    BOOST_TEST(first->has_error());
}

// The queue

BOOST_AUTO_TEST_CASE(a_second_device_waits_and_is_shown_to) {
    const auto other = light(1);
    script.offer(22);
    script.holds_serving = true;
    rig.loop.start(updater.update(hall(), {}, {}), first);
    rig.loop.settle();
    (void)states();
    (void)script.lines();
    rig.loop.start(updater.update(other, {}, {}), second);
    rig.loop.pass(1h, 1min);
    BOOST_TEST(script.lines() == "");
    script.holds_serving = false;
    script.release();
    rig.loop.settle();
    BOOST_TEST(first->has_value());
    BOOST_TEST(second->has_value());
    BOOST_TEST(script.lines() == "ask, find, obtain http://images/x.ota, serve 7");
}

BOOST_AUTO_TEST_CASE(what_waits_can_be_aborted_and_the_next_goes_on) {
    script.offer(22);
    script.holds_serving = true;
    rig.loop.start(updater.update(light(1), {}, {}), second);
    rig.loop.settle();
    rig.loop.start(updater.update(hall(), {}, {}), first);
    rig.loop.settle();
    BOOST_TEST(states() == R"(hall {"update":{"progress":0,"state":"updating"}})");
    BOOST_TEST(updater.abort(hall()));
    rig.loop.settle();
    BOOST_TEST(first->error().message ==
               "OTA update of 'hall' failed (it was aborted while it waited)");
    BOOST_TEST(states() == R"(hall {"update":{"state":"available"}}|)"
                           R"(hall {"update":{"state":"available"}})");
    script.release();
    rig.loop.settle();
    BOOST_TEST(second->has_value());
}

// Schedule

BOOST_AUTO_TEST_CASE(a_schedule_is_kept_where_zigbee2mqtt_keeps_it) {
    BOOST_REQUIRE(updater.schedule(hall(), {}));
    BOOST_TEST(scheduled() == R"({"downgrade":false})");
    BOOST_TEST(states() == R"(hall {"update":{"state":"scheduled"}})");
    auto wish = previous();
    wish.url = "http://images/old.ota";
    BOOST_REQUIRE(updater.schedule(hall(), wish));
    BOOST_TEST(scheduled() == R"({"downgrade":true,"url":"http://images/old.ota"})");
    const auto before = updater.unschedule(hall());
    BOOST_REQUIRE(before);
    BOOST_TEST(before->url == "http://images/old.ota");
    BOOST_TEST(scheduled() == "");
    BOOST_TEST(!updater.unschedule(hall()));
}

BOOST_AUTO_TEST_CASE(what_cannot_ask_cannot_be_scheduled) {
    rig.hall().endpoint(1)->outputs.clear();
    BOOST_TEST(updater.schedule(hall(), {}).error().message ==
               "No endpoint found with OTA cluster support for 0x00158d0001020304");
}

BOOST_AUTO_TEST_CASE(a_scheduled_update_is_made_with_the_devices_own_query) {
    BOOST_REQUIRE(updater.schedule(hall(), previous()));
    script.offer(20);
    script.query.sequence = 33;
    query();
    BOOST_TEST(script.lines() == "find, obtain http://images/x.ota, serve 33");
    BOOST_TEST((script.wish.direction == ota::Direction::downgrade));
    BOOST_TEST(scheduled() == "");
    rig.loop.pass(6s);
    BOOST_TEST(interviews.begun == 1);
}

BOOST_AUTO_TEST_CASE(a_scheduled_update_that_fails_stays_scheduled) {
    BOOST_REQUIRE(updater.schedule(hall(), {}));
    script.offer(22);
    script.serve_fails = "it left";
    (void)states();
    query();
    BOOST_TEST(scheduled() == R"({"downgrade":false})");
    BOOST_TEST(states() == R"(hall {"update":{"state":"scheduled"}})");
    BOOST_TEST(rig.logged() == "");
}

BOOST_AUTO_TEST_CASE(a_scheduled_update_without_an_image_is_dropped) {
    BOOST_REQUIRE(updater.schedule(hall(), {}));
    query();
    BOOST_TEST(script.lines() == "find, no image 7");
    BOOST_TEST(scheduled() == "");
}

BOOST_AUTO_TEST_CASE(a_scheduled_update_that_has_to_wait_asks_the_device_again_when_it_may) {
    script.offer(22);
    script.holds_serving = true;
    rig.loop.start(updater.update(light(1), {}, {}), second);
    rig.loop.settle();
    BOOST_REQUIRE(updater.schedule(hall(), {}));
    (void)script.lines();
    script.query.sequence = 40;
    query();
    BOOST_TEST(script.lines() == "no image 40");
    script.query.sequence = 41;
    script.holds_serving = false;
    script.release();
    rig.loop.settle();
    BOOST_TEST(script.lines() == "ask, find, obtain http://images/x.ota, serve 41");
    BOOST_TEST(scheduled() == "");
}

BOOST_AUTO_TEST_CASE(an_update_on_request_does_what_was_scheduled_too) {
    BOOST_REQUIRE(updater.schedule(hall(), {}));
    script.offer(22);
    BOOST_REQUIRE(update());
    BOOST_TEST(scheduled() == "");
}

// By itself

BOOST_AUTO_TEST_CASE(a_query_is_taken_for_a_check_once_a_day) {
    script.offer(22);
    query();
    BOOST_TEST(script.lines() == "find, no image 7");
    BOOST_TEST(states().find(R"("state":"available")") != std::string::npos);
    query();
    BOOST_TEST(script.lines() == "");
    rig.loop.jump(24h + 1s);
    query();
    BOOST_TEST(script.lines() == "find, no image 7");
}

BOOST_AUTO_TEST_CASE(a_check_on_request_counts_as_one) {
    (void)check();
    (void)script.lines();
    query();
    BOOST_TEST(script.lines() == "");
}

BOOST_AUTO_TEST_CASE(an_automatic_check_that_fails_is_quiet) {
    script.find_fails = "no way to the index";
    query();
    BOOST_TEST(script.lines() == "find, no image 7");
    BOOST_TEST(states() == R"(hall {"update":{"state":"idle"}})");
    BOOST_TEST(rig.logged() == "");
}

BOOST_AUTO_TEST_CASE(a_device_that_was_given_an_image_and_runs_another_is_noticed) {
    script.offer(22);
    BOOST_REQUIRE(update());
    (void)states();
    (void)script.lines();
    query();  // it still runs 21
    BOOST_TEST(rig.logged() ==
               "Device 'hall' says that it runs version 21, though it was updated to 22");
    BOOST_TEST(states().find(R"("installed_version":21,"latest_release_notes":null,)"
                             R"("latest_source":null,"latest_version":22,"state":"available")") !=
               std::string::npos);
    BOOST_TEST(script.lines() == "find, no image 7");
}

// Resumed

BOOST_AUTO_TEST_CASE(a_device_that_goes_on_is_served_and_shown) {
    script.offer(22);
    script.progress = {{61.5, 100}};
    ota::Resume what;
    what.query = script.query;
    what.image = script.image;
    BOOST_TEST(updater.resumed(rig.hall(), what));
    BOOST_TEST(updater.is_busy(hall()));
    BOOST_TEST(!updater.resumed(rig.hall(), what));
    rig.loop.settle();
    BOOST_TEST(script.lines() == "resume 7");
    const auto shown = states();
    BOOST_TEST(shown.find(R"("progress":61.5)") != std::string::npos);
    BOOST_TEST(shown.find(R"("installed_version":22)") != std::string::npos);
    rig.loop.pass(6s);
    BOOST_TEST(interviews.begun == 1);
}

BOOST_AUTO_TEST_CASE(a_resumed_update_that_fails_is_said_in_the_log) {
    script.serve_fails = "it fell silent";
    ota::Resume what;
    what.query = script.query;
    BOOST_TEST(updater.resumed(rig.hall(), what));
    rig.loop.settle();
    BOOST_TEST(rig.logged() == "OTA update of 'hall' failed (it fell silent)");
    BOOST_TEST(states() == R"(hall {"update":{"state":"available"}})");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(updater_options)

BOOST_AUTO_TEST_CASE(checks_can_be_switched_off_for_all) {
    Fixture f("ota:\n  disable_automatic_update_check: true\n");
    f.query();
    BOOST_TEST(f.script.lines() == "no image 7");
    f.query();
    BOOST_TEST(f.script.lines() == "no image 7");
}

BOOST_AUTO_TEST_CASE(checks_can_be_switched_off_for_one_device) {
    Fixture f(
        "devices:\n  '0x00158d0001020304':\n    friendly_name: hall\n"
        "    disable_automatic_update_check: true\n");
    f.query();
    BOOST_TEST(f.script.lines() == "no image 7");
}

BOOST_AUTO_TEST_CASE(a_device_is_served_as_its_entry_says) {
    Fixture f(
        "ota:\n  default_maximum_data_size: 30\n"
        "devices:\n  '0x00158d0001020304':\n    friendly_name: hall\n"
        "    image_block_request_timeout: 3600000\n    image_block_response_delay: 100\n"
        "    default_maximum_data_size: 64\n");
    f.script.offer(22);
    (void)f.update();
    BOOST_TEST((f.script.options.block_timeout == 1h));
    BOOST_TEST((f.script.options.block_delay == 100ms));
    BOOST_TEST(f.script.options.maximum_data_size == 64);
    ota::Pace pace;
    pace.block_delay = 60ms;
    pace.maximum_data_size = 20;
    (void)f.rig.loop.run(f.updater.update(f.hall(), {}, pace));
    BOOST_TEST((f.script.options.block_timeout == 1h));
    BOOST_TEST((f.script.options.block_delay == 60ms));
    BOOST_TEST(f.script.options.maximum_data_size == 20);
}

BOOST_AUTO_TEST_CASE(a_size_in_the_entry_goes_before_the_choice_of_the_device) {
    ota::ServeOptions options;
    options.device_chooses_size = true;
    ota::apply_device_options(options, {{"image_block_response_delay", 60}}, "hall");
    BOOST_TEST(options.device_chooses_size);
    ota::apply_device_options(options, {{"default_maximum_data_size", 40}}, "hall");
    BOOST_TEST(!options.device_chooses_size);
    BOOST_TEST(options.maximum_data_size == 40);
}

BOOST_AUTO_TEST_CASE(an_entry_that_says_what_cannot_be_is_passed_over) {
    Fixture f(
        "ota:\n  default_maximum_data_size: 30\n"
        "devices:\n  '0x00158d0001020304':\n    friendly_name: hall\n"
        "    image_block_request_timeout: 9999\n    image_block_response_delay: soon\n"
        "    default_maximum_data_size: 101\n");
    f.script.offer(22);
    (void)f.update();
    BOOST_TEST((f.script.options.block_timeout == 150s));
    BOOST_TEST((f.script.options.block_delay == 250ms));
    BOOST_TEST(f.script.options.maximum_data_size == 30);
}

BOOST_AUTO_TEST_CASE(the_interval_and_the_override_index_are_the_users) {
    Fixture f("ota:\n  update_check_interval: 2\n  zigbee_ota_override_index_location: my.json\n");
    f.query();
    BOOST_TEST(f.script.lines() == "find, no image 7");
    BOOST_TEST(f.script.locations.override_location == "my.json");
    f.rig.loop.jump(119s);
    f.query();
    BOOST_TEST(f.script.lines() == "");
    f.rig.loop.jump(2s);
    f.query();
    BOOST_TEST(f.script.lines() == "find, no image 7");
}

BOOST_AUTO_TEST_CASE(a_device_whose_definition_knows_no_updates_is_only_answered) {
    Fixture f;
    f.updater.queried(*f.rig.network->find(f.light(1)), f.script.query);
    f.rig.loop.settle();
    BOOST_TEST(f.script.lines() == "no image 7");
}

BOOST_AUTO_TEST_SUITE_END()
