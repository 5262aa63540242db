#include "store/configuration.hpp"

#include <algorithm>
#include <set>

#include <boost/json/value.hpp>

#include "base/log.hpp"
#include "store/configuration_check.hpp"
#include "store/configuration_files.hpp"
#include "store/defaults.hpp"
#include "store/environment.hpp"
#include "store/json_merge.hpp"
#include "store/json_text.hpp"
#include "store/migration.hpp"
#include "store/random_network.hpp"
#include "store/state_file.hpp"

extern char** environ;

namespace waggle::store {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

const KeyPath network_values[] = {
    {"advanced", "network_key"}, {"advanced", "pan_id"}, {"advanced", "ext_pan_id"}};

std::string dotted(const KeyPath& path) {
    std::string out;
    for (const auto& key : path)
        out += (out.empty() ? "" : ".") + key;
    return out;
}

std::string shown(const json::value* value) {
    if (value == nullptr)
        return "";
    if (value->is_array())
        return "this list";
    if (value->is_object())
        return "this map";
    return compact_json(*value);
}

bool is_secret(const KeyPath& path) {
    return !path.empty() && (path.back() == "network_key" || path.back() == "password" ||
                             path.back() == "auth_token");
}

/// mqtt://user:password@host without the middle.
std::string without_credentials(std::string_view url) {
    const auto scheme = url.find("://");
    const auto at = url.rfind('@');
    if (scheme == std::string_view::npos || at == std::string_view::npos || at < scheme)
        return std::string(url);
    return std::string(url.substr(0, scheme + 3)) + std::string(url.substr(at + 1));
}

/// Devices and groups that the environment gives as file names rather than as maps.
json::object take_file_names(json::object& values) {
    json::object names;
    for (const std::string_view section : {"devices", "groups"}) {
        const auto* value = values.if_contains(section);
        if (value == nullptr || value->is_object())
            continue;
        names[section] = *value;
        values.erase(section);
    }
    return names;
}

void remove_update_states(const fs::path& data_directory) {
    StateFile file(data_directory / "state.json");
    auto states = file.load();
    for (auto& entry : states)
        if (auto* state = entry.value().if_object())
            state->erase("update");
    if (auto saved = states.empty() ? Outcome<>() : file.save(states); !saved)
        log::warning("store", "{}", saved.error().message);
}

}  // namespace

std::string ConfigurationProblem::sentence() const {
    std::string out = file;
    if (line > 0)
        out += ":" + std::to_string(line);
    if (!key.empty())
        out += ": " + key;
    return out + ": " + text;
}

ConfigurationError::ConfigurationError(std::vector<ConfigurationProblem> problems)
    : std::runtime_error([&] {
          std::string text;
          for (const auto& problem : problems)
              text += (text.empty() ? "" : "\n") + problem.sentence();
          return text;
      }()),
      problems_(std::move(problems)) {
}

std::vector<std::string> process_environment() {
    std::vector<std::string> variables;
    for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable)
        variables.emplace_back(*variable);
    return variables;
}

std::string_view configuration_schema_text() noexcept {
    return sorted_schema_text;
}

struct ConfigurationStore::Impl {
    explicit Impl(LoadOptions given)
        : options(std::move(given)),
          files(options.file.empty() ? options.data_directory / "configuration.yaml"
                                     : options.file) {}

    LoadOptions options;
    ConfigurationFiles files;
    EnvironmentSettings environment;
    json::object persisted;  ///< what the files say, references resolved
    Settings settings;
    std::uint64_t revision = 0;
    std::vector<std::string> warnings;
    std::vector<std::string> well_known;
    Migration migration;

    void load();
    void check(const Schema& schema);
    void warn(std::string text) {
        log::warning("store", "{}", text);
        warnings.push_back(std::move(text));
    }
    void warn_of_unknown_keys(const Schema& schema);
    void finish_migration();
    void provide_network_values();
    ConfigurationProblem place_of(const KeyPath& path) const;

