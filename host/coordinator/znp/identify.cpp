#include "coordinator/znp/identify.hpp"

#include "base/log.hpp"

namespace waggle::znp {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds quick_ping{250};
constexpr milliseconds boot_time{1000};
constexpr milliseconds line_time{150};
constexpr std::uint8_t leave_boot_loader = 0xEF;
constexpr int pings = 3;

Awaitable<bool> answers(Driver& driver, Clock::duration limit) {
    auto reply = co_await driver.call(mt::sys_ping, Bytes(), limit);
    co_return reply.has_value();
}

Awaitable<Result<void>> toggle_lines(Driver& driver) {
    constexpr bool rts[] = {false, true, false};
    for (const bool level : rts) {
        driver.set_lines(false, level);
        auto waited = co_await driver.pause(line_time);
        if (!waited)
            co_return waited;
    }
    co_return Result<void>{};
}

}  // namespace

std::string_view product_name(Product product) noexcept {
    switch (product) {
        case Product::zstack_12: return "ZStack12";
        case Product::zstack_3x0: return "ZStack3x0";
        case Product::zstack_30x: return "ZStack30x";
    }
    return "unknown";
}

Awaitable<Result<void>> wake(Driver& driver) {
    if (co_await answers(driver, quick_ping))
        co_return Result<void>{};
    log::debug("znp", "No answer to the first ping: leaving the boot loader");
    auto written = driver.write_raw(Bytes(1, leave_boot_loader));
    if (!written)
        co_return written;
    auto booted = co_await driver.pause(boot_time);
    if (!booted)
        co_return booted;
    if (co_await answers(driver, quick_ping))
        co_return Result<void>{};
    if (driver.has_lines()) {
        auto toggled = co_await toggle_lines(driver);
        if (!toggled)
            co_return toggled;
    }
    for (int attempt = 0; attempt < pings && driver.is_open(); ++attempt) {
        if (co_await answers(driver, mt::sys_ping.deadline))
            co_return Result<void>{};
    }
    co_return driver.is_open() ? Errc::timed_out : Errc::closed;
}

Awaitable<Result<Version>> read_version(Driver& driver) {
    auto reply = co_await driver.call(mt::sys_version);
    if (!reply && (reply.error() == Errc::timed_out || reply.error() == Errc::unsupported))
        co_return Version{};
    if (!reply)
        co_return reply.error();
    ByteReader in(*reply);
    Version version;
    version.transport = in.u8();
    version.product = Product(in.u8());
    version.major = in.u8();
    version.minor = in.u8();
    version.maintenance = in.u8();
    if (in.failed())
        co_return Errc::truncated;
    if (in.left() >= 4)
        version.revision = in.u32();
    if (version.product > Product::zstack_30x)
        co_return Errc::unsupported;
    co_return version;
}

}  // namespace waggle::znp
