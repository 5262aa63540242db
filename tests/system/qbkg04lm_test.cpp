// The QBKG04LM wall switch through the real binary, a real mosquitto and the simulated radio. The
// frames are the device's own, byte for byte; what is expected is the device page's checklist.
#include <boost/json/object.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "support/rig.hpp"

using namespace waggle::test;
namespace data = boost::unit_test::data;

namespace {

// Reports of genOnOff onOff, as captured from the device.
const std::string click = "18 50 0A 00 00 10 00 00 00 10 01";  // attribute 0 twice, the last counts
const std::string held = "18 51 0A 00 00 10 00";
const std::string let_go = "18 52 0A 00 00 10 01";
const std::string twice = "18 53 0A 00 00 10 02";  // a boolean carrying 2
const std::string blocked = "18 54 0A 00 00 10 01 00 F0 23 00 1F FF 03";
const std::string with_zero = "18 55 0A 00 00 10 01 00 F0 23 00 00 00 00";
const std::string relay_on = "18 2A 0A 00 00 10 01 00 F0 23 00 1F FF 03";
const std::string relay_off = "18 2B 0A 00 00 10 00";

std::string device_entry(const std::string& more = "") {
    return "    friendly_name: hall\n" + more;
}

struct Switch {
    explicit Switch(const std::string& more = "", int version = 5)
        : rig([&] {
              RigOptions options;
              options.device_options = device_entry(more);
              options.version = version;
              return options;
          }()) {
        rig.start();
        rig.pair();
        rig.take_mark();
    }

    void send(int endpoint, const std::string& frame) {
        rig.sim({"raw", "qbkg04lm", std::to_string(endpoint), "6", frame});
    }
    /// The values of `key` of everything published for the switch since the last mark, in order.
    std::vector<std::string> values(const std::string& key) {
        std::vector<std::string> out;
        for (const auto& message : rig.all("hall")) {
            const auto json = message.json();
            if (const auto* value = json.is_object() ? json.as_object().if_contains(key) : nullptr)
                out.emplace_back(value->is_string() ? std::string(value->as_string()) : "?");
        }
        return out;
    }
    void expect_actions(const std::vector<std::string>& wanted) {
        const auto got = values("action");
        BOOST_TEST(got == wanted, boost::test_tools::per_element());
        rig.take_mark();
    }

    Rig rig;
};

bool contains_frame(const std::string& frames, const std::string& pattern) {
    // `tt`, the transaction number, may be anything.
    std::string text;
    for (const char c : frames)
        if (c != ' ')
            text += static_cast<char>(std::tolower(c));
    std::string wanted;
    for (const char c : pattern)
        if (c != ' ')
            wanted += static_cast<char>(std::tolower(c));
    for (std::size_t at = 0; at + wanted.size() <= text.size(); ++at) {
        bool same = true;
        for (std::size_t i = 0; same && i < wanted.size(); ++i)
            same = wanted[i] == 't' || wanted[i] == text[at + i];
        if (same)
            return true;
    }
    return false;
}

}  // namespace

