#include "engine/refresher.hpp"

#include <array>
#include <chrono>
#include <string>

namespace waggle::engine {
namespace {

using namespace std::chrono_literals;
constexpr auto quiet = 2s;
constexpr auto pause_between_reads = 500ms;

struct Read {
    const char* key;
    const char* otherwise;  ///< where the device has no such key
    bool only_when_on;
};
/// What a light or a switch has; colour and colour temperature come with one read.
constexpr std::array<Read, 3> reads{
    {{"state", nullptr, false}, {"brightness", nullptr, true}, {"color", "color_temp", true}}};

}  // namespace

void Refresher::announced(const Device& device) {
    if (!Devices::is_interviewed(device) || !devices_.definition(device.ieee))
        return;
    const auto [at, is_new] = due_.insert_or_assign(device.ieee, Clock::now() + quiet);
    if (is_new)
        tasks_.spawn("refresh", [this, ieee = at->first]() { return wait_and_read(ieee); });
}

Awaitable<void> Refresher::wait_and_read(Ieee device) {
    for (auto left = due_[device] - Clock::now(); left > 0s; left = due_[device] - Clock::now()) {
        const auto slept = co_await sleep_for(left);
        if (!slept)
            co_return;
    }
    due_.erase(device);
    co_await read(device);
}

bool Refresher::is_on(Ieee device) const {
    const auto* state = core_.cache.get(EntityId::of(device)).if_contains("state");
    return state && *state == "ON";
}

Awaitable<void> Refresher::read(Ieee device) {
    for (const auto& [key, otherwise, only_when_on] : reads) {
        if (!core_.network.find(device) || (only_when_on && !is_on(device)))
            continue;
        const auto* definition = devices_.definition(device);
        const bool has_key = !otherwise || (definition && definition->to_device(key, ""));
        std::string name = has_key ? key : otherwise;
        co_await commander_.read(device, std::move(name));
        const auto slept = co_await sleep_for(pause_between_reads);
        if (!slept)
            co_return;
    }
}

}  // namespace waggle::engine
