#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <boost/json/object.hpp>

#include "base/async.hpp"
#include "base/task_group.hpp"
#include "engine/core.hpp"
#include "engine/devices.hpp"
#include "engine/generic_keys.hpp"
#include "engine/publisher.hpp"
#include "engine/scenes.hpp"

/// MQTT to radio: a command topic and its payload through the converters of a device, or of the
/// members of a group, to requests; and their optimistic state to one publication [mqtt-api 4].
namespace waggle::engine {

class Commander {
  public:
    Commander(Core& core, Devices& devices, Publisher& publisher, TaskGroup& tasks);

    /// See Engine::handle_command.
    bool handle(std::string_view topic, std::string_view payload);

    /// Reads one key from the device, as a `get` without an endpoint does; nothing when its
    /// definition has no such read.
    [[nodiscard]] Awaitable<void> read(Ieee device, std::string key);

  private:
    static constexpr unsigned most_under_way = 64;  ///< commands of one entity

    /// One command. Has a constructor: it is moved into coroutines.
    struct Job {
        Job(EntityId the_entity, bool set, std::string endpoint, boost::json::object the_message)
            : entity(the_entity),
              is_set(set),
              endpoint_name(std::move(endpoint)),
              message(std::move(the_message)) {}

        EntityId entity;
        bool is_set;
        std::string endpoint_name;  ///< from the topic; "" for none
        boost::json::object message;
    };
    /// Where a key goes and who converts it.
    struct Step {
        Step() = default;
        std::string key, endpoint_name;
        EndpointId endpoint = 0;
        /// Keys that every device takes are the host's own, whatever the definition has.
        enum class Kind { converter, generic, scene } kind = Kind::converter;
        std::shared_ptr<const plugin::Definition> definition;
        const wg_to_device* converter = nullptr;

        bool is_own() const noexcept { return kind != Kind::converter; }
    };
    /// What a command has done so far.
    struct Progress {
        Progress() = default;
        /// A setter runs once an endpoint, whatever number of its keys the message has. Of the
        /// host's own keys each is one.
        struct Used {
            EndpointId endpoint;
            const wg_to_device* converter;
            std::string own_key;
            bool operator==(const Used&) const = default;
        };
        std::vector<Used> used;
        std::vector<std::pair<EntityId, boost::json::object>> states;
        bool scenes_changed = false;

        boost::json::object& state_of(EntityId entity);
        static Used use_of(const Step& step);
        bool is_used(const Step& step) const;
    };

    bool accept(const CommandTopic& topic, const Entities::WithEndpoint& target,
                std::string_view payload);
    bool may_command(EntityId entity, std::string_view endpoint_name);
    void follow_home_assistant(EntityId entity, boost::json::object& message) const;
    void start(Job job);

    Awaitable<void> run(std::shared_ptr<Job> job);
    Awaitable<void> run_key(std::shared_ptr<Job> job, std::string key,
                            std::shared_ptr<Progress> progress);
    /// False: the key cannot be converted; that was logged.
    bool prepare(const Job& job, const std::string& key, Step& step);
    bool find_converter(const Job& job, Step& step) const;
    static KeyTarget target_of(const Job& job, const Step& step);
    Awaitable<plugin::CommandOutcome> convert(const Job& job, const Step& step,
                                              boost::json::value value);
    void collect(const Job& job, const Step& step, plugin::CommandOutcome& outcome,
                 Progress& progress);

    Core& core_;
    Devices& devices_;
    Publisher& publisher_;
    TaskGroup& tasks_;
    GenericKeys generic_;
    Scenes scenes_;
    /// Shared with the tasks, which may end after the commander.
    using UnderWay = std::unordered_map<EntityId, unsigned, EntityIdHash>;
    std::shared_ptr<UnderWay> under_way_ = std::make_shared<UnderWay>();
};

}  // namespace waggle::engine
