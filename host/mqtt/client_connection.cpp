#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <random>
#include <unistd.h>

#include <sys/socket.h>

#include "base/log.hpp"
#include "mqtt/client_impl.hpp"

namespace waggle::mqtt {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr auto lookup_limit = seconds(30);
constexpr auto attempt_limit = seconds(10);
constexpr auto tell_again_after = std::chrono::minutes(1);
/// A connection that held this long was a good one: the next loss starts again with a short pause.
constexpr auto good_connection = seconds(5);
constexpr int reads_in_one_turn = 64;

milliseconds with_jitter(milliseconds delay) {
    static std::minstd_rand random{std::random_device{}()};
    std::uniform_real_distribution<double> factor(0.8, 1.2);
    return milliseconds(static_cast<long>(static_cast<double>(delay.count()) * factor(random)));
}

int socket_error(int fd) {
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
    return error;
}

bool peer_has_closed(int fd) {
    char byte = 0;
    return ::recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

}  // namespace

void Client::Impl::look_up() {
    phase = Phase::connecting;
    const auto weak = weak_from_this();
    lookup =
        std::make_unique<HostLookup>(executor, url.host, lookup_limit,
                                     [weak](std::vector<std::string> found, std::string problem) {
                                         const auto self = weak.lock();
                                         if (!self || self->phase != Phase::connecting)
                                             return;
                                         if (found.empty()) {
                                             self->fail_attempt(std::move(problem));
                                             return;
                                         }
                                         self->addresses = std::move(found);
                                         self->attempt();
                                     });
}

/// Tries the next address.
void Client::Impl::attempt() {
    const auto address = addresses.front();
    addresses.erase(addresses.begin());
    last_problem.clear();
    tcp_is_up = false;
    // libmosquitto formats every line for this callback, wanted or not: only while connecting.
    mosquitto_log_callback_set(library, [](mosquitto*, void* user, int level, const char* text) {
        if (level == MOSQ_LOG_ERR && of(user).last_problem.empty())
            of(user).last_problem = text;
    });
    const auto wanted = options.keepalive.count();
    const int keepalive = wanted == 0 ? 0 : static_cast<int>(std::clamp<long>(wanted, 5, 65535));
    errno = 0;
    const int rc = mosquitto_connect_async(library, address.c_str(), url.port, keepalive);
    if (rc != MOSQ_ERR_SUCCESS || !watch_socket()) {
        fail_attempt(broken_reason(rc));
        return;
    }
    timer.expires_after(attempt_limit);
    timer.async_wait([weak = weak_from_this(), mine = generation](const auto& error) {
        const auto self = weak.lock();
        if (self && !error && self->generation == mine && self->phase == Phase::connecting)
            self->fail_attempt("no answer within 10 s");
    });
    wait_writable();
    wait_readable();
}

/// The reason why an attempt or a connection ended, as well as it can be known.
std::string Client::Impl::broken_reason(int rc) const {
    if (tls)
        if (auto reason = tls->take_problem(); !reason.empty())
            return "the broker's certificate is refused: " + reason;
    if (socket.is_open())
        if (const int error = socket_error(const_cast<Impl*>(this)->socket.native_handle()))
            return std::strerror(error);
    if (!last_problem.empty())
        return last_problem;
    if (rc == MOSQ_ERR_ERRNO && errno != 0)
        return std::strerror(errno);
    if (rc == MOSQ_ERR_SUCCESS || rc == MOSQ_ERR_CONN_LOST)
        return tls && phase == Phase::connecting
                   ? "the broker closed the connection; does this port speak TLS?"
                   : "the broker closed the connection";
    return mosquitto_strerror(rc);
}

void Client::Impl::fail_attempt(std::string reason) {
    unwatch_socket();
    timer.cancel();
    if (phase != Phase::connecting)
        return;
    if (!addresses.empty()) {
        attempt();
        return;
    }
    const auto now = Clock::now();
    if (reason != told_problem || now - told_at >= tell_again_after) {
        log::error("mqtt", "not connected to {}: {}; trying again", server_text, reason);
        told_problem = reason;
        told_at = now;
    }
    retry_later();
}

void Client::Impl::lost(std::string reason) {
    unwatch_socket();
    sync_timer.cancel();
    barrier.reset();
    if (phase != Phase::connected)
        return;
    phase = Phase::waiting;
    ++statistics.reconnects;
    const auto loss = queue.clear([this](const std::string& topic, const PublishOptions& how) {
        if (how.retain)
            ledger.undelivered(topic);
        else
            stale_topics.insert(topic);
    });
    for (const auto& topic : queue.lost_topics())
        stale_topics.insert(topic);
    queue.lost_topics().clear();
    statistics.dropped += loss.dropped;
    if (drained)
        drained->fulfil(false);
    log::error("mqtt", "the connection to {} is lost: {}", server_text, reason);
    if (Clock::now() - connected_at >= good_connection)
        retry_delay = milliseconds(0);
    if (events.disconnected)
        events.disconnected(reason);
    if (phase == Phase::waiting)
        retry_later();
}

void Client::Impl::retry_later() {
    phase = Phase::waiting;
    retry_delay = std::clamp(retry_delay * 2, options.first_retry, options.last_retry);
    timer.expires_after(with_jitter(retry_delay));
    timer.async_wait([weak = weak_from_this()](const auto& error) {
        const auto self = weak.lock();
        if (self && !error && self->phase == Phase::waiting)
            self->look_up();
    });
}

bool Client::Impl::watch_socket() {
    unwatch_socket();
    const int fd = mosquitto_socket(library);
    const int copy = fd < 0 ? -1 : ::fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (copy < 0)
        return false;
    boost::system::error_code error;
    socket.assign(copy, error);
    if (error)
        ::close(copy);
    return !error;
}

/// Ends the connection as well, when there still is one: the library closes its own descriptor with
/// the next attempt, or when it goes.
void Client::Impl::unwatch_socket() {
    ++generation;
    is_watching_read = is_watching_write = false;
    if (!socket.is_open())
        return;
    if (phase != Phase::stopped)
        ::shutdown(socket.native_handle(), SHUT_RDWR);
    boost::system::error_code ignored;
    socket.close(ignored);
}

void Client::Impl::wait_readable() {
    if (is_watching_read || !socket.is_open())
        return;
    is_watching_read = true;
    socket.async_wait(boost::asio::posix::descriptor_base::wait_read,
                      [weak = weak_from_this(), mine = generation](const auto& error) {
                          const auto self = weak.lock();
                          if (!self || error || self->generation != mine)
                              return;
                          self->is_watching_read = false;
                          self->on_readable();
                      });
}

void Client::Impl::wait_writable() {
    if (is_watching_write || !socket.is_open())
        return;
    is_watching_write = true;
    socket.async_wait(boost::asio::posix::descriptor_base::wait_write,
                      [weak = weak_from_this(), mine = generation](const auto& error) {
                          const auto self = weak.lock();
                          if (!self || error || self->generation != mine)
                              return;
                          self->is_watching_write = false;
                          self->on_writable();
                      });
}

/// While a TLS handshake runs, libmosquitto takes a connection that failed for one that has not
/// answered yet, and would spin.
bool Client::Impl::still_connecting_well() {
    if (phase != Phase::connecting)
        return true;
    const int fd = socket.native_handle();
    if (const int error = socket_error(fd)) {
        fail_attempt(std::strerror(error));
        return false;
    }
    if (tcp_is_up && peer_has_closed(fd)) {
        fail_attempt(broken_reason(MOSQ_ERR_CONN_LOST));
        return false;
    }
    return true;
}

void Client::Impl::on_readable() {
    if (!still_connecting_well())
        return;
    const auto mine = generation;
    for (int i = 0; i < reads_in_one_turn; ++i) {
        errno = 0;
        const int rc = mosquitto_loop_read(library, 1);
        const bool is_empty = errno == EAGAIN || errno == EWOULDBLOCK;
        if (generation != mine)
            return;  // a callback ended this connection
        if (rc != MOSQ_ERR_SUCCESS) {
            auto reason = broken_reason(rc);
            phase == Phase::connected ? lost(std::move(reason)) : fail_attempt(std::move(reason));
            return;
        }
        if (must_welcome)
            welcome();
        if (generation != mine)
            return;
        if (is_empty || phase != Phase::connected)
            break;
    }
    wait_readable();
    if (mosquitto_want_write(library) || !queue.empty())
        on_writable();
    else if (phase == Phase::connected)
        pump();
}

void Client::Impl::on_writable() {
    if (!still_connecting_well())
        return;
    const auto mine = generation;
    const bool is_first = !std::exchange(tcp_is_up, true);
    int rc = MOSQ_ERR_SUCCESS;
    if (tls && is_first)
        rc = mosquitto_loop_read(library, 1);  // begins the handshake
    if (rc == MOSQ_ERR_SUCCESS && generation == mine)
        rc = mosquitto_loop_write(library, 1);
    if (generation != mine)
        return;
    if (rc != MOSQ_ERR_SUCCESS) {
        auto reason = broken_reason(rc);
        phase == Phase::connected ? lost(std::move(reason)) : fail_attempt(std::move(reason));
        return;
    }
    if (phase == Phase::connected)
        pump();
    else if (mosquitto_want_write(library))
        wait_writable();
}

/// Within mosquitto_loop_read().
void Client::Impl::on_connack(int reason_code) {
    if (phase != Phase::connecting)
        return;
    if (reason_code != 0) {
        last_problem = std::string("the broker refuses the connection: ") +
                       (options.version == 5 ? mosquitto_reason_string(reason_code)
                                             : mosquitto_connack_string(reason_code));
        return;  // loop_read returns an error now
    }
    mosquitto_log_callback_set(library, nullptr);
    timer.cancel();
    addresses.clear();
    told_problem.clear();
    phase = Phase::connected;
    connected_at = Clock::now();
    log::info("mqtt", "connected to {}", server_text);
    must_welcome = true;
}

/// Outside of libmosquitto's callback, in which it would only collect what is published.
void Client::Impl::welcome() {
    must_welcome = false;
    if (state_is_known)
        publish_state_topic(1);
    subscribe_all();
    if (events.connected)
        events.connected();
    if (phase == Phase::connected)
        begin_sync();
}

/// Says goodbye and leaves the closing to the broker: a socket closed here, with our own echo still
/// unread, would be reset, and the broker would take that for a lost connection. The library closes
/// its descriptor at once; ours keeps the connection.
void Client::Impl::disconnect() {
    phase = Phase::stopped;
    ++generation;
    boost::system::error_code ignored;
    socket.cancel(ignored);
    mosquitto_disconnect(library);
    drained.emplace(executor);
    read_until_closed();
}

void Client::Impl::read_until_closed() {
    socket.async_wait(boost::asio::posix::descriptor_base::wait_read,
                      [weak = weak_from_this(), closed = *drained](const auto& error) {
                          const auto self = weak.lock();
                          char ignored[4096];
                          ssize_t count = 0;
                          if (self && !error)
                              count = ::recv(self->socket.native_handle(), ignored, sizeof ignored,
                                             MSG_DONTWAIT);
                          const bool is_open = count > 0 || (count < 0 && errno == EAGAIN);
                          if (self && !error && is_open && self->drained)
                              self->read_until_closed();
                          else
                              closed.fulfil(true);
                      });
}

void Client::Impl::every_second() {
    second_timer.expires_after(seconds(1));
    second_timer.async_wait([weak = weak_from_this()](const auto& error) {
        const auto self = weak.lock();
        if (!self || error || self->phase == Phase::stopped)
            return;
        if (self->phase == Phase::connected) {
            if (const int rc = mosquitto_loop_misc(self->library); rc != MOSQ_ERR_SUCCESS)
                self->lost("the broker does not answer");
            else
                self->pump();
        }
        self->every_second();
    });
}

}  // namespace waggle::mqtt
