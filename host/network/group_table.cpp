#include "network/group_table.hpp"

#include <algorithm>

namespace waggle::network {

Group* GroupTable::find(GroupId id) noexcept {
    for (const auto& group : groups_)
        if (group->id == id)
            return group.get();
    return nullptr;
}

Group& GroupTable::add(std::unique_ptr<Group> group) {
    return *groups_.emplace_back(std::move(group));
}

bool GroupTable::remove(GroupId id) {
    return std::erase_if(groups_, [&](const auto& group) { return group->id == id; }) != 0;
}

bool GroupTable::add_member(Group& group, GroupMember member) {
    if (std::find(group.members.begin(), group.members.end(), member) != group.members.end())
        return false;
    group.members.push_back(member);
    return true;
}

bool GroupTable::remove_member(Group& group, GroupMember member) {
    return std::erase(group.members, member) != 0;
}

bool GroupTable::remove_from_all(GroupMember member) {
    bool changed = false;
    for (const auto& group : groups_)
        changed |= remove_member(*group, member);
    return changed;
}

bool GroupTable::remove_device(Ieee ieee) {
    std::size_t removed = 0;
    for (const auto& group : groups_)
        removed += std::erase_if(group->members,
                                 [&](const GroupMember& member) { return member.ieee == ieee; });
    return removed != 0;
}

void GroupTable::for_each(const std::function<void(Group&)>& visit) {
    for (std::size_t i = 0; i < groups_.size(); ++i)
        visit(*groups_[i]);
}

}  // namespace waggle::network