BOOST_AUTO_TEST_CASE(pairing_publishes_the_definition_of_the_device_page) {
    Switch device;
    const auto devices = device.rig.mqtt->on("zigbee2mqtt/bridge/devices").back().json();
    const boost::json::object* entry = nullptr;
    for (const auto& row : devices.as_array())
        if (row.at("ieee_address").as_string() == Rig::switch_address)
            entry = &row.as_object();
    BOOST_REQUIRE(entry);
    BOOST_TEST(entry->at("friendly_name").as_string() == "hall");
    BOOST_TEST(entry->at("type").as_string() == "EndDevice");  // although it says router
    BOOST_TEST(entry->at("supported").as_bool());
    BOOST_TEST(entry->at("interview_state").as_string() == "SUCCESSFUL");
    const auto& definition = entry->at("definition").as_object();
    BOOST_TEST(definition.at("model").as_string() == "QBKG04LM");
    BOOST_TEST(definition.at("vendor").as_string() == "Xiaomi");
    BOOST_TEST(definition.at("supports_ota").as_bool());
    std::vector<std::string> names;
    for (const auto& expose : definition.at("exposes").as_array())
        names.emplace_back(expose.as_object().contains("name") ? expose.at("name").as_string()
                                                               : expose.at("type").as_string());
    const std::vector<std::string> wanted{"switch", "operation_mode", "action", "linkquality"};
    BOOST_TEST(names == wanted, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_click_is_single_then_release) {
    Switch device;
    device.send(4, click);
    device.expect_actions({"single", "release"});
}

BOOST_AUTO_TEST_CASE(holding_and_letting_go) {
    Switch device;
    device.send(4, held);
    device.expect_actions({"hold"});
    device.send(4, let_go);
    device.expect_actions({"hold_release", "release"});
}

BOOST_AUTO_TEST_CASE(a_double_click_ends_a_hold) {
    Switch device;
    device.send(4, held);
    device.send(4, held);
    device.send(4, twice);
    device.expect_actions({"hold", "hold", "double"});
    device.send(4, let_go);
    device.expect_actions({"single", "release"});
}

BOOST_AUTO_TEST_CASE(a_button_report_with_the_relay_s_mark_is_no_action_unless_it_is_zero) {
    Switch device;
    device.send(4, blocked);
    device.expect_actions({});
    device.send(4, with_zero);
    device.expect_actions({"single", "release"});
}

BOOST_AUTO_TEST_CASE(the_relay_reports_state_and_the_other_endpoints_nothing) {
    Switch device;
    device.send(2, relay_on);
    device.rig.expect("hall", "state");
    BOOST_TEST(device.values("state") == std::vector<std::string>{"ON"},
               boost::test_tools::per_element());
    device.expect_actions({});
    device.send(2, relay_off);
    BOOST_TEST(device.rig.expect("hall", "state").json().at("state").as_string() == "OFF");
    device.rig.take_mark();
    device.send(5, let_go);
    device.send(6, let_go);
    BOOST_TEST(device.rig.all("hall").empty());
}

BOOST_AUTO_TEST_CASE(state_is_set_optimistically_and_read) {
    Switch device;
    device.rig.publish("hall/set", R"({"state": "ON"})");
    BOOST_TEST(device.rig.expect("hall", "state").json().at("state").as_string() == "ON");
    BOOST_TEST(contains_frame(device.rig.sim({"frames", "qbkg04lm"}), "01 tt 01"));
    device.rig.mqtt->settle();
    device.rig.take_mark();
    device.rig.publish("hall/set/state", "OFF");
    BOOST_TEST(device.rig.expect("hall", "state").json().at("state").as_string() == "OFF");
    device.rig.mqtt->settle();
    device.rig.take_mark();
    device.rig.publish("hall/set", "TOGGLE");
    BOOST_TEST(device.rig.expect("hall", "state").json().at("state").as_string() == "ON");
    device.rig.mqtt->settle();
    device.rig.take_mark();
    device.rig.publish("hall/get/state", "");
    BOOST_TEST(device.rig.expect("hall", "state").json().at("state").as_string() == "ON");
    BOOST_TEST(contains_frame(device.rig.sim({"frames", "qbkg04lm"}), "10 tt 00 00 00"));
}

BOOST_DATA_TEST_CASE(operation_mode_is_written_exactly,
                     data::make({"decoupled", "control_relay"})) {
    Switch device;
    const std::string mode = sample;
    device.rig.publish("hall/set", R"({"operation_mode": ")" + mode + R"("})");
    BOOST_TEST(
        device.rig.expect("hall", "operation_mode").json().at("operation_mode").as_string() ==
        mode);
    const auto frames = device.rig.sim({"frames", "qbkg04lm"});
    const std::string value = mode == "decoupled" ? "FE" : "12";
    BOOST_TEST(contains_frame(frames, "14 5F 11 tt 02 22 FF 20 " + value));
}

BOOST_AUTO_TEST_CASE(a_refused_write_publishes_nothing_and_is_logged) {
    Switch device;
    device.rig.sim({"fault", "write-status", "qbkg04lm", "0x86"});
    device.rig.publish("hall/set", R"({"operation_mode": "decoupled"})");
    BOOST_TEST(device.rig.log_has("UNSUPPORTED_ATTRIBUTE"));
    BOOST_TEST(device.values("operation_mode").empty());
}

BOOST_AUTO_TEST_CASE(wrong_values_are_logged_with_what_is_allowed) {
    Switch device;
    device.rig.publish("hall/set", R"({"operation_mode": "foo"})");
    BOOST_TEST(device.rig.log_has("control_relay"));
    device.rig.publish("hall/get", R"({"operation_mode": ""})");
    BOOST_TEST(device.rig.log_has("'get'"));
    BOOST_TEST(device.rig.all("hall").empty());
}

BOOST_AUTO_TEST_CASE(an_incoming_operation_mode_is_named_as_it_is_set) {
    Switch device;
    device.rig.sim({"raw", "qbkg04lm", "1", "0", "1C 5F 11 40 0A 22 FF 20 FE"});
    const auto seen = device.rig.expect("hall", "operation_mode");
    BOOST_TEST(seen.json().at("operation_mode").as_string() == "decoupled");
    BOOST_TEST(!seen.json().as_object().contains("operation_mode_left"));
}

BOOST_AUTO_TEST_CASE(the_reset_by_a_long_hold_is_forbidden_and_only_that) {
    Switch device;
    device.rig.sim(
        {"raw", "qbkg04lm", "1", "0", "1C 5F 11 2E 0A F0 FF 41 09 AA 10 05 41 88 01 01 10 00"});
    device.rig.mqtt->settle();
    const std::string answer = "14 5F 11 tt 02 F0 FF 41 09 AA 10 05 41 47 01 01 10 01";
    BOOST_TEST(!contains_frame(device.rig.sim({"frames", "qbkg04lm"}), answer));
    device.rig.sim(
        {"raw", "qbkg04lm", "1", "0", "1C 5F 11 2D 0A F0 FF 41 09 AA 10 05 41 87 01 01 10 00"});
    bool written = false;
    for (int tries = 0; tries < 100 && !written; ++tries) {
        device.rig.mqtt->settle(std::chrono::milliseconds(20));
        written = contains_frame(device.rig.sim({"frames", "qbkg04lm"}), answer);
    }
    BOOST_TEST(written);
    BOOST_TEST(device.rig.all("hall").empty());
}

BOOST_AUTO_TEST_CASE(actions_are_never_cached_nor_published_after_a_restart) {
    Switch device;
    device.send(2, relay_on);
    device.send(4, click);
    device.expect_actions({"single", "release"});
    BOOST_TEST(device.rig.host->stop().value_or(-1) == 0);
    BOOST_TEST(device.rig.read("state.json").find("action") == std::string::npos);
    BOOST_TEST(device.rig.read("state.json").find("\"ON\"") != std::string::npos);
    device.rig.take_mark();
    device.rig.start_host();
    device.rig.wait_online();
    device.rig.expect("hall", "state");
    device.expect_actions({});
}

BOOST_AUTO_TEST_CASE(every_action_carries_the_cached_state) {
    Switch device;
    device.send(2, relay_on);
    device.rig.expect("hall", "state");
    device.rig.take_mark();
    device.send(4, click);
    const auto seen = device.rig.expect("hall", "action").json();
    BOOST_TEST(seen.at("state").as_string() == "ON");
    BOOST_TEST(seen.as_object().contains("linkquality"));
}

// `legacy` adds `click` to the message that carries `single`; it takes nothing away.
BOOST_AUTO_TEST_CASE(legacy_adds_click_to_single) {
    Switch device("    legacy: true\n");
    device.send(4, click);
    device.rig.expect("hall", "action");
    const auto messages = device.rig.all("hall");
    BOOST_REQUIRE(messages.size() == 2u);
    BOOST_TEST(messages[0].json().at("action").as_string() == "single");
    BOOST_TEST(messages[0].json().at("click").as_string() == "single");
    BOOST_TEST(messages[1].json().at("action").as_string() == "release");
    BOOST_TEST(!messages[1].json().as_object().contains("click"));
    device.rig.take_mark();
    device.send(4, held);
    device.send(4, twice);
    device.rig.mqtt->settle();
    BOOST_TEST(device.values("click").empty());
    device.expect_actions({"hold", "double"});
}

BOOST_AUTO_TEST_CASE(legacy_false_never_says_click) {
    Switch device("    legacy: false\n");
    device.send(4, click);
    device.rig.expect("hall", "action");
    BOOST_TEST(device.values("click").empty());
}

BOOST_AUTO_TEST_CASE(legacy_defaults_to_true_where_the_configuration_has_no_version) {
    Switch device("", 0);
    device.send(4, click);
    device.rig.expect("hall", "action");
    BOOST_TEST(device.values("click") == std::vector<std::string>{"single"},
               boost::test_tools::per_element());
    // The next start finds the migrated file, and the switch does not change its mind.
    BOOST_TEST(device.rig.host->stop().value_or(-1) == 0);
    device.rig.start_host();
    device.rig.wait_online();
    device.rig.take_mark();
    device.send(4, click);
    device.rig.expect("hall", "action");
    BOOST_TEST(device.values("click") == std::vector<std::string>{"single"},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(legacy_defaults_to_false_for_a_configuration_of_zigbee2mqtt_2) {
    Switch device("", 5);
    device.send(4, click);
    device.expect_actions({"single", "release"});
    BOOST_TEST(device.values("click").empty());
}

BOOST_AUTO_TEST_CASE(debounce_merges_what_came_and_its_hazard_is_logged_once) {
    Switch device("    debounce: 0.4\n");
    BOOST_TEST(device.rig.log_has("debounce"));
    device.send(4, click);
    device.rig.expect("hall", "action");
    device.expect_actions({"release"});
}

BOOST_AUTO_TEST_CASE(debounce_ignore_keeps_every_action) {
    Switch device("    debounce: 0.4\n    debounce_ignore: [action]\n");
    device.send(4, click);
    device.rig.expect(
        "hall", [](const Seen& m) { return m.payload.find("\"release\"") != std::string::npos; });
    device.expect_actions({"single", "release"});
}

BOOST_DATA_TEST_CASE(gestures_of_the_simulated_switch_in_both_modes,
                     data::make({"control_relay", "decoupled"})) {
    Switch device;
    const std::string mode = sample;
    device.rig.publish("hall/set", R"({"operation_mode": ")" + mode + R"("})");
    device.rig.expect("hall", "operation_mode");
    device.rig.mqtt->settle();
    device.rig.take_mark();
    device.rig.sim({"press", "qbkg04lm", "click"});
    device.rig.expect("hall", "action");
    device.rig.mqtt->settle();
    BOOST_TEST(device.values("action") == (std::vector<std::string>{"single", "release"}),
               boost::test_tools::per_element());
    // In relay mode the rocker switches the relay, which reports; decoupled it does not.
    bool state_reported = false;
    for (const auto& message : device.rig.all("hall"))
        state_reported |= message.payload.find("\"state\":\"ON\"") != std::string::npos;
    BOOST_TEST(state_reported == (mode == "control_relay"));
}
