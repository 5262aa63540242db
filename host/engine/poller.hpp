#pragma once

#include <map>
#include <vector>

#include "base/task_group.hpp"
#include "engine/core.hpp"
#include "engine/devices.hpp"

/// Some lights do not report what a bound remote does to them. When such a remote speaks to the
/// host too, the lights that it controls are asked for what it may have changed, a second after
/// the last of its commands.
///
/// Which lights those are is their makers' business: their definitions have the trait
/// `pollWhenBound` [sdk/doc/hard-devices.md].
namespace waggle::engine {

class Poller {
  public:
    Poller(Core& core, Devices& devices, TaskGroup& tasks)
        : core_(core), devices_(devices), tasks_(tasks) {}

    void heard(const ZclMessage& message);

  private:
    /// What is asked for.
    struct Read {
        auto operator<=>(const Read&) const = default;
        GroupMember of;
        ClusterId cluster = 0;
    };
    static constexpr std::size_t most_at_once = 256;  ///< one more is not asked

    std::vector<GroupMember> controlled_by(const ZclMessage& message) const;
    bool is_silent(const Device& device) const;
    void plan(Read read, Clock::time_point due);
    Awaitable<void> read_when_due();
    Awaitable<void> carry_out(Read read);
    Awaitable<Result<std::vector<std::uint16_t>>> attributes_of(Read read);
    void failed(Read read, const boost::system::error_code& error);

    Core& core_;
    Devices& devices_;
    TaskGroup& tasks_;
    std::map<Read, Clock::time_point> due_;
    bool is_waiting_ = false;  ///< one task for all of them, so that they go out in order
};

}  // namespace waggle::engine
