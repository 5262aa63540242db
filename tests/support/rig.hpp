#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <boost/json/value.hpp>

#include "support/mqtt_probe.hpp"
#include "support/process.hpp"

/// The whole of it for system tests: a real mosquitto, the simulated radio, the real host binary,
/// and an MQTT client that watches, in a folder of their own and on free loopback ports.
///
/// The binaries come from the environment (WAGGLE_BINARY, WAGGLE_SIM), which Meson sets.
namespace waggle::test {

/// Whether the program under test was built as the tests were, with AddressSanitizer.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool is_sanitized = true;
#elif defined(__has_feature)
inline constexpr bool is_sanitized = __has_feature(address_sanitizer);
#else
inline constexpr bool is_sanitized = false;
#endif

inline constexpr std::chrono::milliseconds soon = std::chrono::seconds(10);

struct RigOptions {
    std::string configuration;   ///< YAML put under the standard keys, at top level
    std::string device_options;  ///< YAML of the QBKG04LM's entry, 4 spaces deep
    std::vector<std::string> sim_arguments;
    std::vector<std::string> host_arguments;
    bool broker_persistence = true;
    int version = 5;  ///< 0: leave `version` out of the configuration
};

class Rig {
  public:
    explicit Rig(RigOptions options = {});
    ~Rig();

    void start_broker();
    void start_sim();
    void start_host();   ///< does not wait
    void wait_online();  ///< until bridge/state says online; fails the test otherwise
    void start();        ///< all of the above

    /// `waggle-sim ARGUMENTS…` against the running simulator; what it printed. Throws on failure.
    std::string sim(std::vector<std::string> arguments);
    /// Opens the network, lets the device join, waits for the end of its interview.
    void pair(const std::string& device = "qbkg04lm");

    /// Publishes below the base topic.
    void publish(const std::string& topic, const std::string& payload);
    /// bridge/request/NAME with `payload`, and its response.
    boost::json::value request(const std::string& name, const std::string& payload);
    /// The first message on base/TOPIC since the last take_mark() that has `key` (any when empty).
    Seen expect(const std::string& topic, const std::string& key = "");
    Seen expect(const std::string& topic, const MqttProbe::Predicate& fits);
    /// What came on base/TOPIC since the last take_mark(), when no more comes.
    std::vector<Seen> all(const std::string& topic);
    void take_mark();
    bool log_has(const std::string& text, std::chrono::milliseconds limit = soon);

    std::string read(const std::string& file) const;  ///< of the data directory
    void write(const std::string& file, const std::string& text) const;
    std::filesystem::path data() const { return directory_ / "data"; }
    const std::filesystem::path& directory() const { return directory_; }
    std::string control() const { return (directory_ / "sim.sock").string(); }
    unsigned short mqtt_port() const { return mqtt_port_; }
    unsigned short sim_port() const { return sim_port_; }

    std::unique_ptr<Process> broker, simulator, host;
    std::unique_ptr<MqttProbe> mqtt;
    static inline const std::string switch_address = "0x00158d0001a2b3c4";

  private:
    void write_configuration() const;

    RigOptions options_;
    std::filesystem::path directory_;
    unsigned short mqtt_port_ = 0, sim_port_ = 0;
    std::size_t mark_ = 0;
};

}  // namespace waggle::test
