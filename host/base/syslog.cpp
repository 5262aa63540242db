#include "base/syslog.hpp"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>
#include <netdb.h>
#include <stdexcept>
#include <unistd.h>

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>

namespace waggle::log {
namespace {

using SteadyClock = std::chrono::steady_clock;
constexpr int local0 = 16;
constexpr auto reconnect_pause = std::chrono::seconds(10);

std::string bsd_time(const std::tm& local) {
    char text[32];
    return {text, std::strftime(text, sizeof text, "%b %e %H:%M:%S", &local)};
}

std::string iso_time(const std::tm& utc, int milliseconds) {
    char text[32];
    const std::string whole(text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc));
    return fmt::format("{}.{:03}Z", whole, milliseconds);
}

struct Address {
    sockaddr_storage bytes{};
    socklen_t length = 0;
    int family = AF_INET;
};

Address resolve(const SyslogOptions& options, bool stream) {
    addrinfo hints{};
    hints.ai_family = options.protocol.ends_with('6') ? AF_INET6 : AF_INET;
    hints.ai_socktype = stream ? SOCK_STREAM : SOCK_DGRAM;
    addrinfo* found = nullptr;
    const int code = getaddrinfo(options.host.c_str(), options.port.c_str(), &hints, &found);
    if (code != 0)
        throw std::runtime_error(fmt::format("advanced.log_syslog: '{}', port '{}': {}",
                                             options.host, options.port, gai_strerror(code)));
    Address address;
    std::memcpy(&address.bytes, found->ai_addr, found->ai_addrlen);
    address.length = found->ai_addrlen;
    address.family = found->ai_family;
    freeaddrinfo(found);
    return address;
}

Address unix_address(const std::string& path) {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof name.sun_path)
        throw std::runtime_error(
            fmt::format("advanced.log_syslog.path: '{}' is no path of a socket", path));
    std::memcpy(name.sun_path, path.data(), path.size());
    Address address;
    std::memcpy(&address.bytes, &name, sizeof name);
    address.length = sizeof name;
    address.family = AF_UNIX;
    return address;
}

}  // namespace

std::string syslog_message(const SyslogOptions& options, Severity severity, std::string_view text,
                           long long seconds, int milliseconds) {
    const int priority = local0 * 8 + static_cast<int>(severity);
    const auto time = static_cast<std::time_t>(seconds);
    const auto pid = options.pid.empty() ? std::to_string(getpid()) : options.pid;
    std::tm parts{};
    if (options.bsd) {
        localtime_r(&time, &parts);
        return fmt::format("<{}>{} {} {}[{}]: {}{}", priority, bsd_time(parts), options.host_name,
                           options.program, pid, text, options.line_end);
    }
    gmtime_r(&time, &parts);
    return fmt::format("<{}>1 {} {} {} {} - - {}{}", priority, iso_time(parts, milliseconds),
                       options.host_name, options.program, pid, text, options.line_end);
}

struct SyslogSender::Impl {
    SyslogOptions options;
    bool stream = false;
    Address address;
    int socket = -1;
    SteadyClock::time_point next_try{};

    void open() {
        const auto now = SteadyClock::now();
        if (socket >= 0 || now < next_try)
            return;
        next_try = now + reconnect_pause;
        const int kind = (stream ? SOCK_STREAM : SOCK_DGRAM) | SOCK_NONBLOCK | SOCK_CLOEXEC;
        socket = ::socket(address.family, kind, 0);
        if (socket < 0)
            return;
        const auto* name = reinterpret_cast<const sockaddr*>(&address.bytes);
        if (connect(socket, name, address.length) != 0 && errno != EINPROGRESS)
            close();
    }
    void close() {
        if (socket >= 0)
            ::close(socket);
        socket = -1;
    }
};

SyslogSender::SyslogSender(SyslogOptions options) : impl_(std::make_unique<Impl>()) {
    const auto& protocol = options.protocol;
    const bool local = protocol == "unix" || protocol == "unix-connect";
    impl_->stream = protocol.starts_with("tcp");
    if (!local && !impl_->stream && !protocol.starts_with("udp"))
        throw std::runtime_error(
            fmt::format("advanced.log_syslog.protocol: '{}' is not spoken here; udp4, udp6, tcp4, "
                        "tcp6 and unix are",
                        protocol));
    impl_->address = local ? unix_address(options.path) : resolve(options, impl_->stream);
    // Lines of one connection need an end [RFC 6587 3.4.2].
    if (impl_->stream && options.line_end.empty())
        options.line_end = "\n";
    impl_->options = std::move(options);
    impl_->open();
}

SyslogSender::~SyslogSender() {
    impl_->close();
}

void SyslogSender::send(Severity severity, std::string_view text) {
    impl_->open();
    if (impl_->socket < 0)
        return;
    using namespace std::chrono;
    const auto now = duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
    const auto message =
        syslog_message(impl_->options, severity, text, now / 1000, static_cast<int>(now % 1000));
    const auto sent =
        ::send(impl_->socket, message.data(), message.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    const bool would_wait = sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
    // A part of a line would spoil the next one: such a connection begins anew.
    const bool cut = sent >= 0 && static_cast<std::size_t>(sent) != message.size();
    if ((sent < 0 && !would_wait) || cut)
        impl_->close();
}

}  // namespace waggle::log
