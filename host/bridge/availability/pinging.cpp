#include <algorithm>

#include "base/log.hpp"
#include "bridge/availability/availability.hpp"

/// The half of Availability that asks active devices for a sign of life.
namespace waggle::bridge {
namespace {

using namespace std::chrono_literals;
using engine::EntityId;

constexpr std::string_view ns = "availability";
constexpr auto retry_pause = 3s;
constexpr auto ping_pause = 2s;

}  // namespace

void Availability::enqueue(Ieee device) {
    if (std::find(queue_.begin(), queue_.end(), device) != queue_.end())
        return;
    queue_.push_back(device);
    if (!std::exchange(pinging_, true))
        tasks_.spawn("ping", [this] { return ping_one_by_one(); });
}

Awaitable<void> Availability::ping_one_by_one() {
    while (!queue_.empty()) {
        const auto device = queue_.front();
        co_await check(device);
        std::erase(queue_, device);
        const auto slept = co_await sleep_for(ping_pause);
        if (!slept)
            co_return;
    }
    pinging_ = false;
}

Awaitable<void> Availability::check(Ieee ieee) {
    const auto entity = EntityId::of(ieee);
    if (!network_.find(ieee) || !is_enabled(entity))
        co_return;
    const bool was_available = entries_[entity].published == true || is_available(entity);
    const bool answered = co_await answers(ieee, was_available);
    const auto* device = network_.find(ieee);
    if (!running_ || !device)
        co_return;
    if (!network_.is_up())
        co_return reset_timer(*device, false);
    if (!answered)
        slow_down(*device, was_available);
    publish_of_device(*device, false, true);
    reset_timer(*device, answered);
}

/// Reads what every device has. One that was available gets a second chance, and by then the way to
/// it may be looked for anew.
Awaitable<bool> Availability::answers(Ieee ieee, bool was_available) {
    const int attempts = was_available ? 2 : 1;
    for (int attempt = 1; attempt <= attempts; ++attempt) {
        const auto* device = network_.find(ieee);
        if (!device || device->endpoints.empty())
            co_return false;
        const auto* basic = device->endpoint_with_input(0);
        constexpr std::uint16_t zcl_version[] = {0};
        ZclRequest request(ieee, basic ? basic->id : device->endpoints.begin()->first,
                           zcl::read_attributes(0, zcl_version));
        request.policy = SendPolicy::immediate;
        request.allow_recovery = was_available && attempt == 2;
        const auto reply = co_await network_.request(std::move(request));
        const std::string name = engine_.entities().name(EntityId::of(ieee));
        if (reply) {
            log::debug(ns, "Pinged '{}' (attempt {}/{})", name, attempt, attempts);
            co_return true;
        }
        log::warning(ns, "Failed to ping '{}' (attempt {}/{}, {})", name, attempt, attempts,
                     reply.error().message());
        if (attempt == attempts)
            break;
        const auto slept = co_await sleep_for(retry_pause);
        if (!slept)
            break;
    }
    co_return false;
}

/// The factors 1.5, 3, 6, … for one that was available, 2, 4, 8, … for one that never was.
void Availability::slow_down(const Device& device, bool was_available) {
    const auto rules = rules_of(device);
    if (!rules.backoff)
        return;
    auto& entry = entries_[EntityId::of(device.ieee)];
    if (rules.pause_on_backoff_gt > 0 && entry.backoff >= rules.pause_on_backoff_gt)
        entry.paused = true;
    else
        entry.backoff *= was_available ? 1.5F : 2.0F;
}

}  // namespace waggle::bridge
