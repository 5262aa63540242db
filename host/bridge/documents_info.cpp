#include <fstream>
#include <set>
#include <string>
#include <unistd.h>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>
#include <sys/utsname.h>

#include "base/log.hpp"
#include "bridge/contract.hpp"
#include "bridge/documents.hpp"
#include "bridge/json_writer.hpp"

namespace waggle::bridge {
namespace {

/// Processor names as node.js names architectures.
std::string_view architecture(std::string_view machine) {
    if (machine == "x86_64")
        return "x64";
    if (machine == "aarch64")
        return "arm64";
    if (machine.starts_with("arm"))
        return "arm";
    return machine;
}

std::string processors() {
    std::ifstream file("/proc/cpuinfo");
    std::set<std::string> models;
    for (std::string line; std::getline(file, line);) {
        const auto colon = line.find(':');
        if (line.starts_with("model name") && colon + 2 < line.size())
            models.insert(line.substr(colon + 2));
    }
    std::string names;
    for (const auto& model : models)
        names += (names.empty() ? "" : " | ") + model;
    if (names.empty())
        names = "unknown";
    return fmt::format("{} (x{})", names, sysconf(_SC_NPROCESSORS_ONLN));
}

struct OperatingSystem {
    std::string version, cpus;
    std::int64_t memory_mb = 0;
};

/// Asked once: it does not change while the process lives.
const OperatingSystem& operating_system() {
    static const OperatingSystem found = [] {
        OperatingSystem os;
        utsname name{};
        if (uname(&name) == 0)
            os.version =
                fmt::format("{} - {} - {}", name.version, name.release, architecture(name.machine));
        os.cpus = processors();
        constexpr std::int64_t mb = 1024 * 1024;
        os.memory_mb =
            (std::int64_t{sysconf(_SC_PHYS_PAGES)} * sysconf(_SC_PAGESIZE) + mb / 2) / mb;
        return os;
    }();
    return found;
}

void write_coordinator(JsonWriter& writer, const Coordinator& coordinator) {
    auto meta = coordinator.version().meta;
    std::sort(meta.begin(), meta.end());
    writer.key("coordinator").begin_object();
    writer.key("ieee_address").text(coordinator.ieee().to_string());
    writer.key("meta").begin_object();
    for (const auto& [key, value] : meta)
        writer.key(key).number(value);
    writer.end_object().key("type").text(coordinator.version().type).end_object();
}

void write_network(JsonWriter& writer, const ActiveNetwork& network) {
    writer.key("network").begin_object();
    writer.key("channel").number(std::int64_t{network.channel});
    writer.key("extended_pan_id").text(fmt::format("0x{:016x}", network.extended_pan_id));
    writer.key("pan_id").number(std::int64_t{network.pan_id}).end_object();
}

void write_os(JsonWriter& writer) {
    const auto& os = operating_system();
    writer.key("os").begin_object();
    writer.key("cpus").text(os.cpus);
    writer.key("memory_mb").number(os.memory_mb);
    writer.key("node_version").text("none");  // clients expect the key
    writer.key("version").text(os.version).end_object();
}

void write_version(JsonWriter& writer, std::string_view key, std::string_view version) {
    writer.key(key).begin_object().key("version").text(version).end_object();
}

}  // namespace

void write_info(std::string& out, Context& context, const InfoState& state) {
    const auto& network = context.network;
    JsonWriter writer(out);
    writer.begin_object();
    writer.key("commit").text(WAGGLE_COMMIT);
    writer.key("config").value(context.configuration.info_config());
    writer.key("config_schema").raw(store::configuration_schema_text());
    if (const auto* coordinator = network.coordinator())
        write_coordinator(writer, *coordinator);
    writer.key("log_level").text(log::to_string(log::level()));
    writer.key("mqtt").begin_object();
    writer.key("server").text(state.mqtt_server);
    writer.key("version").number(std::int64_t{state.mqtt_version}).end_object();
    if (const auto* coordinator = network.coordinator())
        write_network(writer, coordinator->network());
    write_os(writer);
    writer.key("permit_join").boolean(network.is_join_open());
    if (const auto until = network.join_open_until())
        writer.key("permit_join_end").number(*until);
    writer.key("restart_required").boolean(state.restart_required);
    writer.key("version").text(WAGGLE_VERSION);
    writer.key("waggle").begin_object();
    writer.key("compatible_with").text(contract_version);
    writer.key("link").text(network.is_up() ? "up" : "down");
    writer.key("version").text(WAGGLE_VERSION).end_object();
    write_version(writer, "zigbee_herdsman", contract_herdsman_version);
    write_version(writer, "zigbee_herdsman_converters", contract_converters_version);
    writer.end_object();
}

}  // namespace waggle::bridge
