#include "bridge/availability/availability.hpp"

#include <algorithm>
#include <random>

#include "base/log.hpp"
#include "store/configuration.hpp"

namespace waggle::bridge {
namespace {

using namespace std::chrono_literals;
using engine::EntityId;

constexpr std::string_view ns = "availability";
constexpr std::string_view level = "/availability";
constexpr std::string_view online = R"({"state":"online"})";
constexpr std::string_view offline = R"({"state":"offline"})";
constexpr auto grace = 1s;  // beyond the timeout, before a device is in doubt
constexpr auto pause_between = 50ms;
constexpr auto longest = 2147483647ms;  // beyond which no backoff grows

std::string_view payload_of(bool available) noexcept {
    return available ? online : offline;
}

PublishOptions retained() {
    PublishOptions options;
    options.retain = true;
    options.qos = 1;
    return options;
}

Availability::Random chance() {
    return [engine = std::minstd_rand(std::random_device{}())]() mutable {
        return std::uniform_real_distribution<double>(0, 1)(engine);
    };
}

bool has_device(const Group& group, Ieee device) {
    return std::any_of(group.members.begin(), group.members.end(),
                       [&](const GroupMember& member) { return member.ieee == device; });
}

}  // namespace

Availability::Availability(const boost::asio::any_io_executor& executor, Parts parts, Random random)
    : network_(parts.network),
      engine_(parts.engine),
      configuration_(parts.configuration),
      outbox_(parts.outbox),
      random_(random ? std::move(random) : chance()),
      timer_(executor),
      later_timer_(executor),
      tasks_(executor) {
}

Availability::~Availability() = default;

void Availability::start() {
    running_ = true;
    std::vector<Ieee> followed;
    network_.for_each_device([&](Device& device) {
        if (device.type != DeviceType::coordinator && is_enabled(EntityId::of(device.ieee)))
            followed.push_back(device.ieee);
    });
    for (const auto ieee : followed)
        publish_of_device(*network_.find(ieee), false, false);
    std::vector<EntityId> groups;
    network_.for_each_group([&](Group& group) { groups.push_back(EntityId::of(group.id)); });
    for (const auto group : groups)
        if (is_enabled(group))
            publish(group, false);
    for (const auto ieee : followed) {
        const auto* device = network_.find(ieee);
        reset_timer(*device, false);
        if (is_active_device(*device) && !is_available(*device))
            enqueue(ieee);
    }
}

Awaitable<void> Availability::stop() {
    running_ = false;
    queue_.clear();
    timer_.cancel();
    later_timer_.cancel();
    co_await tasks_.stop();
}

std::optional<mqtt::Regenerated> Availability::regenerate(std::string_view topic) {
    if (!topic.ends_with(level))
        return std::nullopt;
    const auto entity = engine_.entities().resolve(topic.substr(0, topic.size() - level.size()));
    const auto found = entity ? entries_.find(*entity) : entries_.end();
    if (found == entries_.end() || !found->second.published)
        return std::nullopt;
    mqtt::Regenerated again;
    again.payload = payload_of(*found->second.published);
    again.options.retain = true;
    again.options.qos = 1;
    again.options.kind = mqtt::Kind::state;
    return again;
}

// What the network and users do

void Availability::device_seen(Device& device) {
    if (!running_ || device.type == DeviceType::coordinator ||
        !is_enabled(EntityId::of(device.ieee)))
        return;
    reset_timer(device, true);
    publish_of_device(device, false, true);
}

void Availability::device_left(Ieee ieee, NwkAddress) {
    std::erase(queue_, ieee);
    if (const auto found = entries_.find(EntityId::of(ieee)); found != entries_.end())
        found->second.due = never;
}

/// Nobody could be heard meanwhile: everybody gets the whole time again.
void Availability::link_restored() {
    if (!running_)
        return;
    std::vector<Ieee> followed;
    network_.for_each_device([&](Device& device) {
        const auto found = entries_.find(EntityId::of(device.ieee));
        if (found != entries_.end() && found->second.due != never)
            followed.push_back(device.ieee);
    });
    for (const auto ieee : followed)
        reset_timer(*network_.find(ieee), false);
}

void Availability::entity_renamed(EntityId entity, std::string_view from, bool) {
    if (!running_ || !is_enabled(entity))
        return;
    outbox_.publish(std::string(from) + std::string(level), "", retained());
    publish_later(entity, true);
}

void Availability::entity_removed(EntityId entity, std::string_view name) {
    if (entity.is_device())
        std::erase(queue_, entity.ieee());
    const auto found = entries_.find(entity);
    if (found == entries_.end())
        return;
    if (found->second.published)
        outbox_.publish(std::string(name) + std::string(level), "", retained());
    entries_.erase(found);
}

void Availability::group_members_changed(const engine::GroupChange& change) {
    if (running_)
        publish_later(EntityId::of(change.group), false);
}

// Who is available

bool Availability::is_enabled(EntityId entity) const {
    return availability_enabled(entity, engine_.entities(), network_, configuration_.settings());
}

AvailabilityRules Availability::rules_of(const Device& device) const {
    return availability_rules(device, engine_.entities(), configuration_.settings());
}

bool Availability::is_available(EntityId entity) const {
    if (entity.is_device()) {
        const auto* device = network_.find(entity.ieee());
        return device && is_available(*device);
    }
    const auto* group = network_.find_group(entity.group());
    return group && is_available(*group);
}

bool Availability::is_available(const Device& device) const {
    const auto limit = rules_of(device).timeout;
    const auto silent = wall_clock_ms() - device.last_seen.value_or(0);
    return silent < std::chrono::duration_cast<std::chrono::milliseconds>(limit).count();
}

bool Availability::is_available(const Group& group) const {
    return std::any_of(group.members.begin(), group.members.end(), [this](const GroupMember& one) {
        const auto found = entries_.find(EntityId::of(one.ieee));
        return found != entries_.end() && found->second.published == true;
    });
}

// What is published

void Availability::publish(EntityId entity, bool force) {
    if (entity.is_device()) {
        if (const auto* device = network_.find(entity.ieee()))
            publish_of_device(*device, force, true);
        return;
    }
    const bool available = is_available(entity);
    if (force || entries_[entity].published != available)
        send(entity, available);
}

void Availability::publish_of_device(const Device& device, bool force, bool tell_groups) {
    const auto entity = EntityId::of(device.ieee);
    const bool available = is_available(device);
    const auto before = entries_[entity].published;
    if (!force && before == available)
        return;
    if (available && before == false) {
        log::debug(ns, "Device '{}' reconnected", engine_.entities().name(entity));
        engine_.refresh(device.ieee);
    }
    send(entity, available);
    if (tell_groups)
        publish_groups_of(device.ieee, force);
}

void Availability::send(EntityId entity, bool available) {
    entries_[entity].published = available;
    outbox_.publish(engine_.entities().name(entity) + std::string(level), payload_of(available),
                    retained());
}

void Availability::publish_groups_of(Ieee device, bool force) {
    network_.for_each_group([&](Group& group) {
        if (has_device(group, device) && is_enabled(EntityId::of(group.id)))
            publish_later(EntityId::of(group.id), force);
    });
}

/// After the message that a device was seen by, or the response to a request that changed something:
/// zigbee2mqtt waits there until the broker has confirmed what was published before.
void Availability::publish_later(EntityId entity, bool force) {
    later_.emplace_back(entity, force);
    if (later_.size() > 1)
        return;
    later_timer_.expires_after(pause_between);
    later_timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error)
            publish_due();
    });
}

