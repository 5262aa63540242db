#pragma once

#include <string>
#include <vector>

#include "base/task_group.hpp"
#include "engine/configurer.hpp"
#include "engine/core.hpp"

/// Bindings that users make: one endpoint is told to send what it does to another, or to a group,
/// by itself. What is bound reports to the host too, or the host would not know its state any more;
/// that is set up here, and ended when nothing controls it any longer.
///
/// Which reports those are stands in reporting_table.hpp; the mirror of what devices have is the
/// network floor's (Endpoint::bindings, Endpoint::reportings).
namespace waggle::engine {

/// One binding or unbinding as a user asked for it. Has a constructor: it crosses coroutines.
struct BindJob {
    BindJob() = default;

    bool unbind = false;
    Ieee source;
    EndpointId source_endpoint = 0;
    zdo::BindTarget target;
    /// The group for remotes that must be bound to one; nobody is in it.
    bool to_default_group = false;
    std::vector<ClusterId> clusters;
    bool skip_disable_reporting = false;
    std::string source_name, target_name;  ///< for the log
};

/// What became of one cluster of the job.
enum class BindResult : std::uint8_t { does_not_fit, done, failed };

class Binder {
  public:
    Binder(Core& core, Configurer& configurer, TaskGroup& tasks)
        : core_(core), configurer_(configurer), tasks_(tasks) {}

    /// Cluster by cluster, then the reporting. One result a cluster, in the job's order. What goes
    /// wrong is logged.
    [[nodiscard]] Awaitable<std::vector<BindResult>> carry_out(BindJob job);

    /// Begins to set up or to end the reporting of the endpoint that entered or left a group.
    void group_members_changed(const GroupChange& change);

  private:
    struct Bound {
        ClusterId cluster;
        zdo::BindTarget target;
    };
    bool fits(const BindJob& job, ClusterId cluster) const;
    Awaitable<bool> bind_one(const BindJob& job, ClusterId cluster);
    std::vector<GroupMember> targets_of(const zdo::BindTarget& target) const;
    zdo::BindTarget coordinator() const;

    Awaitable<void> set_up_reporting(std::vector<Bound> bindings);
    /// Binds it to the coordinator and has it report, or (`ended`) undoes both.
    Awaitable<void> report_to_host(GroupMember member, ClusterId cluster, bool ended);
    std::vector<GroupMember> without_reporting(const Bound& binding) const;

    Awaitable<void> end_reporting(std::vector<GroupMember> members);
    std::vector<ClusterId> no_longer_needed(GroupMember member) const;

    Awaitable<Result<std::vector<ConfiguredReporting>>> reports_of(GroupMember member,
                                                                   ClusterId cluster, bool ended);
    std::string title(GroupMember member);

    Core& core_;
    Configurer& configurer_;
    TaskGroup& tasks_;
};

/// What a user is told of an error: "Status 'TABLE_FULL'", or its sentence.
std::string error_text(const boost::system::error_code& error);

}  // namespace waggle::engine
