#include "bridge/availability/availability.hpp"

#include <set>

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include "unit/engine/rig.hpp"

namespace json = boost::json;

namespace waggle {
namespace {

using namespace std::chrono_literals;
using bridge::Availability;
using engine::EntityId;
using test::Rig;

constexpr std::string_view devices = R"(devices:
  '0x00158d0001020304':
    friendly_name: hall
  '0x00158d0000000001':
    friendly_name: lamp
  '0x00158d0000000002':
    friendly_name: sensor
)";
constexpr std::string_view groups = R"(groups:
  '4':
    friendly_name: lights
)";
constexpr std::string_view followed = R"(availability:
  enabled: true
)";
constexpr NwkAddress lamp_address = 0x2001;
constexpr auto relay_on = "18 2A 0A 00 00 10 01";

std::string rows() {
    return test::light_row(1) + test::light_row(2, "Battery", "EndDevice") +
           test::group_row(4, fmt::format("{}/2 {}/1", test::hall_ieee, test::light_ieee(1)));
}

/// hall and lamp have mains, sensor a battery; lights are hall and lamp. All were heard just now;
/// jitter is none, so that every moment is known.
struct House {
    explicit House(std::string_view configuration = followed, double chance = 0)
        : rig(fmt::format("{}{}{}", devices, groups, configuration), "", test::configured, "",
              rows()) {
        rig.start();
        rig.radio.answer = [this, usual = rig.radio.answer](const ApsRequest& request) {
            return silent.contains(request.destination_address) ? std::nullopt : usual(request);
        };
        rig.network->for_each_device([](Device& device) { device.last_seen = wall_clock_ms(); });
        availability = std::make_unique<Availability>(
            rig.loop.executor(),
            Availability::Parts{*rig.network, *rig.engine, *rig.configuration, rig.outbox},
            [chance] { return chance; });
        rig.network->listen(*availability);
        rig.engine->listen(*availability);
    }
    ~House() {
        rig.loop.run(availability->stop());
        rig.stop();
    }

    void start() {
        availability->start();
        rig.loop.settle();
    }
    /// Starts, and throws away what is published by that.
    void begin() {
        start();
        rig.published();
    }
    Device& device(std::string_view name) {
        return *rig.network->find(rig.engine->entities().resolve(name)->ieee());
    }
    std::string after(Clock::duration time) {
        // The clock goes on by itself, too: with few steps that is next to nothing.
        rig.loop.pass(time, time > 1h ? 1min : time >= 1min ? 1s : 100ms);
        return rig.published();
    }
    /// How many seconds pass until the next frame is sent.
    long until_sent() {
        rig.radio.sent.clear();
        const auto begun = Clock::now();
        rig.loop.until([this] { return !rig.radio.sent.empty(); }, 3h, 1s);
        return std::chrono::round<std::chrono::seconds>(Clock::now() - begun).count();
    }

    Rig rig;
    std::set<NwkAddress> silent;
    std::unique_ptr<Availability> availability;
};

constexpr auto all_online = R"(hall/availability {"state":"online"}|)"
                            R"(lamp/availability {"state":"online"}|)"
                            R"(sensor/availability {"state":"online"}|)"
                            R"(lights/availability {"state":"online"})";

BOOST_AUTO_TEST_SUITE(availability)

BOOST_AUTO_TEST_CASE(at_the_start_everybody_is_published_retained_devices_first) {
    House house;
    house.start();
    for (const auto& line : house.rig.outbox.lines)
        BOOST_TEST((line.options.retain && line.options.qos == 1));
    BOOST_TEST(house.rig.published() == all_online);
    BOOST_TEST(house.rig.sent() == "");
}

BOOST_AUTO_TEST_CASE(without_it_nobody_is_but_an_empty_group_which_cannot_be_reached) {
    House house("");
    house.rig.network->create_group(9);
    house.start();
    BOOST_TEST(house.rig.published() == R"(9/availability {"state":"offline"})");
}

