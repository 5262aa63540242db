#include "app/service_manager.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <unistd.h>

#include <sys/socket.h>
#include <sys/un.h>

namespace waggle::app {
namespace {

std::string_view environment(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

/// One datagram to the socket that systemd named [sd_notify(3)]; a leading @ is the abstract
/// namespace.
void notify(std::string_view text) {
    const auto path = environment("NOTIFY_SOCKET");
    sockaddr_un address{};
    if (path.empty() || path.size() >= sizeof address.sun_path)
        return;
    address.sun_family = AF_UNIX;
    std::copy(path.begin(), path.end(), address.sun_path);
    if (path.front() == '@')
        address.sun_path[0] = '\0';
    const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (socket < 0)
        return;
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
    // Nobody to tell when this fails: systemd notices by itself what it was not told.
    [[maybe_unused]] const auto sent = sendto(socket, text.data(), text.size(), MSG_NOSIGNAL,
                                              reinterpret_cast<const sockaddr*>(&address), length);
    close(socket);
}

/// Half of what systemd waits for; zero when it does not watch this process.
std::chrono::microseconds watchdog_interval() {
    const auto number = [](std::string_view text) {
        long value = 0;
        std::from_chars(text.data(), text.data() + text.size(), value);
        return value;
    };
    const auto process = environment("WATCHDOG_PID");
    if (!process.empty() && number(process) != getpid())
        return {};
    return std::chrono::microseconds(number(environment("WATCHDOG_USEC")) / 2);
}

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
