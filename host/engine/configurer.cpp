#include "engine/configurer.hpp"

#include <chrono>
#include <utility>
#include <vector>

#include "base/log.hpp"

namespace waggle::engine {
namespace {

using namespace std::chrono_literals;
constexpr std::string_view ns = "engine";
constexpr auto pause_between_routers = 10s;
constexpr int most_attempts = 3;

}  // namespace

void Configurer::start() {
    tasks_.spawn("configure routers", [this] { return configure_routers(); });
}

Awaitable<void> Configurer::configure_routers() {
    std::vector<Ieee> routers;
    core_.network.for_each_device([&routers](Device& device) {
        if (device.type == DeviceType::router)
            routers.push_back(device.ieee);
    });
    for (const Ieee ieee : routers) {
        const auto* before = core_.network.find(ieee);
        if (!before || !is_due(*before))
            continue;
        const auto slept = co_await sleep_for(pause_between_routers);
        if (!slept)
            co_return;
        std::string problem;
        const auto ignored = co_await configure(ieee, false, problem);  // logged where it failed
        static_cast<void>(ignored);
    }
}

bool Configurer::is_due(const Device& device) {
    const auto& record = devices_.record(device.ieee);
    return record.needs_configure && !record.configuring && record.attempts < most_attempts &&
           Devices::is_interviewed(device) &&
           !core_.entities.options(EntityId::of(device.ieee)).disabled;
}

void Configurer::spawn(Ieee device) {
    tasks_.spawn("configure", [this, device]() -> Awaitable<void> {
        std::string problem;
        const auto ignored = co_await configure(device, false, problem);
        static_cast<void>(ignored);
    });
}

void Configurer::seen(Device& device) {
    if (is_due(device))
        spawn(device.ieee);
}

void Configurer::forget_configured(Device& device) {
    core_.network.set_meta(device, "configured", {});
    const auto* bound = devices_.find(device.ieee);
    devices_.record(device.ieee).needs_configure = bound && bound->definition().can_configure();
}

void Configurer::joined(Device& device) {
    forget_configured(device);
    seen(device);
}

void Configurer::reconfigure(Device& device) {
    forget_configured(device);
    if (device.type == DeviceType::router)
        seen(device);
}

bool Configurer::can_configure(Ieee device) const {
    const auto* definition = devices_.definition(device);
    return definition && definition->can_configure();
}

Awaitable<Result<void>> Configurer::configure(Ieee ieee, bool force, std::string& problem) {
    auto* device = core_.network.find(ieee);
    if (!device) {
        problem = "The device is not on the network";
        co_return Errc::not_found;
    }
    devices_.bound(*device);
    if (!can_configure(ieee)) {
        problem = "Its definition has nothing to configure";
        co_return Errc::unavailable;
    }
    if (devices_.record(ieee).configuring) {
        problem = "It is being configured already";
        co_return Errc::busy;
    }
    if (!force && !is_due(*device))
        co_return Result<void>{};

    devices_.record(ieee).configuring = true;
    const auto done = co_await run(ieee, problem);
    if (core_.network.find(ieee))
        devices_.record(ieee).configuring = false;
    co_return done;
}

Awaitable<Result<void>> Configurer::run(Ieee ieee, std::string& problem) {
    auto* device = core_.network.find(ieee);
    auto* bound = devices_.find(ieee);
    const std::string name = core_.entities.name(EntityId::of(ieee));
    const std::string version = bound->definition().version();
    log::info(ns, "Configuring '{}'", name);
    if (bound->apply_quirks(*device))
        core_.network.changed(*device);

    const auto done = co_await core_.plugins->configure(ieee, problem);

    device = core_.network.find(ieee);
    if (!device)
        co_return Errc::not_found;
    if (!done) {
        if (problem.empty())
            problem = done.error().message();
        if (done.error() != Errc::cancelled)
            failed(ieee, name, problem);
        co_return done.error();
    }
    log::info(ns, "Successfully configured '{}' (definition v{})", name, version);
    auto& record = devices_.record(ieee);
    record.attempts = 0;
    record.needs_configure = false;
    core_.network.set_meta(*device, "configured", '"' + version + '"');
    for (auto* listener : core_.listeners)
        listener->configured(*device);
    co_return Result<void>{};
}

void Configurer::failed(Ieee ieee, const std::string& name, const std::string& problem) {
    auto& attempts = devices_.record(ieee).attempts;
    if (attempts < 255)
        ++attempts;
    log::error(ns, "Failed to configure '{}', attempt {} ({})", name, attempts, problem);
}

}  // namespace waggle::engine
