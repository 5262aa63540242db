#include "app/service_manager.hpp"

#if WAGGLE_SYSTEMD
#include <systemd/sd-daemon.h>
#endif

#include <chrono>
#include <cstdint>

namespace waggle::app {
namespace {

#if WAGGLE_SYSTEMD
void notify(const char* text) {
    sd_notify(0, text);
}
std::chrono::microseconds watchdog_interval() {
    std::uint64_t interval = 0;
    return std::chrono::microseconds(sd_watchdog_enabled(0, &interval) > 0 ? interval / 2 : 0);
}
#else
void notify(const char*) {
}
std::chrono::microseconds watchdog_interval() {
    return {};
}
#endif

}  // namespace

ServiceManager::ServiceManager(const boost::asio::any_io_executor& executor) : watchdog_(executor) {
}

void ServiceManager::ready() {
    notify("READY=1");
    interval_ = watchdog_interval();
    if (interval_.count() > 0)
        feed_watchdog();
}

void ServiceManager::feed_watchdog() {
    notify("WATCHDOG=1");
    watchdog_.expires_after(interval_);
    watchdog_.async_wait([this](const boost::system::error_code& error) {
        if (!error)
            feed_watchdog();
    });
}

void ServiceManager::stopping() {
    watchdog_.cancel();
    notify("STOPPING=1");
}

}  // namespace waggle::app
