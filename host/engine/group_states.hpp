#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <boost/json/object.hpp>

#include "engine/core.hpp"
#include "engine/devices.hpp"

/// The state of a group follows that of its members, and theirs that of the group [mqtt-api 6]:
/// state, brightness and colour of a light, and what else is called so.
///
///     member  every group that its endpoint is in publishes the same values, unless the group is
///             not `optimistic`, has just published them, or would go off while another member is
///             on (`off_state`).
///     group   every member that is not disabled publishes what its light has of the values; then
///             do other groups that have one of these members.
///
/// What follows is not followed any further. A publication that brings nothing new (start,
/// rename) makes nothing follow.
namespace waggle::engine {

class GroupStates {
  public:
    /// Merges into the state and publishes, with Reason::group.
    using Publish = std::function<void(EntityId, const boost::json::object& update)>;

    GroupStates(Core& core, Devices& devices, Publish publish)
        : core_(core), devices_(devices), publish_(std::move(publish)) {}

    /// What remains to be published after an entity's own message.
    struct Rest {
        boost::json::object payload;  ///< of a device: its endpoint's suffix is taken off
        EntityId origin;
        std::vector<GroupId> groups;
        std::vector<GroupMember> members;  ///< with `groups` empty: of the group `origin`
        std::size_t next = 0;              ///< in whichever of both is not empty
    };

    /// The state of `entity` has changed. The first publication that follows is made here, before
    /// the entity's own, and the others by finish(), after it: the order that zigbee2mqtt's
    /// subscribers know.
    [[nodiscard]] Rest begin(EntityId entity, const boost::json::object& update, Reason reason);
    void finish(Rest rest);

    void forget(GroupId group) { last_.erase(group); }

  private:
    Rest begin_device(EntityId entity, const boost::json::object& update);
    Rest begin_group(EntityId entity, const boost::json::object& update);
    /// Publishes for the next of the list; false: there was none that has to.
    bool follow_next_group(Rest& rest);
    bool follow_next_member(Rest& rest);
    void share(const GroupMember& member, const Rest& rest, std::vector<GroupId>& sharing) const;

    bool is_optimistic(GroupId group) const;
    bool may_publish(const Group& group, const boost::json::object& payload) const;
    bool is_any_member_on(const Group& group) const;
    boost::json::object of_member(const GroupMember& member,
                                  const boost::json::object& payload) const;

    Core& core_;
    Devices& devices_;
    Publish publish_;
    /// Hash of what each group took over from a member last.
    std::unordered_map<GroupId, std::size_t> last_;
};

/// What the lights among a device's exposes have, as bits; kept for every device, because a group
/// asks all of its members at once.
using LightFeatures = std::uint8_t;
LightFeatures light_features(const wg_table& exposes);
/// Whether a light with these features takes part in a group's property of this name and value.
/// False, too, for what is no property of groups.
bool supports_property(LightFeatures features, std::string_view key,
                       const boost::json::value& value);

}  // namespace waggle::engine
