#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <boost/json/value.hpp>

struct mosquitto;
struct mosquitto_message;

/// An MQTT client for tests: subscribes to everything on a loopback broker and keeps what it saw,
/// in order. It uses libmosquitto directly, not the host's client, which is what is being tested.
namespace waggle::test {

struct Seen {
    std::string topic, payload;
    bool retained = false;  ///< came from the broker's memory, not live
    int qos = 0;
    std::chrono::steady_clock::time_point at;

    boost::json::value json() const;  ///< null when the payload is not JSON
};

class MqttProbe {
  public:
    using Predicate = std::function<bool(const Seen&)>;

    explicit MqttProbe(unsigned short port, std::string filter = "#");
    ~MqttProbe();
    MqttProbe(const MqttProbe&) = delete;
    MqttProbe& operator=(const MqttProbe&) = delete;

    void publish(const std::string& topic, const std::string& payload, bool retain = false);

    /// The place in the stream from which the next wait looks.
    std::size_t mark() const;
    /// The first message from `from` on that fits, now or within `limit`.
    std::optional<Seen> wait(const std::string& topic, const Predicate& fits,
                             std::chrono::milliseconds limit, std::size_t from) const;
    std::vector<Seen> all(std::size_t from = 0) const;
    std::vector<Seen> on(const std::string& topic, std::size_t from = 0) const;
    /// Waits until nothing has come for `quiet`.
    void settle(std::chrono::milliseconds quiet = std::chrono::milliseconds(150)) const;

  private:
    [[noreturn]] void give_up(const char* why);  ///< for the constructor
    static void on_message(mosquitto*, void* self, const mosquitto_message* message);
    static void on_connect(mosquitto*, void* self, int code);
    static void on_subscribe(mosquitto*, void* self, int, int, const int*);

    mosquitto* client_;
    std::string filter_;
    mutable std::mutex mutex_;
    mutable std::condition_variable arrived_;
    std::vector<Seen> seen_;
    bool subscribed_ = false;
};

}  // namespace waggle::test
