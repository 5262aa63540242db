#include "app/migration_check.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <map>

#include <boost/asio/io_context.hpp>
#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include "app/not_served.hpp"
#include "app/plugin_commands.hpp"
#include "base/log.hpp"
#include "coordinator/registry.hpp"
#include "network/persistence.hpp"
#include "plugin/host.hpp"
#include "plugin/idle.hpp"
#include "plugin/module.hpp"
#include "store/atomic_file.hpp"
#include "store/coordinator_backup.hpp"

namespace fs = std::filesystem;

namespace waggle::app {
namespace {

using Served = DeviceFinding::Served;

std::optional<std::string> content_of(const fs::path& file, MigrationFindings& findings) {
    auto content = store::read_file(file);
    if (content)
        return std::move(*content);
    findings.obstacles.push_back(content.error().message);
    return std::nullopt;
}

// The configuration

void configuration_facts(const store::ConfigurationStore& configuration,
                         MigrationFindings& findings) {
    const auto& migration = configuration.migration();
    const auto file = configuration.path().filename().string();
    if (migration.from == store::current_version)
        findings.facts.push_back(fmt::format("{}: version {}, valid", file, migration.from));
    else
        findings.facts.push_back(fmt::format(
            "{}: version {}, valid; the first start brings it to version {} and keeps the old one "
            "as {}_backup_v{}{}",
            file, migration.from, store::current_version, configuration.path().stem().string(),
            migration.from, configuration.path().extension().string()));
    for (const auto& note : migration.notes)
        findings.facts.push_back("  " + note);
    const auto& settings = configuration.settings();
    findings.facts.push_back(
        fmt::format("{} devices and {} groups are configured; base topic {}, broker {}",
                    settings.devices.size(), settings.groups.size(), settings.mqtt.base_topic,
                    settings.mqtt.server));
}

void coordinator_facts(const store::Settings& settings, MigrationFindings& findings) {
    const auto& serial = settings.serial;
    findings.facts.push_back(
        fmt::format("coordinator: {}, {}", serial.port.empty() ? "to be found" : serial.port,
                    serial.adapter.empty() ? "its kind is found out" : serial.adapter));
    std::string problem;
    if (!serial.adapter.empty() && !find_family(serial.adapter, problem))
        findings.obstacles.push_back("serial.adapter: " + problem);
}

/// The backup says which network this is; it has to be the configured one to be of any use.
void backup_facts(const store::ConfigurationStore& configuration, MigrationFindings& findings) {
    const auto file = configuration.data_directory() / "coordinator_backup.json";
    const auto text = content_of(file, findings);
    if (!text) {
        findings.facts.emplace_back("coordinator_backup.json: none; the first start makes one");
        return;
    }
    std::string problem;
    const auto backup = store::parse_coordinator_backup(*text, problem);
    if (!backup) {
        findings.not_done.push_back("coordinator_backup.json cannot be used: " + problem);
        return;
    }
    const auto& advanced = configuration.settings().advanced;
    const bool same = backup->pan_id == advanced.pan_id && backup->channel == advanced.channel &&
                      std::equal(backup->network_key.begin(), backup->network_key.end(),
                                 advanced.network_key.begin(), advanced.network_key.end());
    findings.facts.push_back(fmt::format(
        "coordinator_backup.json: of {} with coordinator {}, channel {}, PAN id {:#06x}; {} the "
        "configuration",
        backup->date.empty() ? "an unknown day" : backup->date,
        Ieee(backup->coordinator_ieee).to_string(), backup->channel, backup->pan_id,
        same ? "as in" : "not as in"));
}

void state_facts(const store::ConfigurationStore& configuration, MigrationFindings& findings) {
    const auto text = content_of(configuration.data_directory() / "state.json", findings);
    if (!text) {
        findings.facts.emplace_back("state.json: none; states are known as devices tell them");
        return;
    }
    boost::system::error_code error;
    const auto states = boost::json::parse(*text, error);
    if (error || !states.is_object())
        findings.not_done.emplace_back(
            "state.json does not parse: it is kept aside, and states begin empty");
    else
        findings.facts.push_back(fmt::format("state.json: {} states", states.get_object().size()));
}

// The devices

/// The rows as they would be loaded; of one id the last counts.
std::vector<network::Row> rows_of(const std::string& text, MigrationFindings& findings) {
    std::vector<network::Row> rows;
    std::size_t number = 0;
    for (std::size_t begin = 0; begin < text.size();) {
        const auto end = std::min(text.find('\n', begin), text.size());
        const auto line = std::string_view(text).substr(begin, end - begin);
        begin = end + 1;
        ++number;
        if (line.empty())
            continue;
        auto row = network::read_row(line);
        if (!row) {
            findings.not_done.push_back(fmt::format(
                "database.db, line {}: damaged; it is left out, the file is kept aside", number));
            continue;
        }
        std::erase_if(rows, [&](const auto& other) { return other.id == row->id; });
        rows.push_back(std::move(*row));
    }
    return rows;
}

/// Plugins without a network: what they serve is asked, nothing else.
class Plugins {
  public:
    Plugins(const CommandLine& line, const store::ConfigurationStore& configuration)
        : host_(
              loop_.get_executor(), options(line, configuration), services_, radio_,
              [this](Ieee ieee) { return device_ && device_->ieee == ieee ? device_ : nullptr; },
              [](GroupId) { return nullptr; }) {
        host_.discover();
    }

