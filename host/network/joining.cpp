#include "network/joining.hpp"

#include "base/log.hpp"

namespace waggle::network {

namespace {

constexpr std::chrono::seconds longest{254};  // 255 is "for ever" to some
constexpr std::chrono::hours no_end{24};

}  // namespace

Awaitable<Result<void>> Joining::permit(std::chrono::seconds time, std::optional<Ieee> via) {
    if (time.count() < 0 || time > longest)
        co_return Errc::invalid_value;
    if (!core_->up)
        co_return Errc::unavailable;
    std::optional<NwkAddress> router;
    if (via) {
        const auto* device = core_->devices.find(*via);
        if (!device)
            co_return Errc::not_found;
        router = device->address;
    }
    if (time.count() == 0)
        co_return co_await close();
    co_return co_await open(static_cast<std::uint8_t>(time.count()), router);
}

Awaitable<Result<void>> Joining::open(std::uint8_t seconds, std::optional<NwkAddress> via) {
    const auto opened = co_await core_->radio->permit_join(seconds, via);
    if (!opened)
        co_return opened;
    const auto proxies = co_await green_power_->permit_join(seconds, via);
    if (!proxies)
        log::warning(ns, "Green Power devices cannot join: {}", proxies.error().message());
    open_until_ = wall_clock_ms() + seconds * std::int64_t{1000};
    deadline_ = Clock::now() + std::chrono::seconds(seconds);
    timer_.cancel();
    core_->events.permit_join_changed(true);
    co_return Result<void>{};
}

Awaitable<Result<void>> Joining::close() {
    const auto proxies = co_await green_power_->permit_join(0, std::nullopt);
    if (!proxies)
        log::warning(ns, "Green Power joining could not be closed: {}", proxies.error().message());
    const auto closed = co_await core_->radio->permit_join(0, std::nullopt);
    if (!closed)
        co_return closed;
    forget();
    co_return Result<void>{};
}

void Joining::forget() {
    open_until_.reset();
    core_->events.permit_join_changed(false);
}

Awaitable<void> Joining::run() {
    for (;;) {
        const auto now = Clock::now();
        if (open_until_ && deadline_ <= now)
            forget();  // the routers count for themselves
        timer_.expires_at(open_until_ ? deadline_ : now + no_end);
        (void)co_await timer_.wait();
    }
}

}  // namespace waggle::network
