#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "store/json_text.hpp"
#include "unit/engine/rig.hpp"

// Configure, lifecycle, the state file, matching.

namespace json = boost::json;
using namespace std::chrono_literals;
using namespace waggle;
using test::Rig;

namespace {

constexpr ClusterId on_off = 0x0006;
constexpr auto relay_on = "18 2A 0A 00 00 10 01";
constexpr auto unconfigured = "{}";

struct Heard final : engine::Events {
    std::vector<std::string> lines;
    void definition_changed(Device&) override { lines.emplace_back("definition"); }
    void configured(Device&) override { lines.emplace_back("configured"); }
    void state_changed(engine::EntityId id, const json::object& from, const json::object& to,
                       const json::object& update, engine::Reason) override {
        lines.push_back("changed " + id.key() + " " + store::sorted_json(from) + " " +
                        store::sorted_json(to) + " " + store::sorted_json(update));
    }
    void adjust_message(engine::EntityId, json::object& message) override {
        if (adjusts)
            message["added"] = 1;
    }
    void state_published(engine::EntityId id, const json::object& message, std::string_view text,
                         const json::object&, engine::Reason) override {
        BOOST_TEST(store::sorted_json(message) == text);
        lines.push_back("published " + id.key() + " " + std::string(text));
    }
    bool adjusts = false;
};

std::string meta(Rig& rig, std::string_view key) {
    return rig.network->meta(rig.hall(), key);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(life)

BOOST_AUTO_TEST_CASE(a_device_is_configured_at_its_next_message_and_never_again) {
    Rig rig("", "", unconfigured);
    rig.start();
    rig.hall().type = DeviceType::end_device;
    rig.from_hall(2, on_off, relay_on);
    rig.loop.pass(1s);
    BOOST_TEST(rig.sent() == "1/0000 10tt001000");
    BOOST_TEST(meta(rig, "configured") == R"("0.0.1")");
    rig.from_hall(2, on_off, relay_on);
    rig.loop.pass(1s);
    BOOST_TEST(rig.sent() == "");
}

BOOST_AUTO_TEST_CASE(routers_are_configured_after_a_pause_without_being_heard) {
    Rig rig("", "", unconfigured);
    rig.start();
    rig.loop.pass(9s);
    BOOST_TEST(rig.sent() == "");
    rig.loop.pass(2s);
    BOOST_TEST(rig.sent() == "1/0000 10tt001000");
    BOOST_TEST((rig.hall().type == DeviceType::end_device));  // the definition's quirk
}

BOOST_AUTO_TEST_CASE(an_older_version_of_the_definition_is_configured_again) {
    Rig rig("", "", R"({"configured":"0.0.0"})");
    rig.start();
    rig.from_hall(2, on_off, relay_on);
    rig.loop.pass(1s);
    BOOST_TEST(rig.sent() == "1/0000 10tt001000");
    BOOST_TEST(meta(rig, "configured") == R"("0.0.1")");
}

BOOST_AUTO_TEST_CASE(three_failures_are_enough_until_a_user_insists) {
    Rig rig("", "", unconfigured);
    rig.start();
    rig.radio.answer = [](const ApsRequest& request) {
        return Bytes{0x18, request.payload[1], 0x0B, request.payload[2], 0x01};
    };
    for (int i = 0; i < 5; ++i) {
        rig.from_hall(2, on_off, relay_on);
        rig.loop.pass(1s);
    }
    std::size_t failures = 0;
    for (const auto& line : rig.lines)
        failures += line.starts_with("Failed to configure 'hall', attempt");
    BOOST_TEST(failures == 3u);
    BOOST_TEST(meta(rig, "configured") == "");

    std::string problem;
    BOOST_TEST(!rig.loop.run(rig.engine->configure(*Ieee::parse(test::hall_ieee), true, problem)));
    BOOST_TEST(problem != "");
}

BOOST_AUTO_TEST_CASE(a_disabled_device_is_configured_only_when_a_user_insists) {
    Rig rig("devices:\n  '0x00158d0001020304':\n    friendly_name: hall\n    disabled: true\n", "",
            unconfigured);
    rig.start();
    rig.from_hall(2, on_off, relay_on);
    rig.loop.pass(1s);
    BOOST_TEST(rig.sent() == "");
    std::string problem;
    BOOST_TEST(
        bool(rig.loop.run(rig.engine->configure(*Ieee::parse(test::hall_ieee), true, problem))));
    BOOST_TEST(rig.sent() == "1/0000 10tt001000");
}

BOOST_AUTO_TEST_CASE(joining_forgets_what_was_configured) {
    Rig rig;
    rig.start();
    rig.engine->device_joined(rig.hall());
    BOOST_TEST(meta(rig, "configured") == "");
    rig.loop.pass(1s);
    BOOST_TEST(rig.sent() == "1/0000 10tt001000");
    BOOST_TEST(meta(rig, "configured") == R"("0.0.1")");
}

BOOST_AUTO_TEST_CASE(a_plugin_hears_of_its_devices_life_and_its_store_lives_in_the_database) {
    Rig rig;
    rig.start();
    rig.engine->device_announced(rig.hall());
    rig.engine->device_interview(rig.hall(), network::InterviewStep::successful);
    rig.engine->options_changed(rig.hall_id());
    // Letters by bit number: started, announced, interviewed, options changed.
    const auto stored = meta(rig, "waggle");
    BOOST_TEST(stored.starts_with(R"({"org.waggle.test.engine":{"events":")"), stored);
    BOOST_TEST(stored.ends_with(R"(aedg"}})"), stored);
}

BOOST_AUTO_TEST_CASE(a_device_that_announces_itself_is_read_anew_two_seconds_later_and_once) {
    Rig rig("", R"({"0x00158d0001020304":{"state":"OFF"}})");
    rig.start();
    rig.sent();
    rig.engine->device_announced(rig.hall());
    rig.loop.pass(1500ms);
    rig.engine->device_announced(rig.hall());
    rig.loop.pass(1900ms);
    BOOST_TEST(rig.sent() == "");
    rig.loop.pass(300ms);
    BOOST_TEST(rig.sent() == "2/0006 10tt000000");
    BOOST_TEST(rig.logged() == "");  // what it has no read for is passed over
}

BOOST_AUTO_TEST_CASE(listeners_see_what_changes_and_what_is_published) {
    Heard heard;
    Rig rig("", R"({"0x00158d0001020304":{"mode":"x"}})");
    rig.engine->listen(heard);
    rig.start();
    heard.lines.clear();
    rig.from_hall(4, on_off, relay_on);
    BOOST_REQUIRE(heard.lines.size() == 4u);
    BOOST_TEST(heard.lines[0] == R"(changed 0x00158d0001020304 {"mode":"x"} )"
                                 R"({"action":"single","mode":"x"} {"action":"single"})");
    BOOST_TEST(heard.lines[1] == R"(published 0x00158d0001020304 )"
                                 R"({"action":"single","linkquality":100,"mode":"x"})");
    heard.adjusts = true;
    rig.published();
    rig.from_hall(2, on_off, relay_on);
    BOOST_TEST(rig.published() == R"(hall {"added":1,"linkquality":100,"mode":"x","state":"ON"})");
    BOOST_TEST(!rig.engine->state(rig.hall_id()).contains("added"));
}

BOOST_AUTO_TEST_CASE(the_state_survives_a_restart_and_goes_with_its_device) {
    Rig rig("",
            R"({"0x00158d0001020304":{"action":"x","update":{"progress":5,"state":"updating"}},)"
            R"("0x00158d0009090909":{"state":"ON"},"7":{"state":"OFF"},"nonsense":{}})");
    rig.start();
    BOOST_TEST(store::sorted_json(rig.engine->state(rig.hall_id())) ==
               R"({"update":{"state":"idle"}})");
    rig.from_hall(4, on_off, relay_on);
    rig.from_hall(2, on_off, relay_on);
    rig.stop();
    const auto file = json::parse(rig.folder.read("state.json")).as_object();
    BOOST_TEST(store::sorted_json(file) ==
               R"({"0x00158d0001020304":{"state":"ON","update":{"state":"idle"}},)"
               R"("7":{"state":"OFF"}})");
}

BOOST_AUTO_TEST_CASE(the_state_is_saved_every_five_minutes_and_not_when_unwanted) {
    {
        Rig rig;
        rig.start();
        rig.from_hall(2, on_off, relay_on);
        BOOST_TEST(!rig.folder.has("state.json"));
        rig.loop.pass(301s, 1s);
        BOOST_TEST(rig.folder.has("state.json"));
        rig.stop();
    }
    Rig rig("", "", test::configured, "cache_state_persistent: false");
    rig.start();
    rig.from_hall(2, on_off, relay_on);
    rig.stop();
    BOOST_TEST(!rig.folder.has("state.json"));
}

BOOST_AUTO_TEST_CASE(a_state_that_is_heard_again_is_not_written_again) {
    Rig rig;
    rig.start();
    rig.from_hall(2, on_off, relay_on);
    rig.loop.pass(301s, 1s);
    rig.folder.write("state.json", "untouched");
    rig.from_hall(2, on_off, relay_on);
    rig.loop.pass(301s, 1s);
    rig.stop();
    BOOST_TEST(rig.folder.read("state.json") == "untouched");
}

BOOST_AUTO_TEST_CASE(cached_states_are_published_once_at_start_when_wanted) {
    const auto* state = R"({"0x00158d0001020304":{"state":"ON"}})";
    {
        Rig rig("", state);
        rig.start();
        rig.engine->publish_cached_on_start();
        BOOST_TEST(rig.published() == R"(hall {"state":"ON"})");
    }
    Rig rig("", state, test::configured, "cache_state_send_on_startup: false");
    rig.start();
    rig.engine->publish_cached_on_start();
    BOOST_TEST(rig.published() == "");
}

BOOST_AUTO_TEST_CASE(a_rename_publishes_under_the_new_name) {
    Rig rig("", R"({"0x00158d0001020304":{"state":"ON"}})");
    rig.start();
    BOOST_REQUIRE(rig.configuration->rename_entity("hall", "stairs"));
    rig.engine->renamed(rig.hall_id(), "hall", false);
    BOOST_TEST(rig.published() == R"(stairs {"state":"ON"})");
    BOOST_TEST(!rig.engine->entities().resolve("hall").has_value());
    rig.command("stairs/set", "ON");
    BOOST_TEST(rig.sent() == "2/0006 01tt01");
}

BOOST_AUTO_TEST_CASE(device_information_is_added_when_wanted) {
    Rig rig("", "");
    json::object changes{{"mqtt", {{"include_device_information", true}}}};
    BOOST_REQUIRE(rig.configuration->apply(changes));
    rig.start();
    rig.from_hall(2, on_off, relay_on);
    BOOST_TEST(rig.published() ==
               R"x(hall {"device":{"friendlyName":"hall","ieeeAddr":"0x00158d0001020304",)x"
               R"x("manufacturerID":4151,"manufacturerName":"LUMI","model":"TEST-1",)x"
               R"x("networkAddress":4660,"powerSource":"Mains (single phase)",)x"
               R"x("type":"EndDevice"},"linkquality":100,"state":"ON"})x");
}

BOOST_AUTO_TEST_CASE(a_model_no_plugin_serves_is_not_supported) {
    Rig rig;
    rig.start();
    rig.hall().model_id = "unheard.of";
    rig.from_hall(2, on_off, relay_on);
    BOOST_TEST(rig.published() == "");
    BOOST_TEST(!rig.engine->is_supported(*Ieee::parse(test::hall_ieee)));
    BOOST_TEST(rig.engine->definition_json(rig.hall()).is_null());
    rig.command("hall/set", "ON");
    BOOST_TEST(rig.logged().find("Cannot publish to unsupported device 'hall'") !=
               std::string::npos);
    rig.hall().model_id = "test.switch";
    rig.from_hall(2, on_off, relay_on);
    BOOST_TEST(rig.published() == R"(hall {"linkquality":100,"state":"ON"})");
}

BOOST_AUTO_TEST_CASE(a_device_the_configuration_does_not_know_is_added_to_it) {
    Rig rig("devices: {}\n");
    rig.start();
    BOOST_TEST(rig.configuration->find_device(test::hall_ieee) != nullptr);
    rig.from_hall(2, on_off, relay_on);
    BOOST_TEST(rig.published() == R"(0x00158d0001020304 {"linkquality":100,"state":"ON"})");
}

BOOST_AUTO_TEST_CASE(a_device_that_left_is_no_longer_matched_and_its_state_waits_for_it) {
    Rig rig;
    rig.start();
    rig.from_hall(2, on_off, relay_on);
    rig.engine->device_left(*Ieee::parse(test::hall_ieee), test::hall_address);
    BOOST_TEST(rig.plugins->find(*Ieee::parse(test::hall_ieee)) == nullptr);
    BOOST_TEST(rig.engine->has_state(rig.hall_id()));
    rig.engine->removed(rig.hall_id(), "hall");
    BOOST_TEST(!rig.engine->has_state(rig.hall_id()));
}

BOOST_AUTO_TEST_CASE(a_damaged_state_file_is_set_aside_and_the_engine_starts) {
    Rig rig("", R"({"0x00158d0001020304":{"state":)");
    rig.start();
    rig.from_hall(2, on_off, relay_on);
    BOOST_TEST(rig.published() == R"(hall {"linkquality":100,"state":"ON"})");
}

BOOST_AUTO_TEST_SUITE_END()
