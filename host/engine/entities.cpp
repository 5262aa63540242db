#include "engine/entities.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/log.hpp"
#include "network/network.hpp"
#include "store/configuration.hpp"

namespace json = boost::json;

namespace waggle::engine {
namespace {

constexpr std::string_view ns = "engine";
constexpr GroupId default_bind_group = 901;
constexpr std::string_view coordinator_name = "Coordinator";

bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [lower](char x, char y) { return lower(x) == lower(y); });
}

Clock::duration seconds_option(const json::object& options, std::string_view key) {
    constexpr double longest = 1e6;
    const auto number = store::number_option(options, key);
    if (!number || !(*number > 0))
        return {};
    return std::chrono::duration_cast<Clock::duration>(
        std::chrono::duration<double>(std::min(*number, longest)));
}

PatternList patterns(const json::object& options, std::string_view key, const std::string& name) {
    std::vector<std::string> problems;
    PatternList list(store::text_list_option(options, key), &problems);
    for (const auto& problem : problems)
        log::warning(ns, "'{}': {} is no regular expression: {}", name, key, problem);
    return list;
}

}  // namespace

std::string EntityId::key() const {
    return is_group_ ? std::to_string(group_) : ieee_.to_string();
}

std::optional<EntityId> EntityId::parse_key(std::string_view key) noexcept {
    if (key.starts_with("0x")) {
        const auto ieee = Ieee::parse(key);
        return ieee ? std::optional(of(*ieee)) : std::nullopt;
    }
    GroupId group = 0;
    const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), group);
    if (error != std::errc() || end != key.data() + key.size())
        return std::nullopt;
    return of(group);
}

std::optional<CommandTopic> parse_command_topic(std::string_view tail) noexcept {
    if (tail.starts_with("bridge"))
        return std::nullopt;
    for (auto slash = tail.find('/', 1); slash != std::string_view::npos;
         slash = tail.find('/', slash + 1)) {
        const auto rest = tail.substr(slash + 1);
        const bool is_set = rest.starts_with("set");
        if (!is_set && !rest.starts_with("get"))
            continue;
        if (rest.size() == 3)
            return CommandTopic{tail.substr(0, slash), is_set, {}};
        if (rest.size() > 4 && rest[3] == '/')
            return CommandTopic{tail.substr(0, slash), is_set, rest.substr(4)};
    }
    return std::nullopt;
}

Entities::Entities(Network& network, store::ConfigurationStore& configuration)
    : network_(network), configuration_(configuration) {
}

void Entities::refresh() {
    if (fresh_ && revision_ == configuration_.revision())
        return;
    fresh_ = true;
    revision_ = configuration_.revision();
    options_.clear();
    names_.clear();
    const auto& settings = configuration_.settings();
    const auto index = [this](const store::Entities& entries) {
        for (const auto& [key, entry] : entries)
            if (const auto id = EntityId::parse_key(key))
                names_.try_emplace(entry.friendly_name, *id);
    };
    index(settings.devices);
    index(settings.groups);
}

/// A device by key or name, then a group by name or key: the order in which names win.
std::optional<EntityId> Entities::configured(std::string_view id_or_name) {
    const auto& settings = configuration_.settings();
    const auto id = EntityId::parse_key(id_or_name);
    if (id && id->is_device() && settings.devices.contains(id->key()))
        return id;
    if (const auto named = names_.find(id_or_name); named != names_.end())
        return named->second;
    if (id && id->is_group() && settings.groups.contains(id->key()))
        return id;
    return std::nullopt;
}

std::optional<EntityId> Entities::on_network(EntityId entity) {
    if (entity.is_device())
        return network_.find(entity.ieee()) ? std::optional(entity) : std::nullopt;
    if (!network_.find_group(entity.group()))
        network_.create_group(entity.group());
    return entity;
}