    json::object effective() const { return over(persisted); }
    json::object over(const json::object& base) const;
    json::object merged() const;
    void renew();
    Outcome<> commit(json::object next);
    const EntityEntry* find(const Entities& entities, std::string_view id_or_name) const;
};

void ConfigurationStore::Impl::load() {
    const Schema schema;
    environment = environment_settings(options.environment, schema);
    std::vector<ConfigurationProblem> problems;
    persisted = files.load(problems, take_file_names(environment.values));
    if (!problems.empty())
        throw ConfigurationError(std::move(problems));
    auto migrated = migrate(persisted, options.read_only ? fs::path() : options.data_directory);
    if (!migrated) {
        auto problem = files.place_of({"version"});
        problem.text = migrated.error().message;
        throw ConfigurationError({problem});
    }
    migration = std::move(*migrated);
    check(schema);
    warn_of_unknown_keys(schema);
    if (!options.read_only) {
        files.clear_interrupted_writes();
        finish_migration();
        provide_network_values();
    }
    renew();
}

void ConfigurationStore::Impl::check(const Schema& schema) {
    std::vector<ConfigurationProblem> problems;
    std::set<KeyPath> seen;
    const auto whole = effective();
    for (const auto& found : check_configuration(whole, schema)) {
        if (!seen.insert(found.path).second && !found.is_required)
            continue;  // one sentence a key says what is allowed
        auto problem = place_of(found.path);
        const auto* value = found.path.empty() ? nullptr : value_at(whole, found.path);
        const bool is_scalar = value != nullptr && !value->is_object() && !found.is_required;
        problem.text = is_scalar && !is_secret(found.path)
                           ? shown(value) + " is not allowed, " + found.allowed
                           : found.allowed;
        problems.push_back(std::move(problem));
    }
    if (!problems.empty())
        throw ConfigurationError(std::move(problems));
}

ConfigurationProblem ConfigurationStore::Impl::place_of(const KeyPath& path) const {
    if (value_at(options.overrides, path) != nullptr)
        return {"command line", 0, dotted(path), ""};
    for (const auto& [key, name] : environment.names)
        if (path.size() >= key.size() && std::equal(key.begin(), key.end(), path.begin()))
            return {"environment variable " + name, 0, dotted(path), ""};
    return files.place_of(path);
}

void ConfigurationStore::Impl::warn_of_unknown_keys(const Schema& schema) {
    std::string list;
    for (const auto& path : schema.unknown_keys(persisted)) {
        if (path.size() == 1 && (path[0] == "version" || path[0] == "onboarding"))
            continue;
        const auto line = files.place_of(path).line;
        list += (list.empty() ? "" : ", ") + dotted(path) +
                (line > 0 ? " (line " + std::to_string(line) + ")" : "");
    }
    if (!list.empty())
        warn(files.main_file().string() + ": unknown keys, without effect: " + list);
    list.clear();
    for (const auto& name : environment.unknown)
        list += (list.empty() ? "" : ", ") + name;
    if (!list.empty())
        warn("environment variables that name no setting: " + list);
}

void ConfigurationStore::Impl::finish_migration() {
    if (migration.from == current_version)
        return;
    auto backup = files.main_file();
    backup.replace_filename(backup.stem().string() + "_backup_v" + std::to_string(migration.from) +
                            backup.extension().string());
    std::error_code error;
    fs::copy_file(files.main_file(), backup, fs::copy_options::overwrite_existing, error);
    if (error)
        throw ConfigurationError({{backup.string(), 0, "",
                                   "cannot write the copy before migration: " + error.message()}});
    fs::permissions(backup, fs::perms::owner_read | fs::perms::owner_write, error);
    if (migration.resets_update_states)
        remove_update_states(options.data_directory);
    if (auto saved = files.save(persisted); !saved)
        throw ConfigurationError({{files.main_file().string(), 0, "", saved.error().message}});
    log::info("store", "{} was migrated from version {} to {}; the old file is {}",
              files.main_file().string(), migration.from, current_version, backup.string());
    for (const auto& note : migration.notes)
        log::info("store", "migration: {}", note);
}

