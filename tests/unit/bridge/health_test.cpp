#include "bridge/health.hpp"

#include <sstream>

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "unit/engine/rig.hpp"

namespace json = boost::json;

namespace waggle {
namespace {

using namespace std::chrono_literals;
using bridge::Health;
using bridge::HostLoad;
using test::Rig;

HostLoad some_load() {
    HostLoad load;
    load.averages = {0.25, 1, 2.5};
    load.memory_total_kb = 8000000;
    load.memory_available_kb = 6000000;
    load.process_kb = 12345;
    return load;
}

struct House {
    explicit House(std::string_view configuration = "") : rig(configuration) {
        rig.start();
        Health::Sources sources;
        sources.mqtt = [this] { return mqtt; };
        sources.reset_mqtt = [this] { mqtt.published = mqtt.received = 0; };
        sources.host = some_load;
        mqtt.connected = true;
        mqtt.published = 7;
        mqtt.received = 3;
        health = std::make_unique<Health>(rig.loop.executor(), *rig.configuration, rig.outbox,
                                          std::move(sources));
        rig.network->listen(*health);
        health->start();
    }
    ~House() {
        health->stop();
        rig.stop();
    }
    void hear(int messages) {
        for (int i = 0; i < messages; ++i)
            health->device_seen(rig.hall());
    }
    std::string after(Clock::duration time) {
        rig.loop.pass(time, 100ms);
        return rig.published();
    }
    json::value devices_in(const std::string& published) {
        return json::parse(published.substr(published.find(' ') + 1)).at("devices");
    }

    Rig rig;
    mqtt::Statistics mqtt;
    std::unique_ptr<Health> health;
};

BOOST_AUTO_TEST_SUITE(health)

BOOST_AUTO_TEST_CASE(it_is_published_after_every_interval_and_not_at_the_start) {
    House house;
    BOOST_TEST(house.after(9min + 59s) == "");
    BOOST_TEST(house.after(2s).starts_with("bridge/health {"));
    BOOST_TEST(house.after(9min + 57s) == "");
    BOOST_TEST(house.after(2s).starts_with("bridge/health {"));
}

BOOST_AUTO_TEST_CASE(the_message_is_retained_and_has_its_keys_in_this_order) {
    House house;
    house.hear(1);
    house.rig.loop.pass(599s);
    house.hear(2);
    house.rig.loop.pass(1s);
    BOOST_REQUIRE(house.rig.outbox.lines.size() == 1u);
    const auto& line = house.rig.outbox.lines.front();
    BOOST_TEST((line.options.retain && line.options.qos == 1));
    const auto begin = line.payload.find(R"("os")");
    BOOST_REQUIRE(begin != std::string::npos);
    BOOST_TEST(line.payload.substr(0, 17) == R"({"response_time":)");
    BOOST_TEST(line.payload.substr(begin) ==
               R"("os":{"load_average":[0.25,1,2.5],"memory_used_mb":1953.13,"memory_percent":25},)"
               R"("process":{"uptime_sec":600,"memory_used_mb":12.06,"memory_percent":0.1543},)"
               R"("mqtt":{"connected":true,"queued":0,"published":7,"received":3},)"
               R"("devices":{"0x00158d0001020304":{"messages":3,"messages_per_sec":0.005,)"
               R"("leave_count":0,"network_address_changes":0}}})");
}

BOOST_AUTO_TEST_CASE(what_devices_do_is_counted_in_the_order_in_which_they_were_heard) {
    House house;
    house.health->device_left(Ieee(0x0B), 1);
    house.hear(1);
    house.health->device_address_changed(house.rig.hall());
    house.health->device_left(house.rig.hall().ieee, 1);
    const auto devices = house.devices_in(house.after(601s));
    BOOST_REQUIRE(devices.as_object().size() == 2u);
    BOOST_TEST(devices.as_object().begin()->key() == "0x000000000000000b");
    BOOST_TEST(devices.at("0x000000000000000b").at("messages").as_int64() == 0);
    BOOST_TEST(devices.at("0x000000000000000b").at("leave_count").as_int64() == 1);
    BOOST_TEST(devices.at(test::hall_ieee).at("leave_count").as_int64() == 1);
    BOOST_TEST(devices.at(test::hall_ieee).at("network_address_changes").as_int64() == 1);
}

BOOST_AUTO_TEST_CASE(counts_go_on) {
    House on;
    on.hear(2);
    on.after(601s);
    on.hear(1);
    BOOST_TEST(on.devices_in(on.after(600s)).at(test::hall_ieee).at("messages").as_int64() == 3);
}

BOOST_AUTO_TEST_CASE(counts_begin_anew_when_they_are_to_be_reset) {
    House reset("health:\n  interval: 1\n  reset_on_check: true\n");
    reset.hear(2);
    BOOST_TEST(reset.after(61s).find(R"("messages":2,)") != std::string::npos);
    BOOST_TEST(reset.mqtt.published == 0u);
    reset.hear(1);
    BOOST_TEST(reset.after(60s).find(R"("messages":1,)") != std::string::npos);
    BOOST_TEST(reset.after(60s).ends_with(R"("devices":{}})"));
}

BOOST_AUTO_TEST_CASE(what_the_broker_lost_is_made_again_without_resetting_anything) {
    House house("health:\n  reset_on_check: true\n");
    house.hear(2);
    BOOST_TEST(!house.health->regenerate("bridge/health"));
    house.after(601s);
    house.hear(2);
    for (int i = 0; i < 2; ++i) {
        const auto again = house.health->regenerate("bridge/health");
        BOOST_REQUIRE(again);
        BOOST_TEST((again->options.retain && again->options.qos == 1));
        BOOST_TEST(again->payload.find(R"("messages":2,)") != std::string::npos);
    }
    BOOST_TEST(!house.health->regenerate("bridge/state"));
}

BOOST_AUTO_TEST_CASE(memory_is_read_as_the_kernel_writes_it) {
    HostLoad load;
    std::istringstream meminfo(
        "MemTotal:        8039480 kB\nMemFree:  500 kB\nMemAvailable:    4019740 kB\n\nrest");
    bridge::read_memory(meminfo, load);
    BOOST_TEST(load.memory_total_kb == 8039480);
    BOOST_TEST(load.memory_available_kb == 4019740);
    std::istringstream statm("5000 3000 100 1 0 200 0");
    bridge::read_resident(statm, 4096, load);
    BOOST_TEST(load.process_kb == 12000);
    std::istringstream nothing;
    bridge::read_resident(nothing, 4096, load);
    BOOST_TEST(load.process_kb == 12000);
}

BOOST_AUTO_TEST_CASE(this_machine_tells) {
    const auto load = bridge::read_host_load();
    BOOST_TEST(load.memory_total_kb > load.memory_available_kb);
    BOOST_TEST(load.process_kb > 1000);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace waggle
