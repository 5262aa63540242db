#pragma once

#include <functional>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "base/async.hpp"
#include "engine/core.hpp"
#include "engine/key_target.hpp"
#include "engine/scene_content.hpp"
#include "engine/scene_store.hpp"
#include "plugin/host.hpp"

/// The scene keys, which every supported device and every group of such takes [ZCL8 3.7]:
///
///     scene_store       5, or {ID, name?, group_id?}
///     scene_recall      5
///     scene_add         {ID, name?, group_id?, transition?, state?, brightness?, position?,
///                        color_temp? or color?}
///     scene_remove      5
///     scene_remove_all  anything
///     scene_rename      {ID, name, group_id?}
///
/// A scene lives in the device. What the host keeps of it (scene_store.hpp) changes when the device
/// has confirmed; a group's members do not answer, so for them when the groupcast has left.
namespace waggle::engine {

class Scenes {
  public:
    explicit Scenes(Core& core) : core_(core) {}

    static bool knows(std::string_view key) noexcept;
    /// Whether bridge/devices and bridge/groups may differ after it.
    static bool changes(std::string_view key) noexcept;

    [[nodiscard]] Awaitable<plugin::CommandOutcome> set(KeyTarget target, std::string key,
                                                        boost::json::value value);

  private:
    using Outcome = plugin::CommandOutcome;
    using Visit = std::function<void(Device&, Endpoint&)>;

    Awaitable<Outcome> store(KeyTarget target, boost::json::value value);
    Awaitable<Outcome> recall(KeyTarget target, boost::json::value value);
    Awaitable<Outcome> add(KeyTarget target, boost::json::value value);
    Awaitable<Outcome> remove(KeyTarget target, boost::json::value value);
    Awaitable<Outcome> remove_all(KeyTarget target);
    Outcome rename(const KeyTarget& target, const boost::json::value& value);

    /// Sends a frame of genScenes. A device's answer with a status other than success is an error;
    /// with `may_be_absent` it may also be that there is no such scene.
    Awaitable<Result<void>> send(KeyTarget target, zcl::Frame frame, bool may_be_absent);

    /// The addressed endpoint, or the members of the group that are there.
    void for_each_endpoint(const KeyTarget& target, const Visit& visit);
    void recalled(const KeyTarget& target, const SceneKey& key, Outcome& outcome);
    SceneTraits traits_of(const KeyTarget& target);
    bool has_trait(const Device& device, std::string_view name) const;

    Core& core_;
};

}  // namespace waggle::engine
