#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "engine/engine.hpp"
#include "network/network.hpp"
#include "plugin/host.hpp"
#include "plugin/network_radio.hpp"
#include "store/configuration.hpp"
#include "support/hex.hpp"
#include "support/temporary_folder.hpp"
#include "support/virtual_loop.hpp"
#include "unit/engine/scripted_coordinator.hpp"

/// The engine between the real network on a scripted radio and a list of what it published, with
/// the plugin of test_plugin.cpp.
namespace waggle::test {

inline constexpr std::string_view hall_ieee = "0x00158d0001020304";
inline constexpr NwkAddress hall_address = 0x1234;
/// database.db's `meta` of a device that needs no configure.
inline constexpr std::string_view configured = R"({"configured":"0.0.1"})";

/// A light of test_plugin.cpp, 0x…0<number>, address 0x200<number>, with one endpoint, 1.
std::string light_ieee(int number);
std::string light_row(int number, std::string_view power_source = "Mains (single phase)",
                      std::string_view type = "Router");
/// `members` as "ieee/endpoint", space between.
std::string group_row(int id, std::string_view members);

/// What it published, and with which flags.
struct Recorder final : Outbox {
    struct Line {
        std::string topic, payload;
        PublishOptions options;
    };
    std::vector<Line> lines;

    void publish(std::string_view topic, std::string_view payload,
                 const PublishOptions& options) override {
        lines.push_back({std::string(topic), std::string(payload), options});
    }
};

class Rig {
  public:
    /// @param advanced  one line of the section `advanced`
    /// @param rows      further lines of database.db, see light_row() and group_row()
    explicit Rig(std::string_view configuration = "", std::string_view state = "",
                 std::string_view meta = configured, std::string_view advanced = "",
                 std::string_view rows = "");
    ~Rig();

    void start();
    void stop();
    /// A ZCL frame from the switch, in hexadecimal.
    void from_hall(EndpointId endpoint, ClusterId cluster, std::string_view frame,
                   std::uint8_t link_quality = 100);
    /// A command, carried out to the end.
    bool command(std::string_view topic, std::string_view payload);
    /// "topic payload" of everything published since the last call, "|" between.
    std::string published();
    /// ZCL frames sent since the last call: "endpoint/cluster hex" with "|" between; the sequence
    /// number is shown as "tt".
    std::string sent();
    /// Log lines of warnings and errors since the last call, "|" between.
    std::string logged();
    Device& hall();
    engine::EntityId hall_id() { return engine::EntityId::of(*Ieee::parse(hall_ieee)); }

    VirtualLoop loop;
    TemporaryFolder folder;
    ScriptedRadio radio;
    Recorder outbox;
    std::vector<std::string> lines;
    std::unique_ptr<store::ConfigurationStore> configuration;
    std::unique_ptr<Network> network;
    std::unique_ptr<Engine> engine;
    std::unique_ptr<plugin::NetworkRadio> plugin_radio;
    std::unique_ptr<plugin::PluginHost> plugins;

  private:
    std::optional<Bytes> answer(const ApsRequest& request) const;
};

}  // namespace waggle::test