/// GENERATE becomes random values, in the file, at once. A file that is silent about them means a
/// new network when nothing is known of an old one, and else zigbee2mqtt's public defaults.
void ConfigurationStore::Impl::provide_network_values() {
    const bool is_new = !fs::exists(options.data_directory / "database.db") &&
                        !fs::exists(options.data_directory / "coordinator_backup.json");
    const auto whole = effective();
    bool changed = false;
    for (const auto& path : network_values) {
        const auto* value = value_at(whole, path);
        const auto* in_file = value_at(persisted, path);
        const bool is_absent = value == nullptr || value->is_null();
        if (is_absent && !is_new) {
            well_known.push_back(path.back());
            continue;
        }
        const bool generate = is_absent || *value == "GENERATE";
        const bool has_real = in_file != nullptr && !in_file->is_null() && *in_file != "GENERATE";
        if (!generate || has_real)
            continue;
        set_at(persisted, path, random_network_value(path.back()));
        changed = true;
    }
    if (changed)
        if (auto saved = files.save(persisted); !saved)
            throw ConfigurationError({{files.main_file().string(), 0, "", saved.error().message}});
    if (well_known.empty())
        return;
    std::string list;
    for (const auto& name : well_known)
        list += (list.empty() ? "advanced." : ", advanced.") + name;
    warn(files.main_file().string() + " does not set " + list +
         ": the defaults of zigbee2mqtt hold, which everybody knows. Whoever is near can read and "
         "join this network. They are kept because the devices use them; a new network should be "
         "formed with random ones (GENERATE)");
}

json::object ConfigurationStore::Impl::over(const json::object& base) const {
    json::object whole;
    for (const auto& entry : base)
        if (!entry.value().is_null())  // `serial:` with nothing but comments below
            whole.insert(entry);
    deep_merge(whole, environment.values);
    deep_merge(whole, options.overrides);
    for (const auto& path : network_values) {
        const auto* value = value_at(whole, path);
        const auto* in_file = value_at(base, path);
        if (value != nullptr && *value == "GENERATE" && in_file != nullptr)
            set_at(whole, path, *in_file);  // generated once, stored in the file
    }
    return whole;
}

json::object ConfigurationStore::Impl::merged() const {
    auto whole = default_configuration(options.data_directory);
    const auto& variables = options.environment;
    const bool debug = std::any_of(variables.begin(), variables.end(), [](const std::string& text) {
        return text.starts_with("DEBUG=") && text.size() > 6;
    });
    if (debug)
        set_at(whole, {"advanced", "log_level"}, "debug");
    deep_merge(whole, effective());
    return whole;
}

void ConfigurationStore::Impl::renew() {
    settings = read_settings(merged());
    ++revision;
}

Outcome<> ConfigurationStore::Impl::commit(json::object next) {
    if (auto saved = files.save(next); !saved) {
        log::error("store", "{}", saved.error().message);
        return saved;
    }
    persisted = std::move(next);
    renew();
    return {};
}

const EntityEntry* ConfigurationStore::Impl::find(const Entities& entities,
                                                  std::string_view id_or_name) const {
    if (const auto found = entities.find(id_or_name); found != entities.end())
        return &found->second;
    for (const auto& [id, entry] : entities)
        if (entry.friendly_name == id_or_name)
            return &entry;
    return nullptr;
}

