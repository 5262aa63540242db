#include "store/migration.hpp"

#include <algorithm>
#include <iterator>

#include <boost/json/value.hpp>

#include "store/device_icon.hpp"
#include "store/json_merge.hpp"
#include "store/json_text.hpp"

namespace waggle::store {
namespace {

namespace json = boost::json;

struct Move {
    KeyPath from, to;
};

std::string dotted(const KeyPath& path) {
    std::string out;
    for (const auto& key : path)
        out += (out.empty() ? "" : ".") + key;
    return out;
}

/// A value that is already at the new place wins; two lists become one.
void move_value(json::object& configuration, const Move& move, Migration& migration) {
    const auto* there = value_at(configuration, move.from);
    if (there == nullptr)
        return;
    json::value value = *there;
    erase_at(configuration, move.from);
    if (value.is_null())
        return;
    const auto* target = value_at(configuration, move.to);
    if (target != nullptr && target->is_array() && value.is_array()) {
        auto& list = value.get_array();
        list.insert(list.end(), target->get_array().begin(), target->get_array().end());
    } else if (target != nullptr && !target->is_null() && !target->is_array()) {
        migration.notes.push_back(dotted(move.from) + " was removed, " + dotted(move.to) +
                                  " holds already");
        return;
    }
    set_at(configuration, move.to, std::move(value));
    migration.notes.push_back(dotted(move.from) + " is now " + dotted(move.to));
}

bool had_effect(const json::value& value) {
    if (value.is_bool())
        return value.get_bool();
    if (value.is_array())
        return !value.get_array().empty();
    return !value.is_null();
}

void remove_value(json::object& configuration, const KeyPath& path, Migration& migration) {
    const auto* there = value_at(configuration, path);
    if (there == nullptr)
        return;
    if (had_effect(*there))
        migration.notes.push_back(dotted(path) + " no longer exists and was removed");
    erase_at(configuration, path);
}

void remove_from_entities(json::object& configuration, std::string_view section,
                          std::string_view key, Migration& migration) {
    auto* entities = configuration.if_contains(section);
    if (entities == nullptr || !entities->is_object())
        return;
    for (const auto& entry : entities->get_object())
        if (entry.value().is_object())
            remove_value(configuration,
                         {std::string(section), std::string(entry.key()), std::string(key)},
                         migration);
}

/// The option `legacy` was on unless it was turned off. zigbee2mqtt drops it here and what devices
/// publish changes; definitions that have it still go on as they did, until the user says otherwise.
void keep_legacy(json::object& configuration, Migration& migration) {
    const KeyPath path = {"device_options", "legacy"};
    if (value_at(configuration, path) != nullptr)
        return;
    set_at(configuration, path, true);
    migration.notes.push_back(
        "device_options.legacy: true was added: devices publish what they did before version 2");
}

void to_version_2(json::object& configuration, Migration& migration) {
    static const Move moves[] = {
        {{"advanced", "homeassistant_discovery_topic"}, {"homeassistant", "discovery_topic"}},
        {{"advanced", "homeassistant_status_topic"}, {"homeassistant", "status_topic"}},
        {{"advanced", "baudrate"}, {"serial", "baudrate"}},
        {{"advanced", "rtscts"}, {"serial", "rtscts"}},
        {{"experimental", "transmit_power"}, {"advanced", "transmit_power"}},
        {{"experimental", "output"}, {"advanced", "output"}},
        {{"ban"}, {"blocklist"}},
        {{"whitelist"}, {"passlist"}},
    };
    static const KeyPath removed[] = {
        {"homeassistant", "legacy_triggers"},
        {"homeassistant", "legacy_entity_attributes"},
        {"advanced", "homeassistant_legacy_triggers"},
        {"advanced", "homeassistant_legacy_entity_attributes"},
        {"permit_join"},
        {"ota", "ikea_ota_use_test_url"},
        {"advanced", "ikea_ota_use_test_url"},
        {"advanced", "legacy_api"},
        {"advanced", "legacy_availability_payload"},
        {"advanced", "soft_reset_timeout"},
        {"advanced", "report"},
        {"advanced", "availability_timeout"},
        {"advanced", "availability_blocklist"},
        {"advanced", "availability_passlist"},
        {"advanced", "availability_blacklist"},
        {"advanced", "availability_whitelist"},
        {"experimental"},
        {"external_converters"},
    };
    // `homeassistant: true` was allowed; a value moved below it needs an object that says so.
    if (auto* homeassistant = configuration.if_contains("homeassistant");
        homeassistant != nullptr && homeassistant->is_bool()) {
        const bool enabled = homeassistant->get_bool();
        homeassistant->emplace_object()["enabled"] = enabled;
    }
    for (const auto& move : moves)
        move_value(configuration, move, migration);
    const KeyPath log_level = {"advanced", "log_level"};
    if (const auto* level = value_at(configuration, log_level); level && *level == "warn")
        set_at(configuration, log_level, "warning");
    for (const auto& path : removed)
        remove_value(configuration, path, migration);
    keep_legacy(configuration, migration);
    remove_from_entities(configuration, "devices", "retrieve_state", migration);
    remove_from_entities(configuration, "groups", "retrieve_state", migration);
    remove_from_entities(configuration, "groups", "devices", migration);
}

void to_version_3(json::object& configuration) {
    for (const auto key : {"homeassistant", "frontend", "availability"}) {
        auto* value = configuration.if_contains(key);
        if (value == nullptr)
            continue;
        if (value->is_object()) {
            value->get_object().emplace("enabled", true);
            continue;
        }
        const bool enabled = !value->is_bool() || value->get_bool();
        value->emplace_object()["enabled"] = enabled;
    }
}

Outcome<> to_version_4(json::object& configuration, const std::filesystem::path& data_directory) {
    auto* devices = configuration.if_contains("devices");
    if (devices == nullptr || !devices->is_object() || data_directory.empty())
        return {};
    for (auto& device : devices->get_object()) {
        auto* options = device.value().if_object();
        auto* icon = options == nullptr ? nullptr : options->if_contains("icon");
        if (icon == nullptr || !icon->is_string())
            continue;
        const auto saved = save_device_icon(data_directory, icon->get_string());
        if (!saved)
            return saved.error();
        if (*saved)
            *icon = **saved;
    }
    return {};
}

Outcome<int> version_of(const json::object& configuration) {
    const auto* value = configuration.if_contains("version");
    if (value == nullptr || value->is_null())
        return 1;
    const bool is_known =
        value->is_int64() && value->get_int64() >= 2 && value->get_int64() <= current_version;
    if (!is_known)
        return fail("version " + compact_json(*value) +
                    " is not known to this program, must be 2 to 5 or left out");
    return static_cast<int>(value->get_int64());
}

}  // namespace

Outcome<Migration> migrate(json::object& configuration,
                           const std::filesystem::path& data_directory) {
    const auto version = version_of(configuration);
    if (!version)
        return version.error();
    Migration migration;
    migration.from = *version;
    if (*version < 2)
        to_version_2(configuration, migration);
    if (*version < 3)
        to_version_3(configuration);
    if (*version < 4)
        if (auto icons = to_version_4(configuration, data_directory); !icons)
            return icons.error();
    if (*version < 5)
        migration.resets_update_states = true;
    if (*version < current_version)
        configuration["version"] = current_version;
    return migration;
}

}  // namespace waggle::store
