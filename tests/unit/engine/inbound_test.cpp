#include <boost/test/unit_test.hpp>

#include "unit/engine/rig.hpp"

// Frames of the switch: reference captures of a QBKG04LM, whose endpoints the test's switch has.

using namespace std::chrono_literals;
using namespace waggle;
using test::Rig;

namespace {

constexpr ClusterId basic = 0x0000, on_off = 0x0006, level = 0x0008, temperature = 0x0402;
constexpr auto relay_on = "18 2A 0A 00 00 10 01 00 F0 23 00 1F FF 03";
constexpr auto relay_off = "18 2B 0A 00 00 10 00";
constexpr auto click = "18 50 0A 00 00 10 00 00 00 10 01";

std::string with_hall(std::string_view options) {
    return "devices:\n  '0x00158d0001020304':\n    friendly_name: hall\n" + std::string(options);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(inbound)

BOOST_AUTO_TEST_CASE(a_report_becomes_state_and_one_message) {
    Rig rig;
    rig.start();
    rig.from_hall(2, on_off, relay_on, 117);
    BOOST_TEST(rig.published() == R"(hall {"linkquality":117,"state":"ON"})");
    rig.from_hall(2, on_off, relay_off, 118);
    BOOST_TEST(rig.published() == R"(hall {"linkquality":118,"state":"OFF"})");
    BOOST_TEST(rig.engine->state(rig.hall_id()).at("state") == "OFF");
}

BOOST_AUTO_TEST_CASE(what_a_converter_publishes_at_once_goes_out_before_the_result) {
    Rig rig("", R"({"0x00158d0001020304":{"state":"OFF","operation_mode":"decoupled"}})");
    rig.start();
    rig.from_hall(4, on_off, click, 120);
    BOOST_TEST(
        rig.published() ==
        R"(hall {"action":"single","linkquality":120,"operation_mode":"decoupled","state":"OFF"}|)"
        R"(hall {"action":"release","linkquality":120,"operation_mode":"decoupled","state":"OFF"})");
    BOOST_TEST(!rig.engine->state(rig.hall_id()).contains("action"));
}

BOOST_AUTO_TEST_CASE(an_event_is_in_its_own_message_only) {
    Rig rig;
    rig.start();
    rig.from_hall(4, on_off, click);
    rig.published();
    rig.from_hall(2, on_off, relay_on);
    BOOST_TEST(rig.published() == R"(hall {"linkquality":100,"state":"ON"})");
}

BOOST_AUTO_TEST_CASE(endpoints_have_keys_of_their_own) {
    Rig rig;
    rig.start();
    rig.from_hall(2, on_off, relay_on);
    rig.from_hall(3, on_off, relay_off);
    BOOST_TEST(rig.published() == R"(hall {"linkquality":100,"state":"ON"}|)"
                                  R"(hall {"linkquality":100,"state":"ON","state_left":"OFF"})");
}

BOOST_AUTO_TEST_CASE(a_converter_that_fails_is_logged_and_costs_the_next_nothing) {
    Rig rig;
    rig.start();
    rig.from_hall(1, temperature, "18 2A 0A 00 00 29 4D 08");  // 2125
    BOOST_TEST(rig.published() == R"(hall {"linkquality":100,"temperature":2.13})");
    BOOST_TEST(rig.logged().find("cannot be converted") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(calibration_and_precision_apply_before_the_state) {
    Rig rig(with_hall("    temperature_calibration: -0.5\n    temperature_precision: 1\n"));
    rig.start();
    rig.from_hall(1, temperature, "18 2A 0A 00 00 29 4D 08");
    BOOST_TEST(rig.published() == R"(hall {"linkquality":100,"temperature":1.6})");
}

BOOST_AUTO_TEST_CASE(a_message_nobody_converts_publishes_nothing) {
    Rig rig;
    rig.start();
    rig.from_hall(2, level, "18 2A 0A 00 00 20 10");
    rig.from_hall(1, basic, "18 2A 0A 05 00 42 01 41");
    rig.from_hall(2, on_off, "18");
    BOOST_TEST(rig.published() == "");
}

BOOST_AUTO_TEST_CASE(with_last_seen_it_publishes_the_cached_state_with_the_time) {
    Rig rig("", R"({"0x00158d0001020304":{"state":"OFF"}})", test::configured, "last_seen: epoch");
    rig.start();
    for (const auto cluster : {level, basic}) {
        rig.from_hall(2, cluster, "18 2A 0A 00 00 20 10");
        const auto published = rig.published();
        BOOST_TEST(published.starts_with(R"(hall {"last_seen":)"), published);
        BOOST_TEST(published.ends_with(R"(,"linkquality":100,"state":"OFF"})"), published);
    }
    rig.from_hall(2, on_off, "18 2A 0B 00 00");  // a default response nobody waits for
    BOOST_TEST(rig.published().starts_with(R"(hall {"last_seen":)"));
    rig.engine->device_located(rig.hall());
    BOOST_TEST(rig.published().starts_with(R"(hall {"last_seen":)"));
}

BOOST_AUTO_TEST_CASE(without_the_cache_a_message_holds_what_is_new) {
    Rig rig("", R"({"0x00158d0001020304":{"mode":"x"}})", test::configured, "cache_state: false");
    rig.start();
    rig.from_hall(2, on_off, relay_on);
    BOOST_TEST(rig.published() == R"(hall {"linkquality":100,"state":"ON"})");
    BOOST_TEST(rig.engine->state(rig.hall_id()).at("mode") == "x");
}

BOOST_AUTO_TEST_CASE(attribute_output_has_a_topic_a_key) {
    Rig rig("", "", test::configured, "output: attribute_and_json");
    rig.start();
    rig.from_hall(2, on_off, relay_on);
    BOOST_TEST(rig.published() == R"(hall {"linkquality":100,"state":"ON"}|)"
                                  "hall/linkquality 100|hall/state ON");
}

BOOST_AUTO_TEST_CASE(elapsed_is_there_from_the_second_message_on) {
    Rig rig("", "", test::configured, "elapsed: true");
    rig.start();
    rig.from_hall(2, on_off, relay_on);
    BOOST_TEST(rig.published() == R"(hall {"linkquality":100,"state":"ON"})");
    Clock::advance(1500ms);
    rig.from_hall(2, on_off, relay_on);
    const auto published = rig.published();
    BOOST_TEST(published.starts_with(R"(hall {"elapsed":15)"), published);
}

BOOST_AUTO_TEST_CASE(a_device_that_is_interviewed_is_not_converted) {
    Rig rig;
    rig.start();
    rig.hall().interview = InterviewState::in_progress;
    rig.from_hall(2, on_off, relay_on);
    BOOST_TEST(rig.published() == "");
    rig.hall().interview = InterviewState::failed;  // as far as it got counts
    rig.from_hall(2, on_off, relay_on);
    BOOST_TEST(rig.published() == R"(hall {"linkquality":100,"state":"ON"})");
}

BOOST_AUTO_TEST_CASE(retain_qos_and_expiry_come_from_the_options) {
    Rig rig(with_hall("    retain: true\n    qos: 1\n"));
    rig.start();
    rig.from_hall(2, on_off, relay_on);
    BOOST_REQUIRE(rig.outbox.lines.size() == 1u);
    const auto& options = rig.outbox.lines.front().options;
    BOOST_TEST(options.retain);
    BOOST_TEST(options.qos == 1);
    BOOST_TEST(!options.expiry.has_value());
    BOOST_TEST(options.entity_state);
}

BOOST_AUTO_TEST_CASE(filtered_attributes_are_not_published_and_filtered_cache_is_not_kept) {
    Rig rig(with_hall("    filtered_attributes: ['link.*']\n    filtered_cache: [state]\n"));
    rig.start();
    rig.from_hall(2, on_off, relay_on);
    BOOST_TEST(rig.published() == R"(hall {"state":"ON"})");
    BOOST_TEST(rig.engine->state(rig.hall_id()).empty());
    rig.from_hall(3, on_off, relay_on);
    BOOST_TEST(rig.published() == R"(hall {"state_left":"ON"})");
}

BOOST_AUTO_TEST_CASE(what_was_cached_before_the_filter_came_does_not_go_stale) {
    Rig rig(with_hall("    filtered_cache: [state]\n"),
            R"({"0x00158d0001020304":{"mode":"x","state":"OFF"}})");
    rig.start();
    rig.from_hall(2, on_off, relay_on);
    BOOST_TEST(rig.published() == R"(hall {"linkquality":100,"mode":"x","state":"ON"})");
    rig.from_hall(3, on_off, relay_on);
    BOOST_TEST(rig.published() == R"(hall {"linkquality":100,"mode":"x","state_left":"ON"})");
}

BOOST_AUTO_TEST_CASE(nothing_is_published_when_every_key_is_filtered) {
    Rig rig(with_hall("    filtered_attributes: ['.*']\n"));
    rig.start();
    rig.from_hall(2, on_off, relay_on);
    BOOST_TEST(rig.published() == "");
}

BOOST_AUTO_TEST_CASE(a_disabled_device_still_publishes_its_state) {
    Rig rig(with_hall("    disabled: true\n"));
    rig.start();
    rig.from_hall(2, on_off, relay_on);
    BOOST_TEST(rig.published() == R"(hall {"linkquality":100,"state":"ON"})");
}

BOOST_AUTO_TEST_CASE(debounce_gathers_and_keeps_the_cache_fresh) {
    Rig rig(with_hall("    debounce: 1\n"));
    rig.start();
    rig.from_hall(2, on_off, relay_on);
    rig.from_hall(2, on_off, relay_off);
    BOOST_TEST(rig.published() == "");
    BOOST_TEST(rig.engine->state(rig.hall_id()).at("state") == "OFF");
    rig.loop.pass(1200ms);
    BOOST_TEST(rig.published() == R"(hall {"linkquality":100,"state":"OFF"})");
}

BOOST_AUTO_TEST_CASE(debounce_loses_the_first_press_and_says_so_once) {
    Rig rig(with_hall("    debounce: 1\n"));
    rig.engine->load();
    std::string problem;
    BOOST_REQUIRE(rig.network->load(problem));
    BOOST_REQUIRE(rig.loop.run(rig.network->start(problem)));
    rig.engine->start();
    const auto logged = rig.logged();
    BOOST_TEST(logged.find("Presses get lost with debounce.") != std::string::npos, logged);
    rig.from_hall(4, on_off, click);
    rig.loop.pass(1200ms);
    BOOST_TEST(rig.published() == R"(hall {"action":"release","linkquality":100})");
    BOOST_TEST(rig.logged() == "");
}

BOOST_AUTO_TEST_CASE(debounce_ignore_keeps_both_presses) {
    Rig rig(with_hall("    debounce: 1\n    debounce_ignore: [action]\n"));
    rig.start();
    rig.from_hall(4, on_off, click);
    BOOST_TEST(rig.published() == R"(hall {"action":"single","linkquality":100})");
    rig.loop.pass(1200ms);
    BOOST_TEST(rig.published() == R"(hall {"action":"release","linkquality":100})");
}

BOOST_AUTO_TEST_CASE(what_debounce_holds_back_is_published_at_stop) {
    Rig rig(with_hall("    debounce: 60\n"));
    rig.start();
    rig.from_hall(2, on_off, relay_on);
    rig.stop();
    BOOST_TEST(rig.published() == R"(hall {"linkquality":100,"state":"ON"})");
}

BOOST_AUTO_TEST_CASE(throttle_lets_the_first_and_the_last_through) {
    Rig rig(with_hall("    throttle: 10\n"));
    rig.start();
    for (const auto* frame : {relay_on, relay_off, relay_on})
        rig.from_hall(2, on_off, frame);
    BOOST_TEST(rig.published() == R"(hall {"linkquality":100,"state":"ON"})");
    rig.from_hall(2, on_off, relay_off);
    BOOST_TEST(rig.engine->state(rig.hall_id()).at("state") == "OFF");
    rig.loop.pass(11s);
    BOOST_TEST(rig.published() == R"(hall {"linkquality":100,"state":"OFF"})");
}

BOOST_AUTO_TEST_CASE(every_truncation_of_a_report_is_survived) {
    Rig rig;
    rig.start();
    const auto whole = test::hex(relay_on);
    for (std::size_t n = 0; n <= whole.size(); ++n) {
        const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n));
        rig.radio.deliver(test::hall_address, 2, on_off, cut);
    }
    BOOST_TEST(rig.published().ends_with(R"(hall {"linkquality":100,"state":"ON"})"));
}

BOOST_AUTO_TEST_SUITE_END()
