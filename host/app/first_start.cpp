#include "app/first_start.hpp"

#include <filesystem>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include "coordinator/coordinator.hpp"
#include "store/configuration.hpp"

namespace fs = std::filesystem;

namespace waggle::app {
namespace {

/// The coordinator that is plugged in, when there is exactly one.
void find_coordinator(const CommandLine& line, store::FirstConfiguration& first, FirstStart& out) {
    if (!line.serial.empty()) {
        first.serial_port = line.serial;
        return;
    }
    const auto found = find_adapters();
    if (found.size() == 1) {
        first.serial_port = found.front().port;
        first.serial_adapter = found.front().adapter;
        out.said.push_back(
            fmt::format("Found the coordinator {} on {}", found.front().name, found.front().port));
    } else if (found.empty()) {
        out.warnings.push_back(fmt::format(
            "No coordinator was found on USB: plug one in, or name it as serial.port in '{}' or "
            "with --serial (tcp://host:port for one on the network)",
            line.config));
    } else {
        std::string ports;
        for (const auto& adapter : found)
            ports += (ports.empty() ? "" : ", ") + adapter.port;
        out.warnings.push_back(fmt::format(
            "Several coordinators were found ({}): choose one as serial.port in '{}' or with "
            "--serial",
            ports, line.config));
    }
}

void find_broker(const CommandLine& line, store::FirstConfiguration& first, FirstStart& out) {
    if (!line.mqtt.empty())
        first.mqtt_server = line.mqtt;
    else if (!accepts_connections("127.0.0.1", 1883))
        out.warnings.push_back(
            fmt::format("No MQTT broker answers on this machine (port 1883): start one, or name "
                        "yours as mqtt.server in '{}' or with --mqtt",
                        line.config));
}

void mention_zigbee2mqtt(const CommandLine& line, FirstStart& out) {
    if (line.data_was_given)
        return;
    for (const char* data : {"/opt/zigbee2mqtt/data", "/app/data", "/config/zigbee2mqtt"}) {
        std::error_code ignored;
        if (fs::exists(fs::path(data) / "configuration.yaml", ignored))
            out.warnings.push_back(fmt::format(
                "There is a zigbee2mqtt installation on this machine; to take over its network, "
                "stop it and start this with --data {}",
                data));
    }
}

}  // namespace

bool accepts_connections(const std::string& host, unsigned short port) {
    boost::asio::io_context loop(1);
    boost::asio::ip::tcp::socket socket(loop);
    boost::system::error_code parsed;
    const auto address = boost::asio::ip::make_address(host, parsed);
    if (parsed)
        return false;
    bool connected = false;
    socket.async_connect({address, port}, [&connected](const boost::system::error_code& error) {
        connected = !error;
    });
    loop.run_for(std::chrono::milliseconds(300));
    return connected;
}

store::Outcome<FirstStart> ensure_configuration(const CommandLine& line) {
    FirstStart out;
    std::error_code error;
    fs::create_directories(line.data, error);
    if (error)
        return store::fail(
            fmt::format("Cannot make the data directory '{}': {}.", line.data, error.message()));
    if (fs::exists(line.config, error))
        return out;

    store::FirstConfiguration first;
    mention_zigbee2mqtt(line, out);
    find_coordinator(line, first, out);
    find_broker(line, first, out);
    const auto written = store::create_first_configuration(line.config, first);
    if (!written)
        return written.error();
    out.created = true;
    out.said.push_back(fmt::format("Made a configuration: '{}'", line.config));
    return out;
}

}  // namespace waggle::app
