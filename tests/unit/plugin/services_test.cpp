#include <thread>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "plugin/definition.hpp"
#include "unit/plugin/rig.hpp"

/// What the host offers to plugins, through a plugin that uses all of it (probe.cpp).
namespace waggle {

using namespace test;
using namespace std::chrono_literals;

namespace {

struct ProbeRig : Rig {
    explicit ProbeRig(std::uint32_t configuration_version = 0) {
        plugin::PluginHostOptions options;
        options.extra = {PROBE_PLUGIN};
        options.configuration_version = configuration_version;
        start(std::move(options));
        BOOST_REQUIRE(bind("probe"));
        logged.clear();
    }
    /// Tells the probe to do something.
    std::string act(int what) {
        char frame[] = "18 01 0A 00 00 20 00";
        frame[sizeof frame - 2] = static_cast<char>('0' + what);
        return receive(1, 6, frame);
    }
    plugin::RadioReply read_answer(std::string text) {
        plugin::RadioReply reply;
        auto& record = reply.frame.payload.emplace<zcl::Records>().emplace_back();
        record.id = 5;
        record.value = zcl::make_text(std::move(text));
        return reply;
    }
};

}  // namespace

BOOST_AUTO_TEST_CASE(stores_keep_values_and_the_persistent_one_goes_to_the_services) {
    ProbeRig rig;
    BOOST_TEST(rig.act(0) == R"({"volatile":0,"kept":0})");
    BOOST_TEST(rig.act(0) == R"({"volatile":1,"kept":1})");
    BOOST_TEST(rig.services.kept.at("org.example.probe/count") == "2");
    rig.host->unbind(device_ieee);
    BOOST_REQUIRE(rig.bind("probe"));
    BOOST_TEST(rig.act(0) == R"({"volatile":0,"kept":2})");
}

BOOST_AUTO_TEST_CASE(what_is_published_at_once_goes_out_before_the_result) {
    ProbeRig rig;
    BOOST_TEST(rig.act(1) == R"({"event":"result"})");
    BOOST_REQUIRE(rig.services.published.size() == 2u);
    BOOST_TEST(rig.services.published[0] == R"({"event":"first"})");
    BOOST_TEST(rig.services.published[1] ==
               R"({"event":"second","list":[1,"two",{"three":3.5E0}]})");
}

BOOST_AUTO_TEST_CASE(options_fall_back_to_the_default_that_fits_the_configuration) {
    ProbeRig old_configuration;
    old_configuration.services.cached["cached"] = 7;
    BOOST_TEST(old_configuration.act(2) ==
               R"({"legacy":"old","cached":"7","model":"probe","name":"hall","type":"Router",)"
               R"("endpoints":3,"default_endpoint":2})");
    old_configuration.services.options["legacy"] = "mine";
    BOOST_TEST(old_configuration.act(2).find(R"("legacy":"mine")") != std::string::npos);
    BOOST_TEST(old_configuration.host->option(device_ieee, "legacy")->as_string() == "mine");
    ProbeRig new_configuration(2);
    BOOST_TEST(new_configuration.act(2).find(R"("legacy":"new")") != std::string::npos);
    BOOST_TEST(new_configuration.host->option(device_ieee, "legacy")->as_string() == "new");
    BOOST_TEST(!new_configuration.host->option(device_ieee, "nothing"));
}

BOOST_AUTO_TEST_CASE(a_timer_runs_once_and_not_after_the_device_is_gone) {
    ProbeRig rig;
    rig.act(3);
    rig.loop.pass(4s);
    BOOST_TEST(rig.services.published.empty());
    rig.loop.pass(2s);
    BOOST_TEST(rig.services.published.size() == 1u);
    rig.act(3);
    rig.host->unbind(device_ieee);
    rig.loop.pass(10s);
    BOOST_TEST(rig.services.published.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_request_completes_with_what_the_device_answered) {
    ProbeRig rig;
    rig.act(4);
    rig.loop.settle();
    BOOST_REQUIRE(rig.radio.requests.size() == 1u);
    BOOST_TEST(rig.radio.requests[0].endpoint == 2);
    BOOST_TEST(rig.radio.requests[0].cluster == 0);
    rig.radio.waiting.back().fulfil(rig.read_answer("lumi"));
    rig.loop.settle();
    BOOST_REQUIRE(rig.services.published.size() == 1u);
    BOOST_TEST(rig.services.published[0] == R"({"note":"read lumi"})");
}

BOOST_AUTO_TEST_CASE(a_failed_request_says_what_failed) {
    ProbeRig rig;
    rig.act(4);
    rig.loop.settle();
    rig.radio.waiting.back().fulfil(plugin::RadioReply(make_error_code(zcl::Status::failure)));
    rig.loop.settle();
    BOOST_TEST(rig.services.published.back() == R"({"note":"failed 7 FAILURE"})");
    rig.act(4);
    rig.loop.settle();
    rig.radio.waiting.back().fulfil(plugin::RadioReply(Errc::no_ack));
    rig.loop.settle();
    BOOST_TEST(rig.services.published.back().find("failed 8") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(requests_under_way_are_bounded_and_cancelled_with_their_device) {
    ProbeRig rig;
    BOOST_TEST(rig.act(5) == R"({"accepted":64})");
    ProbeRig other;
    other.act(4);
    other.loop.settle();
    other.host->unbind(device_ieee);
    other.loop.settle();
    BOOST_TEST(other.services.published.empty());  // its handle is stale when the completion runs
}

BOOST_AUTO_TEST_CASE(stopping_completes_everything_once_with_cancelled) {
    ProbeRig rig;
    rig.act(4);
    rig.act(3);
    std::optional<plugin::CommandOutcome> outcome;
    rig.set("mode", "never", outcome);
    BOOST_TEST(!outcome);
    rig.loop.run(rig.host->stop());
    BOOST_REQUIRE(outcome);
    BOOST_TEST(!outcome->ok);
    BOOST_TEST(rig.services.published.size() == 1u);
    BOOST_TEST(rig.services.published.back().find("failed 2") != std::string::npos);
    BOOST_TEST(rig.has_logged("event 2"));  // stopped
    rig.loop.pass(10s);
    BOOST_TEST(rig.services.published.size() == 1u);
}

BOOST_AUTO_TEST_CASE(post_runs_on_the_loop_and_the_rest_is_refused_elsewhere) {
    ProbeRig rig;
    rig.act(6);
    BOOST_TEST(!rig.has_logged("posted"));
    rig.loop.settle();
    BOOST_TEST(rig.has_logged("posted"));
}

BOOST_AUTO_TEST_CASE(requests_that_cannot_be_encoded_are_refused_at_once) {
    ProbeRig rig;
    BOOST_TEST(rig.act(7) == R"({"too_big":5,"no_type":5,"no_command":6,"no_parameter":5})");
    BOOST_TEST(rig.radio.requests.empty());
}

BOOST_AUTO_TEST_CASE(properties_of_an_endpoint_get_its_name_unless_it_is_the_default) {
    ProbeRig rig;
    BOOST_TEST(rig.receive(3, 6, "18 01 0A 00 00 10 01") ==
               R"({"state_left":1,"whole":1,"plain":1})");
    BOOST_TEST(rig.receive(2, 6, "18 01 0A 00 00 10 01") == R"({"state":1,"whole":1,"plain":1})");
}

BOOST_AUTO_TEST_CASE(events_reach_those_who_want_them) {
    ProbeRig rig;
    auto* bound = rig.host->find(device_ieee);
    bound->event(WG_EVENT_JOINED);
    bound->event(WG_EVENT_ANNOUNCED);
    BOOST_TEST(rig.take(rig.logged) == "event 4\n");
    rig.receive(1, 0x0402, "18 01 0A 00 00 29 C4 09");  // no converter wants it
    BOOST_TEST(rig.take(rig.logged) == "heard cluster 1026\n");
    rig.host->unbind(device_ieee);
    BOOST_TEST(rig.logged == "event 128\n");
}

BOOST_AUTO_TEST_CASE(a_set_is_answered_at_once_or_when_its_request_is_done) {
    ProbeRig rig;
    std::optional<plugin::CommandOutcome> outcome;
    rig.set("mode", "now", outcome);
    BOOST_REQUIRE(outcome);
    BOOST_TEST(outcome->ok);
    BOOST_REQUIRE(outcome->states.size() == 1u);
    BOOST_TEST(boost::json::serialize(outcome->states[0].second) == R"({"mode":"now"})");

    outcome.reset();
    rig.set("mode", 5, outcome);
    BOOST_TEST(!outcome);
    rig.radio.waiting.back().fulfil(plugin::RadioReply());
    rig.loop.settle();
    BOOST_REQUIRE(outcome);
    BOOST_TEST(outcome->ok);
    BOOST_TEST(boost::json::serialize(outcome->states[0].second) == R"({"mode":"5"})");

    outcome.reset();
    rig.set("mode", "bad", outcome);
    BOOST_REQUIRE(outcome);
    BOOST_TEST(!outcome->ok);
    BOOST_TEST(outcome->message == "bad is not allowed");
    BOOST_TEST(outcome->states.empty());
}

BOOST_AUTO_TEST_CASE(a_set_that_is_never_answered_ends_after_an_hour) {
    ProbeRig rig;
    std::optional<plugin::CommandOutcome> outcome;
    rig.set("mode", "never", outcome);
    rig.loop.until([&] { return outcome.has_value(); }, 2h, 5min);
    BOOST_TEST(!outcome->ok);
}

BOOST_AUTO_TEST_CASE(configure_binds_reports_and_then_runs_the_definitions_own) {
    ProbeRig rig;
    std::string problem;
    std::optional<Result<void>> done;
    rig.loop.start(rig.host->configure(device_ieee, problem), done);
    const std::vector<wg_request_kind> expected{WG_REQUEST_BIND, WG_REQUEST_CONFIGURE_REPORTING,
                                                WG_REQUEST_READ};
    for (std::size_t i = 0; i < expected.size(); ++i) {
        rig.loop.settle();
        BOOST_REQUIRE(rig.radio.requests.size() == i + 1);
        BOOST_TEST(rig.radio.requests[i].kind == expected[i]);
        rig.radio.waiting.back().fulfil(plugin::RadioReply());
    }
    rig.loop.settle();
    BOOST_REQUIRE(done);
    BOOST_TEST(done->has_value());
}

BOOST_AUTO_TEST_CASE(configure_stops_at_the_first_failure_and_says_it) {
    for (std::size_t failing = 0; failing < 3; ++failing) {
        ProbeRig rig;
        std::string problem;
        std::optional<Result<void>> done;
        rig.loop.start(rig.host->configure(device_ieee, problem), done);
        for (std::size_t i = 0; i <= failing; ++i) {
            rig.loop.settle();
            BOOST_REQUIRE(rig.radio.requests.size() == i + 1);
            rig.radio.waiting.back().fulfil(i == failing ? plugin::RadioReply(Errc::no_ack)
                                                         : plugin::RadioReply());
        }
        rig.loop.settle();
        BOOST_REQUIRE(done);
        BOOST_TEST(done->has_error());
        BOOST_TEST(!problem.empty());
        BOOST_TEST(rig.radio.requests.size() == failing + 1);
    }
}

BOOST_AUTO_TEST_CASE(exposes_of_every_shape_are_published_as_zigbee2mqtt_does) {
    ProbeRig rig;
    const auto out = rig.host->definition_json(rig.device, "https://example.org/$model.png");
    BOOST_TEST(out.at("icon").as_string() == "https://example.org/PROBE.png");
    const auto expected = boost::json::parse(R"([
      {"type": "numeric", "name": "soil_moisture", "label": "Soil moisture",
       "property": "soil_moisture", "access": 7, "unit": "%", "value_min": 0, "value_max": 100,
       "value_step": 0.5, "presets": [{"name": "dry", "value": 10, "description": "Dry"},
                                      {"name": "any", "value": "x"}]},
      {"type": "list", "name": "days", "label": "Days", "property": "days", "access": 1,
       "length_min": 1, "length_max": 7,
       "item_type": {"type": "composite", "name": "day", "label": "Day", "access": 1,
                     "features": [{"type": "text", "name": "hour", "label": "Hour",
                                   "property": "hour", "access": 1}]}},
      {"type": "enum", "name": "mode_left", "label": "Left mode", "property": "mode_left",
       "access": 2, "endpoint": "left", "category": "config", "values": ["a", 2],
       "homeassistant": {"icon": "mdi:leaf"}}])");
    auto exposes = out.at("exposes").as_array();
    exposes.pop_back();             // linkquality
    for (auto& expose : exposes) {  // 0 and 0u are one number in JSON, not in Boost.JSON
        expose = boost::json::parse(boost::json::serialize(expose));
    }
    BOOST_TEST((exposes == expected.as_array()), boost::json::serialize(exposes));
}

}  // namespace waggle
