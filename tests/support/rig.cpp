#include "support/rig.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <unistd.h>

#include <boost/json/parse.hpp>
#include <boost/test/results_collector.hpp>
#include <boost/test/unit_test.hpp>

namespace waggle::test {
namespace {

using namespace std::chrono_literals;

std::string from_environment(const char* name) {
    const char* value = std::getenv(name);
    if (!value)
        throw std::runtime_error(std::string(name) + " is not set: run the tests through Meson");
    return value;
}

std::filesystem::path new_directory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "waggle-test-XXXXXX").string();
    if (!mkdtemp(pattern.data()))
        throw std::runtime_error("no temporary directory");
    return pattern;
}

}  // namespace

Rig::Rig(RigOptions options)
    : options_(std::move(options)),
      directory_(new_directory()),
      mqtt_port_(free_port()),
      sim_port_(free_port()) {
    std::filesystem::create_directory(data());
    write_configuration();
}

Rig::~Rig() {
    host.reset();
    simulator.reset();
    mqtt.reset();
    broker.reset();
    if (boost::unit_test::results_collector
            .results(boost::unit_test::framework::current_test_case().p_id)
            .passed())
        std::filesystem::remove_all(directory_);
    else
        BOOST_TEST_MESSAGE("files kept in " << directory_);
}

void Rig::write_configuration() const {
    std::string text;
    if (options_.version > 0)
        text += "version: " + std::to_string(options_.version) + "\n";
    text += "mqtt:\n  base_topic: zigbee2mqtt\n  server: mqtt://127.0.0.1:" +
            std::to_string(mqtt_port_) +
            "\nserial:\n  port: tcp://127.0.0.1:" + std::to_string(sim_port_) +
            "\n  adapter: zstack\n";
    if (options_.configuration.find("advanced:") == std::string::npos)
        text +=
            "advanced:\n  log_level: debug\n  log_output: [console]\n  channel: 11\n"
            "  pan_id: 6755\n  ext_pan_id: [1, 2, 3, 4, 5, 6, 7, 8]\n"
            "  network_key: [9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 1, 2, 3, 4, 5, 6]\n";
    text += options_.configuration;
    if (!options_.device_options.empty())
        text += "devices:\n  '" + switch_address + "':\n" + options_.device_options;
    write("configuration.yaml", text);
}

void Rig::start_broker() {
    const auto config = directory_ / "mosquitto.conf";
    std::ofstream(config) << "listener " << mqtt_port_ << " 127.0.0.1\nallow_anonymous true\n"
                          << "max_queued_messages 0\n"
                          << (options_.broker_persistence
                                  ? "persistence true\nautosave_interval 1\n"
                                  : "persistence false\n")
                          << "persistence_location " << directory_.string() << "/\n"
                          << "user " << (getuid() == 0 ? "root" : "nobody") << "\n";
    const std::vector<std::string> command{"mosquitto", "-c", config.string()};
    setenv("PATH", (std::string(std::getenv("PATH")) + ":/usr/sbin").c_str(), 1);
    broker = std::make_unique<Process>(command, directory_ / "mosquitto.log");
    for (int tries = 0; !mqtt; ++tries) {
        try {
            mqtt = std::make_unique<MqttProbe>(mqtt_port_);
        } catch (const std::runtime_error&) {
            if (tries == 200 || !broker->is_running())
                throw;
            std::this_thread::sleep_for(20ms);
        }
    }
}

void Rig::start_sim() {
    std::vector<std::string> command{from_environment("WAGGLE_SIM"),
                                     "--listen",
                                     "127.0.0.1:" + std::to_string(sim_port_),
                                     "--nv",
                                     (directory_ / "nv.json").string(),
                                     "--control",
                                     control()};
    command.insert(command.end(), options_.sim_arguments.begin(), options_.sim_arguments.end());
    simulator = std::make_unique<Process>(command, directory_ / "sim.log");
    const auto end = std::chrono::steady_clock::now() + soon;
    while (simulator->is_running() && std::chrono::steady_clock::now() < end) {
        if (std::filesystem::exists(control()))
            return;
        std::this_thread::sleep_for(10ms);
    }
    throw std::runtime_error("the simulator did not start:\n" + simulator->output());
}

void Rig::start_host() {
    std::vector<std::string> command{from_environment("WAGGLE_BINARY"), "run", "--data",
                                     data().string()};
    command.insert(command.end(), options_.host_arguments.begin(), options_.host_arguments.end());
    host = std::make_unique<Process>(command, directory_ / "host.log");
}

void Rig::wait_online() {
    expect("bridge/state", [](const Seen& m) {
        return !m.retained && m.payload.find("online") != std::string::npos;
    });
}

void Rig::start() {
    start_broker();
    start_sim();
    take_mark();
    start_host();
    wait_online();
}

std::string Rig::sim(std::vector<std::string> arguments) {
    std::vector<std::string> command{from_environment("WAGGLE_SIM"), "--control", control()};
    command.insert(command.end(), arguments.begin(), arguments.end());
    const auto log = directory_ / "sim-client.log";
    std::filesystem::remove(log);
    Process client(command, log);
    const auto code = client.wait(soon);
    if (!code || *code != 0)
        throw std::runtime_error("waggle-sim failed: " + client.output());
    return client.output();
}

void Rig::pair(const std::string& device) {
    request("permit_join", R"({"time": 254})");
    sim({"join", device});
    expect("bridge/event", [](const Seen& m) {
        return m.payload.find("\"device_interview\"") != std::string::npos &&
               m.payload.find("\"successful\"") != std::string::npos;
    });
    mqtt->settle();
}

void Rig::publish(const std::string& topic, const std::string& payload) {
    mqtt->publish("zigbee2mqtt/" + topic, payload);
}

boost::json::value Rig::request(const std::string& name, const std::string& payload) {
    const auto from = mqtt->mark();
    publish("bridge/request/" + name, payload);
    const auto answer = mqtt->wait("zigbee2mqtt/bridge/response/" + name, {}, soon, from);
    BOOST_REQUIRE_MESSAGE(answer.has_value(), "no response to " << name << " " << payload);
    return answer->json();
}

Seen Rig::expect(const std::string& topic, const std::string& key) {
    return expect(topic, [&](const Seen& m) {
        return key.empty() || m.payload.find('"' + key + '"') != std::string::npos;
    });
}

Seen Rig::expect(const std::string& topic, const MqttProbe::Predicate& fits) {
    const auto message = mqtt->wait("zigbee2mqtt/" + topic, fits, soon, mark_);
    if (!message) {
        std::ostringstream text;
        for (const auto& seen : mqtt->all(mark_))
            text << "  " << seen.topic << ' ' << seen.payload.substr(0, 200) << '\n';
        BOOST_FAIL("nothing fitting on " << topic << "; came:\n"
                                         << text.str() << "host:\n"
                                         << (host ? host->output().substr(0, 20000) : ""));
    }
    return *message;
}

std::vector<Seen> Rig::all(const std::string& topic) {
    mqtt->settle();
    return mqtt->on("zigbee2mqtt/" + topic, mark_);
}

void Rig::take_mark() {
    mark_ = mqtt ? mqtt->mark() : 0;
}

bool Rig::log_has(const std::string& text, std::chrono::milliseconds limit) {
    return host->wait_for_output(text, limit);
}

std::string Rig::read(const std::string& file) const {
    std::ifstream in(data() / file);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

void Rig::write(const std::string& file, const std::string& text) const {
    std::ofstream(data() / file) << text;
}

}  // namespace waggle::test
