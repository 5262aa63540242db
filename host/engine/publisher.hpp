#pragma once

#include <functional>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "engine/core.hpp"

/// Composes and publishes the state of an entity [mqtt-api 3]: merge into the cache, add what every
/// message carries, let listeners change it, filter, write, send, tell listeners.
namespace waggle::engine {

class GroupStates;

class Publisher {
  public:
    /// Called after each publication with what was new in it.
    using Published = std::function<void(EntityId, const boost::json::object& update, Reason)>;
    /// Model of the device's definition, "" for none.
    using ModelOf = std::function<std::string_view(Ieee)>;

    Publisher(Core& core, ModelOf model_of, Published published);

    /// From now on groups follow their members, and members their groups. Once.
    void attach(GroupStates& groups) { groups_ = &groups; }

    void publish(EntityId entity, const boost::json::object& update, Reason reason);
    /// The cache only; listeners hear of it.
    void merge(EntityId entity, const boost::json::object& update, Reason reason);

  private:
    /// Merges, and leaves the merged state with what is not cached in `merged`.
    void merge_into(EntityId entity, const boost::json::object& update, Reason reason,
                    boost::json::object& merged);
    void add_device_facts(const Device& device, const EntityOptions& options,
                          boost::json::object& message) const;
    void send(EntityId entity, const EntityOptions& options, const boost::json::object& message,
              const boost::json::object& update, Reason reason);

    Core& core_;
    ModelOf model_of_;
    Published published_;
    GroupStates* groups_ = nullptr;
    std::string text_;  ///< reused; taken while in use, because a listener may publish in turn
};

}  // namespace waggle::engine