void Availability::publish_due() {
    for (const auto& [entity, force] : std::exchange(later_, {}))
        if (entity.is_device() || network_.find_group(entity.group()))
            publish(entity, force);
}

// When a device is in doubt

void Availability::reset_timer(const Device& device, bool reset_backoff) {
    const auto rules = rules_of(device);
    auto& entry = entries_[EntityId::of(device.ieee)];
    std::erase(queue_, device.ieee);
    if (!rules.active) {
        entry.due = Clock::now() + rules.timeout + grace;
        return arm(entry.due);
    }
    if (reset_backoff) {
        entry.paused = false;
        entry.backoff = 1;
    }
    entry.due = never;
    if (rules.backoff && entry.paused)
        return;
    const double factor = rules.backoff ? entry.backoff : 1;
    const auto jitter = std::chrono::duration<double, Clock::period>(rules.max_jitter) * random_();
    const auto wait = (rules.timeout + grace + jitter) * factor;
    entry.due = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                   std::min<decltype(wait)>(wait, longest));
    arm(entry.due);
}

void Availability::arm(Clock::time_point due) {
    if (due >= armed_ || !running_)
        return;
    armed_ = due;
    timer_.expires_at(due);
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error)
            expired();
    });
}

void Availability::expired() {
    armed_ = never;
    if (!network_.is_up())
        return;  // link_restored() sets it again
    const auto now = Clock::now();
    std::vector<std::pair<Clock::time_point, Ieee>> due;
    auto next = never;
    for (auto& [entity, entry] : entries_) {
        if (entry.due <= now)
            due.emplace_back(std::exchange(entry.due, never), entity.ieee());
        next = std::min(next, entry.due);
    }
    std::sort(due.begin(), due.end());
    for (const auto& [when, ieee] : due)
        doubt(ieee);
    arm(next);
}

void Availability::doubt(Ieee ieee) {
    const auto* device = network_.find(ieee);
    if (!device || !is_enabled(EntityId::of(ieee)))
        return;
    if (is_active_device(*device))
        enqueue(ieee);
    else
        publish_of_device(*device, false, true);
}

}  // namespace waggle::bridge
