#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <unordered_map>

#include <boost/json/object.hpp>

#include "engine/entities.hpp"
#include "store/state_file.hpp"

/// The last known state of every entity, and its file. Objects keep their keys in published order
/// (state_object.hpp); what is never cached is not in them.
namespace waggle::engine {

struct EntityIdHash {
    std::size_t operator()(const EntityId& id) const noexcept {
        return std::hash<std::uint64_t>{}(id.ieee().value() ^ (std::uint64_t{id.group()} << 1) ^
                                          (id.is_group() ? 1U : 0U));
    }
};

class StateCache {
  public:
    explicit StateCache(std::string path) : file_(path) {}

    /// Reads state.json. What an interrupted firmware update left (`update.progress`,
    /// `update.remaining`, state `updating`) is taken out. Entries whose key names no entity are
    /// dropped.
    void load();
    /// Writes the file when something changed since. False: it failed, and was logged.
    bool save();

    const boost::json::object& get(EntityId entity) const;
    bool has(EntityId entity) const { return entries_.contains(entity); }
    /// Merges those keys of `update` that may be cached.
    void merge(EntityId entity, const boost::json::object& update, const PatternList& filtered);
    void erase(EntityId entity);
    /// Of the object that the entity has as `key`; nothing happens where there is none.
    void erase_members(EntityId entity, std::string_view key,
                       std::initializer_list<std::string_view> members);
    void erase_if(const std::function<bool(EntityId)>& condition);
    bool is_dirty() const noexcept { return dirty_; }

  private:
    store::StateFile file_;
    std::unordered_map<EntityId, boost::json::object, EntityIdHash> entries_;
    bool dirty_ = false;
};

}  // namespace waggle::engine
