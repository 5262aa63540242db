#include "engine/poller.hpp"

#include <algorithm>
#include <chrono>
#include <span>

#include "base/log.hpp"
#include "engine/binder.hpp"
#include "engine/color_capabilities.hpp"
#include "engine/reporting_table.hpp"
#include "network/attribute_access.hpp"

namespace waggle::engine {
namespace {

using namespace std::chrono_literals;
constexpr std::string_view ns = "engine";
constexpr std::string_view trait = "pollWhenBound";
constexpr auto quiet = 1s;

/// Commands of remotes, and the clusters of which lights are asked after them: what the command
/// may have changed, but for the switch where the light reports that anyway.
struct Row {
    ClusterId cluster;
    std::uint8_t command;
    bool level, on_off, color;
};
constexpr Row commands[] = {
    {on_off_cluster, 0x00, false, true, false},  // off
    {on_off_cluster, 0x01, false, true, false},  // on
    {on_off_cluster, 0x02, false, true, false},  // toggle
    {on_off_cluster, 0x40, false, true, false},  // off with effect
    {level_cluster, 0x01, true, false, false},   // move
    {level_cluster, 0x02, true, false, false},   // step
    {level_cluster, 0x03, true, false, false},   // stop
    {level_cluster, 0x04, true, true, false},    // move to level with on/off
    {level_cluster, 0x05, true, true, false},    // move with on/off
    {level_cluster, 0x06, true, true, false},    // step with on/off
    {level_cluster, 0x07, true, true, false},    // stop with on/off
    {scenes_cluster, 0x05, true, true, true},    // recall
};

const Row* row_of(const ZclMessage& message) {
    const auto* frame = message.frame;
    if (!frame || frame->header.type != zcl::FrameType::cluster || frame->header.manufacturer ||
        frame->header.direction != zcl::Direction::client_to_server)
        return nullptr;
    const auto found = std::ranges::find_if(commands, [&](const Row& row) {
        return row.cluster == message.cluster && row.command == frame->header.command;
    });
    return found == std::end(commands) ? nullptr : found;
}

void add_once(std::vector<GroupMember>& members, GroupMember member) {
    if (std::ranges::find(members, member) == members.end())
        members.push_back(member);
}

}  // namespace

void Poller::heard(const ZclMessage& message) {
    const auto* row = row_of(message);
    if (!row)
        return;
    auto due = Clock::now() + quiet;
    const auto plan_next = [&](GroupMember member, ClusterId cluster) {
        plan({member, cluster}, due);
        due += 1ns;  // in this order
    };
    for (const auto member : controlled_by(message)) {
        const auto* device = core_.network.find(member.ieee);
        const auto* endpoint = device ? device->endpoint(member.endpoint) : nullptr;
        if (!endpoint || !is_silent(*device))
            continue;
        if (row->level && endpoint->has_input(level_cluster))
            plan_next(member, level_cluster);
        if (row->on_off && endpoint->has_input(on_off_cluster))
            plan_next(member, on_off_cluster);
        if (row->color && endpoint->has_input(color_cluster))
            plan_next(member, color_cluster);
    }
}

/// What any endpoint of the sender is bound to, and the members of the group that it spoke to.
std::vector<GroupMember> Poller::controlled_by(const ZclMessage& message) const {
    std::vector<GroupMember> members;
    for (const auto& [id, endpoint] : message.device.endpoints)
        for (const auto& binding : endpoint.bindings)
            if (!binding.target.group)
                add_once(members, {binding.target.ieee, binding.target.endpoint});
    const auto* group = message.group != 0 ? core_.network.find_group(message.group) : nullptr;
    if (group)
        for (const auto member : group->members)
            add_once(members, member);
    return members;
}

bool Poller::is_silent(const Device& device) const {
    if (device.type == DeviceType::coordinator)
        return false;
    const auto* definition = devices_.definition(device.ieee);
    const auto* silent = definition ? definition->trait(trait) : nullptr;
    return silent && silent->kind == WG_BOOL && silent->as.boolean;
}

void Poller::plan(Read read, Clock::time_point due) {
    const auto known = due_.find(read);
    if (known == due_.end() && due_.size() >= most_at_once)
        return;
    due_.insert_or_assign(read, due);
    if (!std::exchange(is_waiting_, true))
        tasks_.spawn("poll", [this]() { return read_when_due(); });
}

Awaitable<void> Poller::read_when_due() {
    while (!due_.empty()) {
        const auto next =
            std::ranges::min_element(due_, {}, [](const auto& entry) { return entry.second; });
        const auto left = next->second - Clock::now();
        if (left > 0s) {
            const auto slept = co_await sleep_for(left);
            if (!slept)
                co_return;
            continue;
        }
        const Read read = next->first;
        due_.erase(next);
        tasks_.spawn("poll a light", [this, read]() { return carry_out(read); });
    }
    is_waiting_ = false;
}

Awaitable<void> Poller::carry_out(Read read) {
    const auto attributes = co_await attributes_of(read);
    if (!attributes)
        co_return failed(read, attributes.error());
    if (attributes->empty())
        co_return;
    ZclRequest request(read.of.ieee, read.of.endpoint,
                       zcl::read_attributes(read.cluster, *attributes));
    const auto reply = co_await core_.network.request(std::move(request));
    if (!reply)
        failed(read, reply.error());
    else if (const auto status = network::first_failure(*reply); status != zcl::Status::success)
        failed(read, make_error_code(status));
}

Awaitable<Result<std::vector<std::uint16_t>>> Poller::attributes_of(Read read) {
    std::vector<std::uint16_t> attributes;
    if (read.cluster != color_cluster) {
        attributes.push_back(automatic_reports(read.cluster).front().attribute);
        co_return attributes;
    }
    const auto can = co_await color_capabilities(core_, read.of.ieee, read.of.endpoint);
    if (!can)
        co_return can.error();
    // x and y before the temperature, as lights list them
    constexpr auto xy = static_cast<std::int64_t>(AutomaticReport::Needs::color_xy);
    constexpr auto warmth = static_cast<std::int64_t>(AutomaticReport::Needs::color_temperature);
    if ((*can & xy) != 0)
        attributes.insert(attributes.end(), {0x0003, 0x0004});
    if ((*can & warmth) != 0)
        attributes.push_back(0x0007);
    co_return attributes;
}

void Poller::failed(Read read, const boost::system::error_code& error) {
    if (error != Errc::cancelled)
        log::error(ns, "Failed to poll {} of '{}' ({})", zcl::cluster_name(read.cluster),
                   core_.entities.name(EntityId::of(read.of.ieee)), error_text(error));
}

}  // namespace waggle::engine
