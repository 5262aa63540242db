#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "network/device.hpp"

/// Groups and their members, as database.db holds them. Whether a device really is a member is
/// known to the device alone; this is what it last confirmed.
namespace waggle::network {

class GroupTable {
  public:
    Group* find(GroupId id) noexcept;
    Group& add(std::unique_ptr<Group> group);
    bool remove(GroupId id);
    void clear() { groups_.clear(); }

    /// True when something changed.
    bool add_member(Group& group, GroupMember member);
    bool remove_member(Group& group, GroupMember member);
    bool remove_from_all(GroupMember member);
    bool remove_device(Ieee ieee);

    void for_each(const std::function<void(Group&)>& visit);

  private:
    std::vector<std::unique_ptr<Group>> groups_;
};

}  // namespace waggle::network