std::optional<EntityId> Entities::resolve(std::string_view id_or_name) {
    refresh();
    Device* const coordinator = network_.find(nwk_coordinator);
    if (coordinator && (equals_ignoring_case(id_or_name, coordinator_name) ||
                        Ieee::parse(id_or_name) == coordinator->ieee))
        return EntityId::of(coordinator->ieee);
    const auto found = configured(id_or_name);
    return found ? on_network(*found) : std::nullopt;
}

Entities::WithEndpoint Entities::resolve_with_endpoint(std::string_view target) {
    if (const auto whole = resolve(target))
        return {whole, target, {}};
    const auto slash = target.rfind('/');
    if (slash == std::string_view::npos || slash == 0 || slash + 1 == target.size())
        return {std::nullopt, target, {}};
    const auto id = target.substr(0, slash);
    return {resolve(id), id, target.substr(slash + 1)};
}

std::unique_ptr<EntityOptions> Entities::read(EntityId entity) const {
    auto result = std::make_unique<EntityOptions>();
    const auto& settings = configuration_.settings();
    const auto key = entity.key();
    result->name = key;
    const auto& entries = entity.is_device() ? settings.devices : settings.groups;
    const auto entry = entries.find(key);
    if (entity.is_device())
        result->all = configuration_.device_options(key);
    else if (entry != entries.end())
        result->all = entry->second.options;

    if (entry != entries.end() && !entry->second.friendly_name.empty())
        result->name = entry->second.friendly_name;
    else if (const auto* device = entity.is_device() ? network_.find(entity.ieee()) : nullptr;
             device && device->type == DeviceType::coordinator)
        result->name = coordinator_name;

    const auto& all = result->all;
    result->retain = store::bool_option(all, "retain").value_or(false);
    result->disabled = store::bool_option(all, "disabled").value_or(false);
    result->optimistic = store::bool_option(all, "optimistic").value_or(true);
    if (const auto qos = store::number_option(all, "qos"))
        result->qos = static_cast<std::uint8_t>(std::clamp(*qos, 0.0, 2.0));
    if (const auto retention = store::number_option(all, "retention"); retention && *retention > 0)
        result->retention = static_cast<std::uint32_t>(std::min(*retention, 4294967295.0));
    result->debounce = seconds_option(all, "debounce");
    result->throttle = seconds_option(all, "throttle");
    result->debounce_ignore = store::text_list_option(all, "debounce_ignore");
    result->filtered_attributes = patterns(all, "filtered_attributes", result->name);
    result->filtered_cache = patterns(all, "filtered_cache", result->name);
    result->filtered_optimistic = patterns(all, "filtered_optimistic", result->name);
    return result;
}

const EntityOptions& Entities::options(EntityId entity) {
    refresh();
    auto& slot = options_[entity];
    if (!slot)
        slot = read(entity);
    return *slot;
}

void Entities::ensure_configured(EntityId entity) {
    const auto& settings = configuration_.settings();
    const auto key = entity.key();
    store::Outcome<> added;
    if (entity.is_device()) {
        const auto* device = network_.find(entity.ieee());
        if (!device || device->type == DeviceType::coordinator || settings.devices.contains(key))
            return;
        added = configuration_.add_device(key);
    } else {
        if (entity.group() == default_bind_group || settings.groups.contains(key))
            return;
        const auto group = configuration_.add_group(key, key);
        if (!group)
            added = group.error();
    }
    if (!added)
        log::error(ns, "'{}' could not be added to the configuration: {}", key,
                   added.error().message);
}

void Entities::ensure_configured(std::span<const Ieee> devices) {
    std::vector<std::string> missing;
    for (const auto ieee : devices) {
        auto key = ieee.to_string();
        if (!configuration_.settings().devices.contains(key))
            missing.push_back(std::move(key));
    }
    if (missing.empty())
        return;
    if (const auto added = configuration_.add_devices(missing); !added)
        log::error(ns, "{} devices could not be added to the configuration: {}", missing.size(),
                   added.error().message);
}

}  // namespace waggle::engine
