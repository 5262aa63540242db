#include <array>
#include <stdexcept>

#include <fmt/format.h>
#include <openssl/rand.h>

#include "store/atomic_file.hpp"
#include "store/configuration.hpp"
#include "store/migration.hpp"
#include "store/random_network.hpp"
#include "store/yaml_text.hpp"

namespace waggle::store {
namespace {

namespace json = boost::json;

template <std::size_t Size>
std::array<std::uint8_t, Size> random_bytes() {
    std::array<std::uint8_t, Size> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(Size)) != 1)
        throw std::runtime_error("the system gives no random numbers");
    return bytes;
}

template <std::size_t Size>
json::array random_list() {
    json::array list;
    for (const auto byte : random_bytes<Size>())
        list.push_back(byte);
    return list;
}

std::string line(std::string_view key, std::string_view value) {
    return value.empty() ? std::string()
                         : fmt::format("  {}: {}\n", key, yaml_inline(json::value(value)));
}

std::string serial_section(const FirstConfiguration& first) {
    if (!first.serial_port.empty())
        return "serial:\n" + line("port", first.serial_port) +
               line("adapter", first.serial_adapter);
    return R"(serial:
  # No coordinator was found. A USB stick is a path below /dev/serial/by-id, a network coordinator
  # is tcp://host:port.
  # port: /dev/serial/by-id/usb-...
  disable_led: false
)" + (first.serial_adapter.empty() ? std::string() : line("adapter", first.serial_adapter));
}

}  // namespace

json::value random_network_value(std::string_view name) {
    if (name == "network_key")
        return random_list<16>();
    if (name == "ext_pan_id")
        return random_list<8>();
    for (;;) {
        const auto bytes = random_bytes<2>();
        const int pan_id = bytes[0] | bytes[1] << 8;
        if (pan_id >= 1 && pan_id <= 65533)
            return pan_id;
    }
}

Outcome<> create_first_configuration(const std::filesystem::path& file,
                                     const FirstConfiguration& first) {
    if (std::filesystem::exists(file))
        return fail(file.string() + " exists already");
    const auto text = fmt::format(
        R"(# Written by waggle on its first start. Comments and order stay when it changes a value.

# Layout of this file; leave it as it is.
version: {}

mqtt:
  # The broker: mqtt://host:1883, or mqtts://host:8883 with TLS.
{}  # All topics begin with this.
{}{}{}
# The Zigbee coordinator.
{}
# The network. Its keys are random and known only here: whoever has them can listen and join.
# Devices have to be paired again after a change of network_key, pan_id or ext_pan_id.
advanced:
  # 11 to 26. 15, 20 and 25 lie between the usual Wi-Fi channels.
  channel: {}
  network_key: {}
  pan_id: {}
  ext_pan_id: {}
  # error, warning, info or debug
  log_level: info
  enable_external_js: false

# Discovery messages for Home Assistant.
homeassistant:
  enabled: {}

# Web page for a browser.
frontend:
  enabled: {}
  port: 8080
)",
        current_version, line("server", first.mqtt_server), line("base_topic", first.base_topic),
        line("user", first.mqtt_user), line("password", first.mqtt_password), serial_section(first),
        first.channel, yaml_inline(random_network_value("network_key")),
        yaml_inline(random_network_value("pan_id")),
        yaml_inline(random_network_value("ext_pan_id")), first.homeassistant, first.frontend);
    return write_file(file, text, WriteOptions{.secret = true});
}

}  // namespace waggle::store
