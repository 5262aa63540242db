#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "mqtt/client.hpp"

/// A loop that runs until something is true, and a client with what happened to it.
namespace waggle::mqtt {

using namespace std::chrono_literals;

struct Loop {
    boost::asio::io_context io{1};

    bool until(const std::function<bool()>& condition, std::chrono::milliseconds limit = 10s);
    void run(std::chrono::milliseconds time);
};

struct Logged {
    Logged();
    ~Logged();
    bool has(std::string_view text) const;
    std::string all() const;
    std::vector<std::string> lines;
};

/// The host side as the client sees it.
struct Host {
    Host(Loop& loop_in, Options options);

    void start();
    /// Publishes, and can do so again when asked.
    void set(const std::string& topic, const std::string& payload, PublishOptions options);
    void stop();

    Loop& loop;
    std::map<std::string, Regenerated> values;
    std::vector<std::string> received;
    int connects = 0, equalised = 0, regenerated = 0;
    std::string reason;
    std::unique_ptr<Client> client;
};

inline const PublishOptions retained{.retain = true};
inline const PublishOptions state{.kind = Kind::state};

}  // namespace waggle::mqtt