BOOST_AUTO_TEST_CASE(the_option_of_a_device_is_stronger_than_the_section) {
    House house;
    auto& entities = house.rig.engine->entities();
    auto& configuration = *house.rig.configuration;
    const auto is_followed = [&](std::string_view name) {
        return bridge::availability_enabled(*entities.resolve(name), entities, *house.rig.network,
                                            configuration.settings());
    };
    const auto change = [&](std::string_view key, json::value value) {
        json::object options;
        options[key] = std::move(value);
        BOOST_REQUIRE(configuration.change_entity_options(test::light_ieee(1), options));
    };
    BOOST_TEST(is_followed("lamp"));
    BOOST_TEST(is_followed("lights"));
    change("availability", false);
    BOOST_TEST(!is_followed("lamp"));
    BOOST_TEST(!is_followed("lights"));
    change("availability", json::object{{"timeout", 3}});
    BOOST_TEST(is_followed("lamp"));
    change("disabled", true);
    BOOST_TEST(!is_followed("lamp"));
    BOOST_TEST(is_followed("hall"));
}

BOOST_AUTO_TEST_CASE(who_has_mains_or_is_a_router_of_unknown_power_is_active) {
    House house;
    Device device;
    device.type = DeviceType::router;
    BOOST_TEST(bridge::is_active_device(device));
    device.power_source = "Battery";
    BOOST_TEST(!bridge::is_active_device(device));
    device.type = DeviceType::end_device;
    BOOST_TEST(!bridge::is_active_device(device));
    device.power_source = "Unknown";
    BOOST_TEST(!bridge::is_active_device(device));
    device.power_source.reset();
    BOOST_TEST(!bridge::is_active_device(device));
    device.power_source = "DC Source";
    BOOST_TEST(bridge::is_active_device(device));
}

BOOST_AUTO_TEST_CASE(an_active_device_is_asked_when_its_time_is_over_and_stays_online) {
    House house;
    house.begin();
    BOOST_TEST(house.after(10min) == "");
    BOOST_TEST(house.rig.sent() == "");
    BOOST_TEST(house.after(2s) == "");
    BOOST_TEST(house.rig.sent().ends_with("/0000 10tt000000"));  // read genBasic.zclVersion
    BOOST_TEST(house.after(2s) == "");
    BOOST_TEST(house.rig.sent().ends_with("/0000 10tt000000"));  // the other one, two seconds later
    BOOST_TEST(house.after(9min) == "");
    BOOST_TEST(house.rig.sent() == "");
}