    void serve(Device& device, DeviceFinding& finding) {
        device_ = &device;
        const auto* bound = host_.bind(device);
        if (!bound)
            return;
        const auto& definition = bound->definition();
        finding.model = definition.model();
        finding.plugin = definition.module().id();
        finding.served = definition.is_generated() ? Served::generated : Served::plugin;
        host_.unbind(device.ieee);
    }

  private:
    static plugin::PluginHostOptions options(const CommandLine& line,
                                             const store::ConfigurationStore& configuration) {
        auto directories = plugin_directories(line);
        plugin::PluginHostOptions options;
        options.built_in = std::move(directories.built_in);
        options.user = std::move(directories.user);
        options.extra = std::move(directories.extra);
        options.configuration_version =
            static_cast<std::uint32_t>(configuration.settings().version);
        return options;
    }

    boost::asio::io_context loop_{1};
    Device* device_ = nullptr;  ///< the one that is asked about
    plugin::IdleServices services_;
    plugin::IdleRadio radio_;
    plugin::PluginHost host_;
};

DeviceFinding finding_of(Device& device, const store::ConfigurationStore& configuration,
                         Plugins& plugins) {
    DeviceFinding finding;
    finding.address = device.ieee.to_string();
    const auto* entry = configuration.find_device(finding.address);
    finding.name = entry ? entry->friendly_name : finding.address;
    finding.model_id = device.model_id.value_or("");
    finding.manufacturer = device.manufacturer_name.value_or("");
    finding.is_interviewed = device.interview == InterviewState::successful;
    plugins.serve(device, finding);
    return finding;
}

void database_facts(const CommandLine& line, const store::ConfigurationStore& configuration,
                    MigrationFindings& findings) {
    const auto text = content_of(configuration.data_directory() / "database.db", findings);
    if (!text) {
        findings.facts.emplace_back("database.db: none; the network begins empty");
        return;
    }
    const auto rows = rows_of(*text, findings);
    Plugins plugins(line, configuration);
    for (const auto& row : rows) {
        findings.groups += row.group ? 1 : 0;
        if (row.device && row.device->type != DeviceType::coordinator)
            findings.devices.push_back(finding_of(*row.device, configuration, plugins));
    }
}

// The text

std::string how(const DeviceFinding& device) {
    switch (device.served) {
        case Served::plugin: return fmt::format("{} by {}", device.model, device.plugin);
        case Served::generated: return "by what it says of itself";
        case Served::nobody: break;
    }
    return device.is_interviewed ? "by no plugin"
                                 : "not yet: its interview is done when it is heard of";
}

void append_list(std::string& out, std::string_view title,
                 const std::vector<std::string>& sentences) {
    if (sentences.empty())
        return;
    out += fmt::format("\n{}\n", title);
    for (const auto& sentence : sentences)
        out += fmt::format("  {}\n", sentence);
}

std::size_t count(const std::vector<DeviceFinding>& devices, Served served) {
    return static_cast<std::size_t>(
        std::count_if(devices.begin(), devices.end(),
                      [served](const auto& device) { return device.served == served; }));
}

}  // namespace

MigrationFindings find_out_migration(const CommandLine& line,
                                     const store::ConfigurationStore& configuration) {
    MigrationFindings findings;
    configuration_facts(configuration, findings);
    coordinator_facts(configuration.settings(), findings);
    backup_facts(configuration, findings);
    state_facts(configuration, findings);
    database_facts(line, configuration, findings);
    findings.not_done.insert(findings.not_done.end(), configuration.warnings().begin(),
                             configuration.warnings().end());
    for (auto& sentence : not_served(configuration.settings(), configuration.data_directory()))
        findings.not_done.push_back(std::move(sentence));
    return findings;
}

std::string migration_text(const std::string& directory, const MigrationFindings& findings) {
    const auto& devices = findings.devices;
    std::string out = fmt::format("{}: looked at, nothing was written\n", directory);
    append_list(out, "What there is", findings.facts);
    out += fmt::format(
        "\nDevices: {}, of them {} by a plugin, {} by what they say of themselves, {} by nobody; "
        "groups: {}\n",
        devices.size(), count(devices, Served::plugin), count(devices, Served::generated),
        count(devices, Served::nobody), findings.groups);
    std::size_t widest = 0;
    for (const auto& device : devices)
        widest = std::max(widest, device.name.size());
    for (const auto& device : devices)
        out += fmt::format("  {:{}}  {}  {} ({})  {}\n", device.name, widest, device.address,
                           device.model_id.empty() ? "no model id" : device.model_id,
                           device.manufacturer.empty() ? "no manufacturer" : device.manufacturer,
                           how(device));
    append_list(out, "What Waggle does not do", findings.not_done);
    append_list(out, "What stands in the way", findings.obstacles);
    out += findings.obstacles.empty()
               ? fmt::format("\nStop zigbee2mqtt, then: waggle --data {}\n", directory)
               : "\nAs it is, Waggle would not start on it.\n";
    return out;
}

int check_migration(const CommandLine& line, const store::ConfigurationStore& configuration) {
    log::Options quiet;  // what matters is in the findings
    quiet.console = false;
    log::configure(quiet);
    const auto findings = find_out_migration(line, configuration);
    const auto text = migration_text(line.data, findings);
    std::fputs(text.c_str(), stdout);
    return findings.obstacles.empty() ? 0 : 1;
}

}  // namespace waggle::app
