#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "base/clock.hpp"
#include "engine/pattern_list.hpp"
#include "network/device.hpp"

/// The devices and groups that MQTT users address: their names, their options, and the grammar of
/// command topics. Names and options come from the configuration (read again when its revision
/// grows); who exists is the network's word.
namespace waggle {

class Network;
namespace store {
class ConfigurationStore;
}

namespace engine {

/// A device or a group, by what never changes about it. Value type; order: devices, then groups.
class EntityId {
  public:
    constexpr EntityId() noexcept = default;
    static constexpr EntityId of(Ieee device) noexcept { return EntityId(device, 0, false); }
    static constexpr EntityId of(GroupId group) noexcept { return EntityId(Ieee(), group, true); }

    constexpr bool is_device() const noexcept { return !is_group_; }
    constexpr bool is_group() const noexcept { return is_group_; }
    constexpr Ieee ieee() const noexcept { return ieee_; }
    constexpr GroupId group() const noexcept { return group_; }

    /// The key in state.json and in the configuration: "0x00158d0001020304", or "5".
    std::string key() const;
    static std::optional<EntityId> parse_key(std::string_view key) noexcept;

    auto operator<=>(const EntityId&) const noexcept = default;

  private:
    constexpr EntityId(Ieee ieee, GroupId group, bool is_group) noexcept
        : is_group_(is_group), group_(group), ieee_(ieee) {}

    bool is_group_ = false;
    GroupId group_ = 0;
    Ieee ieee_;
};

/// The options of one entity that the host itself obeys, read once per change of the configuration.
struct EntityOptions {
    std::string name;  ///< friendly name; the IEEE address or group id when none is configured
    bool retain = false;
    bool disabled = false;
    bool optimistic = true;
    std::uint8_t qos = 0;
    std::optional<std::uint32_t> retention;  ///< seconds
    Clock::duration debounce{}, throttle{};  ///< zero: not set
    std::vector<std::string> debounce_ignore;
    PatternList filtered_attributes, filtered_cache, filtered_optimistic;
    /// Everything configured: `device_options` overlaid with the entity's own entry. What plugins
    /// and the bridge read; keys as in configuration.yaml.
    boost::json::object all;
};

/// `<entity>[/<endpoint>]/(set|get)[/<attribute>]`, split but not resolved.
struct CommandTopic {
    std::string_view target;  ///< entity, perhaps with "/endpoint"
    bool is_set = false;
    std::string_view attribute;  ///< empty: none
};

/// `tail` is the topic below the base topic. nullopt: no command. The first "/set" or "/get" that
/// is followed by the end or by another level splits; what begins with "bridge" is never a command.
[[nodiscard]] std::optional<CommandTopic> parse_command_topic(std::string_view tail) noexcept;

class Entities {
  public:
    Entities(Network& network, store::ConfigurationStore& configuration);

    /// By friendly name, IEEE address, group id, or "coordinator" in any case. Only what the
    /// network has (a group that only the configuration has is created on the network).
    [[nodiscard]] std::optional<EntityId> resolve(std::string_view id_or_name);

    /// An entity, and what stood behind its name as endpoint (empty: none): first the whole text is
    /// tried as an entity, then the part before the last '/'.
    struct WithEndpoint {
        std::optional<EntityId> entity;
        std::string_view id;        ///< the part that names the entity
        std::string_view endpoint;  ///< name or number, not checked
    };
    [[nodiscard]] WithEndpoint resolve_with_endpoint(std::string_view target);

    /// Never null; for an entity without configuration the defaults under its own address. The
    /// reference is valid until the configuration changes.
    const EntityOptions& options(EntityId entity);
    const std::string& name(EntityId entity) { return options(entity).name; }

    /// Adds a device or group that the network has and the configuration has not (not the
    /// coordinator, not group 901).
    void ensure_configured(EntityId entity);
    /// The same for many devices; the configuration is written once.
    void ensure_configured(std::span<const Ieee> devices);

  private:
    std::optional<EntityId> configured(std::string_view id_or_name);
    std::optional<EntityId> on_network(EntityId entity);
    /// Drops what was read when the configuration has a newer revision.
    void refresh();
    std::unique_ptr<EntityOptions> read(EntityId entity) const;

    Network& network_;
    store::ConfigurationStore& configuration_;
    std::map<EntityId, std::unique_ptr<EntityOptions>> options_;
    std::map<std::string, EntityId, std::less<>> names_;
    std::uint64_t revision_ = 0;
    bool fresh_ = false;
};

}  // namespace engine
}  // namespace waggle