ConfigurationStore::ConfigurationStore(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {
}
ConfigurationStore::~ConfigurationStore() = default;

std::unique_ptr<ConfigurationStore> ConfigurationStore::load(LoadOptions options) {
    auto impl = std::make_unique<Impl>(std::move(options));
    impl->load();
    return std::unique_ptr<ConfigurationStore>(new ConfigurationStore(std::move(impl)));
}

const Settings& ConfigurationStore::settings() const noexcept {
    return impl_->settings;
}
std::uint64_t ConfigurationStore::revision() const noexcept {
    return impl_->revision;
}
const fs::path& ConfigurationStore::path() const noexcept {
    return impl_->files.main_file();
}
const fs::path& ConfigurationStore::data_directory() const noexcept {
    return impl_->options.data_directory;
}
const Migration& ConfigurationStore::migration() const noexcept {
    return impl_->migration;
}

const std::vector<std::string>& ConfigurationStore::warnings() const noexcept {
    return impl_->warnings;
}
const std::vector<std::string>& ConfigurationStore::well_known_network_values() const noexcept {
    return impl_->well_known;
}

json::object ConfigurationStore::info_config() const {
    auto config = impl_->merged();
    erase_at(config, {"advanced", "network_key"});
    erase_at(config, {"mqtt", "password"});
    erase_at(config, {"frontend", "auth_token"});
    set_at(config, {"mqtt", "server"},
           json::value(without_credentials(impl_->settings.mqtt.server)));
    return config;
}

const EntityEntry* ConfigurationStore::find_device(std::string_view id_or_name) const {
    return impl_->find(impl_->settings.devices, id_or_name);
}
const EntityEntry* ConfigurationStore::find_group(std::string_view id_or_name) const {
    return impl_->find(impl_->settings.groups, id_or_name);
}

json::object ConfigurationStore::device_options(std::string_view id) const {
    auto options = impl_->settings.device_options;
    if (const auto found = impl_->settings.devices.find(id); found != impl_->settings.devices.end())
        deep_merge(options, found->second.options);
    return options;
}

Outcome<bool> ConfigurationStore::apply(const json::object& changes) {
    auto next = impl_->persisted;
    merge_changes(next, changes);
    const Schema schema;
    if (const auto problems = check_change(next, schema); !problems.empty())
        return fail(problems.front().text());
    if (auto done = impl_->commit(std::move(next)); !done)
        return done.error();
    return schema.needs_restart(changes);
}

Outcome<bool> ConfigurationStore::change_entity_options(std::string_view id_or_name,
                                                        const json::object& options) {
    const auto* device = find_device(id_or_name);
    const auto* entity = device != nullptr ? device : find_group(id_or_name);
    if (entity == nullptr)
        return fail("Device or group '" + std::string(id_or_name) + "' does not exist");
    auto changes = options;
    changes.erase("friendly_name");
    changes.erase("devices");
    auto next = impl_->persisted;
    const KeyPath path = {device != nullptr ? "devices" : "groups", entity->id};
    json::object entry;
    if (const auto* there = value_at(next, path); there != nullptr && there->is_object())
        entry = there->get_object();
    entry.emplace("friendly_name", entity->friendly_name);
    merge_changes(entry, changes);
    set_at(next, path, std::move(entry));
    const Schema schema;
    for (const auto& problem : check_change(next, schema))
        if (problem.path.size() >= 2 && std::equal(path.begin(), path.end(), problem.path.begin()))
            return fail(problem.text());
    if (auto done = impl_->commit(std::move(next)); !done)
        return done.error();
    return device != nullptr ? schema.device_needs_restart(changes)
                             : schema.group_needs_restart(changes);
}

Outcome<> ConfigurationStore::rename_entity(std::string_view id_or_name,
                                            std::string_view new_name) {
    if (const auto problem = friendly_name_problem(new_name))
        return fail(*problem);
    if (find_group(new_name) != nullptr || find_device(new_name) != nullptr)
        return fail("friendly_name '" + std::string(new_name) + "' is already in use");
    const auto* device = find_device(id_or_name);
    const auto* entity = device != nullptr ? device : find_group(id_or_name);
    if (entity == nullptr)
        return fail("Device or group '" + std::string(id_or_name) + "' does not exist");
    auto next = impl_->persisted;
    set_at(next, {device != nullptr ? "devices" : "groups", entity->id, "friendly_name"},
           json::value(new_name));
    return impl_->commit(std::move(next));
}

Outcome<> ConfigurationStore::add_device(std::string_view ieee) {
    if (find_device(ieee) != nullptr)
        return fail("Device '" + std::string(ieee) + "' already exists");
    const std::string one(ieee);
    return add_devices({&one, 1});
}

Outcome<> ConfigurationStore::add_devices(std::span<const std::string> ieees) {
    auto next = impl_->persisted;
    bool changed = false;
    for (const auto& ieee : ieees) {
        if (impl_->settings.devices.contains(ieee))
            continue;
        json::object entry;
        entry["friendly_name"] = ieee;
        set_at(next, {"devices", ieee}, std::move(entry));
        changed = true;
    }
    return changed ? impl_->commit(std::move(next)) : Outcome<>();
}

Outcome<> ConfigurationStore::remove_device(std::string_view id_or_name) {
    const auto* device = find_device(id_or_name);
    if (device == nullptr)
        return fail("Device '" + std::string(id_or_name) + "' does not exist");
    auto next = impl_->persisted;
    erase_at(next, {"devices", device->id});
    return impl_->commit(std::move(next));
}

Outcome<> ConfigurationStore::block_device(std::string_view ieee) {
    auto next = impl_->persisted;
    auto& list = next["blocklist"];
    auto& array = list.is_array() ? list.get_array() : list.emplace_array();
    if (std::find(array.begin(), array.end(), json::value(ieee)) != array.end())
        return {};
    array.emplace_back(ieee);
    return impl_->commit(std::move(next));
}

Outcome<std::string> ConfigurationStore::add_group(std::string_view name,
                                                   std::optional<std::string> id) {
    if (const auto problem = friendly_name_problem(name))
        return fail(*problem);
    if (find_group(name) != nullptr || find_device(name) != nullptr)
        return fail("friendly_name '" + std::string(name) + "' is already in use");
    const auto& groups = impl_->settings.groups;
    if (!id || id->find_first_not_of(' ') == std::string::npos) {
        int free = 1;
        while (groups.contains(std::to_string(free)))
            ++free;
        id = std::to_string(free);
    }
    if (groups.contains(*id))
        return fail("Group ID '" + *id + "' is already in use");
    auto next = impl_->persisted;
    json::object entry;
    entry["friendly_name"] = name;
    set_at(next, {"groups", *id}, std::move(entry));
    const Schema schema;
    for (const auto& problem : check_change(next, schema))
        if (problem.path.size() >= 2 && problem.path[0] == "groups" && problem.path[1] == *id)
            return fail(problem.text());
    if (auto done = impl_->commit(std::move(next)); !done)
        return done.error();
    return *id;
}

Outcome<> ConfigurationStore::remove_group(std::string_view id_or_name) {
    const auto* group = find_group(id_or_name);
    if (group == nullptr)
        return fail("Group '" + std::string(id_or_name) + "' does not exist");
    auto next = impl_->persisted;
    erase_at(next, {"groups", group->id});
    return impl_->commit(std::move(next));
}

Outcome<> ConfigurationStore::set(std::span<const std::string> key_path, json::value value) {
    auto next = impl_->persisted;
    set_at(next, {key_path.begin(), key_path.end()}, std::move(value));
    const Schema schema;
    if (const auto problems = check_change(next, schema); !problems.empty())
        return fail(problems.front().text());
    return impl_->commit(std::move(next));
}

Outcome<> ConfigurationStore::erase(std::span<const std::string> key_path) {
    auto next = impl_->persisted;
    if (!erase_at(next, {key_path.begin(), key_path.end()}))
        return {};
    return impl_->commit(std::move(next));
}

}  // namespace waggle::store
