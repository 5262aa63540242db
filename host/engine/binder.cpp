#include "engine/binder.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/log.hpp"
#include "engine/color_capabilities.hpp"
#include "engine/reporting_table.hpp"

namespace waggle::engine {
namespace {

constexpr std::string_view ns = "engine";
constexpr std::uint16_t longest_interval = 3600;
constexpr std::uint16_t no_reports = 0xFFFF;

const Endpoint* find(Network& network, GroupMember member) {
    const auto* device = network.find(member.ieee);
    return device ? device->endpoint(member.endpoint) : nullptr;
}

bool is_bound(const Endpoint& endpoint, ClusterId cluster, const zdo::BindTarget& target) {
    return std::ranges::any_of(endpoint.bindings, [&](const StoredBinding& binding) {
        return binding.cluster == cluster && binding.target == target;
    });
}

template <class Visit>
void for_each_binding(Network& network, Visit visit) {
    network.for_each_device([&](Device& device) {
        if (device.type == DeviceType::coordinator)
            return;
        for (const auto& [id, endpoint] : device.endpoints)
            for (const auto& binding : endpoint.bindings)
                visit(binding);
    });
}

}  // namespace

std::string error_text(const boost::system::error_code& error) {
    const bool is_status =
        error.category() == zdo::status_category() || error.category() == zcl::status_category();
    return is_status ? fmt::format("Status '{}'", error.message()) : error.message();
}

// Bindings

/// Both ends have the cluster, one of them to send, the other to receive. Groups and the
/// coordinator are taken to have all.
bool Binder::fits(const BindJob& job, ClusterId cluster) const {
    const auto* source = find(core_.network, {job.source, job.source_endpoint});
    if (!source || (!source->has_input(cluster) && !source->has_output(cluster)))
        return false;
    const auto* device = core_.network.find(job.target.ieee);
    if (job.target.group || (device && device->type == DeviceType::coordinator))
        return true;
    const auto* target = device ? device->endpoint(job.target.endpoint) : nullptr;
    return target && ((target->has_input(cluster) && source->has_output(cluster)) ||
                      (source->has_input(cluster) && target->has_output(cluster)));
}

Awaitable<std::vector<BindResult>> Binder::carry_out(BindJob job) {
    std::vector<BindResult> results;
    std::vector<Bound> bound;
    for (const auto cluster : job.clusters) {
        if (!fits(job, cluster)) {
            results.push_back(BindResult::does_not_fit);
            continue;
        }
        const bool done = co_await bind_one(job, cluster);
        results.push_back(done ? BindResult::done : BindResult::failed);
        if (done)
            bound.push_back({cluster, job.target});
    }
    if (bound.empty() || job.to_default_group)
        co_return results;
    if (!job.unbind)
        co_await set_up_reporting(std::move(bound));
    else if (!job.skip_disable_reporting)
        co_await end_reporting(targets_of(job.target));
    co_return results;
}

Awaitable<bool> Binder::bind_one(const BindJob& job, ClusterId cluster) {
    const auto name = zcl::cluster_name(cluster);
    auto& network = core_.network;
    Result<void> done;
    if (!job.unbind)
        done = co_await network.bind(job.source, job.source_endpoint, cluster, job.target);
    else if (job.target.group && !network.find_group(*job.target.group))
        done = Errc::not_found;
    else
        done = co_await network.unbind(job.source, job.source_endpoint, cluster, job.target);
    if (done)
        log::info(ns, "Successfully {} cluster '{}' from '{}' to '{}'",
                  job.unbind ? "unbound" : "bound", name, job.source_name, job.target_name);
    else
        log::error(ns, "Failed to {} cluster '{}' from '{}' to '{}' ({})",
                   job.unbind ? "unbind" : "bind", name, job.source_name, job.target_name,
                   error_text(done.error()));
    co_return done.has_value();
}

std::vector<GroupMember> Binder::targets_of(const zdo::BindTarget& target) const {
    if (!target.group)
        return {{target.ieee, target.endpoint}};
    const auto* group = core_.network.find_group(*target.group);
    return group ? group->members : std::vector<GroupMember>();
}

zdo::BindTarget Binder::coordinator() const {
    zdo::BindTarget target;
    const auto* radio = core_.network.coordinator();
    if (radio)
        target.ieee = radio->ieee();
    const auto* device = core_.network.find(target.ieee);
    target.endpoint =
        device && !device->endpoints.empty() ? device->endpoints.begin()->first : EndpointId{1};
    return target;
}

void Binder::group_members_changed(const GroupChange& change) {
    if (!change.added) {
        if (!change.skip_disable_reporting)
            tasks_.spawn("end reporting", [this, change]() -> Awaitable<void> {
                const GroupMember member{change.device, change.endpoint};
                return end_reporting(std::vector<GroupMember>{member});
            });
        return;
    }
    std::vector<Bound> bindings;
    for_each_binding(core_.network, [&](const StoredBinding& binding) {
        if (binding.target.group == change.group)
            bindings.push_back({binding.cluster, binding.target});
    });
    if (!bindings.empty())
        tasks_.spawn("set up reporting",
                     [this, bindings]() -> Awaitable<void> { return set_up_reporting(bindings); });
}

// Reporting of what is bound

std::string Binder::title(GroupMember member) {
    return fmt::format("{}/{}", core_.entities.name(EntityId::of(member.ieee)), member.endpoint);
}

/// Those of the binding's targets that have the cluster and do not report it yet.
std::vector<GroupMember> Binder::without_reporting(const Bound& binding) const {
    auto members = targets_of(binding.target);
    const auto to_host = coordinator();
    std::erase_if(members, [&](GroupMember member) {
        const auto* endpoint = find(core_.network, member);
        if (!endpoint || !endpoint->has_input(binding.cluster))
            return true;
        const bool reports = std::ranges::any_of(endpoint->reportings, [&](const auto& item) {
            return item.cluster == binding.cluster;
        });
        return reports && is_bound(*endpoint, binding.cluster, to_host);
    });
    return members;
}

Awaitable<void> Binder::set_up_reporting(std::vector<Bound> bindings) {
    for (const auto& binding : bindings) {
        if (automatic_reports(binding.cluster).empty())
            continue;
        const auto members = without_reporting(binding);
        for (const auto member : members)
            co_await report_to_host(member, binding.cluster, false);
    }
}

Awaitable<void> Binder::report_to_host(GroupMember member, ClusterId cluster, bool ended) {
    const auto to_host = coordinator();
    Result<void> done;
    if (ended)
        done = co_await core_.network.unbind(member.ieee, member.endpoint, cluster, to_host);
    else
        done = co_await core_.network.bind(member.ieee, member.endpoint, cluster, to_host);
    if (done) {
        auto reports = co_await reports_of(member, cluster, ended);
        if (reports)
            done = co_await core_.network.configure_reporting(member.ieee, member.endpoint,
                                                              std::move(*reports));
        else
            done = reports.error();
    }
    if (done)
        log::info(ns, "Successfully {} reporting for '{}' cluster '{}'",
                  ended ? "disabled" : "setup", title(member), zcl::cluster_name(cluster));
    else
        log::warning(ns, "Failed to {} reporting for '{}' cluster '{}' ({})",
                     ended ? "disable" : "setup", title(member), zcl::cluster_name(cluster),
                     error_text(done.error()));
}

/// @param ended  the same attributes, to be reported no more
Awaitable<Result<std::vector<ConfiguredReporting>>> Binder::reports_of(GroupMember member,
                                                                       ClusterId cluster,
                                                                       bool ended) {
    std::vector<ConfiguredReporting> reports;
    for (const auto& report : automatic_reports(cluster)) {
        if (report.needs != AutomaticReport::Needs::nothing) {
            const auto can = co_await color_capabilities(core_, member.ieee, member.endpoint);
            if (!can)
                co_return can.error();
            if ((*can & static_cast<std::int64_t>(report.needs)) == 0)
                continue;
        }
        ConfiguredReporting item;
        item.cluster = cluster;
        item.attribute = report.attribute;
        item.minimum_interval = report.minimum_interval;
        item.maximum_interval = ended ? no_reports : longest_interval;
        item.reportable_change = report.reportable_change;
        reports.push_back(item);
    }
    co_return reports;
}

/// Clusters that the endpoint reports to the host although nothing is bound to it with them.
std::vector<ClusterId> Binder::no_longer_needed(GroupMember member) const {
    std::vector<ClusterId> needed, rest;
    for_each_binding(core_.network, [&](const StoredBinding& binding) {
        const auto targets = targets_of(binding.target);
        if (std::ranges::find(targets, member) != targets.end())
            needed.push_back(binding.cluster);
    });
    const auto to_host = coordinator();
    if (const auto* endpoint = find(core_.network, member))
        for (const auto& binding : endpoint->bindings)
            if (binding.target == to_host && !automatic_reports(binding.cluster).empty() &&
                std::ranges::find(needed, binding.cluster) == needed.end())
                rest.push_back(binding.cluster);
    return rest;
}

Awaitable<void> Binder::end_reporting(std::vector<GroupMember> members) {
    for (const auto member : members) {
        const auto clusters = no_longer_needed(member);
        for (const auto cluster : clusters)
            co_await report_to_host(member, cluster, true);
        // What configure had set up may have been among it.
        auto* device = core_.network.find(member.ieee);
        if (device && device->type != DeviceType::coordinator)
            configurer_.reconfigure(*device);
    }
}

}  // namespace waggle::engine