BOOST_AUTO_TEST_CASE(who_does_not_answer_twice_is_offline_and_the_group_with_the_last_of_them) {
    House house;
    house.begin();
    house.silent = {lamp_address, test::hall_address};
    house.after(10min);
    // Both attempts take ten seconds, and three are between them.
    BOOST_TEST(house.after(23s) == "");
    BOOST_TEST(house.after(2s) == R"(hall/availability {"state":"offline"})");
    BOOST_TEST(house.after(30s) ==
               R"(lamp/availability {"state":"offline"}|lights/availability {"state":"offline"})");
    BOOST_TEST(house.rig.logged().find("Failed to ping 'hall' (attempt 2/2") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(every_time_without_an_answer_makes_the_next_later) {
    House house;
    house.device("hall").type = DeviceType::end_device;
    house.device("hall").power_source = "Battery";
    house.begin();
    house.silent = {lamp_address};
    BOOST_TEST(house.until_sent() == 601);
    house.after(30s);                           // two attempts, two seconds
    BOOST_TEST(house.until_sent() == 902 - 7);  // 1.5 times 601 s, from when it was offline
    house.after(30s);                           // one attempt from now on
    BOOST_TEST(house.until_sent() == 1803 - 20);
    house.after(30s);
    BOOST_TEST(house.until_sent() == 3606 - 20);
}

BOOST_AUTO_TEST_CASE(a_sign_of_life_starts_everything_anew) {
    House house;
    house.device("lamp").power_source = "Battery";
    house.begin();
    house.silent = {test::hall_address};
    house.after(11min);
    house.silent.clear();
    house.rig.sent();
    house.rig.from_hall(2, 6, relay_on);
    // The message itself comes before the group, and what the device is comes two seconds later.
    BOOST_TEST(house.after(1s) == R"(hall/availability {"state":"online"}|)"
                                  R"(lights {"state":"ON"}|hall {"linkquality":100,"state":"ON"})");
    house.after(2s);
    BOOST_TEST(house.rig.sent() == "2/0006 10tt000000|2/0006 10tt000000");  // brightness, too
    const auto next = house.until_sent();
    BOOST_TEST((next >= 599 && next <= 601));
}

BOOST_AUTO_TEST_CASE(the_group_comes_after_the_message_that_made_it_available) {
    House house;
    house.silent = {lamp_address, test::hall_address};
    house.device("hall").last_seen = 0;
    house.device("lamp").last_seen = 0;
    house.start();
    BOOST_TEST(house.rig.published() == R"(hall/availability {"state":"offline"}|)"
                                        R"(lamp/availability {"state":"offline"}|)"
                                        R"(sensor/availability {"state":"online"}|)"
                                        R"(lights/availability {"state":"offline"})");
    house.rig.from_hall(2, 6, relay_on);
    BOOST_TEST(house.after(100ms) ==
               R"(hall/availability {"state":"online"}|)"
               R"(lights {"state":"ON"}|hall {"linkquality":100,"state":"ON"}|)"
               R"(lights/availability {"state":"online"})");
}

BOOST_AUTO_TEST_CASE(an_active_device_that_was_away_at_the_start_is_asked_at_once) {
    House house;
    house.device("lamp").last_seen.reset();
    house.start();
    const auto text = house.rig.published();
    BOOST_TEST(text.find(R"(lamp/availability {"state":"offline"})") != std::string::npos);
    BOOST_TEST(text.ends_with(R"(lamp/availability {"state":"online"})"));
    BOOST_TEST(house.rig.sent() == "1/0000 10tt000000");
}

BOOST_AUTO_TEST_CASE(asking_pauses_beyond_the_factor_that_is_set_until_the_device_speaks) {
    House house(R"(availability:
  enabled: true
  active:
    timeout: 1
    pause_on_backoff_gt: 2
)");
    house.device("hall").power_source = "Battery";
    house.begin();
    house.silent = {lamp_address};
    BOOST_TEST(house.until_sent() == 61);
    house.after(40s);
    house.until_sent();  // factor 1.5 ends, 3 begins
    house.after(40s);
    house.until_sent();  // factor 3 ends
    house.after(40s);
    house.rig.sent();
    house.after(10h);
    BOOST_TEST(house.rig.sent() == "");
    house.silent.clear();
    house.rig.radio.deliver(lamp_address, 1, 6, Bytes{0x18, 0x01, 0x0A, 0, 0, 0x10, 1});
    house.rig.sent();
    const auto next = house.until_sent();  // a minute is a minute again
    BOOST_TEST((next >= 60 && next <= 62));
}

BOOST_AUTO_TEST_CASE(without_backoff_every_wait_is_the_same) {
    House house(R"(availability:
  enabled: true
  active:
    timeout: 1
    backoff: false
)");
    house.device("hall").power_source = "Battery";
    house.begin();
    house.silent = {lamp_address};
    BOOST_TEST(house.until_sent() == 61);
    house.after(30s);
    BOOST_TEST(house.until_sent() == 61 - 7);
    house.after(30s);
    BOOST_TEST(house.until_sent() == 61 - 20);
}

BOOST_AUTO_TEST_CASE(of_a_passive_device_a_sign_of_life_is_awaited) {
    House house;
    house.device("hall").power_source = "Battery";
    house.device("lamp").power_source = "Battery";
    house.begin();
    BOOST_TEST(house.after(1499min) == "");
    BOOST_TEST(house.after(2min) == R"(hall/availability {"state":"offline"}|)"
                                    R"(lamp/availability {"state":"offline"}|)"
                                    R"(sensor/availability {"state":"offline"}|)"
                                    R"(lights/availability {"state":"offline"})");
    BOOST_TEST(house.rig.sent() == "");
}

BOOST_AUTO_TEST_CASE(the_section_says_how_long_passive_devices_may_be_silent) {
    House house("availability:\n  enabled: true\n  passive:\n    timeout: 2\n");
    house.begin();
    BOOST_TEST(house.after(119s) == "");
    BOOST_TEST(house.after(4s) == R"(sensor/availability {"state":"offline"})");
}

BOOST_AUTO_TEST_CASE(devices_are_asked_at_random_moments_so_that_not_all_answer_at_once) {
    House usual(followed, 0.5);
    usual.begin();
    BOOST_TEST(usual.until_sent() == 601 + 15);
}

BOOST_AUTO_TEST_CASE(the_section_says_how_far_apart_these_moments_are) {
    House house(
        "availability:\n  enabled: true\n  active:\n    timeout: 1\n"
        "    max_jitter: 100000\n",
        0.5);
    house.begin();
    BOOST_TEST(house.until_sent() == 61 + 50);
}

BOOST_AUTO_TEST_CASE(a_device_has_limits_of_its_own) {
    House house;
    json::object own;
    own["availability"] = json::object{{"timeout", 0.1}, {"max_jitter", 0}, {"backoff", false}};
    BOOST_REQUIRE(house.rig.configuration->change_entity_options(test::light_ieee(1), own));
    house.begin();
    BOOST_TEST(house.until_sent() == 7);
}

BOOST_AUTO_TEST_CASE(a_new_name_has_the_topic_and_the_old_one_is_cleared) {
    House house;
    house.begin();
    BOOST_REQUIRE(house.rig.configuration->rename_entity("hall", "corridor"));
    house.rig.engine->renamed(house.rig.hall_id(), "hall", false);
    BOOST_TEST(house.rig.published() == "hall/availability ");
    BOOST_TEST(
        house.after(500ms) ==
        R"(corridor/availability {"state":"online"}|lights/availability {"state":"online"})");
}

BOOST_AUTO_TEST_CASE(what_is_removed_is_cleared_and_not_asked_any_more) {
    House house;
    house.begin();
    const auto lamp = EntityId::of(*Ieee::parse(test::light_ieee(1)));
    house.availability->entity_removed(lamp, "lamp");
    BOOST_TEST(house.rig.published() == "lamp/availability ");
    BOOST_TEST(house.rig.outbox.lines.empty());
    house.after(11min);
    BOOST_TEST(house.rig.sent() == "1/0000 10tt000000");  // hall
}

BOOST_AUTO_TEST_CASE(who_was_disabled_meanwhile_is_not_asked) {
    House house;
    house.device("hall").power_source = "Battery";
    house.begin();
    json::object off;
    off["disabled"] = true;
    BOOST_REQUIRE(house.rig.configuration->change_entity_options(test::light_ieee(1), off));
    BOOST_TEST(house.after(11min) == "");
    BOOST_TEST(house.rig.sent() == "");
}

BOOST_AUTO_TEST_CASE(a_group_is_looked_at_again_when_its_members_change) {
    House house("");
    house.begin();
    const engine::GroupChange change(4, *Ieee::parse(test::hall_ieee), 2, true);
    house.availability->group_members_changed(change);
    BOOST_TEST(house.rig.published() == "");  // in a later turn
    BOOST_TEST(house.after(100ms) == R"(lights/availability {"state":"offline"})");
    house.availability->group_members_changed(change);
    BOOST_TEST(house.after(100ms) == "");
}

BOOST_AUTO_TEST_CASE(what_the_broker_lost_is_made_again) {
    House house;
    BOOST_TEST(!house.availability->regenerate("hall/availability"));
    house.start();
    const auto again = house.availability->regenerate("hall/availability");
    BOOST_REQUIRE(again);
    BOOST_TEST(again->payload == R"({"state":"online"})");
    BOOST_TEST((again->options.retain && again->options.qos == 1));
    BOOST_TEST(!house.availability->regenerate("hall"));
    BOOST_TEST(!house.availability->regenerate("nobody/availability"));
}

BOOST_AUTO_TEST_CASE(while_the_radio_is_away_nobody_is_judged) {
    House house;
    house.begin();
    house.silent = {lamp_address, test::hall_address};
    house.rig.radio.stays_away = true;
    house.rig.radio.listener->link_lost("unplugged");
    BOOST_TEST(house.after(20min) == "");
    house.rig.radio.stays_away = false;
    house.rig.loop.until([&] { return house.rig.network->is_up(); });
    house.rig.sent();
    BOOST_TEST(house.after(9min + 30s) == "");
    BOOST_TEST(house.rig.sent() == "");
    BOOST_TEST(house.after(1min) == R"(hall/availability {"state":"offline"})");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace waggle
